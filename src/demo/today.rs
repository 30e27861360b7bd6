//! The slips of the day, each in another state.

use serde_json::json;

use super::Town;
use super::calendar::on_day;
use super::life::{Life, Story, instant};
use super::people::{CLERK, SYSTEM_ENGINEER};
use super::repairs::{self, Slip};
use super::words::{DECLINED, NOT_ADMITTED};
use crate::base::time::Instant;

fn issue(town: &mut Town, at: Instant, promised: i64) -> (Story, Slip) {
    let mut slip = repairs::slip(town, at);
    if let Some(map) = slip.data.as_object_mut() {
        map.insert(
            "promised_arrival".into(),
            instant(at.plus_minutes(promised)),
        );
    }
    let mut story = Story::new("work-order", at, town.now);
    story.tell_after(2, CLERK, "issue", slip.data.clone());
    (story, slip)
}

fn signed_for(town: &mut Town, at: Instant, promised: i64) -> (Story, Slip) {
    let (mut story, slip) = issue(town, at, promised);
    story
        .wait(9)
        .tell_after(1, CLERK, "sign_for", json!({"technician": slip.technician}));
    (story, slip)
}

fn arrived(town: &mut Town, at: Instant) -> (Story, Slip) {
    let (mut story, slip) = signed_for(town, at, 60);
    story
        .wait(30)
        .tell_after(3, CLERK, "arrive", json!({"technician": slip.technician}));
    (story, slip)
}

fn finished(town: &mut Town, at: Instant) -> (Story, Slip) {
    let (mut story, slip) = arrived(town, at);
    story.wait(50).tell_after(
        4,
        CLERK,
        "finish",
        json!({"result": slip.repair.result, "protection": "穿鞋套，铺防尘布"}),
    );
    story
        .wait(5)
        .tell_after(1, CLERK, "accept", json!({"signed_by": slip.reporter}));
    (story, slip)
}

fn back_at_the_desk(story: &mut Story, slip: &Slip) {
    story.wait(10).tell_after(
        1,
        CLERK,
        "tech_sign",
        json!({"technician": slip.technician}),
    );
    story.wait(20).tell_after(
        1,
        SYSTEM_ENGINEER,
        "review",
        json!({"engineer": SYSTEM_ENGINEER.name}),
    );
    story
        .wait(10)
        .tell_after(1, CLERK, "hand_in", json!({"clerk": CLERK.name}));
}

pub(super) fn just_issued(town: &mut Town, at: Instant) -> Life {
    issue(town, at, 120).0.end()
}

pub(super) fn arrival_late(town: &mut Town, at: Instant) -> Life {
    signed_for(town, at, 60).0.end()
}

pub(super) fn on_the_way(town: &mut Town, at: Instant) -> Life {
    signed_for(town, at, 60).0.end()
}

pub(super) fn on_site(town: &mut Town, at: Instant) -> Life {
    arrived(town, at).0.end()
}

pub(super) fn quoted(town: &mut Town, at: Instant) -> Life {
    let (mut story, _) = arrived(town, at);
    story.wait(10).tell_after(1, CLERK, "quote", json!({"amount_fen": 12_000, "items": [
        {"name": "材料", "qty": 1, "price_fen": 9_000}, {"name": "人工", "qty": 1, "price_fen": 3_000},
    ]}));
    story.end()
}

pub(super) fn refused(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = arrived(town, at);
    story
        .wait(10)
        .tell_after(1, CLERK, "quote", json!({"amount_fen": 26_000}));
    story.wait(5).tell_after(
        2,
        CLERK,
        "decline",
        json!({"reason": DECLINED[0], "signed_by": slip.reporter}),
    );
    story.end()
}

pub(super) fn nobody_home(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = signed_for(town, at, 60);
    let next = town.now.plus_minutes(180);
    story.wait(40).tell_after(5, CLERK, "arrive", json!({"technician": slip.technician, "admitted": false, "reason": NOT_ADMITTED[0], "next_visit": instant(next)}));
    story.end()
}

pub(super) fn waiting_for_material(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = arrived(town, at);
    let material = if slip.repair.material.is_empty() {
        "专用配件"
    } else {
        slip.repair.material
    };
    let next = on_day(town.zone, town.now, 1, 10, 0);
    story.wait(20).tell_after(
        2,
        CLERK,
        "wait_material",
        json!({"materials": material, "next_visit": instant(next)}),
    );
    story.end()
}

pub(super) fn accepted(town: &mut Town, at: Instant) -> Life {
    finished(town, at).0.end()
}

pub(super) fn handed_in(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = finished(town, at);
    back_at_the_desk(&mut story, &slip);
    story.end()
}

/// Finished yesterday, and still not with the clerk.
pub(super) fn not_handed_in(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = finished(town, at);
    story.wait(10).tell_after(
        1,
        CLERK,
        "tech_sign",
        json!({"technician": slip.technician}),
    );
    story.end()
}

/// Found badly done at the revisit: the slip for doing it again has just come out.
pub(super) fn done_again(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = finished(town, at);
    back_at_the_desk(&mut story, &slip);
    story
        .at_time(on_day(town.zone, at, 1, 10, 0))
        .tell_after(2, CLERK, "archive", json!({}));
    story.at_time(town.now.plus_minutes(-18));
    story.tell_after(3, SYSTEM_ENGINEER, "revisit", json!({"satisfied": false, "method": "phone", "by": SYSTEM_ENGINEER.name, "note": "业主反映两天后又出现"}));
    story.end()
}
