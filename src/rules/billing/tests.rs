//! The vectors of the requirements, and properties against counting another way.

use proptest::prelude::*;

use super::*;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn segment(from: &str, to: &str, ratio: &str, digits: Option<u32>) -> Segment {
    Segment {
        from: Reading(dec(from)),
        to: Reading(dec(to)),
        ratio: dec(ratio),
        digits,
    }
}

fn estimate(load: &str, hours: &str, from: &str, to: &str, by_month: bool) -> Estimate {
    Estimate {
        load: Load(dec(load)),
        hours_per_day: dec(hours),
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        by_month,
    }
}

fn lines(bill: &Bill) -> Vec<(String, i64)> {
    bill.lines
        .iter()
        .map(|line| (line.kwh.to_string(), line.fen.0))
        .collect()
}

#[test]
fn the_metered_vectors() {
    let cases = [
        (
            "0.85",
            vec![segment("1234.50", "1301.20", "1", None)],
            vec![("66.70", 5670)],
        ),
        (
            "0.7825",
            vec![segment("12.35", "18.02", "40", None)],
            vec![("226.80", 17747)],
        ),
        (
            "0.85",
            vec![segment("99987.40", "21.90", "1", Some(5))],
            vec![("34.50", 2933)],
        ),
        (
            "0.85",
            vec![
                segment("1301.20", "1310.00", "1", None),
                segment("0.15", "20.15", "1", None),
            ],
            vec![("8.80", 748), ("20.00", 1700)],
        ),
    ];
    for (price, segments, want) in cases {
        let bill = metered(Price(dec(price)), &segments).unwrap();
        assert_eq!(
            lines(&bill),
            want.iter()
                .map(|(k, f)| ((*k).to_owned(), *f))
                .collect::<Vec<_>>()
        );
        assert_eq!(
            bill.total_fen.0,
            want.iter().map(|(_, fen)| fen).sum::<i64>()
        );
    }
}

#[test]
fn the_estimated_vectors() {
    let one = estimated(
        Price(dec("0.85")),
        &estimate("3.5", "8", "2026-07-25", "2026-08-05", false),
    )
    .unwrap();
    assert_eq!(lines(&one), [("336.00".to_owned(), 28560)]);
    let split = estimated(
        Price(dec("0.85")),
        &estimate("3.5", "8", "2026-07-25", "2026-08-05", true),
    )
    .unwrap();
    assert_eq!(
        lines(&split),
        [("196.00".to_owned(), 16660), ("140.00".to_owned(), 11900)]
    );
    let odd = estimated(
        Price(dec("0.7825")),
        &estimate("1.333", "7.5", "2026-03-01", "2026-03-31", false),
    )
    .unwrap();
    assert_eq!(lines(&odd), [("309.92".to_owned(), 24251)]);
}

#[test]
fn what_cannot_be_is_refused_by_field() {
    let price = Price(dec("0.85"));
    let metered_field = |s: Segment| metered(price, &[s]).unwrap_err().field.unwrap();
    assert_eq!(
        metered_field(segment("20", "10", "1", None)),
        "segments[0].to"
    );
    assert_eq!(
        metered_field(segment("100000", "10", "1", Some(5))),
        "segments[0].from"
    );
    assert_eq!(
        metered_field(segment("1", "2", "0", None)),
        "segments[0].ratio"
    );
    let estimated_field = |e: Estimate| estimated(price, &e).unwrap_err().field.unwrap();
    assert_eq!(
        estimated_field(estimate("3", "8", "2026-08-05", "2026-08-04", false)),
        "to"
    );
    assert_eq!(
        estimated_field(estimate("3", "24.1", "2026-08-05", "2026-08-05", false)),
        "hours_per_day"
    );
    assert_eq!(
        estimated_field(estimate("0", "8", "2026-08-05", "2026-08-05", false)),
        "load_kw"
    );
}

#[test]
fn a_huge_number_is_refused_and_does_not_overflow() {
    let price = Price(dec("9999.9999"));
    assert!(metered(price, &[segment("0", "999999999999", "999999999999", None)]).is_err());
    assert!(
        estimated(
            price,
            &estimate("999999999999", "24", "2026-01-01", "2199-12-31", true)
        )
        .is_err()
    );
}

fn oddness() -> Oddness {
    Oddness {
        lower: true,
        same: true,
        load_percent: 100,
        times: 3,
    }
}

