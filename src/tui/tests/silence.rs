//! What the machine noticed about itself: that it stopped without warning, that its clock was moved.

use super::{NOW, Stage};
use crate::base::i18n::Lang;
use crate::base::time::Instant;
use crate::tui::heartbeat::Silence;
use crate::tui::message::Message;

fn at(time: &str, s: &Stage) -> Instant {
    s.room.voice.zone.parse(time).unwrap()
}

/// The desk is started anew; the machine was last seen alive 22 minutes ago.
fn after_silence(s: Stage) -> Stage {
    let last = at("2026-03-02T09:20:10", &s);
    s.again_after(Some(Silence::Since(last)))
}

fn log(s: &Stage) -> String {
    let view = s.desk.view("L-2026-00001").unwrap();
    view.map_or_else(String::new, |view| {
        view.record.body["text"].as_str().unwrap().to_owned()
    })
}

#[test]
fn a_blackout_is_recorded_from_the_last_sign_of_life_on() {
    let mut s = after_silence(Stage::new(Lang::Zh, (80, 24)));
    s.sees("本机 09:20:10 后无心跳，09:42:10 重启，是否登记停电？");
    assert!(
        s.desk.view("O-2026-00001").unwrap().is_none(),
        "asked first"
    );
    s.keys("1").sees("■ 停电 范围未填 00:22:00");
    let record = s.desk.view("O-2026-00001").unwrap().unwrap().record;
    assert_eq!(record.head.opened, at("2026-03-02T09:20:10", &s));
    s.keys("'C座' Enter Enter Enter")
        .sees("■ 停电 C座 00:22:00");
}

#[test]
fn what_was_no_blackout_is_noted_in_the_log_only() {
    let mut s = after_silence(Stage::new(Lang::Zh, (80, 24)));
    s.keys("2").sees_no("■ 停电").sees_no("无心跳");
    assert!(
        log(&s).contains("2026-03-02 09:20:10 周一 后无心跳"),
        "{}",
        log(&s)
    );
    assert!(s.desk.view("O-2026-00001").unwrap().is_none());
}

#[test]
fn who_does_not_know_yet_writes_nothing() {
    let mut s = after_silence(Stage::new(Lang::Zh, (80, 24)));
    s.keys("Esc").sees_no("无心跳").sees("今日");
    assert_eq!(log(&s), "");
}

#[test]
fn a_blackout_on_record_is_not_asked_for_again() {
    let mut s = Stage::new(Lang::Zh, (120, 40));
    s.keys("F8 'C座' Enter Enter Enter");
    let mut s = after_silence(s);
    s.sees("■ 停电 C座").sees("停电仍在记录中");
    assert!(
        s.sees_no("是否登记停电")
            .desk
            .view("O-2026-00002")
            .unwrap()
            .is_none()
    );
    let noted = (1..5).filter_map(|n| s.desk.view(&format!("L-2026-0000{n}")).unwrap());
    let noted = noted.filter(|view| view.record.body["text"].to_string().contains("无心跳"));
    assert_eq!(noted.count(), 1);
}

#[test]
fn nobody_need_be_named_first() {
    let s = Stage::unnamed(Lang::Zh, (80, 24));
    let mut s = after_silence(s);
    s.keys("1").sees("■ 停电");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    assert_eq!(view.history[0].entry.by, "未定");
}

#[test]
fn a_clock_that_went_back_between_two_runs_is_told_and_noted() {
    let s = Stage::new(Lang::Zh, (120, 24));
    let last = at("2026-03-04T08:00:00", &s);
    let mut s = s.again_after(Some(Silence::ClockBack(last)));
    s.sees("电脑时钟由").sees_no("是否登记停电");
    assert!(log(&s).contains("2026-03-04"), "{}", log(&s));
}

#[test]
fn a_clock_that_is_set_while_the_desk_runs_is_told_and_noted() {
    let mut s = Stage::new(Lang::Zh, (120, 24));
    let (before, after) = (at(NOW, &s), at("2026-03-02T11:42:10", &s));
    s.send(Message::Tick(after));
    s.send(Message::Jumped(before, after));
    s.sees("电脑时钟由 09:42:10 变为 11:42:10");
    assert!(log(&s).contains("改过时间或本机休眠"), "{}", log(&s));
    let view = s.desk.view("L-2026-00001").unwrap().unwrap();
    assert_eq!(view.record.head.opened, after);
}
