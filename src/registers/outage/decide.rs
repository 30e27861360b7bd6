//! Whether a step may happen now. Facts are recorded whatever was open before them; papers, approvals and the closing
//! of the record are refused against the clauses.

use serde_json::{Map, Value, json};

use super::{
    Approve, Body, Classify, Close, Cut, Deliver, FillTicket, GM, Gate, Inspect, Occur, Outage,
    OutageAction, Plan, Rec, Recipients, Reschedule, Rescue, Ruling, Source, Stage, Step,
    UserPaper, gates,
};
use crate::i18n::Msg;
use crate::journal::Breach;
use crate::registers::field::Choice;
use crate::registers::record::{Decision, Spawn, SpawnTarget};
use crate::registers::refusal::{Refusal, RefusalCode};
use crate::registers::{Act, Context, Lookup, Register};
use crate::rules::deadline::Clause;
use crate::rules::procedure::Rules;
use crate::time::Instant;

/// An accident asks whether power failed at the same place shortly before.
pub(super) fn lookups(
    _record: Option<&Rec>,
    act: &Act<OutageAction>,
    rules: &Rules,
) -> Vec<Lookup> {
    let OutageAction::Occur(occur) = &act.action else {
        return Vec::new();
    };
    let since = act
        .envelope
        .at
        .plus_hours(-rules.procedure(Outage::SPEC.code).int("again_hours"));
    occur
        .areas
        .first()
        .map(|place| Lookup::SamePlace {
            place: place.clone(),
            since,
        })
        .into_iter()
        .collect()
}

/// A new record.
pub(super) fn first(act: &Act<OutageAction>, cx: &Context<'_>) -> Result<Decision, Refusal> {
    match &act.action {
        OutageAction::Plan(plan) => first_plan(plan, act.envelope.at, cx),
        OutageAction::Occur(occur) => Ok(first_occur(occur, act.envelope.at, cx)),
        _ => Ok(Decision::default()),
    }
}

fn first_plan(plan: &Plan, at: Instant, cx: &Context<'_>) -> Result<Decision, Refusal> {
    source_is_known(plan.source)?;
    dates_follow(Some(plan.plan_start), plan.plan_end, at)?;
    let mut decision = Decision::default();
    decision
        .found
        .insert("start_shown".into(), shown(plan.plan_start, cx));
    if plan.users.is_empty() {
        decision.warnings.push(Msg::new("warning.outage_no_users"));
    }
    Ok(decision)
}

/// Power lost again shortly after it came back is a new outage that follows the first.
fn first_occur(occur: &Occur, at: Instant, cx: &Context<'_>) -> Decision {
    let mut decision = Decision::default();
    let before = cx
        .near
        .same_place
        .iter()
        .rev()
        .find(|other| other.head.opened <= at && other.head.void_reason.is_none());
    if let Some(before) = before {
        let no = before.head.no.as_str();
        let back = before
            .body
            .get("restored_at")
            .cloned()
            .and_then(|v| serde_json::from_value::<Instant>(v).ok());
        match back.filter(|back| *back <= at) {
            Some(_) => {
                decision.found.insert("follows".into(), no.into());
                decision
                    .warnings
                    .push(Msg::new("warning.outage_again").with("no", no));
            }
            None if before.body.get("out_at").is_some() => decision
                .warnings
                .push(Msg::new("warning.outage_still_out").with("no", no)),
            None => {}
        }
    }
    if occur.users.is_empty() {
        decision.warnings.push(Msg::new("warning.outage_no_letter"));
    }
    decision
}

fn source_is_known(source: Source) -> Result<(), Refusal> {
    match source {
        Source::Unknown => Err(Refusal::bad("source", Msg::new("why.outage_source"))),
        _ => Ok(()),
    }
}

fn dates_follow(start: Option<Instant>, end: Option<Instant>, at: Instant) -> Result<(), Refusal> {
    match (start, end) {
        (Some(start), _) if start < at => Err(Refusal::before(
            "plan_start",
            Msg::new("before.act").with("at", at),
        )),
        (Some(start), Some(end)) if end <= start => Err(Refusal::before(
            "plan_end",
            Msg::new("before.outage_start").with("at", start),
        )),
        _ => Ok(()),
    }
}

