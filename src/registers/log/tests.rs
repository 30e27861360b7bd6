//! Given entries, when an action at t, then a refusal or the state, and what is owed (S2.1, S1.3.6 and shift practice).

use serde_json::{Value, json};

use crate::base::i18n::{Lang, lookup};
use crate::base::refusal::Refusal;
use crate::base::time::Zone;
use crate::record::field::Kind;
use crate::record::head::AnyRecord;
use crate::registers::register;
use crate::registers::testing::{Ledger, at as t};
use crate::rules::ruleset::Rules;

mod sampled;
mod sealed;

const NO: &str = "L-2026-00001";

/// One record of the log under test; the records W-2026-00001 and O-2026-00001 exist beside it.
struct Page(Ledger);

impl Page {
    fn new() -> Self {
        let mut other = Ledger::new("log");
        other
            .act("entry", &json!({"text": "x", "at": "2026-03-01T08:00"}))
            .unwrap();
        let mut page = Ledger::new("log");
        for no in ["W-2026-00001", "W-2026-00002", "O-2026-00001"] {
            page.near.records.insert(no.into(), other.record());
        }
        Self(page)
    }

    fn with(at: &str, action: &str, data: Value) -> Self {
        let mut page = Self::new();
        page.ok(at, action, data);
        page
    }

    fn act(&mut self, at: &str, action: &str, data: Value) -> Result<(), Refusal> {
        let mut data = data;
        if data.get("at").is_none() {
            data["at"] = json!(t(at));
        }
        self.0.act(action, &data)
    }

    #[track_caller]
    fn ok(&mut self, at: &str, action: &str, data: Value) -> &mut Self {
        self.act(at, action, data)
            .unwrap_or_else(|refusal| panic!("{action} refused: {refusal:?}"));
        self
    }

    /// Refused with `code field`; the record stays as it was.
    #[track_caller]
    fn no(&mut self, at: &str, action: &str, data: Value, expected: &str) -> &mut Self {
        let before = self.0.entries.len();
        let refusal = self.act(at, action, data).unwrap_err();
        let field = refusal.field.as_deref().unwrap_or("-");
        assert_eq!(format!("{} {field}", refusal.code.code()), expected);
        assert_eq!(self.0.entries.len(), before);
        self
    }

    fn record(&self) -> AnyRecord {
        self.0.record()
    }

    #[track_caller]
    fn state(&mut self, state: &str, ended: bool) -> &mut Self {
        assert_eq!(self.record().head.state, state);
        assert_eq!(self.record().head.closed.is_some(), ended, "{state} ended");
        self
    }

    /// What is owed at `now`, as `code state due`.
    #[track_caller]
    fn owes(&mut self, now: &str, expected: &[&str]) -> &mut Self {
        let zone = Zone::default();
        let owed: Vec<String> = self
            .0
            .deadlines()
            .iter()
            .map(|d| {
                let due = d
                    .due
                    .map_or("-".into(), |due| zone.rfc3339(due)[5..16].replace('T', " "));
                format!("{} {} {due}", d.code, d.state(t(now)).code())
            })
            .collect();
        assert_eq!(owed, expected);
        self
    }
}

fn night_repair() -> Page {
    Page::with(
        "03-02 23:10",
        "entry",
        json!({"text": "换开关", "kind": "night_repair", "place": "A座15层"}),
    )
}

#[test]
fn an_ordinary_line_is_finished_as_it_is_written() {
    for kind in ["note", "equipment"] {
        Page::with(
            "03-02 09:00",
            "entry",
            json!({"text": "巡查正常", "kind": kind}),
        )
        .state("noted", true)
        .owes("03-09 09:00", &[]);
    }
    let page = Page::with("03-02 09:00", "entry", json!({"text": "巡查正常"}));
    assert_eq!(
        page.record().body["kind"],
        "note",
        "a line is a note unless it says otherwise"
    );
    Page::new().no(
        "03-02 09:00",
        "entry",
        json!({"kind": "note"}),
        "missing_field text",
    );
}

