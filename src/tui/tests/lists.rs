//! Lists: pages that scroll as one, search, filter.

use serde_json::json;

use super::{NOW, Stage};
use crate::base::i18n::Lang;
use crate::base::time::Instant;
use crate::desk::view::{ListItem, ListQuery, Page};
use crate::record::head::AnyRecord;
use crate::tui::keymap::Cmd;
use crate::tui::message::{Asker, Effect, Want};
use crate::tui::outbox::Outbox;
use crate::tui::screens::list::List;

/// A register of a million records that exists only as numbers.
const ALL: i64 = 1_000_000;

fn item(id: i64) -> ListItem {
    let record: AnyRecord = serde_json::from_value(json!({
        "head": {
            "no": format!("W-2026-{id:07}"), "state": "issued", "opened": "2026-03-02T01:00:00Z",
            "received": "2026-03-02T01:00:00Z", "entered": "2026-03-02T01:00:00Z", "by": "钱",
            "state_since": "2026-03-02T01:00:00Z",
        },
        "body": {},
    }))
    .unwrap();
    ListItem {
        id,
        record,
        register: "work-order",
        title: String::new(),
        next: None,
    }
}

fn page(query: &ListQuery) -> Page {
    let limit = i64::try_from(query.limit).unwrap();
    let id = |cursor: &String| cursor.parse::<i64>().unwrap();
    let (high, low) = match (&query.after, query.before.as_deref()) {
        (Some(after), _) => (id(after) - 1, (id(after) - limit).max(1)),
        (None, Some("")) => (limit.min(ALL), 1),
        (None, Some(before)) => (
            (id(&before.to_owned()) + limit).min(ALL),
            id(&before.to_owned()) + 1,
        ),
        (None, None) => (ALL, ALL - limit + 1),
    };
    Page {
        items: (low..=high).rev().map(item).collect(),
        next: (low > 1).then(|| low.to_string()),
        previous: (high < ALL).then(|| high.to_string()),
    }
}

struct Driver {
    list: List,
    seq: u64,
    asked: usize,
}