/// A start in the site's wall clock, as the title shows it.
fn shown(start: Instant, cx: &Context<'_>) -> Value {
    Value::from(
        cx.rules
            .zone()
            .local(start)
            .format("%Y-%m-%d %H:%M")
            .to_string(),
    )
}

/// A further step.
pub(super) fn step(
    record: &Rec,
    act: &Act<OutageAction>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    let at = act.envelope.at;
    in_order(record, &act.action, at)?;
    match &act.action {
        OutageAction::Report(report) => {
            let unwritten = act.envelope.via.as_deref() != Some("written");
            if report.to == GM
                && record.body.planned()
                && record.body.source() == Source::Building
                && unwritten
            {
                decision
                    .warnings
                    .push(Msg::new("warning.outage_plan_unwritten"));
            }
        }
        OutageAction::Approve(approve) => approves(record, approve, cx, &mut decision)?,
        OutageAction::IssueNotice(_) => issues(record, at, cx)?,
        OutageAction::Deliver(deliver) => delivers(&record.body, deliver, at, &mut decision)?,
        OutageAction::Broadcast(_) => broadcasts(record, act, cx, &mut decision),
        OutageAction::FillTicket(ticket) => fills(ticket, cx)?,
        OutageAction::SignTicket(sign) => signs(record, sign, at, cx)?,
        OutageAction::Step(step) => switches(record, step, act, &mut decision)?,
        OutageAction::Cut(cut) => {
            decision.breaches = cuts(record, cut, at, cx, &mut decision.warnings)?
        }
        OutageAction::Classify(Classify {
            source,
            expected_restore,
            ..
        }) => {
            source_is_known(*source)?;
            expected_ahead(*expected_restore, record)?;
        }
        OutageAction::ContactUtility(contact) => {
            expected_ahead(Some(contact.expected_restore), record)?
        }
        OutageAction::Rescue(rescue) => rescues(&record.body, rescue)?,
        OutageAction::Restore(_) => decision.breaches.extend(unpatrolled(record, act, cx)),
        OutageAction::Inspect(look) if !look.normal => {
            decision.spawns.push(repair(record, look, cx))
        }
        OutageAction::UtilityLetter(letter) if letter.step == super::LetterStep::Forwarded => {
            forwards(&record.body, at)?
        }
        OutageAction::Reschedule(change) => reschedules(record, change, at, cx, &mut decision)?,
        OutageAction::ExplainBreach(explain) => {
            if !record
                .head
                .breaches
                .iter()
                .any(|breach| breach.code == explain.code && breach.reason.is_empty())
            {
                return Err(Refusal::bad(
                    "code",
                    Msg::new("why.outage_breach").with("code", explain.code.as_str()),
                ));
            }
        }
        OutageAction::Close(Close { .. }) => closes(record, at, cx)?,
        _ => {}
    }
    Ok(decision)
}

/// What cannot have happened before what it follows.
fn in_order(record: &Rec, action: &OutageAction, at: Instant) -> Result<(), Refusal> {
    let power = &record.body.power;
    let after = match action {
        OutageAction::RestorePart(_) | OutageAction::Restore(_) => power
            .partial_at
            .or(power.out_at)
            .map(|t| ("before.outage_out", t)),
        OutageAction::OnSite(_)
        | OutageAction::Classify(_)
        | OutageAction::LiftCheck(_)
        | OutageAction::ContactUtility(_) => power.out_at.map(|t| ("before.outage_out", t)),
        OutageAction::Inspect(_) if record.body.event.form == Some(super::Form::Transfer) => {
            power.out_at.map(|t| ("before.outage_out", t))
        }
        OutageAction::Inspect(_) => power
            .restored_at
            .or(power.partial_at)
            .or(power.out_at)
            .map(|t| ("before.outage_back", t)),
        OutageAction::Close(_) => power.restored_at.map(|t| ("before.outage_back", t)),
        OutageAction::GeneratorStop(_) => record
            .body
            .scene
            .generator
            .last()
            .map(|g| ("before.outage_generator", g.at)),
        OutageAction::Rescue(rescue) => record
            .body
            .scene
            .cars
            .iter()
            .rfind(|car| car.car == rescue.car && car.trapped)
            .map(|car| ("before.outage_trapped", car.at)),
        OutageAction::NotifyChange(_) => record
            .body
            .schedule
            .changes
            .last()
            .map(|change| ("before.outage_change", change.at)),
        _ => None,
    };
    match after.filter(|(_, earliest)| at < *earliest) {
        Some((what, earliest)) => Err(Refusal::before("at", Msg::new(what).with("at", earliest))),
        None => Ok(()),
    }
}