#[test]
fn a_line_tells_only_of_records_that_exist() {
    let page = Page::with(
        "03-02 09:00",
        "entry",
        json!({"text": "停电", "refers": ["o-2026-00001"]}),
    );
    assert_eq!(page.record().body["refers"], json!(["O-2026-00001"]));
    Page::new().no(
        "03-02 09:00",
        "entry",
        json!({"text": "停电", "refers": ["O-2026-00001", "O-2026-00009"]}),
        "unknown_record refers",
    );
}

#[test]
fn a_night_repair_owes_its_slip_by_close_of_the_day_shift_that_follows() {
    for (linked, state) in [("03-03 17:30:00", "met"), ("03-03 17:30:01", "late")] {
        night_repair()
            .state("unissued", false)
            .owes("03-03 17:30:00", &["reissue_slip open 03-03 17:30"])
            .owes("03-03 17:30:01", &["reissue_slip late 03-03 17:30"])
            .ok(
                linked,
                "link",
                json!({"kind": "reissued", "to": "W-2026-00001"}),
            )
            .state("issued", true)
            .owes(
                "03-09 09:00",
                &[&format!("reissue_slip {state} 03-03 17:30")],
            );
    }
    let due = |page: Page, at: &str, due: &str| {
        let Page(mut ledger) = page;
        let text = json!({"text": "堵水", "kind": "night_repair", "at": t(at)});
        ledger.act("entry", &text).unwrap();
        let slip = ledger.duty("reissue_slip", 1).unwrap();
        assert_eq!(slip.due, Some(t(due)), "{at}");
        assert_eq!(slip.from, t(at));
    };
    // Saturday night: the next calendar day, working day or not.
    due(Page::new(), "03-07 23:50", "03-08 17:30");
    // Before the day shift begins (a setting), it is a repair of the night before.
    due(Page::new(), "03-08 02:00", "03-08 17:30");
    due(Page::new(), "03-08 08:29", "03-08 17:30");
    due(Page::new(), "03-08 08:30", "03-09 17:30");
    let early = || Page(Page::new().0.with("log", "\"08:30\"", "\"07:00\""));
    due(early(), "03-08 06:59", "03-08 17:30");
    due(early(), "03-08 07:00", "03-09 17:30");
}

#[test]
fn only_a_work_order_is_the_slip_and_the_first_one_counts() {
    let mut page = night_repair();
    page.ok(
        "03-03 08:00",
        "link",
        json!({"kind": "caused_by", "to": "O-2026-00001"}),
    )
    .state("unissued", false)
    .ok(
        "03-03 09:00",
        "link",
        json!({"kind": "reissued", "to": "W-2026-00001"}),
    )
    .ok(
        "03-04 09:00",
        "link",
        json!({"kind": "follows", "to": "W-2026-00002"}),
    )
    .owes("03-09 09:00", &["reissue_slip met 03-03 17:30"]);
    assert_eq!(
        page.record().body["slip_issued_at"],
        json!(t("03-03 09:00"))
    );
}

#[test]
fn the_slip_to_be_issued_is_filled_from_the_line() {
    let slip = |page: &Page| {
        let tick = page.0.deadlines()[0].tick.clone().unwrap();
        assert_eq!(
            (tick.action.as_str(), tick.register.as_deref()),
            ("issue", Some("work-order"))
        );
        Value::Object(tick.preset.into_iter().collect())
    };
    assert_eq!(
        slip(&night_repair()),
        json!({"content": "换开关", "place": "A座15层", "source": "duty_log", "from_log": NO})
    );
    let unit = Page::with(
        "03-02 23:00",
        "entry",
        json!({"text": "漏水", "kind": "night_repair", "unit": "1503"}),
    );
    assert_eq!(slip(&unit)["place"], "1503");
}

