//! Pages: every filter, both orders, forwards and backwards, whatever the length of a page.

use super::*;
use crate::store::page::{Key, Row};

/// Twelve records: states, classes and duties in turns, some due at the same minute.
fn twelve() -> File {
    let mut file = File::new();
    let made = (1..=12).map(|id| {
        let no = format!("L-2026-{id:05}");
        let state = ["noted", "carried", "void"][id as usize % 3];
        let body = json!({"text": if id % 2 == 0 { "水泵漏水" } else { "电梯停梯" }, "n": id, "place": "3栋"});
        let mut rows = rows(id, &no, state, body);
        rows.record.open = state != "void";
        rows.record.class = (id % 4 == 0).then(|| "minor".to_owned());
        if id > 9 {
            rows.record.register = "outage".into();
        }
        match id % 3 {
            // Ties: three at a time.
            1 => rows.owing(&[10 * (id / 6 + 1)]),
            _ => rows,
        }
    });
    let made: Vec<Rows> = made.collect();
    file.put(&made);
    file
}

/// The last digits of the numbers.
fn ids(file: &File, query: &PageQuery<'_>) -> Vec<i64> {
    let numbers = file.list(query);
    numbers.iter().map(|no| no[7..].parse().unwrap()).collect()
}

#[test]
fn every_filter_shows_what_it_says_and_nothing_else() {
    let file = twelve();
    let states =
        |names: &[&str]| -> Vec<String> { names.iter().map(|n| (*n).to_owned()).collect() };
    let (carried, both, none) = (
        states(&["carried"]),
        states(&["noted", "carried"]),
        states(&["nowhere"]),
    );
    let seven = [("n".to_owned(), "7".to_owned())];
    let wet = [
        ("text".to_owned(), "水泵漏水".to_owned()),
        ("n".to_owned(), "6".to_owned()),
    ];
    let absent = [("nothing\"".to_owned(), "x".to_owned())];
    let q = all;
    let table: Vec<(&str, PageQuery<'_>, Vec<i64>)> = vec![
        ("all", q(), (1..=12).rev().collect()),
        (
            "register",
            PageQuery {
                register: Some("outage"),
                ..q()
            },
            vec![12, 11, 10],
        ),
        (
            "no register",
            PageQuery {
                register: Some("rules"),
                ..q()
            },
            vec![],
        ),
        (
            "state",
            PageQuery {
                states: &carried,
                ..q()
            },
            vec![10, 7, 4, 1],
        ),
        (
            "states",
            PageQuery {
                states: &both,
                ..q()
            },
            vec![12, 10, 9, 7, 6, 4, 3, 1],
        ),
        (
            "no state",
            PageQuery {
                states: &none,
                ..q()
            },
            vec![],
        ),
        (
            "open",
            PageQuery {
                open: Some(true),
                ..q()
            },
            vec![12, 10, 9, 7, 6, 4, 3, 1],
        ),
        (
            "over",
            PageQuery {
                open: Some(false),
                ..q()
            },
            vec![11, 8, 5, 2],
        ),
        (
            "class",
            PageQuery {
                class: Some("minor"),
                ..q()
            },
            vec![12, 8, 4],
        ),
        ("owing", PageQuery { owing: true, ..q() }, vec![10, 7, 4, 1]),
        // Due in minute 10: 1 and 4; in minute 20: 7 and 10.
        (
            "late before",
            PageQuery {
                late_at: Some(minute(10)),
                ..q()
            },
            vec![],
        ),
        (
            "late after",
            PageQuery {
                late_at: Some(minute(10).plus_seconds(1)),
                ..q()
            },
            vec![4, 1],
        ),
        (
            "due by",
            PageQuery {
                due_by: Some(minute(20)),
                by_due: true,
                ..q()
            },
            vec![1, 4, 7, 10],
        ),
        (
            "due by, earlier",
            PageQuery {
                due_by: Some(minute(19)),
                ..q()
            },
            vec![4, 1],
        ),
        (
            "by due",
            PageQuery {
                by_due: true,
                ..q()
            },
            vec![1, 4, 7, 10],
        ),
        (
            "field",
            PageQuery {
                fields: &seven,
                ..q()
            },
            vec![7],
        ),
        (
            "fields",
            PageQuery {
                fields: &wet,
                ..q()
            },
            vec![6],
        ),
        (
            "no such field",
            PageQuery {
                fields: &absent,
                ..q()
            },
            vec![],
        ),
        (
            "search",
            PageQuery {
                search: Some("漏水"),
                ..q()
            },
            vec![12, 10, 8, 6, 4, 2],
        ),
        (
            "blank search",
            PageQuery {
                search: Some("  "),
                ..q()
            },
            (1..=12).rev().collect(),
        ),
        (
            "search for signs",
            PageQuery {
                search: Some("\"*("),
                ..q()
            },
            vec![],
        ),
        (
            "search by due",
            PageQuery {
                search: Some("漏水"),
                by_due: true,
                ..q()
            },
            vec![4, 10],
        ),
        (
            "search, register, state",
            PageQuery {
                search: Some("水泵"),
                register: Some("log"),
                states: &both,
                ..q()
            },
            vec![6, 4],
        ),
    ];
    for (name, query, expected) in table {
        assert_eq!(ids(&file, &query), expected, "{name}");
    }
}

