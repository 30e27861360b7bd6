//! What is done on the spot while power is out and after it is back.

use serde_json::{Map, Value, json};

use crate::base::i18n::{Lang, Msg, Voice};
use crate::base::identity::{key, same};
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::decision::{Trigger, TriggerTarget};
use crate::record::field::Choice;
use crate::registers::Register;
use crate::registers::outage::{Body, ContactUtility, Inspect, Outage, RestorePart, Room};
use crate::rules::ruleset::Rules;

/// Power is expected back after it went out.
pub(super) fn expected_ahead(expected: Option<Instant>, body: &Body) -> Result<(), Refusal> {
    match (expected, body.power.out_at) {
        (Some(expected), Some(out)) if expected < out => {
            let what = Msg::new("before.outage_out").with("at", out);
            Err(Refusal::before("expected_restore", what))
        }
        _ => Ok(()),
    }
}

/// Either a time, or that nobody knows and who said so (S7.4.5).
pub(super) fn contacts(contact: &ContactUtility, body: &Body) -> Result<Option<Msg>, Refusal> {
    if contact.unknown && contact.expected_restore.is_some() {
        return Err(Refusal::bad("unknown", Msg::new("why.outage_unknown")));
    }
    expected_ahead(contact.expected_restore, body)?;
    let nameless = contact.unknown && contact.answered_by.is_none();
    Ok(nameless.then(|| Msg::new("warning.outage_who_said")))
}

/// What is still out was out before, and is less than it was (S7.4.9.3).
pub(super) fn restores_part(part: &RestorePart, body: &Body) -> Result<(), Refusal> {
    let power = &body.power;
    let out = match power.areas_out.is_empty() {
        true => &body.event.areas,
        false => &power.areas_out,
    };
    // Nobody has named the areas yet.
    if out.is_empty() {
        return Ok(());
    }
    let within = |area: &String| out.iter().any(|whole| lies_in(area, whole));
    if let Some(strange) = part.areas_out.iter().find(|area| !within(area)) {
        let why = Msg::new("why.outage_area").with("area", strange.as_str());
        return Err(Refusal::bad("areas_out", why));
    }
    let still = |whole: &String| part.areas_out.iter().any(|area| same(area, whole));
    match out.iter().all(still) {
        true => Err(Refusal::bad("areas_out", Msg::new("why.outage_all_out"))),
        false => Ok(()),
    }
}

/// Whether an area is another or a part of it: `A座1层` lies in `A座`, but `B10` not in `B1`.
fn lies_in(area: &str, whole: &str) -> bool {
    let (area, whole) = (key(area), key(whole));
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    area.strip_prefix(whole.as_str())
        .is_some_and(|rest| !(digit(whole.chars().last()) && digit(rest.chars().next())))
}

/// 发现异常立刻检修: the repair slip for what was not normal (S1.3.5).
pub(super) fn repair(no: &str, look: &Inspect, rules: &Rules) -> Trigger {
    let voice = Voice {
        lang: Lang::Zh,
        zone: rules.zone(),
        ..Voice::default()
    };
    let place = voice.text(&Room::SET.label_key(look.place.code()));
    let found = look.note.as_deref().unwrap_or_default();
    let content = Msg::new("outage_repair.content")
        .with("place", place.as_str())
        .with("found", found)
        .with("no", no);
    let team = rules.procedure(Outage::SPEC.code).word("repair_team");
    let data: [(&str, Value); 5] = [
        ("content", voice.say(&content).into()),
        ("place", place.into()),
        ("team", team.into()),
        ("source", json!("outage")),
        ("urgent", json!(true)),
    ];
    let data = data.map(|(key, value)| (key.to_owned(), value));
    Trigger {
        target: TriggerTarget::New("work-order"),
        action: "issue",
        data: Map::from_iter(data),
        link: Some(("caused_by", "follows")),
    }
}