#[test]
fn a_carried_item_stays_open_until_it_is_cleared() {
    let mut page = Page::with(
        "03-02 20:00",
        "entry",
        json!({"text": "2#泵待修", "kind": "carry"}),
    );
    page.state("carried", false)
        .owes("03-30 09:00", &["clear open -"])
        .no(
            "03-05 09:00",
            "clear",
            json!({"at": "2026-03-02T19:59"}),
            "before at",
        )
        .no(
            "03-05 09:00",
            "hand_over",
            json!({"out": "赵", "in": "钱", "items_read": true}),
            "not_now -",
        )
        .ok("03-05 09:00", "clear", json!({"reason": "已修好"}))
        .state("cleared", true)
        .owes("03-30 09:00", &["clear met -"])
        .no("03-06 09:00", "clear", json!({}), "not_now -");
    Page::with("03-02 20:00", "entry", json!({"text": "巡查"})).no(
        "03-05 09:00",
        "clear",
        json!({}),
        "not_now -",
    );
}

#[test]
fn a_shift_is_handed_over_once_and_unread_items_are_a_breach() {
    let begun = || {
        Page::with(
            "03-02 08:00",
            "shift",
            json!({"band": "早班", "people": "赵 钱"}),
        )
    };
    begun()
        .state("on_shift", false)
        .no(
            "03-02 16:00",
            "hand_over",
            json!({"out": "赵", "in": "孙"}),
            "missing_field items_read",
        )
        .no(
            "03-02 16:00",
            "hand_over",
            json!({"out": "赵", "items_read": true}),
            "missing_field in",
        )
        .ok(
            "03-02 16:00",
            "hand_over",
            json!({"out": "赵", "in": "孙", "items_read": true}),
        )
        .state("handed_over", true)
        .no(
            "03-02 17:00",
            "hand_over",
            json!({"out": "赵", "in": "孙", "items_read": true}),
            "not_now -",
        );
    let mut unread = begun();
    assert_eq!(unread.record().body["people"], json!(["赵", "钱"]));
    unread.ok(
        "03-02 16:00",
        "hand_over",
        json!({"out": "赵", "in": "孙", "items_read": false, "remarks": "正在停电"}),
    );
    unread.state("handed_over", true);
    let breach = unread.record().head.breaches[0].clone();
    assert_eq!(
        (breach.code.as_str(), breach.reason.as_str()),
        ("handover_unread", "正在停电")
    );
    assert!(
        Rules::built_in()
            .unwrap()
            .clause_text(&breach.clause)
            .is_some()
    );
}

#[test]
fn an_unread_hand_over_asks_for_its_reason() {
    let unread = json!({"out": "赵", "in": "孙", "items_read": false});
    let mut page = Page::with(
        "03-02 08:00",
        "shift",
        json!({"band": "早班", "people": "赵 钱"}),
    );
    page.ok("03-02 16:00", "hand_over", unread)
        .state("handed_over", false)
        .ok(
            "03-02 17:00",
            "explain_breach",
            json!({"code": "handover_unread", "reason": "交班时停电"}),
        )
        .state("handed_over", true);
    assert_eq!(page.record().head.breaches[0].reason, "交班时停电");
    // They were read after all: typed wrongly.
    page.ok(
        "03-02 18:00",
        "correct",
        json!({"entry": 2, "changes": {"items_read": true}, "reason": "点错"}),
    );
    assert_eq!(page.0.breaches(), Vec::<String>::new());
}