fn expected_ahead(expected: Option<Instant>, record: &Rec) -> Result<(), Refusal> {
    match (expected, record.body.power.out_at) {
        (Some(expected), Some(out)) if expected < out => Err(Refusal::before(
            "expected_restore",
            Msg::new("before.outage_out").with("at", out),
        )),
        _ => Ok(()),
    }
}

/// Who may decide (S1.1.3, S1.3.1), and that nobody undoes what a higher one refused.
fn approves(
    record: &Rec,
    approve: &Approve,
    cx: &Context<'_>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let needed = gates::who_decides(approve.gate, cx.rules);
    let clause = match approve.gate {
        Gate::Cut => "S1.3.1",
        Gate::Notice => "S1.1.3",
        Gate::Broadcast if record.body.planned() => "S1.1.4",
        Gate::Broadcast => "S1.2.1",
    };
    if !cx.rules.at_least(&approve.role, needed) {
        return Err(Refusal::role("role", role_named(needed, cx.rules)).clause(clause));
    }
    let highest = cx.rules.at_least(&approve.role, GM);
    let overruled = gates::ruling(&record.body, approve.gate)
        .filter(|old| old.highest && old.decision == Ruling::No && !highest);
    if let Some(old) = overruled.filter(|_| approve.decision == Ruling::Yes) {
        let why = Msg::new("refusal.outage_overruled").with("name", old.name.as_str());
        return Err(Refusal::new(RefusalCode::NotAllowed, why)
            .field("role")
            .clause(clause));
    }
    decision.found.insert("highest".into(), highest.into());
    Ok(())
}

fn role_named(code: &str, rules: &Rules) -> Msg {
    match rules.role(code) {
        Some(role) => Msg::new("outage_role.or_above")
            .with("zh", role.name.as_str())
            .with("en", role.name_en.as_str()),
        None => Msg::new("outage_role.or_above")
            .with("zh", code)
            .with("en", code),
    }
}

/// A notice goes out only with 总经理's consent (S1.1.3), and once a revision.
fn issues(record: &Rec, at: Instant, cx: &Context<'_>) -> Result<(), Refusal> {
    if super::duties::in_force(cx.rules, "S1.1.3")
        && gates::consent(&record.body, Gate::Notice, cx.rules).is_none_or(|yes| yes > at)
    {
        return Err(Refusal::gate(
            "S1.1.3",
            Msg::new("refusal.outage_notice_unapproved"),
        ));
    }
    let valid = record
        .head
        .papers
        .iter()
        .any(|paper| paper.name == super::apply::NOTICE && !paper.outdated);
    if valid {
        return Err(Refusal::new(
            RefusalCode::Duplicate,
            Msg::new("refusal.outage_notice_issued"),
        ));
    }
    Ok(())
}

fn delivers(
    body: &Body,
    deliver: &Deliver,
    at: Instant,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let (issued, clause, why) = match deliver.paper {
        UserPaper::Notice => (
            body.notice_issued(),
            "S1.1.3",
            "refusal.outage_notice_not_issued",
        ),
        UserPaper::Letter => (
            body.papers.letter_drafted_at,
            "S1.2.3",
            "refusal.outage_letter_not_drafted",
        ),
    };
    match issued {
        None => return Err(Refusal::gate(clause, Msg::new(why)).field("paper")),
        Some(issued) if at < issued => {
            return Err(Refusal::before(
                "at",
                Msg::new("before.outage_issued").with("at", issued),
            ));
        }
        Some(_) => {}
    }
    if let Recipients::Named(names) = &deliver.users {
        let strange: Vec<_> = names
            .iter()
            .filter(|name| !body.event.users.contains(name))
            .map(|name| name.as_str().into())
            .collect();
        if !strange.is_empty() && !body.event.users.is_empty() {
            decision.warnings.push(
                Msg::new("warning.outage_unknown_users")
                    .with("users", crate::i18n::Arg::List(strange)),
            );
        }
    }
    Ok(())
}

