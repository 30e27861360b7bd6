//! What an action needs besides the state of its row in the lifecycle table: something to act upon, and what must have
//! happened before for it to be possible at all.

use super::{
    DraftLetter, GeneratorStop, LetterStep, NobodyAffected, NotifyChange, OutageAction, Rec,
    Rescue, SignTicket, Staff, Step, UserPaper, UtilityLetter, WrittenReport,
};
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::registers::Act;

/// Whether there is something to act upon.
pub(super) fn available(record: &Rec, action: &str) -> bool {
    let body = &record.body;
    let ticket = body.switching.tickets.last();
    match action {
        Staff::NAME => body.planned(),
        UtilityLetter::NAME | DraftLetter::NAME | NobodyAffected::NAME | WrittenReport::NAME => {
            !body.planned()
        }
        SignTicket::NAME => ticket.is_some_and(|ticket| ticket.signed_by.is_none()),
        Step::NAME => ticket.is_some_and(|ticket| ticket.turn().is_some()),
        GeneratorStop::NAME => body.generator_runs(),
        Rescue::NAME => body.scene.cars.iter().any(|car| car.held()),
        NotifyChange::NAME => {
            let mut changes = body.schedule.changes.iter();
            changes.any(|change| change.notified_at.is_none())
        }
        _ => true,
    }
}

/// What must have happened before (S1.1.3, S1.2.1, S1.2.3, S7.4.4).
pub(super) fn presupposes(before: &Rec, act: &Act<OutageAction>) -> Result<(), Refusal> {
    let body = &before.body;
    let gate = |clause: &str, why: &str, field: &str| {
        Err(Refusal::gate(clause, Msg::new(why)).field(field))
    };
    match &act.action {
        OutageAction::Deliver(deliver) => match deliver.paper {
            UserPaper::Notice if body.notice_issued().is_none() => {
                gate("S1.1.3", "refusal.outage_notice_not_issued", "paper")
            }
            UserPaper::Letter if body.papers.letter_drafted_at.is_none() => {
                gate("S1.2.3", "refusal.outage_letter_not_drafted", "paper")
            }
            UserPaper::Notice | UserPaper::Letter => Ok(()),
        },
        OutageAction::UtilityLetter(letter)
            if letter.step == LetterStep::Forwarded && body.papers.utility_letter_at.is_none() =>
        {
            gate("S1.2.1", "refusal.outage_letter_not_received", "step")
        }
        OutageAction::Rescue(rescue) if !body.held_in(&rescue.car) => {
            let why = Msg::new("why.outage_car").with("car", rescue.car.as_str());
            Err(Refusal::bad("car", why))
        }
        _ => Ok(()),
    }
}