#[test]
fn a_correction_supersedes_and_the_original_stays() {
    let mut page = Page::with("03-02 09:00", "entry", json!({"text": "1#泵异响"}));
    let right = |entry: &str, text: &str| json!({"entry": entry, "text": text, "reason": "写错"});
    page.no(
        "03-02 10:00",
        "correct",
        right("L-2026-00002", "x"),
        "bad_value entry",
    )
    .no(
        "03-02 10:00",
        "correct",
        json!({"entry": NO, "text": "2#泵异响"}),
        "missing_field reason",
    )
    .ok("03-02 10:00", "correct", right(NO, "2#泵异响"))
    .ok("03-02 11:00", "correct", right(NO, "2#泵异响，已停用"))
    .state("noted", true);
    let body = page.record().body;
    assert_eq!(body["text"], "2#泵异响，已停用");
    let earlier = body["corrections"].as_array().unwrap();
    let texts: Vec<&Value> = earlier.iter().map(|one| &one["text"]).collect();
    assert_eq!(texts, ["1#泵异响", "2#泵异响"]);
    assert_eq!(
        (&earlier[0]["by"], &earlier[0]["reason"]),
        (&json!("赵值班"), &json!("写错"))
    );
    Page::with(
        "03-02 08:00",
        "shift",
        json!({"band": "早班", "people": ["赵"]}),
    )
    .no(
        "03-02 10:00",
        "correct",
        right(NO, "x"),
        "unknown_field text",
    );
}

#[test]
fn a_link_that_is_struck_leaves_the_slip_owed() {
    let mut page = night_repair();
    let slip = json!({"kind": "reissued", "to": "W-2026-00001"});
    page.ok("03-03 09:00", "link", slip)
        .state("issued", true)
        .ok(
            "03-03 10:00",
            "strike",
            json!({"entry": 2, "reason": "关联错了"}),
        )
        .state("unissued", false)
        .owes("03-03 10:00", &["reissue_slip open 03-03 17:30"]);
}

#[test]
fn an_amended_kind_changes_what_is_owed() {
    Page::with("03-02 23:10", "entry", json!({"text": "换开关"}))
        .ok(
            "03-03 08:00",
            "amend",
            json!({"changes": {"kind": "night_repair"}, "reason": "漏选"}),
        )
        .state("unissued", false)
        .owes("03-03 08:00", &["reissue_slip open 03-03 17:30"])
        .ok(
            "03-03 09:00",
            "link",
            json!({"kind": "reissued", "to": "W-2026-00001"}),
        )
        .state("issued", true);
    // The slip came before anybody said that it was a night repair.
    Page::with("03-02 23:10", "entry", json!({"text": "换开关"}))
        .ok(
            "03-03 08:00",
            "link",
            json!({"kind": "reissued", "to": "W-2026-00001"}),
        )
        .ok(
            "03-03 09:00",
            "amend",
            json!({"changes": {"kind": "night_repair"}, "reason": "漏选"}),
        )
        .state("issued", true)
        .owes("03-09 09:00", &["reissue_slip met 03-03 17:30"]);
}

#[test]
fn everything_has_words_in_both_languages() {
    let said = |keys: &[String]| {
        for lang in Lang::ALL {
            assert!(
                keys.iter().any(|key| lookup(lang, key).is_some()),
                "{keys:?} in {lang:?}"
            );
        }
    };
    let register = register("log").unwrap();
    for action in register.actions() {
        said(&[format!("action.{}", action.name)]);
        for field in action.fields {
            said(&[
                format!("field.log.{}", field.key),
                format!("field.{}", field.key),
            ]);
            if let Kind::Choice(set) = field.kind {
                set.codes
                    .iter()
                    .for_each(|code| said(&[set.label_key(code)]));
            }
        }
    }
    register
        .states()
        .codes
        .iter()
        .for_each(|state| said(&[format!("state.log.{state}")]));
    said(&["duty.log.handover_unread".to_owned()]);
    let rules = Rules::built_in().unwrap();
    for duty in &rules.procedure("log").duties {
        said(&[format!("duty.{}", duty.code.get_ref())]);
        assert!(
            rules.clause_text(&duty.clause).is_some(),
            "{} has no text",
            duty.clause
        );
    }
}