/// A broadcast that 总经理 did not approve was heard all the same: a breach (S1.1.4, S1.2.1, S1.2.2).
fn broadcasts(record: &Rec, act: &Act<OutageAction>, cx: &Context<'_>, decision: &mut Decision) {
    let clause = match (record.body.planned(), record.body.source()) {
        (true, _) => "S1.1.4",
        (false, Source::Building) => "S1.2.2",
        (false, _) => "S1.2.1",
    };
    let approved = gates::consent(&record.body, Gate::Broadcast, cx.rules)
        .is_some_and(|yes| yes <= act.envelope.at);
    if !approved && super::duties::in_force(cx.rules, clause) {
        decision.breaches.push(breach(
            "approve_broadcast",
            clause,
            act.envelope.at,
            act.envelope.note.as_deref(),
        ));
    }
}

fn breach(code: &str, clause: &str, at: Instant, reason: Option<&str>) -> Breach {
    Breach {
        code: code.to_owned(),
        clause: Clause::from(clause),
        at,
        reason: reason.unwrap_or_default().to_owned(),
    }
}

/// One task, one device a step, and a guardian who is not the operator (S1.3.4).
fn fills(ticket: &FillTicket, cx: &Context<'_>) -> Result<(), Refusal> {
    if ticket.guardian.is_none()
        && cx
            .rules
            .procedure(Outage::SPEC.code)
            .flag("guardian_required")
    {
        return Err(Refusal::missing("guardian").clause("S1.3.4"));
    }
    if ticket.guardian.as_deref() == Some(ticket.operator.as_str()) {
        let why = Msg::new("refusal.outage_guardian").with("name", ticket.operator.as_str());
        return Err(Refusal::new(RefusalCode::NotAllowed, why)
            .field("guardian")
            .clause("S1.3.4"));
    }
    let several = |device: &str| device.contains(['、', ',', '，', ';', '；']);
    match ticket
        .steps
        .iter()
        .position(|step| step.device.as_deref().is_some_and(several))
    {
        Some(index) => Err(Refusal::bad(
            "steps",
            Msg::new("why.outage_one_device").with("n", index + 1),
        )
        .clause("S1.3.4")),
        None => Ok(()),
    }
}

fn signs(
    record: &Rec,
    sign: &super::SignTicket,
    at: Instant,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    let needed = cx
        .rules
        .procedure(Outage::SPEC.code)
        .word("sign_ticket_role");
    if !cx.rules.at_least(&sign.role, needed) {
        return Err(Refusal::role("role", role_named(needed, cx.rules)).clause("S1.3.4"));
    }
    let Some(ticket) = record.body.switching.tickets.last() else {
        return Ok(());
    };
    if sign.name == ticket.operator || ticket.guardian.as_deref() == Some(sign.name.as_str()) {
        let why = Msg::new("refusal.outage_own_ticket").with("name", sign.name.as_str());
        return Err(Refusal::new(RefusalCode::NotAllowed, why)
            .field("name")
            .clause("S1.3.4"));
    }
    match at < ticket.filled_at {
        true => Err(Refusal::before(
            "at",
            Msg::new("before.outage_ticket").with("at", ticket.filled_at),
        )),
        false => Ok(()),
    }
}

