//! Lists: their pages, cursors, counts and what is owed, as the screens and the command line ask for them.

use std::ops::ControlFlow;

use serde_json::json;

use super::{Stage, at, refusal};
use crate::base::refusal::RefusalCode;
use crate::desk::view::{DueFilter, ListQuery, Order, Page};

/// Seven slips: promised at 23:00, 23:00, tomorrow and not at all, in turns; the fourth void, the fifth signed for.
fn slips() -> Stage {
    let mut stage = Stage::new();
    for n in 1..=7 {
        let mut slip =
            json!({"content": format!("漏水{n}"), "place": format!("{n}栋"), "team": "水工班"});
        match n % 4 {
            0 => {}
            3 => slip["promised_arrival"] = json!(at("2026-08-04T09:00")),
            _ => slip["promised_arrival"] = json!(at("2026-08-03T23:00")),
        }
        stage.open("work-order", "issue", slip);
    }
    stage.act("W-2026-00004", "void", json!({"reason": "重复"}));
    stage.act("W-2026-00005", "sign_for", json!({"technician": "小王"}));
    stage.open("log", "entry", json!({"text": "漏水巡查"}));
    stage
}

fn query() -> ListQuery {
    ListQuery {
        register: Some("work-order".into()),
        limit: 100,
        ..ListQuery::default()
    }
}

fn numbers(page: &Page) -> String {
    let last = page
        .items
        .iter()
        .map(|item| item.record.head.no.chars().last());
    last.map(Option::unwrap_or_default).collect()
}

fn list(stage: &Stage, query: &ListQuery) -> String {
    numbers(&stage.desk.page(query, stage.now).unwrap())
}

#[test]
fn cursors_lead_through_the_whole_list_and_back() {
    let stage = slips();
    for (order, whole) in [(Order::Newest, "7654321"), (Order::Due, "")] {
        let base = ListQuery { order, ..query() };
        let whole = match order {
            Order::Newest => whole.to_owned(),
            Order::Due => list(&stage, &base),
        };
        assert_eq!(whole.len(), if order == Order::Newest { 7 } else { 6 });
        for limit in 1..=4 {
            let mut ask = ListQuery {
                limit,
                ..base.clone()
            };
            let (mut forwards, mut pages) = (String::new(), Vec::new());
            loop {
                let page = stage.desk.page(&ask, stage.now).unwrap();
                assert_eq!(page.previous.is_some(), !pages.is_empty());
                forwards += &numbers(&page);
                pages.push(numbers(&page));
                match page.next {
                    Some(next) => ask.after = Some(next),
                    None => break,
                }
            }
            assert_eq!(forwards, whole, "{order:?} by {limit}");
            // The last page, and from it back to the first.
            let before = Some(String::new());
            let mut ask = ListQuery {
                limit,
                before,
                ..base.clone()
            };
            let mut backwards = String::new();
            loop {
                let page = stage.desk.page(&ask, stage.now).unwrap();
                backwards = numbers(&page) + &backwards;
                match page.previous {
                    Some(previous) => ask.before = Some(previous),
                    None => break,
                }
            }
            assert_eq!(backwards, whole, "{order:?} by {limit}, backwards");
        }
    }
}

#[test]
fn a_cursor_of_another_list_or_of_nobody_is_refused() {
    let stage = slips();
    let due = ListQuery {
        order: Order::Due,
        limit: 1,
        ..query()
    };
    let newest = ListQuery {
        limit: 1,
        ..query()
    };
    let next = |query: &ListQuery| stage.desk.page(query, stage.now).unwrap().next;
    let (of_due, of_newest) = (next(&due), next(&newest));
    for (base, cursor) in [
        (&newest, of_due),
        (&due, of_newest),
        (&newest, Some("x".to_owned())),
        (&newest, Some("1.2".to_owned())),
        (&due, Some("1.2.3.4".to_owned())),
    ] {
        for before in [false, true] {
            let (one, other) = (cursor.clone(), None);
            let (after, before) = if before { (other, one) } else { (one, other) };
            let ask = ListQuery {
                after,
                before,
                ..base.clone()
            };
            let refused = refusal(stage.desk.page(&ask, stage.now));
            assert_eq!(refused.message.key, "refusal.cursor", "{cursor:?}");
        }
    }
    let ask = ListQuery {
        register: Some("garden".into()),
        ..query()
    };
    let refused = refusal(stage.desk.page(&ask, stage.now));
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (RefusalCode::BadValue, Some("register"))
    );
}

