//! What was finished in a span is found wherever the clock went, and a week's draw as long as it stands.

use super::*;
use crate::store::sample::Finished;

/// Records that were opened and finished in these minutes, one after the other as they were typed.
fn finished_in(minutes: &[i64]) -> File {
    let mut file = File::new();
    for (seq, n) in (1..).zip(minutes) {
        let no = format!("L-2026-{seq:05}");
        file.append(&[entry(&no, "entry", *n, json!({}))]);
        file.put(&[rows(seq, &no, "done", json!({"finished_at": minute(*n)}))]);
    }
    file
}

fn numbers(file: &File, letter: char, states: &[&str], span: (i64, i64)) -> Vec<String> {
    let asked = Finished {
        register: "log",
        letter,
        states,
        span: (minute(span.0), minute(span.1)),
    };
    let found = file.store.finished(&asked).unwrap().into_iter();
    found.map(|record| record.head.no).collect()
}

#[test]
fn what_was_finished_in_a_span_is_found_wherever_the_clock_went() {
    // On and back, within a moment too, and far ahead of its time.
    let minutes = [10, 20, 20, 60, 59, 61, 5, 15, 30, 900, 40, 41, 70];
    let file = finished_in(&minutes);
    for from in [0, 5, 6, 15, 20, 21, 40, 59, 60, 61, 62, 71, 899, 901] {
        for until in [from, from + 1, from + 20, 1000] {
            let within = (1..)
                .zip(minutes)
                .filter(|(_, n)| (from..=until).contains(n));
            let wanted: Vec<String> = within.map(|(seq, _)| format!("L-2026-{seq:05}")).collect();
            assert_eq!(
                numbers(&file, 'L', &["done", "other"], (from, until)),
                wanted,
                "{from} {until}"
            );
        }
    }
    assert_eq!(
        numbers(&file, 'W', &["done"], (0, 1000)),
        Vec::<String>::new()
    );
    assert_eq!(
        numbers(&file, 'L', &["other"], (0, 1000)),
        Vec::<String>::new()
    );
}

#[test]
fn a_week_has_the_draw_that_stands() {
    let mut file = File::new();
    let draw = |week: &str| json!({ "week": week });
    file.put(&[
        rows(1, "L-2026-00001", "void", draw("2026-W10")),
        rows(2, "L-2026-00002", "drawn", draw("2026-W11")),
        rows(3, "L-2026-00003", "noted", draw("2026-W12")),
    ]);
    for (week, wanted) in [
        ("2026-W10", None),
        ("2026-W11", Some("L-2026-00002")),
        ("2026-W12", None),
    ] {
        assert_eq!(file.store.drawn(week).unwrap().as_deref(), wanted, "{week}");
        file.write(|writer| {
            assert_eq!(writer.drawn(week)?.as_deref(), wanted);
            Ok(())
        });
    }
}
