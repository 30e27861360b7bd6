//! What is seen: whole screens at both designed sizes in both languages, and what must never be seen at any size.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::Stage;
use crate::base::i18n::Lang;
use crate::registers::REGISTERS;
use crate::rules::deadline::DutyKind;
use crate::tui::keymap::Context;
use crate::tui::message::Message;
use crate::tui::text::width;
use crate::tui::when::{Mark, mark};

fn busy(lang: Lang, size: (u16, u16)) -> Stage {
    let mut s = Stage::new(lang, size);
    let order = |content: &str, place: &str, arrival: &str| json!({"paper_no": content, "content": content, "place": place, "team": "水电班", "promised_arrival": arrival});
    s.record(
        "2026-03-02T08:30:00",
        "work-order",
        None,
        order("厨房水龙头漏水", "3栋1203", "2026-03-02T09:00"),
    );
    s.record(
        "2026-03-02T09:30:00",
        "work-order",
        None,
        order("走廊灯不亮", "A座15层", "2026-03-02T10:00"),
    );
    let complaint = json!({"procedure": "property", "complainant": "周先生", "content": "楼上装修噪音，要求停工", "phone": "13900000000", "unit": "5栋0802", "channel": "phone", "needs_other_department": true});
    s.record("2026-03-02T09:23:00", "complaint", None, complaint);
    s.look();
    s
}

#[test]
fn today() {
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for size in [(80, 24), (120, 40)] {
            insta::assert_snapshot!(
                format!("today_{name}_{}", size.0),
                busy(lang, size).screen()
            );
        }
    }
}

#[test]
fn a_card_and_its_actions() {
    for size in [(80, 24), (120, 40)] {
        let mut s = busy(Lang::Zh, size);
        s.keys("4 Enter");
        insta::assert_snapshot!(format!("card_zh_{}", size.0), s.screen());
        s.keys("F5");
        insta::assert_snapshot!(format!("menu_zh_{}", size.0), s.screen());
    }
}

#[test]
fn a_form_half_filled() {
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for size in [(80, 24), (120, 40)] {
            let mut s = busy(lang, size);
            s.keys("4 F2 '李女士' Enter '电梯夹人' Enter Enter '5栋0802' Enter Enter");
            insta::assert_snapshot!(format!("form_{name}_{}", size.0), s.screen());
        }
    }
}

#[test]
fn the_sheet_of_an_outage() {
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for size in [(80, 24), (120, 40)] {
            let mut s = busy(lang, size);
            s.keys("F8 'B座' Enter Enter Enter 2");
            let later = s.room.now.plus_seconds(221);
            s.send(Message::Tick(later));
            insta::assert_snapshot!(format!("sheet_{name}_{}", size.0), s.screen());
        }
    }
}

#[test]
fn the_help_lists_what_dispatches() {
    let mut s = busy(Lang::Zh, (80, 24));
    s.keys("F1");
    insta::assert_snapshot!("help_zh_80", s.screen());
    s.keys("'停电'").sees("F8").sees_no("F2 ");
}

/// Ways through the screens, one after the other.
const WALK: &[&str] = &[
    "",
    "Down x",
    "Esc w",
    "Esc 4 Enter",
    "Down Down",
    "w",
    "Esc F5",
    "5",
    "Esc Esc Esc",
    "F2",
    "'周' Enter '吵' Enter",
    "F4",
    "Down Down",
    "Esc",
    "F8",
    "Enter Enter",
    "5",
    "Esc c",
    "Esc Esc",
    "F3 '漏水'",
    "Enter",
    "Esc Esc",
    "3 F4 Right",
    "Esc F9",
    "'x' Enter",
    "Esc Esc F1 'F'",
    "Esc 5 F2",
    "Esc 6 F2",
    "1",
    "Esc 2 F2 2",
    "Esc Esc Esc 2 Enter 0 C-s",
    "9",
];

