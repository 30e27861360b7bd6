//! What was typed is put right from the card: corrected, struck, taken back; and the history tells it.

use serde_json::json;

use super::{NOW, Stage, record};
use crate::base::i18n::{Lang, Msg};
use crate::desk::Desk;
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use crate::store::Mode;
use crate::tui::message::Message;

/// A slip that was signed for.
pub(super) fn signed(lang: Lang, size: (u16, u16)) -> (Stage, String) {
    let mut s = Stage::new(lang, size);
    let slip = json!({"paper_no": "1", "content": "灯不亮", "place": "A座", "team": "水电班"});
    let no = s.record("2026-03-02T09:00:00", "work-order", None, slip);
    let by = json!({"technician": "小王"});
    s.record("2026-03-02T09:12:00", &no, Some("sign_for"), by);
    s.look();
    (s, no)
}

#[test]
fn a_time_is_corrected_from_the_card() {
    let (mut s, no) = signed(Lang::Zh, (80, 24));
    s.keys("3 Enter End Enter")
        .sees("1 更正这一条")
        .sees("2 误录作废")
        .sees("3 看原文")
        .keys("1")
        .sees("更正这一条  签收 09:12 钱文员")
        .sees("小王");
    // What is typed takes the place of the time that stands there, on the same day.
    s.keys("'0902'")
        .sees("= 09:02")
        .sees("原为 2026-03-02 09:12");
    s.keys("C-s").sees("请填写").keys("'看错钟' Enter");
    s.sees("已记 W-2026-00001 更正这一条").sees("F11 撤回");
    s.sees("签收  钱文员 (已更正)")
        .sees("原为 发生时间 09:12")
        .sees("更正第 3 条“签收”")
        .sees("发生时间 09:12 → 09:02 · 原因 看错钟");
    let view = s.desk.view(&no).unwrap().unwrap();
    let correction = view.history.last().unwrap();
    assert_eq!(
        correction.entry.data["changes"],
        json!({"at": "2026-03-02T01:02:00Z", "received": "2026-03-02T01:02:00Z"})
    );
    assert_eq!(view.record.body["signed_for_at"], "2026-03-02T01:02:00Z");
}

#[test]
fn a_time_of_yesterday_stays_yesterdays() {
    let (mut s, no) = signed(Lang::Zh, (80, 24));
    let by = json!({"technician": "小王", "at": "2026-03-02T09:20"});
    s.record("2026-03-02T09:25:00", &no, Some("arrive"), by);
    let later = s.room.voice.zone.parse("2026-03-03T08:00:00").unwrap();
    s.send(Message::Tick(later));
    s.look()
        .keys("3 Enter End Enter 1 '0918'")
        .sees("= 03-02 周一 09:18");
}

#[test]
fn fields_of_an_entry_are_corrected_and_only_what_was_changed_is_sent() {
    let (mut s, no) = signed(Lang::Zh, (80, 24));
    s.keys("3 Enter End Enter 1 Enter");
    s.keys("Backspace Backspace '老李' C-s '抄错' C-s")
        .sees("已记");
    s.sees("技工 老李").sees("原为 技工 小王");
    s.sees("技工 小王 → 老李 · 原因 抄错");
    let view = s.desk.view(&no).unwrap().unwrap();
    assert_eq!(view.record.body["technician"], "老李");
    let data = &view.history.last().unwrap().entry.data;
    assert_eq!(data["changes"], json!({"technician": "老李"}));
    // Nothing changed: nothing is sent.
    s.keys("End Up Enter 1 C-s 'x' C-s").sees("什么都没有改");
}

#[test]
fn a_yes_is_corrected_to_no() {
    let (mut s, no) = signed(Lang::Zh, (120, 40));
    let done = json!({"result": "已换灯管", "cleaned": true});
    s.record("2026-03-02T09:20:00", &no, Some("finish"), done);
    let accept = json!({"signed_by": "孙女士"});
    s.record("2026-03-02T09:25:00", &no, Some("accept"), accept);
    s.look()
        .keys("3 Enter End Enter 1 Enter Enter")
        .sees("满意");
    s.keys("Space C-s '听错' C-s").sees("已记");
    let view = s.desk.view(&no).unwrap().unwrap();
    let data = &view.history.last().unwrap().entry.data;
    assert_eq!(data["changes"], json!({"satisfied": false}));
    // The no is told, and what stood before.
    s.sees("签名人 孙女士 · 满意 否").sees("原为 满意 是");
    s.sees("满意       否");
}

