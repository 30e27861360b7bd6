//! What is done on the spot while power is out and after it is back.

use serde_json::json;

use super::breach;
use crate::base::i18n::{Lang, Msg, Voice};
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::entry::Breach;
use crate::record::field::Choice;
use crate::record::head::{Spawn, SpawnTarget};
use crate::registers::outage::{Body, Inspect, Outage, OutageAction, Rec, Rescue, Room, duties};
use crate::registers::{Act, Context, Register};

pub(super) fn expected_ahead(expected: Option<Instant>, record: &Rec) -> Result<(), Refusal> {
    match (expected, record.body.power.out_at) {
        (Some(expected), Some(out)) if expected < out => Err(Refusal::before(
            "expected_restore",
            Msg::new("before.outage_out").with("at", out),
        )),
        _ => Ok(()),
    }
}

pub(super) fn rescues(body: &Body, rescue: &Rescue) -> Result<(), Refusal> {
    match body
        .scene
        .cars
        .iter()
        .any(|car| car.car == rescue.car && car.held())
    {
        true => Ok(()),
        false => Err(Refusal::bad(
            "car",
            Msg::new("why.outage_car").with("car", rescue.car.as_str()),
        )),
    }
}

/// Power back without one patrol: what was not seen cannot be seen any more (S7.4.8.3).
pub(super) fn unpatrolled(
    record: &Rec,
    act: &Act<OutageAction>,
    cx: &Context<'_>,
) -> Option<Breach> {
    let patrol = duties::of(record, cx.rules)
        .into_iter()
        .find(|duty| duty.code == "patrol" && duty.pending())?;
    Some(breach(
        "patrol",
        &patrol.clause.0,
        act.envelope.at,
        act.envelope.note.as_deref(),
    ))
}

/// 发现异常立刻检修: the repair slip for what was not normal (S1.3.5).
pub(super) fn repair(record: &Rec, look: &Inspect, cx: &Context<'_>) -> Spawn {
    let voice = Voice {
        lang: Lang::Zh,
        zone: cx.rules.zone(),
    };
    let place = voice.text(&Room::SET.label_key(look.place.code()));
    let found = look.note.as_deref().unwrap_or_default();
    let data = json!({
        "content": voice.say(&Msg::new("outage_repair.content").with("place", place.as_str()).with("found", found).with("no", record.head.no.as_str())),
        "place": place,
        "team": cx.rules.procedure(Outage::SPEC.code).word("repair_team"),
        "source": "outage",
        "urgent": true,
    });
    Spawn {
        target: SpawnTarget::New("work-order"),
        action: "issue",
        data,
        link: Some(("caused_by", "follows")),
    }
}