#[test]
fn no_size_breaks_a_screen_or_halves_a_character() {
    for lang in Lang::ALL {
        for size in [
            (120, 40),
            (110, 24),
            (80, 24),
            (57, 17),
            (40, 10),
            (20, 5),
            (1, 1),
        ] {
            let mut s = busy(lang, size);
            for step in WALK {
                s.keys(step);
                let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
                terminal.draw(|frame| s.app.draw(&s.room, frame)).unwrap();
                let buffer = terminal.backend().buffer();
                for y in 0..size.1 {
                    for x in 0..size.0 {
                        let wide = usize::from(x) + buffer[(x, y)].symbol().width();
                        assert!(
                            wide <= usize::from(size.0),
                            "{lang:?} {size:?} after {step:?}: {}",
                            super::text(buffer)
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_resize_at_any_moment_keeps_what_is_there() {
    let mut s = busy(Lang::Zh, (120, 40));
    s.keys("4 F2 '周先生' Enter '漏水'");
    for size in [(30, 8), (80, 24), (200, 60), (40, 10)] {
        s.send(Message::Resize(size.0, size.1));
        s.screen();
    }
    s.send(Message::Resize(80, 24));
    s.sees("周先生").sees("漏水");
    s.send(Message::Resize(39, 24));
    s.sees("窗口太小");
}

#[test]
fn no_raw_key_is_ever_seen() {
    let groups = [
        "field.",
        "action.",
        "duty.",
        "state.",
        "tui.",
        "key.",
        "keydoc.",
        "fact.",
        "class.",
        "link.",
        "register.",
        "why.",
        "paper.",
        "value.",
    ];
    for lang in Lang::ALL {
        for size in [(80, 24), (120, 40)] {
            let mut s = busy(lang, size);
            let look = |s: &Stage, at: &str| {
                let screen = s.screen();
                for group in groups {
                    let found = screen.match_indices(group).any(|(i, _)| {
                        let before = screen[..i]
                            .chars()
                            .next_back()
                            .is_none_or(|c| !c.is_alphanumeric() && c != '_');
                        let after = screen[i + group.len()..]
                            .chars()
                            .next()
                            .is_some_and(|c| c.is_ascii_lowercase());
                        before && after
                    });
                    assert!(!found, "{group} at {at}:\n{screen}");
                }
            };
            for step in WALK {
                s.keys(step);
                look(&s, step);
            }
            for tab in 0..REGISTERS.len() {
                s.keys(&format!("Esc Esc Esc Esc {} F2", tab + 2));
                look(&s, "F2");
                s.keys("1");
                for _ in 0..24 {
                    s.keys("Tab");
                    look(&s, &format!("a form of tab {}", tab + 2));
                }
            }
        }
    }
}

#[test]
fn the_footer_names_only_keys_that_do_something() {
    let mut s = Stage::new(Lang::Zh, (120, 40));
    // Nothing is there: nothing to open, to tick off or to explain.
    s.sees_no("Enter 处理")
        .sees_no("F12 办了")
        .sees("F2 新建")
        .sees("F8 停电");
    s.keys("3")
        .sees_no("取消筛选")
        .keys("F4 Right Esc")
        .sees("取消筛选");
}

/// Goes these steps; the places met, each of which shows the way out and the help in its footer.
fn met(s: &mut Stage, steps: &[&str]) -> Vec<Context> {
    let mut met = Vec::new();
    for step in steps {
        s.keys(step);
        let place = s.app.context();
        met.push(place);
        let screen = s.screen();
        let footer = screen.lines().last().unwrap_or_default();
        assert!(width(footer) <= 80, "{place:?}: {footer}");
        // 今日 is where the way out leads.
        let shown = footer.contains(" Esc ") || place == Context::Today;
        assert!(shown && footer.contains("F1 "), "{place:?}: {footer}");
    }
    met
}

#[test]
fn the_way_out_stands_in_every_footer() {
    for lang in Lang::ALL {
        let mut s = busy(lang, (80, 24));
        let more = [
            "Esc Esc Esc Esc 3",
            "Enter F7",
            "2",
            "Esc Esc Esc 1 F7",
            "Up",
            "Enter",
            "Esc Esc Esc 1 F7 Up Up Enter",
        ];
        let steps: Vec<&str> = WALK.iter().chain(&more).copied().collect();
        let mut places = met(&mut s, &steps);
        let mut s = Stage::new(lang, (80, 24));
        super::switching::signed_ticket(&mut s);
        let shift = json!({"band": "早班", "people": ["赵值班"]});
        s.record("2026-03-02T09:40:00", "log", Some("shift"), shift);
        s.look();
        let steps = [
            "6 Home Enter",
            "F5 1",
            "Esc Esc Esc Esc 2 Home Enter",
            "F5 7",
        ];
        places.extend(met(&mut s, &steps));
        let running = Context::Job;
        for place in Context::ALL {
            let anywhere = matches!(place, Context::Everywhere) || *place == running;
            assert!(anywhere || places.contains(place), "{place:?} was not met");
        }
    }
}

#[test]
fn a_digit_stands_before_a_tab_only_where_it_leads_there() {
    let mut s = busy(Lang::Zh, (80, 24));
    s.sees(" 1今日").keys("3 Enter").sees(" 1今日");
    s.keys("F5").sees_no("1今日").sees("今日").keys("Esc Esc");
    s.keys("F8 'B座'")
        .sees_no("1今日")
        .keys("Enter Enter Enter");
    assert_eq!(s.app.context(), Context::Sheet);
    s.sees_no("1今日").keys("c").sees("1今日");
}

#[test]
fn the_sheet_tells_of_breaches_and_leads_to_their_reasons() {
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for size in [(80, 24), (120, 40)] {
            let mut s = Stage::new(lang, size);
            let plan = json!({"source": "building", "reason": "检修", "plan_start": "2026-03-02T09:30", "areas": ["A座"]});
            let no = s.record("2026-03-02T09:00:00", "outage", Some("plan"), plan);
            let reason = json!({"reason": "业主要求提前"});
            s.record("2026-03-02T09:31:00", &no, Some("cut"), reason);
            s.look()
                .keys("2 Enter")
                .sees("业主要求提前")
                .sees_no("Home Enter");
            // Nobody went on patrol, and nobody has said why.
            s.record("2026-03-02T09:40:00", &no, Some("restore"), json!({}));
            s.look();
            assert_eq!(s.app.context(), Context::Sheet);
            insta::assert_snapshot!(format!("sheet_breached_{name}_{}", size.0), s.screen());
            s.keys("Home Enter '人手不够' Enter").sees_no("Home Enter");
            let view = s.desk.view(&no).unwrap().unwrap();
            let mut breaches = view.record.head.breaches.iter();
            assert!(breaches.all(|breach| !breach.reason.is_empty()));
        }
    }
}

#[test]
fn the_numbers_of_the_heading_are_those_of_the_lines() {
    let now = crate::base::time::Instant::from_unix(1_795_486_500);
    let mut s = Stage::new(Lang::Zh, (120, 40));
    let recipe = crate::demo::Recipe {
        records: 300,
        seed: 1,
        now,
        zone: s.room.voice.zone,
    };
    crate::demo::fill(&mut s.desk, &recipe, |_, _| ()).unwrap();
    // Days later much is late, and duties that only time opens are owed.
    for hours in [0, 7, 24, 24 * 40] {
        let now = now.plus_minutes(hours * 60);
        s.send(Message::Tick(now));
        s.look().keys("1 End End End Home");
        let (items, counts) = (&s.app.today.items, s.app.today.counts);
        let states = items.iter().map(|item| mark(&item.deadline, &s.room));
        let marks: Vec<Mark> = states.collect();
        let many = |wanted: &[Mark]| marks.iter().filter(|mark| wanted.contains(mark)).count();
        let today = s.room.voice.zone.date(now);
        let due_today = items.iter().filter(|item| {
            let due = item
                .deadline
                .due
                .filter(|_| item.deadline.kind == DutyKind::Dated);
            due.is_some_and(|due| due >= now && s.room.voice.zone.date(due) == today)
        });
        assert_eq!(counts.all as usize, items.len(), "{hours}");
        assert_eq!(counts.late as usize, many(&[Mark::Late]), "{hours}");
        let at_once = many(&[Mark::AtOnce, Mark::AtOnceLong]);
        assert_eq!(counts.at_once as usize, at_once, "{hours}");
        assert_eq!(counts.today as usize, due_today.count(), "{hours}");
    }
    s.keys("3 F2 Down '门锁坏' Esc Esc 1")
        .sees("□ 草稿 1 · 应办");
}

#[test]
fn time_runs_on_the_screen() {
    let mut s = busy(Lang::Zh, (120, 40));
    s.sees("还有 0:17").sees("09:42:10");
    let later = s.room.now.plus_minutes(12);
    s.send(Message::Tick(later));
    s.sees("还有 0:05:50").sees("09:54:10");
    s.sees("逾期 2");
    s.send(Message::Tick(later.plus_minutes(20)));
    // What has become late is counted with the second in which it does.
    s.sees("已过 0:14").sees("逾期 3");
}