#[test]
fn an_entry_is_struck_and_the_strike_is_taken_back() {
    let (mut s, no) = signed(Lang::Zh, (80, 24));
    s.keys("3 Enter End Enter 2")
        .sees("误录作废  签收 09:12 钱文员");
    s.sees("误录")
        .keys("Enter")
        .sees("已记 W-2026-00001 误录作废");
    s.sees("误录作废：赵值班").sees("作废第 3 条“签收”");
    let view = s.desk.view(&no).unwrap().unwrap();
    assert_eq!(view.record.head.state, "issued");
    // What is struck can only be read.
    s.keys("End Up Enter")
        .sees("1 看原文")
        .sees_no("更正这一条");
    s.keys("1").sees("技工  小王").sees("指纹").keys("Esc");
    s.keys("End Enter")
        .sees("1 撤销这次作废")
        .keys("1 Enter")
        .sees("已记");
    let view = s.desk.view(&no).unwrap().unwrap();
    assert_eq!(view.record.head.state, "signed_for");
}

#[test]
fn the_opening_entry_is_not_struck_while_others_rest_on_it() {
    let (mut s, _) = signed(Lang::Zh, (80, 24));
    s.keys("3 Enter End Up Enter")
        .sees("登记派单 09:00")
        .sees_no("误录作废")
        .sees("整单作废");
    s.keys("1").sees("更正这一条  登记派单").sees("灯不亮");
}

#[test]
fn f11_takes_back_what_was_ticked_off_and_says_so() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    s.keys("F8 'B座' Enter Enter Enter").sees("F11 撤回");
    s.keys("F5").keys("Esc");
    s.keys("2").sees("已记 O-2026-00001").sees("F11 撤回");
    let before = s.desk.view("O-2026-00001").unwrap().unwrap().history.len();
    s.keys("F11")
        .sees("已撤回：O-2026-00001")
        .sees_no("F11 撤回");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    assert_eq!(view.history.len(), before + 1);
    // A key held down takes back one thing, not everything.
    s.hurried(30, "F11");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    assert_eq!(view.history.len(), before + 1);
    s.pause().keys("u").sees("已撤回：O-2026-00001 更正");
    s.pause().keys("u").sees("已撤回：O-2026-00001 突发停电");
    s.pause().keys("F11").sees("一分钟内没有自己录入的可以撤回");
}

#[test]
fn what_is_older_than_a_minute_or_of_somebody_else_is_not_taken_back() {
    let (mut s, _) = signed(Lang::Zh, (80, 24));
    s.keys("F11").sees("一分钟内没有自己录入的可以撤回");
    s.keys("F8 Enter Enter").sees("已登记").sees("F11 撤回");
    let later = s.room.now.plus_seconds(61);
    s.send(Message::Tick(later));
    s.sees("已登记")
        .sees_no("F11 撤回")
        .keys("F11")
        .sees("可以撤回");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    assert!(
        view.history
            .iter()
            .all(|item| item.fate.struck_by.is_none())
    );
}

#[test]
fn what_names_somebody_else_is_not_offered_and_nothing_older_is_taken_for_it() {
    let (mut s, no) = signed(Lang::Zh, (80, 24));
    let done = json!({"result": "已换灯管"});
    s.record("2026-03-02T09:20:00", &no, Some("finish"), done);
    let accept = json!({"signed_by": "孙女士"});
    s.record("2026-03-02T09:25:00", &no, Some("accept"), accept);
    s.look().keys("F8 'B座' Enter Enter Enter").sees("F11 撤回");
    let who = s.room.operator.clone().unwrap();
    let revisit = json!({"satisfied": true, "method": "phone", "by": "王工"});
    let request = crate::desk::view::Request {
        target: crate::desk::view::Target::On(no.clone()),
        action: Some("revisit".into()),
        data: revisit.as_object().cloned().unwrap(),
    };
    s.desk.act(&request, &who, s.room.now).unwrap();
    s.keys("F11").sees("可以撤回");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    assert!(view.record.head.void_reason.is_none());
    // A strike is taken back from the card, not by the key.
    s.keys("Esc 3 Enter End Enter 2 Enter").sees("已记");
    s.sees_no("F11 撤回");
}