#[test]
fn odd_readings_are_told() {
    let fine = Plausible {
        usage: Kwh(dec("100")),
        month: Some(Kwh(dec("100"))),
        month_before: Some(Kwh(dec("90"))),
        load: Load(dec("12")),
        seconds: 700 * 3600,
        lower: false,
    };
    let used = |usage: &str| Plausible {
        usage: Kwh(dec(usage)),
        month: Some(Kwh(dec(usage))),
        ..fine.clone()
    };
    let lower = Plausible {
        lower: true,
        ..fine.clone()
    };
    let first = Plausible {
        month_before: None,
        ..used("8400.01")
    };
    let half_an_hour = Plausible {
        month_before: None,
        seconds: 1800,
        ..used("6.01")
    };
    let told = |p: &Plausible, odd: &Oddness| {
        warnings(p, odd)
            .into_iter()
            .map(|m| m.key)
            .collect::<Vec<_>>()
    };
    let off = Oddness {
        lower: false,
        same: false,
        load_percent: 0,
        times: 0,
    };
    let half = Oddness {
        load_percent: 50,
        ..off.clone()
    };
    let cases: &[(&Plausible, &[&str])] = &[
        (&fine, &[]),
        (&used("270"), &[]),
        (&used("270.01"), &["billing.warn_times"]),
        (&used("0"), &["billing.warn_same"]),
        (&lower, &["billing.warn_lower"]),
        (&first, &["billing.warn_impossible"]),
        (&half_an_hour, &["billing.warn_impossible"]),
    ];
    for (plausible, keys) in cases {
        assert_eq!(told(plausible, &oddness()), *keys, "{plausible:?}");
        assert_eq!(told(plausible, &off), Vec::<String>::new(), "switched off");
    }
    assert_eq!(told(&used("4200.01"), &half), ["billing.warn_impossible"]);
    assert_eq!(told(&used("4200"), &half), Vec::<String>::new());
}

#[test]
fn the_tariff_in_force_is_the_latest_that_has_begun() {
    let table = "2024-01-01:0.85, 2026-07-01:0.7825";
    let price = |day: &str| tariff(table, day.parse().unwrap()).map(|p| p.to_string());
    assert_eq!(price("2023-12-31"), None);
    assert_eq!(price("2026-06-30").as_deref(), Some("0.85"));
    assert_eq!(price("2026-07-01").as_deref(), Some("0.7825"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn money_is_half_up_by_integers(kwh in 0_u64..10_000_000, price in 0_u64..100_000) {
        let fen = cost(Kwh(Decimal::new(kwh as i64, 2)), Price(Decimal::new(price as i64, 4))).unwrap().0;
        // kwh/100 × price/10000 yuan × 100 fen = kwh × price / 10000 fen
        prop_assert_eq!(fen as u64, (kwh * price + 5_000) / 10_000);
    }

    #[test]
    fn slices_add_up_to_the_whole(load in 1_i64..99_999, hours in 1_i64..2400, price in 1_i64..99_999, start in 0_i64..700, n in 0_i64..400) {
        let from = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(start as u64);
        let to = from + chrono::Days::new(n as u64);
        let mut e = Estimate { load: Load(Decimal::new(load, 3)), hours_per_day: Decimal::new(hours, 2), from, to, by_month: false };
        let whole = estimated(Price(Decimal::new(price, 4)), &e).unwrap();
        e.by_month = true;
        let split = estimated(Price(Decimal::new(price, 4)), &e).unwrap();
        prop_assert_eq!(whole.kwh, split.kwh);
        prop_assert_eq!(whole.total_fen, split.total_fen);
        prop_assert!(split.lines.iter().all(|line| line.fen.0 >= 0 && line.kwh.0 >= Decimal::ZERO));
        prop_assert_eq!(split.lines.iter().map(|l| l.factor).sum::<Decimal>(), Decimal::from(n + 1));
    }

    #[test]
    fn a_meter_that_rolls_over_counts_on(digits in 1_u32..6, from in 0_u64..1_000_000, used in 0_u64..1_000_000) {
        let span = 10_u64.pow(digits) * 10;
        let (from, used) = (from % span, used % span);
        let to = (from + used) % span;
        let segment = Segment { from: Reading(Decimal::new(from as i64, 1)), to: Reading(Decimal::new(to as i64, 1)), ratio: Decimal::ONE, digits: Some(digits) };
        prop_assert_eq!(usage(&segment, "s").unwrap().0, Decimal::new(used as i64, 1));
    }
}
