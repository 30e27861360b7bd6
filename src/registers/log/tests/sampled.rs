//! A week's draw: once, told to every slip, struck as a whole (S2.12).

use super::*;
use crate::record::decision::TriggerTarget;

const WEEK: &str = "2026-W10";

fn draw() -> Value {
    json!({
        "text": "周抽查 2026-W10", "week": WEEK, "reviewer": "王工", "seed": "甲乙丙", "percent": 10, "finished": 12, "size": 2,
        "strata": [{"team": "水工班", "paid": false, "finished": 12, "drawn": 2}],
        "items": [
            {"no": "W-2026-00002", "team": "水工班", "paid": false, "technician": "张工"},
            {"no": "W-2026-00001", "team": "水工班", "paid": false},
        ],
    })
}

#[test]
fn a_draw_tells_every_slip_and_is_finished_as_it_is_made() {
    let mut page = Page::with("03-09 09:00", "sample", draw());
    page.state("drawn", true).owes("04-01 09:00", &[]);
    let told = page.0.last.triggers.iter();
    let told = told.map(|t| (t.target.clone(), t.action, Value::Object(t.data.clone())));
    let said = json!({"week": WEEK, "reviewer": "王工", "seed": "甲乙丙", "draw": NO});
    let slip = |no: &str| (TriggerTarget::On(no.into()), "sampled", said.clone());
    assert_eq!(
        told.collect::<Vec<_>>(),
        [slip("W-2026-00002"), slip("W-2026-00001")]
    );
    let body = page.record().body;
    assert_eq!(body["refers"], json!(["W-2026-00002", "W-2026-00001"]));
    for (key, value) in draw().as_object().unwrap() {
        assert_eq!(&body[key], value, "{key}");
    }
    assert!(register("log").unwrap().reserved("sample"));
}

#[test]
fn a_week_is_drawn_from_once() {
    let mut page = Page::new();
    page.0.near.drawn = Some("L-2026-00009".into());
    page.no("03-09 09:00", "sample", draw(), "duplicate week");
    // The draw itself is no other one.
    page.0.near.drawn = Some(NO.into());
    page.ok("03-09 09:00", "sample", draw());
}

#[test]
fn a_draw_is_struck_as_a_whole_and_neither_corrected_nor_voided() {
    let mut page = Page::with("03-09 09:00", "sample", draw());
    let right = json!({"entry": 1, "changes": {"reviewer": "别人"}, "reason": "x"});
    let amended = json!({"changes": {"seed": "x"}, "reason": "x"});
    page.no("03-09 10:00", "correct", right, "bad_value entry")
        .no("03-09 10:00", "amend", amended, "bad_value entry")
        .no("03-09 10:00", "void", json!({"reason": "x"}), "not_now -");
    let offers = page.0.register.card(&page.record(), &page.0.rules).offers;
    let names: Vec<&str> = offers.iter().map(|action| action.name).collect();
    assert_eq!(names, ["remark", "link"]);
    page.ok(
        "03-09 10:00",
        "strike",
        json!({"entry": 1, "reason": "抽错"}),
    )
    .state("void", true);
    // Drawn anew meanwhile: the first one cannot come back.
    page.0.near.drawn = Some("L-2026-00009".into());
    let back = || json!({"entry": 2, "reason": "没错"});
    page.no("03-09 11:00", "strike", back(), "duplicate week");
    page.0.near.drawn = None;
    page.ok("03-09 11:00", "strike", back())
        .state("drawn", true);
}