#[test]
fn f11_while_filling_in_takes_back_what_is_written_and_loses_nothing() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    s.keys("F8 'B座' Enter Enter Enter 2").sees("已记");
    s.keys("Esc 3 F2 Down '门锁坏' F11")
        .sees("已撤回：O-2026-00001 到达现场")
        .sees("门锁坏");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    let struck = view
        .history
        .iter()
        .filter(|item| item.fate.struck_by.is_some());
    assert_eq!(struck.count(), 1);
}

#[test]
fn a_half_filled_correction_survives_and_knows_its_entry() {
    let (mut s, _) = signed(Lang::Zh, (80, 24));
    s.keys("3 Enter End Enter 1 Enter Backspace Backspace '老李' Esc")
        .sees("已留作草稿");
    let mut s = s.again();
    s.sees("草稿 W-00001 更正这一条").keys("Enter");
    s.sees("签收 09:12 钱文员").sees("老李").sees("原为 小王");
    // Struck in the meantime, it has nothing to put right any more.
    let mut other = s.other();
    let strike = json!({"entry": 3, "reason": "误录"});
    record(&mut other, NOW, "W-2026-00001", Some("strike"), strike);
    s.look().sees("已被作废");
    s.keys("Esc")
        .look()
        .keys("1 Enter")
        .sees("已被作废或不能再更正");
}

#[test]
fn what_somebody_else_changed_meanwhile_is_seen_before_it_is_overwritten() {
    let (mut s, no) = signed(Lang::Zh, (80, 24));
    s.keys("3 Enter End Up Enter 1").sees("灯不亮");
    s.keys("Enter Enter Enter '，走廊'").sees("灯不亮，走廊");
    let mut other = s.other();
    let change = json!({"changes": {"content": "灯闪", "place": "B座"}, "reason": "改"});
    record(&mut other, NOW, &no, Some("amend"), change);
    s.look()
        .sees("已有人改为 灯闪")
        .sees("灯不亮，走廊")
        .sees("B座");
}

#[test]
fn facts_are_learned_from_what_is_known_and_can_be_taken_back() {
    let mut s = Stage::new(Lang::Zh, (120, 40));
    let said = json!({"procedure": "property", "complainant": "周先生", "content": "电梯夹人", "facts": {"settled_on_the_spot": true}});
    let no = s.record("2026-03-02T09:00:00", "complaint", None, said);
    s.look().keys("4 Enter F5");
    let view = s.desk.view(&no).unwrap().unwrap();
    let at = view.offers.iter().position(|a| a.name == "facts").unwrap();
    for _ in 0..at {
        s.keys("Down");
    }
    s.keys("Enter").sees("[x]").keys("C-s").sees("请填写");
    s.keys("Space C-s").sees("已记");
    let view = s.desk.view(&no).unwrap().unwrap();
    let learned = view
        .history
        .iter()
        .find(|item| item.entry.action == "facts")
        .unwrap();
    assert_eq!(
        learned.entry.data["facts"],
        json!({"settled_on_the_spot": false})
    );
    assert_eq!(
        view.record.body["facts"]["settled_on_the_spot"],
        json!(false)
    );
    s.sees(" 否");
}

#[test]
fn every_entry_of_every_register_gives_a_form_that_changes_nothing() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    let plan = json!({"source": "building", "reason": "检修", "plan_start": "2026-03-02T09:30", "areas": ["A座", "B座"], "users": ["甲店"]});
    let no = s.record("2026-03-02T09:00:00", "outage", Some("plan"), plan);
    let steps = [
        (
            "report",
            json!({"to": "gm", "text": "拟停电检修", "via": "written"}),
        ),
        ("staff", json!({"names": ["王工", "李工"]})),
        (
            "ticket",
            json!({"task": "停A座", "operator": "王工", "guardian": "李工", "steps": [{"operation": "断开", "device": "1DL"}, {"operation": "挂牌"}]}),
        ),
        ("cut", json!({"reason": "业主同意"})),
        ("generator", json!({"started": false, "reason": "不需要"})),
        (
            "lift_check",
            json!({"guard": "张", "cars": [{"car": "1#", "trapped": true, "persons": 2}, {"car": "2#"}]}),
        ),
    ];
    for (action, data) in steps {
        s.record("2026-03-02T09:31:00", &no, Some(action), data);
    }
    s.look().keys("2 Enter");
    let view = s.desk.view(&no).unwrap().unwrap();
    for item in &view.history {
        let start = crate::tui::outbox::Start {
            target: crate::desk::view::Target::On(no.clone()),
            register: view.register,
            action: view.register.action("correct").unwrap(),
            preset: vec![("entry".into(), item.seq.into())],
            asked: &[],
        };
        let form = crate::tui::form::Form::new(start, Some(&view), None, &s.room);
        assert!(!form.typed_anything(), "{}", item.entry.action);
        let spec = view.register.action(&item.entry.action).unwrap();
        let offered = form.offered_keys();
        for field in spec.fields {
            assert!(offered.contains(&field.key), "{} {}", spec.name, field.key);
        }
        for key in ["at", "by", "via", "note"] {
            assert!(offered.contains(&key), "{} {key}", spec.name);
        }
    }
}

