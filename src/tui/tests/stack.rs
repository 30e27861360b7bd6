//! The screens that stand over one another: what each of them is told, and what becomes of it when it is left.

use serde_json::json;

use super::{NOW, Stage};
use crate::base::i18n::Lang;
use crate::base::time::Instant;
use crate::desk::view::ListQuery;
use crate::tui::keymap::Context;
use crate::tui::message::{Asker, Effect, Got, Want};
use crate::tui::outbox::Outbox;
use crate::tui::screens::list::List;

fn slip(s: &mut Stage) -> String {
    let slip = json!({"content": "灯不亮", "place": "3栋", "team": "强电班"});
    s.record(NOW, "work-order", None, slip)
}

/// How many pages were asked for.
fn pages(out: Outbox<'_>) -> usize {
    let asked = out.effects.iter().filter(|effect| match effect {
        Effect::Ask(ask) => matches!(ask.want, Want::Page(_)),
        _ => false,
    });
    asked.count()
}

#[test]
fn a_list_that_was_overtaken_does_not_wait_for_ever() {
    let mut seq = 0;
    let mut out = Outbox::new(&mut seq, Instant::default());
    let mut list = List::new(ListQuery::default(), Asker::Tab(1));
    list.refresh(&mut out);
    assert_eq!(pages(out), 1);
    let mut out = Outbox::new(&mut seq, Instant::default());
    list.refresh(&mut out);
    assert_eq!(pages(out), 0, "it is on its way");
    let mut out = Outbox::new(&mut seq, Instant::default());
    list.take(1, Ok(&Got::Overtaken), 20, &mut out);
    assert!(!list.is_current(), "nobody has said that it is empty");
    list.refresh(&mut out);
    assert_eq!(pages(out), 1);
}

#[test]
fn what_was_to_follow_a_name_goes_with_the_question() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    s.room.operator = None;
    s.keys("3 F2");
    assert_eq!(s.app.context(), Context::Operator);
    s.keys("Esc F9 1");
    assert_eq!(s.app.context(), Context::List, "the form was given up");
    s.room.operator = None;
    s.keys("F2 1");
    assert_eq!(s.app.context(), Context::Form, "the form follows");
}

#[test]
fn a_key_that_nothing_takes_says_why() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    slip(&mut s);
    s.look().keys("3 Enter c").sees("只有未结束的停电");
}

#[test]
fn a_form_below_another_screen_closes_when_it_is_saved() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    s.keys("3 F2 '77' Enter '门锁坏' Enter '6栋' Enter Enter Enter '木工'");
    s.slow().keys("C-s F1").answers();
    assert_eq!(s.app.context(), Context::Help);
    s.keys("Esc").sees("已登记 W-2026-00001");
    assert_eq!(s.app.context(), Context::List);
}

#[test]
fn to_another_tab_nothing_is_lost_and_nothing_stays_in_front() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    slip(&mut s);
    s.look().keys("3 F2 '门锁坏' F1 Esc F3 '灯'");
    assert_eq!(s.app.context(), Context::Search);
    s.keys("Esc Esc 1").sees("草稿 1");
    assert_eq!(s.app.context(), Context::Today);
}