fn place(row: &Row, by_due: bool) -> Key {
    match row.due.filter(|_| by_due) {
        Some((rank, at)) => Key::Due(rank, at, row.id),
        None => Key::Id(row.id),
    }
}

#[test]
fn pages_of_any_length_in_both_directions_make_the_whole_list() {
    let file = twelve();
    let open = Some(true);
    let lists = [
        all(),
        PageQuery { open, ..all() },
        PageQuery {
            by_due: true,
            ..all()
        },
        PageQuery {
            search: Some("3栋"),
            ..all()
        },
        PageQuery {
            search: Some("3栋"),
            open,
            ..all()
        },
        PageQuery {
            search: Some("3栋"),
            by_due: true,
            ..all()
        },
    ];
    for query in lists {
        let whole = ids(&file, &query);
        assert!(whole.len() >= 4);
        for limit in 1..=5 {
            let page = |cut| {
                file.store
                    .page(&PageQuery {
                        cut,
                        limit,
                        ..query.clone()
                    })
                    .unwrap()
            };
            let mut forwards: Vec<i64> = Vec::new();
            let mut rows = page(Cut::First);
            while let Some(last) = rows.last() {
                assert!(rows.len() <= limit);
                forwards.extend(rows.iter().map(|row| row.id));
                rows = page(Cut::After(place(last, query.by_due)));
            }
            assert_eq!(forwards, whole, "{query:?} by {limit}");
            let mut backwards: Vec<i64> = Vec::new();
            let mut rows = page(Cut::Last);
            while let Some(first) = rows.first() {
                backwards.splice(0..0, rows.iter().map(|row| row.id));
                rows = page(Cut::Before(place(first, query.by_due)));
            }
            assert_eq!(backwards, whole, "{query:?} by {limit}, backwards");
        }
    }
}

#[test]
fn a_page_goes_on_from_a_line_that_has_moved_or_gone() {
    let mut file = twelve();
    let after = |file: &File, key| {
        let cut = Cut::After(key);
        ids(
            file,
            &PageQuery {
                by_due: true,
                cut,
                ..all()
            },
        )
    };
    let four = Key::Due(0, minute(10).unix(), 4);
    assert_eq!(after(&file, four), [7, 10]);
    // It is owed no more.
    file.put(&[rows(4, "L-2026-00004", "noted", text("办了"))]);
    assert_eq!(after(&file, four), [7, 10]);
    // One that is now due earlier stands before it.
    file.put(&[rows(7, "L-2026-00007", "noted", text("提前")).owing(&[1])]);
    assert_eq!(after(&file, four), [10]);
}

#[test]
fn a_line_of_a_list_tells_record_title_and_next_duty() {
    let mut file = File::new();
    let mut rows = rows(3, "L-2026-00001", "noted", text("巡查")).owing(&[5, 9]);
    rows.record.title = "巡查 电房".into();
    file.put(&[rows]);
    let page = file.store.page(&all()).unwrap();
    let [row] = page.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!((row.id, row.register.as_str()), (3, "log"));
    assert_eq!(row.title, "巡查 电房");
    assert_eq!(row.record.body, text("巡查"));
    assert_eq!(row.next.as_ref().unwrap().due, Some(minute(5)));
}
