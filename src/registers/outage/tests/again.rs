//! Power lost again: linked to the outage that it follows, whichever was typed first; and the second call about one that
//! still lasts (1.2).

use super::*;
use crate::record::head::AnyRecord;
use crate::registers::Lookup;

/// An accident of 08-03 22:10 in two areas, back at 08-04 01:25.
fn first() -> Sheet {
    let mut sheet = Sheet::new();
    sheet
        .ok(
            "08-03 22:10",
            "occur",
            json!({ "areas": ["F座", "G座"], "source": "utility" }),
        )
        .ok("08-04 01:25", "restore", json!({}));
    sheet
}

fn as_no(sheet: &Sheet, no: &str) -> AnyRecord {
    let mut record = sheet.record();
    record.head.no = no.into();
    record
}

/// An accident at `at` in these areas, beside these others.
fn again(at: &str, areas: Value, others: Vec<AnyRecord>) -> Sheet {
    let mut sheet = Sheet::new();
    sheet.ledger.near.same_places = others;
    sheet.ok(at, "occur", json!({ "areas": areas, "users": ["0901"] }));
    sheet
}

fn follows(sheet: &Sheet) -> Vec<String> {
    let links = sheet.record().head.links.into_iter();
    links
        .filter(|link| link.kind == "follows")
        .map(|link| link.to)
        .collect()
}

#[test]
fn it_follows_the_latest_that_shares_any_area() {
    let one = as_no(&first(), "O-2026-00007");
    let mut second = Sheet::new();
    second
        .ok("08-04 03:00", "occur", json!({ "areas": ["F座"] }))
        .ok("08-04 03:10", "restore", json!({}));
    let two = as_no(&second, "O-2026-00008");
    let both = || vec![one.clone(), two.clone()];
    let sheet = again("08-04 04:00", json!(["Ｇ座"]), both());
    assert_eq!(follows(&sheet), ["O-2026-00007"]);
    assert_eq!(sheet.warnings(), ["warning.outage_again"]);
    assert_eq!(
        follows(&again("08-04 04:00", json!(["H座", "F座"]), both())),
        ["O-2026-00008"]
    );
    assert!(follows(&again("08-04 04:00", json!(["H座"]), both())).is_empty());
}

#[test]
fn it_follows_what_was_restored_shortly_before() {
    let one = || vec![as_no(&first(), "O-2026-00007")];
    let areas = || json!(["F座"]);
    assert_eq!(follows(&again("08-04 01:25", areas(), one())).len(), 1);
    assert_eq!(follows(&again("08-05 01:25", areas(), one())).len(), 1);
    assert!(follows(&again("08-05 01:25:01", areas(), one())).is_empty());
    // Not one that is void, nor one that came later.
    let mut void = first();
    void.ok("08-04 02:00", "void", json!({ "reason": "误登" }));
    let void = as_no(&void, "O-2026-00007");
    assert!(follows(&again("08-04 04:00", areas(), vec![void])).is_empty());
    assert!(follows(&again("08-03 22:00", areas(), one())).is_empty());
}

#[test]
fn a_second_call_about_what_is_still_out_is_told_which() {
    let mut running = Sheet::new();
    running.ok("08-03 22:10", "occur", json!({ "areas": ["F座", "G座"] }));
    let still = || vec![as_no(&running, "O-2026-00007")];
    let sheet = again("08-03 22:15", json!(["G座"]), still());
    assert_eq!(sheet.warnings(), ["warning.outage_still_out"]);
    assert!(follows(&sheet).is_empty());
    assert!(
        again("08-03 22:15", json!(["H座"]), still())
            .warnings()
            .is_empty()
    );
    // Before it went out, and when that part was back, it was not out.
    assert!(
        again("08-03 22:00", json!(["G座"]), still())
            .warnings()
            .is_empty()
    );
    running.ok(
        "08-03 23:00",
        "restore_part",
        json!({ "areas_out": ["F座"] }),
    );
    let part = vec![as_no(&running, "O-2026-00007")];
    assert!(
        again("08-03 23:10", json!(["G座"]), part)
            .warnings()
            .is_empty()
    );
}

#[test]
fn both_look_over_all_their_areas() {
    let sheet = first();
    let rules = &sheet.ledger.rules;
    let timeline = crate::record::timeline::Timeline::of(sheet.ledger.entries.clone());
    let asked = sheet
        .ledger
        .register
        .surroundings(&timeline, rules)
        .unwrap();
    let window = |lookup: &Lookup| match lookup {
        Lookup::SamePlaces {
            places,
            from,
            until,
        } => (places.clone(), *from, *until),
        other => panic!("{other:?}"),
    };
    let areas = vec!["F座".to_owned(), "G座".to_owned()];
    assert_eq!(
        window(&asked[0]),
        (areas.clone(), t("07-19 22:10"), t("08-04 22:10"))
    );
    let watchers = sheet
        .ledger
        .register
        .face(&sheet.record(), rules)
        .watchers
        .unwrap();
    assert_eq!(
        window(&watchers),
        (areas, t("08-04 01:25"), t("08-06 01:25"))
    );
    // A plan follows nothing.
    let planned = ready();
    let timeline = crate::record::timeline::Timeline::of(planned.ledger.entries.clone());
    assert!(
        planned
            .ledger
            .register
            .surroundings(&timeline, rules)
            .unwrap()
            .is_empty()
    );
    let seen = |sheet: &Sheet| sheet.ledger.register.face(&sheet.record(), rules).seen;
    let mut other = first();
    other.ok("08-03 22:30", "on_site", json!({ "name": "赵" }));
    assert_eq!(seen(&sheet), seen(&other));
    other.correct(2, json!({ "at": t("08-04 01:30") }));
    assert_ne!(seen(&sheet), seen(&other));
}