#[test]
fn procedure_files_that_are_not_in_force_are_told_once_at_the_start() {
    for (lang, told) in [(Lang::Zh, "未启用"), (Lang::En, "not in force")] {
        let (s, _) = signed(lang, (80, 24));
        let rules = Rules::built_in().unwrap();
        let text = rules.texts()["log"].replace("version = \"", "version = \"x");
        let rules = rules.with_file("log", &text).unwrap();
        let mut s = s.again_with(rules);
        s.sees(told).sees("dutydesk procedures --take-up");
        s.keys("3").sees_no(told);
    }
}

#[test]
fn a_card_left_open_tells_its_times_by_the_day_it_is() {
    let (mut s, _) = signed(Lang::Zh, (80, 24));
    s.keys("3 Enter").sees("09:12       签收");
    let day = s.room.now.plus_minutes(24 * 60);
    s.send(Message::Tick(day));
    s.sees("昨天 09:12  签收");
}

#[test]
fn rules_taken_up_by_another_program_are_spoken_at_once() {
    let mut s = Stage::new(Lang::Zh, (120, 40));
    let said = json!({"procedure": "property", "complainant": "周先生", "content": "电梯夹人"});
    s.record("2026-03-02T09:00:00", "complaint", None, said);
    s.look().keys("4 F2 '李女士' Enter '停电'");
    s.sees("判为 重要").sees("物业服务");
    let built_in = Rules::built_in().unwrap();
    let newer = built_in.texts()["property"]
        .replace("name = \"重要\"", "name = \"要紧\"")
        .replace("label = \"物业服务\"", "label = \"小区服务\"");
    let rules = built_in.with_file("property", &newer).unwrap();
    let mut other = Desk::open(s.desk.path(), Mode::Existing, rules).unwrap();
    let told = Msg::new("cli.procedures_log")
        .with("names", "property")
        .with("n", 0_i64);
    let offered = other.offered();
    other
        .take_up(&offered, &told, &Operator::default(), s.room.now)
        .unwrap();
    // The slip that is being typed stays, and what it would lead to is told anew.
    s.look()
        .sees("李女士")
        .sees("停电")
        .sees("判为 要紧")
        .sees("小区服务")
        .sees_no("物业服务");
}

#[test]
fn the_card_of_what_was_put_right() {
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for size in [(80, 24), (120, 40)] {
            let (mut s, no) = signed(lang, size);
            let arrive = json!({"technician": "小王", "admitted": false, "reason": "家中无人"});
            s.record("2026-03-02T09:20:00", &no, Some("arrive"), arrive);
            let change = json!({"entry": 3, "changes": {"at": "2026-03-02T09:05", "technician": "老李"}, "reason": "看错钟"});
            s.record("2026-03-02T09:30:00", &no, Some("correct"), change);
            let strike = json!({"entry": 4, "reason": "记到别的单上了"});
            s.record("2026-03-02T09:31:00", &no, Some("strike"), strike);
            s.look().keys("3 Enter End");
            insta::assert_snapshot!(format!("put_right_{name}_{}", size.0), s.screen());
            s.keys("Up Up Up Enter");
            insta::assert_snapshot!(format!("put_right_menu_{name}_{}", size.0), s.screen());
            s.keys("Esc Enter 1");
            insta::assert_snapshot!(format!("correct_{name}_{}", size.0), s.screen());
        }
    }
}
