//! A clause that was not kept: told before it happens, marked until its reason is given, explained from the card.

use serde_json::json;

use super::Stage;
use super::timeline::signed;
use crate::base::i18n::Lang;

/// A paid repair that was finished though nobody had consented to the price.
fn breached(lang: Lang, size: (u16, u16)) -> (Stage, String) {
    let (mut s, no) = signed(lang, size);
    let steps = [
        ("arrive", json!({"technician": "小王"})),
        ("quote", json!({"amount_fen": 3500})),
        ("finish", json!({"result": "已换灯管"})),
    ];
    for (minute, (action, data)) in (20..).zip(steps) {
        s.record(
            &format!("2026-03-02T09:{minute}:00"),
            &no,
            Some(action),
            data,
        );
    }
    s.look();
    (s, no)
}

#[test]
fn a_breach_without_a_reason_is_marked_and_explained_from_the_card() {
    for (lang, mark) in [(Lang::Zh, "未说明原因"), (Lang::En, "no reason given yet")] {
        let (mut s, no) = breached(lang, (120, 40));
        s.keys("3 Enter").sees(mark);
        let open = |s: &Stage| {
            let view = s.desk.view(&no).unwrap().unwrap();
            let silent = view.record.head.breaches.iter();
            silent.filter(|b| b.reason.is_empty()).count()
        };
        let (before, mut steps) = (open(&s), 0);
        assert!(before > 0);
        // Down to the first breach: it stands behind the duties.
        while !s.screen().contains("+ 更多") && !s.screen().contains("+ More") && steps < 60 {
            s.keys("Down");
            if chosen(&s).contains(mark) {
                s.keys("Enter");
            }
            steps += 1;
        }
        s.keys("'业主要求提前' Enter");
        assert_eq!(open(&s), before - 1, "{}", s.screen());
    }
}

#[test]
fn the_actions_lead_to_the_one_breach_and_to_the_entries() {
    let (mut s, no) = breached(Lang::Zh, (80, 24));
    s.keys("3 Enter F5");
    let view = s.desk.view(&no).unwrap().unwrap();
    let at = view
        .offers
        .iter()
        .position(|a| a.name == "explain_breach")
        .unwrap();
    for _ in 0..at {
        s.keys("Down");
    }
    // Which breach it is stands in the title, not as a code to be filled in.
    s.keys("Enter")
        .sees("说明违规原因  用户同意价格 2.6 09:22")
        .sees_no("违规事项");
    s.keys("'用户口头同意' Enter").sees("已记");
    s.sees("× 用户同意价格 2.6 09:22 用户口头同意");
    // The entries can be reached from the actions too, the last one typed first.
    s.keys("F5 Up Enter")
        .sees("哪一条？")
        .sees("1 说明违规原因");
    s.keys("2")
        .sees("修复 09:22")
        .keys("1")
        .sees("更正这一条  修复 09:22");
}

#[test]
fn two_breaches_of_one_gate_keep_their_reasons_apart() {
    let (mut s, no) = breached(Lang::Zh, (80, 24));
    let finish = json!({"result": "又换整流器"});
    s.record("2026-03-02T09:26:00", &no, Some("finish"), finish);
    s.look().keys("3 Enter");
    let place = |s: &Stage| {
        let view = s.desk.view(&no).unwrap().unwrap();
        let mut offers = view.offers.iter();
        offers.position(|a| a.name == "explain_breach").unwrap()
    };
    let explain = |s: &mut Stage, which: &str| {
        s.keys("F5");
        for _ in 0..place(s) {
            s.keys("Down");
        }
        s.keys("Enter").keys(which);
    };
    // The slip of the first is left half typed.
    explain(&mut s, "1");
    s.sees("说明违规原因  用户同意价格 2.6 09:22")
        .keys("'口头同意' Esc");
    explain(&mut s, "2");
    s.sees("说明违规原因  用户同意价格 2.6 09:26")
        .sees_no("口头同意")
        .keys("'加价也同意' Enter");
    let view = s.desk.view(&no).unwrap().unwrap();
    let reasons: Vec<&str> = view
        .record
        .head
        .breaches
        .iter()
        .map(|breach| breach.reason.as_str())
        .collect();
    assert_eq!(reasons, ["", "加价也同意"]);
    // The draft goes on where it was left, about its own breach.
    s.keys("Esc 1")
        .sees("草稿")
        .keys("Home Enter")
        .sees("09:22")
        .sees("口头同意");
}

/// The text of the line under the cursor.
fn chosen(s: &Stage) -> String {
    use ratatui::style::Modifier;
    let (columns, rows) = s.room.size;
    let backend = ratatui::backend::TestBackend::new(columns, rows);
    let mut terminal = ratatui::Terminal::new(backend).unwrap();
    terminal.draw(|frame| s.app.draw(&s.room, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    let marked = |x: u16, y: u16| buffer[(x, y)].modifier.contains(Modifier::REVERSED);
    (2..rows)
        .map(|y| {
            let cells = (0..columns).filter(|x| marked(*x, y));
            cells.map(|x| buffer[(x, y)].symbol()).collect::<String>()
        })
        .collect()
}

#[test]
fn the_form_says_what_will_be_a_breach() {
    let (mut s, no) = signed(Lang::Zh, (120, 40));
    let steps = [
        ("arrive", json!({})),
        ("quote", json!({"amount_fen": 3500})),
    ];
    for (action, data) in steps {
        s.record("2026-03-02T09:30:00", &no, Some(action), data);
    }
    s.look().keys("3 Enter F5");
    let view = s.desk.view(&no).unwrap().unwrap();
    let finish = view.offers.iter().position(|a| a.name == "finish").unwrap();
    for _ in 0..finish {
        s.keys("Down");
    }
    s.keys("Enter").sees("将记为违规：");
}

#[test]
fn a_form_says_what_will_be_a_breach_before_its_reason_is_typed() {
    let mut s = Stage::new(Lang::Zh, (120, 40));
    let plan = json!({"source": "building", "reason": "检修", "plan_start": "2026-03-02T10:30", "areas": ["A座"]});
    let no = s.record("2026-03-02T09:00:00", "outage", Some("plan"), plan);
    s.look().keys("2 Enter F5");
    let view = s.desk.view(&no).unwrap().unwrap();
    let cut = view.offers.iter().position(|a| a.name == "cut").unwrap();
    for _ in 0..cut {
        s.keys("Down");
    }
    s.keys("Enter").sees("将记为违规：");
}