#[test]
fn filters_narrow_and_counts_agree_with_the_list() {
    let stage = slips();
    let states =
        |names: &[&str]| -> Vec<String> { names.iter().map(|n| (*n).to_owned()).collect() };
    let q = query;
    let table = [
        (
            ListQuery {
                states: states(&["issued"]),
                ..q()
            },
            "76321",
        ),
        (
            ListQuery {
                states: states(&["signed_for", "void"]),
                ..q()
            },
            "54",
        ),
        (
            ListQuery {
                states: states(&["archived"]),
                ..q()
            },
            "",
        ),
        (
            ListQuery {
                open: Some(false),
                ..q()
            },
            "4",
        ),
        (
            ListQuery {
                search: Some("漏水6".into()),
                ..q()
            },
            "6",
        ),
        (
            ListQuery {
                search: Some("漏水".into()),
                register: None,
                ..q()
            },
            "17654321",
        ),
        (
            ListQuery {
                fields: vec![("place".into(), "2栋".into())],
                ..q()
            },
            "2",
        ),
        (
            ListQuery {
                class: Some("x".into()),
                ..q()
            },
            "",
        ),
        (
            ListQuery {
                due: Some(DueFilter::Any),
                ..q()
            },
            "765321",
        ),
    ];
    for (query, expected) in table {
        assert_eq!(list(&stage, &query), expected, "{query:?}");
        // What is counted without walking is what the walk finds.
        if let Some(n) = stage.desk.count(&query).unwrap() {
            assert_eq!(n as usize, expected.len(), "{query:?}");
        }
        for backwards in [false, true] {
            let mut walked = 0;
            let mut take = |_| {
                walked += 1;
                Ok(ControlFlow::Continue(()))
            };
            let _ = stage
                .desk
                .each(&query, backwards, stage.now, &mut take)
                .unwrap();
            assert_eq!(walked, expected.len(), "{query:?}");
        }
    }
    let counted = |query: &ListQuery| stage.desk.count(query).unwrap();
    assert_eq!(counted(&q()), Some(7));
    assert_eq!(
        counted(&ListQuery {
            register: None,
            ..q()
        }),
        Some(8)
    );
    assert_eq!(
        counted(&ListQuery {
            order: Order::Due,
            ..q()
        }),
        None
    );
}

#[test]
fn a_walk_stops_where_it_is_told_to() {
    let stage = slips();
    for (backwards, expected) in [(false, "76"), (true, "12")] {
        let mut seen = String::new();
        let mut take = |item: crate::desk::view::ListItem| {
            seen.extend(item.record.head.no.chars().last());
            Ok(match seen.len() < 2 {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            })
        };
        let stopped = stage.desk.each(&query(), backwards, stage.now, &mut take);
        assert!(stopped.unwrap().is_break());
        assert_eq!(seen, expected);
    }
}

#[test]
fn what_is_late_and_due_today_is_by_the_clock_that_asks() {
    let mut stage = slips();
    for n in [1, 2, 3, 6, 7] {
        let no = format!("W-2026-0000{n}");
        stage.act(&no, "sign_for", json!({"technician": "小王"}));
    }
    let due = |due| ListQuery {
        due: Some(due),
        ..query()
    };
    for (now, late, today) in [
        ("2026-08-03T23:00", "", 4),
        ("2026-08-03T23:00:01", "6521", 4),
        ("2026-08-04T08:00", "6521", 6),
        ("2026-08-04T09:00:01", "765321", 6),
    ] {
        let page = stage.desk.page(&due(DueFilter::Late), at(now)).unwrap();
        assert_eq!(numbers(&page), late, "{now}");
        assert!(page.items.iter().all(|item| item.late(at(now))), "{now}");
        let page = stage.desk.page(&due(DueFilter::Today), at(now)).unwrap();
        assert_eq!(page.items.len(), today, "{now}");
        let counts = stage.desk.due_counts(at(now)).unwrap();
        assert_eq!(counts.late as usize, late.len(), "{now}");
        let all = stage.desk.due(None, 100, at(now)).unwrap();
        assert_eq!(counts.all as usize, all.len(), "{now}");
    }
    let slips = stage.desk.due(Some("work-order"), 100, stage.now).unwrap();
    assert!(slips.iter().all(|item| item.register == "work-order"));
    assert_eq!(
        stage
            .desk
            .due(Some("work-order"), 2, stage.now)
            .unwrap()
            .len(),
        2
    );
    assert!(
        stage
            .desk
            .due(Some("complaint"), 9, stage.now)
            .unwrap()
            .is_empty()
    );
}
