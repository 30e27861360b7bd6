//! Broadcast, letters and reports of a sudden outage (S1.2, S7.7.1).

use super::notices::{broadcast_parts, deliveries, refusal, to_all};
use super::sheet::Sheet;
use super::{all_of, in_force, next_tick, outcome, part};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::registers::outage::{LetterStep, Source, UserPaper};
use crate::rules::deadline::{Outcome, Tick};

/// Letters and reports.
pub(super) fn papers(sheet: &mut Sheet<'_>) {
    reports(sheet);
    utility_letter(sheet);
    explanation_letter(sheet);
}

/// 广播解释: from 总经理's approval; his refusal ends it (S1.2.1, S1.2.2).
pub(super) fn broadcast_explain(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let spoken = body.told.broadcasts.iter().map(|b| b.at).min();
    let parts = broadcast_parts(sheet, spoken);
    let approved = parts.first().and_then(|part| part.done);
    let refused = refusal(sheet);
    let clause = match body.source() {
        Source::Building => "S1.2.2",
        _ => "S1.2.1",
    };
    let from = approved.unwrap_or(sheet.out_at());
    sheet.add("broadcast_explain", &[clause], from, |duty| {
        duty.outcome = spoken.map(Outcome::Done).or(refused).unwrap_or_default();
        duty.tick = next_tick(&parts);
        duty.parts = parts.into();
    });
}

/// 供电局解释函: asked for, received, then forwarded to 总经理; or the utility gives none, which ends it (S1.2.1).
fn utility_letter(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    if body.source() != Source::Utility {
        return;
    }
    let papers = &body.papers;
    let step = |step: LetterStep, done: Option<Instant>| {
        let tick = Tick::new("utility_letter").with("step", step.code());
        part(Msg::new(LetterStep::SET.label_key(step.code())), done, tick)
    };
    let received = papers.utility_letter_at;
    // What has come was asked for.
    let requested = papers.utility_letter_requested_at.or(received);
    let parts = vec![
        step(LetterStep::Requested, requested),
        step(LetterStep::Received, received),
        step(LetterStep::Forwarded, papers.utility_letter_forwarded_at),
    ];
    let refused = papers.utility_letter_refused.as_ref().map(|refused| {
        let why = Msg::new("na.outage_letter_refused").with("at", refused.at);
        Outcome::NotApplicable(why.with("reason", refused.reason.as_str()))
    });
    sheet.add("utility_letter", &["S1.2.1"], sheet.out_at(), |duty| {
        duty.outcome = match all_of(&parts[1..]) {
            Outcome::Pending => refused.unwrap_or_default(),
            done => done,
        };
        duty.tick = next_tick(&parts);
        duty.parts = parts.into();
    });
}

/// 《特别事件处理报告》: within the term for a fault of our own (S1.2.2), without one for others (S7.7.1, S7.4.7).
fn reports(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let done = body.papers.reported_at;
    let power = &body.power;
    let from = match sheet.setting("report_from") {
        "t1" => power.out_at,
        _ => power.restored_at,
    };
    let inside = body.source() == Source::Building;
    let term_here = inside && in_force(sheet.rules(), "S1.2.2");
    if let (true, Some(from)) = (term_here, from) {
        sheet.add("written_report", &["S1.2.2"], from, |duty| {
            duty.outcome = outcome(done)
        });
    }
    if !term_here && body.source() != Source::Unknown {
        sheet.add("special_report", &["S7.7.1"], sheet.out_at(), |duty| {
            duty.outcome = outcome(done)
        });
    }
}

/// 解释函: drafted by the company, delivered to the last affected user; users not named are all users of the areas.
/// That nobody was affected ends it (S1.2.3).
fn explanation_letter(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let (power, papers) = (&body.power, &body.papers);
    let from = match sheet.setting("letter_from") {
        "t2" => power.restored_at,
        _ => power.out_at,
    };
    let Some(from) = from else { return };
    let drafted = papers.letter_drafted_at;
    let delivered = body.delivered_to_all(UserPaper::Letter, 0);
    let draft = Tick::new("draft_letter");
    let mut parts = vec![part(
        Msg::new("outage_part.letter_drafted"),
        drafted,
        draft.clone(),
    )];
    parts.extend(deliveries(body, UserPaper::Letter, 0));
    if body.event.users.is_empty() {
        let all = Msg::new("outage_part.all_users");
        parts.push(part(all, delivered, to_all(UserPaper::Letter)));
    }
    let nobody = papers.nobody_affected.as_ref().map(|stated| {
        let why = Msg::new("na.outage_nobody").with("reason", stated.reason.as_str());
        Outcome::NotApplicable(why)
    });
    sheet.add("explanation_letter", &["S1.2.3"], from, |duty| {
        duty.outcome = delivered.map(Outcome::Done).or(nobody).unwrap_or_default();
        duty.tick = Some(match drafted {
            Some(_) => to_all(UserPaper::Letter),
            None => draft,
        });
        duty.parts = parts.into();
    });
}