/// One step at a time: read back, then done; passed over only with a reason (S1.3.4).
fn switches(
    record: &Rec,
    step: &Step,
    act: &Act<OutageAction>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let at = act.envelope.at;
    let Some(ticket) = record.body.switching.tickets.last() else {
        return Ok(());
    };
    if step.n as usize > ticket.steps.len() {
        return Err(Refusal::bad(
            "n",
            Msg::new("why.outage_no_step").with("n", ticket.steps.len()),
        ));
    }
    let turn = ticket.turn().unwrap_or_default();
    if step.n as usize != turn {
        return Err(Refusal::gate(
            "S1.3.4",
            Msg::new("refusal.outage_step_order").with("n", turn),
        )
        .field("n"));
    }
    if !(step.read_back || step.done || step.skipped) {
        return Err(Refusal::missing("done"));
    }
    let read_back = ticket
        .steps
        .get(turn - 1)
        .is_some_and(|line| line.read_back_at.is_some())
        || step.read_back;
    if step.done && !step.skipped && !read_back {
        return Err(Refusal::gate(
            "S1.3.4",
            Msg::new("refusal.outage_read_back").with("n", turn),
        )
        .field("read_back"));
    }
    if let Some(earliest) = ticket
        .last_answer()
        .max(Some(ticket.filled_at))
        .filter(|earliest| at < *earliest)
    {
        return Err(Refusal::before(
            "at",
            Msg::new("before.outage_step").with("at", earliest),
        ));
    }
    let known = record
        .head
        .breaches
        .iter()
        .any(|breach| breach.code == "ticket");
    if step.done && ticket.signed_at.is_none_or(|signed| signed > at) && !known {
        decision.breaches.push(breach(
            "ticket",
            "S1.3.4",
            at,
            step.reason.as_deref().or(act.envelope.note.as_deref()),
        ));
    }
    Ok(())
}

/// The cut is a fact and never refused; each gate still open becomes a breach with the reason given (S1.3).
fn cuts(
    record: &Rec,
    cut: &Cut,
    at: Instant,
    cx: &Context<'_>,
    warnings: &mut Vec<Msg>,
) -> Result<Vec<Breach>, Refusal> {
    let open = gates::open_at(record, cx.rules, at);
    if let (Some(first), None) = (open.first(), &cut.reason) {
        let names = open
            .iter()
            .map(|duty| crate::i18n::Arg::Key(format!("duty.outage.{}", duty.code)))
            .collect();
        let why = Msg::new("refusal.outage_cut_reason").with("open", crate::i18n::Arg::List(names));
        return Err(Refusal::new(RefusalCode::MissingField, why)
            .field("reason")
            .clause(first.clause.clone()));
    }
    if let Some(start) = record.body.schedule.plan_start.filter(|start| at < *start) {
        warnings.push(Msg::new("warning.outage_early").with("start", start));
    }
    Ok(open
        .iter()
        .map(|duty| breach(&duty.code, &duty.clause.0, at, cut.reason.as_deref()))
        .collect())
}

fn rescues(body: &Body, rescue: &Rescue) -> Result<(), Refusal> {
    match body
        .scene
        .cars
        .iter()
        .any(|car| car.car == rescue.car && car.trapped && car.released_at.is_none())
    {
        true => Ok(()),
        false => Err(Refusal::bad(
            "car",
            Msg::new("why.outage_car").with("car", rescue.car.as_str()),
        )),
    }
}

