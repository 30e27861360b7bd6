//! What reports, decisions, papers to users and tickets make of an outage.

use super::{LETTER, NOTICE, REPORT, TICKET, issue, scene};
use crate::base::time::Instant;
use crate::record::timeline::Fact;
use crate::registers::outage::{
    Approval, Approve, Body, Deliver, Delivery, Done, FillTicket, GM, Gate, Issued, LetterStep,
    OutageAction, Rec, Recipients, Reported, Spoken, Stated, Step, Ticket, TicketStamp, UserPaper,
    UtilityLetter, gates,
};
use crate::rules::ruleset::Rules;

pub(super) fn apply(record: &mut Rec, fact: &Fact, action: OutageAction, rules: &Rules) {
    use OutageAction as A;
    let at = fact.entry.at;
    let body = &mut record.body;
    let revision = body.schedule.revision;
    let done = Done { at, revision };
    match action {
        A::Report(report) => {
            let (to, via) = (report.to, fact.entry.via.clone());
            body.told.reports.push(Reported {
                at,
                to,
                via,
                revision,
            });
        }
        A::Approve(approve) => {
            let approval = approval(fact, approve, revision, rules);
            body.papers.approvals.push(approval);
        }
        A::IssueNotice(_) => {
            let unapproved = unapproved(body, Gate::Notice, fact, rules);
            body.papers.notices.push(Issued {
                at,
                revision,
                unapproved,
            });
            issue(record, NOTICE, at);
        }
        A::Deliver(deliver) => delivered(body, fact, deliver),
        A::Unreachable(_) => body.told.unreachable.push(done),
        A::Announce(_) => body.told.announcements.push(done),
        A::Broadcast(_) => {
            let unapproved = unapproved(body, Gate::Broadcast, fact, rules);
            body.told.broadcasts.push(Spoken {
                at,
                revision,
                unapproved,
            });
        }
        A::Staff(staff) => {
            body.switching.names = staff.names;
            body.switching.staffed_at.get_or_insert(at);
        }
        A::FillTicket(form) => filled(record, fact, form),
        A::SignTicket(sign) => {
            if let Some(ticket) = body.switching.tickets.last_mut() {
                ticket.signed_by = Some(sign.name);
                ticket.signed_at = Some(at);
            }
        }
        A::Step(step) => answered(body, fact, step),
        other => after_it(record, fact, other),
    }
}

/// Letters and the report, and what is left for the scene.
fn after_it(record: &mut Rec, fact: &Fact, action: OutageAction) {
    use OutageAction as A;
    let at = fact.entry.at;
    let papers = &mut record.body.papers;
    match action {
        A::UtilityLetter(letter) => utility_letter(&mut record.body, at, letter),
        A::DraftLetter(letter) => {
            papers.letter_drafted_at.get_or_insert(at);
            papers.letter_text = Some(letter.text);
            issue(record, LETTER, at);
        }
        A::NobodyAffected(stated) => {
            let reason = stated.reason;
            papers.nobody_affected = Some(Stated { at, reason });
        }
        A::WrittenReport(report) => {
            papers.reported_at.get_or_insert(at);
            papers.report_text = Some(report.text);
            issue(record, REPORT, at);
        }
        other => scene::apply(record, fact, other),
    }
}

fn approval(fact: &Fact, approve: Approve, revision: u32, rules: &Rules) -> Approval {
    Approval {
        gate: approve.gate,
        decision: approve.decision,
        highest: rules.at_least(&approve.role, GM),
        name: approve.name,
        role: approve.role,
        at: fact.entry.at,
        via: fact.entry.via.clone(),
        reason: approve.reason,
        recorded_by: fact.entry.by.clone(),
        revision,
    }
}

/// What was noted about a paper or a broadcast that no standing consent covers.
fn unapproved(body: &Body, gate: Gate, fact: &Fact, rules: &Rules) -> Option<String> {
    match gates::consent(body, gate, rules, None) {
        Some(_) => None,
        None => Some(fact.entry.note.clone().unwrap_or_default()),
    }
}

fn delivered(body: &mut Body, fact: &Fact, deliver: Deliver) {
    // Letters explain the accident, not one revision of a plan.
    let revision = match deliver.paper {
        UserPaper::Notice => body.schedule.revision,
        UserPaper::Letter => 0,
    };
    let reached = match &deliver.users {
        Recipients::All(_) => body.event.named_at(fact),
        Recipients::Named(_) => Vec::new(),
    };
    body.papers.deliveries.push(Delivery {
        paper: deliver.paper,
        at: fact.entry.at,
        users: deliver.users,
        reached,
        signed_by: deliver.signed_by,
        revision,
    });
}

/// A ticket takes the place of the one before; its number is the year's next, one of an earlier version the outage's.
fn filled(record: &mut Rec, fact: &Fact, form: FillTicket) {
    let tickets = &mut record.body.switching.tickets;
    if let Some(old) = tickets.last_mut().filter(|old| old.stamp.is_none()) {
        old.stamp = Some(TicketStamp::Void);
    }
    let given = fact.entry.found.get(super::super::TICKET_NO);
    let no = match given.and_then(serde_json::Value::as_str) {
        Some(given) => given.to_owned(),
        None => format!("{}-{}", record.head.no, tickets.len() + 1),
    };
    let at = fact.entry.at;
    tickets.push(Ticket::new(no, form, at));
    issue(record, TICKET, at);
}

fn answered(body: &mut Body, fact: &Fact, step: Step) {
    let at = fact.entry.at;
    let Some(ticket) = body.switching.tickets.last_mut() else {
        return;
    };
    if step.done && ticket.signed_at.is_none() && body.power.unsigned_step.is_none() {
        let said = step.reason.clone().or_else(|| fact.entry.note.clone());
        let reason = said.unwrap_or_default();
        body.power.unsigned_step = Some(Stated { at, reason });
    }
    ticket.answer(step, at);
}

fn utility_letter(body: &mut Body, at: Instant, letter: UtilityLetter) {
    let papers = &mut body.papers;
    let slot = match letter.step {
        LetterStep::Requested => &mut papers.utility_letter_requested_at,
        LetterStep::Received => {
            // What came after all is no refusal.
            papers.utility_letter_refused = None;
            &mut papers.utility_letter_at
        }
        LetterStep::Forwarded => &mut papers.utility_letter_forwarded_at,
        LetterStep::Refused => {
            let reason = letter.reason.unwrap_or_default();
            papers.utility_letter_refused = Some(Stated { at, reason });
            return;
        }
    };
    slot.get_or_insert(at);
}