impl Driver {
    fn run(&mut self, act: impl FnOnce(&mut List, &mut Outbox<'_>)) {
        let mut out = Outbox::new(&mut self.seq, Instant::default());
        act(&mut self.list, &mut out);
        let mut open = out.effects;
        while let Some(effect) = open.pop() {
            if let Effect::Ask(ask) = effect {
                let Want::Page(query) = ask.want else {
                    continue;
                };
                self.asked += 1;
                let mut out = Outbox::new(&mut self.seq, Instant::default());
                assert!(self.list.answer(ask.seq, &page(&query), 20, &mut out));
                open.extend(out.effects);
            }
        }
    }

    fn press(&mut self, cmd: Cmd) -> i64 {
        self.run(|list, out| {
            list.command(cmd, 20, out);
        });
        self.list.selected().unwrap().id
    }
}

#[test]
fn a_million_lines_scroll_as_one_and_only_some_are_held() {
    let mut d = Driver {
        list: List::new(ListQuery::default(), Asker::Tab(1)),
        seq: 0,
        asked: 0,
    };
    d.run(|list, out| list.reload(out));
    assert_eq!(d.list.selected().unwrap().id, ALL);
    let mut expected = ALL;
    for _ in 0..100 {
        expected -= 19;
        assert_eq!(d.press(Cmd::PageDown), expected, "no line is skipped");
        assert!(d.list.held() <= 500);
    }
    for _ in 0..50 {
        expected += 19;
        assert_eq!(d.press(Cmd::PageUp), expected, "nor on the way back");
    }
    assert_eq!(d.press(Cmd::Last), 1);
    assert_eq!(d.press(Cmd::PageUp), 20);
    assert_eq!(d.press(Cmd::First), ALL);
    assert!(d.asked < 60, "{} pages were asked for", d.asked);
}

#[test]
fn an_answer_that_nobody_waits_for_is_dropped() {
    let mut seq = 0;
    let mut list = List::new(ListQuery::default(), Asker::Tab(1));
    let mut out = Outbox::new(&mut seq, Instant::default());
    list.ask(
        ListQuery {
            limit: 100,
            ..ListQuery::default()
        },
        &mut out,
    );
    list.ask(
        ListQuery {
            limit: 100,
            search: Some("漏水".into()),
            ..ListQuery::default()
        },
        &mut out,
    );
    let stale = page(&ListQuery {
        limit: 100,
        ..ListQuery::default()
    });
    assert!(!list.answer(1, &stale, 20, &mut out));
    assert!(list.selected().is_none());
    assert!(list.answer(2, &stale, 20, &mut out));
}

fn some() -> Stage {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    for (at, place, content) in [
        ("09:00", "3栋1203", "厨房漏水"),
        ("09:10", "A座15层", "走廊灯不亮"),
        ("09:20", "3栋0801", "卫生间漏水"),
    ] {
        let data = json!({"content": content, "place": place, "team": "水电班"});
        s.record(&format!("2026-03-02T{at}:00"), "work-order", None, data);
    }
    s.record(
        "2026-03-02T09:30:00",
        "complaint",
        None,
        json!({"procedure": "property", "complainant": "周先生", "content": "天花漏水"}),
    );
    s.look();
    s
}

#[test]
fn two_characters_find_it_while_typing() {
    let mut s = some();
    s.keys("3 F3 '漏")
        .sees("漏水")
        .keys("'水'")
        .sees("3 条")
        .sees("C-00001")
        .sees_no("走廊");
    // Only here, and everywhere again.
    s.keys("Tab")
        .sees("2 条")
        .sees_no("C-00001")
        .keys("Tab")
        .sees("C-00001");
    s.keys("Backspace Backspace '没有的'").sees("没有找到");
    s.keys("Esc").sees("走廊");
}

#[test]
fn a_found_record_opens_and_escape_leads_back_to_the_results() {
    let mut s = some();
    s.keys("/ '走廊' Enter")
        .sees("W-2026-00002")
        .keys("Esc")
        .sees("查找")
        .sees("1 条")
        .keys("Esc")
        .sees("应办");
}

#[test]
fn a_filter_narrows_at_once_and_can_be_taken_off() {
    let mut s = some();
    s.record(
        "2026-03-02T09:35:00",
        "W-2026-00002",
        Some("void"),
        json!({"reason": "重复"}),
    );
    s.look().keys("3").sees("走廊灯");
    s.keys("F4 Right Enter")
        .sees("筛选: 未办结")
        .sees_no("走廊灯")
        .sees("厨房漏水");
    s.keys("Del").sees("走廊灯").sees_no("筛选:");
    s.keys("F4 Down Down Right Esc")
        .sees("没有符合筛选")
        .keys("Esc")
        .sees("走廊灯");
}

#[test]
fn quick_digits_on_a_slow_desk_leave_no_list_empty() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    s.record(
        NOW,
        "work-order",
        None,
        json!({"content": "灯不亮", "place": "3栋", "team": "强电班"}),
    );
    s.record(NOW, "complaint", None, json!({"procedure": "property", "complainant": "周先生", "content": "楼上噪音", "place": "5栋"}));
    s.look();
    s.slow().keys("3 4 3 2").answers();
    s.keys("3").sees("灯不亮");
    s.keys("4").sees("楼上噪音");
}

#[test]
fn a_card_under_a_card_is_never_left_old_on_a_slow_desk() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    let slip = json!({"content": "灯不亮", "place": "3栋", "team": "强电班"});
    let first = s.record(NOW, "work-order", None, slip);
    let second = s.record(
        NOW,
        "work-order",
        None,
        json!({"content": "渗水", "place": "4栋", "team": "水工班"}),
    );
    s.record(
        NOW,
        &first,
        Some("link"),
        json!({"kind": "follows", "to": second}),
    );
    s.look().keys("3 Down Enter").sees("灯不亮");
    // The card of the other is opened over it; then somebody else writes to both while the desk is slow.
    s.keys("Home Down Down Enter").sees("渗水");
    s.record(NOW, &first, Some("remark"), json!({"text": "先打电话"}));
    s.record(NOW, &second, Some("remark"), json!({"text": "住户不在"}));
    s.slow().look().answers();
    s.sees("住户不在").keys("Esc").sees("先打电话");
}