/// Power back without one patrol: what was not seen cannot be seen any more (S7.4.8.3).
fn unpatrolled(record: &Rec, act: &Act<OutageAction>, cx: &Context<'_>) -> Option<Breach> {
    let patrol = super::duties::of(record, cx.rules)
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
fn repair(record: &Rec, look: &Inspect, cx: &Context<'_>) -> Spawn {
    let voice = crate::i18n::Voice {
        lang: crate::i18n::Lang::Zh,
        zone: cx.rules.zone(),
    };
    let place = voice.text(&super::Room::SET.label_key(look.place.code()));
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

fn forwards(body: &Body, at: Instant) -> Result<(), Refusal> {
    match body.papers.utility_letter_at {
        None => Err(
            Refusal::gate("S1.2.1", Msg::new("refusal.outage_letter_not_received")).field("step"),
        ),
        Some(received) if at < received => Err(Refusal::before(
            "at",
            Msg::new("before.outage_letter").with("at", received),
        )),
        Some(_) => Ok(()),
    }
}

/// Moving the start or widening the scope makes a new revision, whose notices count anew.
fn reschedules(
    record: &Rec,
    change: &Reschedule,
    at: Instant,
    cx: &Context<'_>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let (event, schedule) = (&record.body.event, &record.body.schedule);
    if change.plan_start.is_none()
        && change.plan_end.is_none()
        && change.areas.is_empty()
        && change.users.is_empty()
    {
        return Err(Refusal::missing("plan_start"));
    }
    dates_follow(change.plan_start, None, at)?;
    let (start, end) = (
        change.plan_start.or(schedule.plan_start),
        change.plan_end.or(schedule.plan_end),
    );
    if let (Some(start), Some(end)) = (start, end) {
        if end <= start {
            return Err(Refusal::before(
                "plan_end",
                Msg::new("before.outage_start").with("at", start),
            ));
        }
    }
    let moved = change
        .plan_start
        .is_some_and(|new| Some(new) != schedule.plan_start);
    let longer = change
        .plan_end
        .is_some_and(|new| schedule.plan_end.is_none_or(|old| new > old));
    let added = |new: &[String], old: &[String]| new.iter().any(|item| !old.contains(item));
    let wider = added(&change.areas, &event.areas) || added(&change.users, &event.users);
    decision
        .found
        .insert("new_revision".into(), (moved || longer || wider).into());
    if let Some(start) = change.plan_start {
        decision
            .found
            .insert("start_shown".into(), shown(start, cx));
    }
    let approved = gates::ruling(&record.body, Gate::Cut)
        .or(gates::ruling(&record.body, Gate::Notice))
        .is_some();
    if approved && (moved || longer || wider) {
        decision
            .warnings
            .push(Msg::new("warning.outage_approved_before"));
    }
    Ok(())
}

/// Closing waits for every duty, the source, and a reason for each breach.
fn closes(record: &Rec, at: Instant, cx: &Context<'_>) -> Result<(), Refusal> {
    if record.body.source() == Source::Unknown {
        return Err(
            Refusal::gate("S7.4.2", Msg::new("refusal.outage_source_unknown")).field("source"),
        );
    }
    if let Some(silent) = record
        .head
        .breaches
        .iter()
        .find(|breach| breach.reason.is_empty())
    {
        let why = Msg::new("refusal.outage_breach_unexplained")
            .with_key("duty", format!("duty.outage.{}", silent.code));
        return Err(Refusal::gate(silent.clause.clone(), why).field("reason"));
    }
    let owed = super::duties::of(record, cx.rules);
    let owed: Vec<_> = owed
        .iter()
        .filter(|duty| duty.pending() && !duty.silent && duty.opens.is_none_or(|opens| opens < at))
        .collect();
    match owed.first() {
        Some(first) => {
            let names = owed
                .iter()
                .map(|duty| crate::i18n::Arg::Key(format!("duty.outage.{}", duty.code)))
                .collect();
            let why = Msg::new("refusal.outage_owed").with("owed", crate::i18n::Arg::List(names));
            Err(Refusal::gate(first.clause.clone(), why))
        }
        None => Ok(()),
    }
}

/// What an amendment may touch. A plan whose notice is out is changed by rescheduling, so that users hear of it.
pub(super) fn amended(
    record: &Rec,
    changes: &Map<String, Value>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    const KEPT: &[&str] = &[
        "source",
        "form",
        "reason",
        "plan_start",
        "plan_end",
        "areas",
        "users",
        "informant",
        "cause",
        "expected_restore",
        "our_switches",
        "at",
        "received",
    ];
    if let Some(key) = changes.keys().find(|key| !KEPT.contains(&key.as_str())) {
        return Err(Refusal::bad(
            "changes",
            Msg::new("why.outage_amend").with_key("field", format!("field.{key}")),
        ));
    }
    let body = &record.body;
    let replans = ["plan_start", "plan_end", "areas"]
        .iter()
        .any(|key| changes.contains_key(*key));
    if body.planned()
        && replans
        && body.notice_issued().is_some()
        && Stage::of(record.head.state) == Stage::Before
    {
        return Err(
            Refusal::new(RefusalCode::NotNow, Msg::new("refusal.outage_amend_plan"))
                .field("changes"),
        );
    }
    let time = |key: &str| {
        changes
            .get(key)
            .cloned()
            .and_then(|value| serde_json::from_value::<Instant>(value).ok())
    };
    if let (Some(at), Some(back), false) = (time("at"), body.power.restored_at, body.planned()) {
        if at > back {
            return Err(Refusal::bad(
                "at",
                Msg::new("why.outage_after_back").with("at", back),
            ));
        }
    }
    let mut decision = Decision::default();
    if let Some(start) = time("plan_start") {
        decision
            .found
            .insert("start_shown".into(), shown(start, cx));
    }
    Ok(decision)
}
