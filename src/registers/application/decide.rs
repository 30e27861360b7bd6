//! What may be done to an application, by whom, and what becomes a breach.

use serde_json::{Map, Value};

use super::{
    Application, ApplicationAction as A, ApplicationState as S, Asked, Basis, BillState, Body,
    Disconnect, Energise, Pay, Read, Rec, SwapMeter, Taken, VoidBill, bills,
};
use crate::base::i18n::{Arg, Msg};
use crate::base::quantity::Reading;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::entry::Breach;
use crate::record::head::Decision;
use crate::registers::{Act, Context, Register};
use crate::rules::billing::{Plausible, Segment, usage, warnings};

/// Whether the act may happen now.
pub(super) fn decide(
    record: Option<&Rec>,
    act: &Act<A>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let at = act.envelope.at;
    match (&act.action, record) {
        (A::Apply(apply), None) => decide_apply(apply, act),
        (_, None) => Ok(Decision::default()),
        (action, Some(record)) => {
            after_the_step_before(record, action, at)?;
            let mut decision = step(record, act, cx)?;
            let outdated = outdates(record, action, at, cx);
            if !outdated.is_empty() {
                decision.found.insert("outdated".into(), outdated.into());
            }
            Ok(decision)
        }
    }
}

fn step(record: &Rec, act: &Act<A>, cx: &Context<'_>) -> Result<Decision, Refusal> {
    let at = act.envelope.at;
    let fine = |()| Decision::default();
    match &act.action {
        A::Approve(approve) => approver(&approve.role, cx).map(fine),
        A::Reject(reject) => approver(&reject.role, cx).map(fine),
        A::Energise(start) => energise(record, start, at),
        A::Read(read) => reading(record, read, at),
        A::SwapMeter(change) => swap(record, change, at),
        A::Bill(ask) => bill(record, ask, at, cx),
        A::Pay(pay) => pays(record, pay, at).map(fine),
        A::VoidBill(void) => voids(record, void).map(fine),
        A::GiveNotice(notice) if notice.end_at < at => Err(Refusal::before(
            "end_at",
            Msg::new("before.act").with("at", at),
        )),
        A::Disconnect(cut) => disconnect(record, cut, at),
        A::Settle(_) => settle(record, cx),
        _ => Ok(Decision::default()),
    }
}

/// A bill is paid as a whole, and not before it was written.
fn pays(record: &Rec, pay: &Pay, at: Instant) -> Result<(), Refusal> {
    let bill = open_bill(record, &pay.bill)?;
    if at < bill.issued_at {
        let what = Msg::new("before.bill").with("at", bill.issued_at);
        return Err(Refusal::before("at", what));
    }
    match pay.amount_fen == bill.total_fen {
        true => Ok(()),
        false => Err(Refusal::bad(
            "amount_fen",
            Msg::new("application.amount").with("yuan", bill.total_fen.yuan()),
        )),
    }
}

/// A paid bill stands, unless its readings turned out to be others.
fn voids(record: &Rec, void: &VoidBill) -> Result<(), Refusal> {
    match record.body.bill(&void.bill) {
        Some(bill) if bill.flagged && bill.state == BillState::Paid => Ok(()),
        _ => open_bill(record, &void.bill).map(|_| ()),
    }
}

fn decide_apply(apply: &super::Apply, act: &Act<A>) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    possible(&apply.clone().into())?;
    if apply.use_from < act.envelope.at {
        decision.warnings.push(Msg::new("application.late"));
    }
    if act
        .envelope
        .via
        .as_deref()
        .is_some_and(|via| via != "written")
    {
        decision.warnings.push(Msg::new("application.unwritten"));
    }
    Ok(decision)
}

/// What is asked for can be supplied and billed (S1.4.1).
fn possible(asked: &Asked) -> Result<(), Refusal> {
    if !matches!(asked.phases, 1 | 3) {
        let known = Arg::List(vec!["1".into(), "3".into()]);
        return Err(Refusal::bad(
            "phases",
            Msg::new("why.choice").with("known", known),
        ));
    }
    if asked.load_kw.0.is_zero() {
        return Err(Refusal::bad("load_kw", Msg::new("billing.load")));
    }
    if asked.use_to.is_some_and(|to| to < asked.use_from) {
        return Err(Refusal::before(
            "use_to",
            Msg::new("before.use_from").with("at", asked.use_from),
        ));
    }
    if asked
        .hours_per_day
        .is_some_and(|hours| hours.is_zero() || hours > 24.into())
    {
        return Err(Refusal::bad("hours_per_day", Msg::new("billing.hours")));
    }
    if asked.basis == Some(Basis::Estimated) {
        let missing = [
            ("hours_per_day", asked.hours_per_day.is_none()),
            ("use_to", asked.use_to.is_none()),
        ];
        if let Some((field, _)) = missing.into_iter().find(|(_, missing)| *missing) {
            return Err(Refusal::missing(field));
        }
    }
    Ok(())
}

/// A step cannot have happened before the one it follows; readings and bills may be typed out of order.
fn after_the_step_before(record: &Rec, action: &A, at: Instant) -> Result<(), Refusal> {
    let free = matches!(action, A::Read(_) | A::Bill(_) | A::Pay(_) | A::VoidBill(_));
    if !free && at < record.head.state_since {
        let state = format!(
            "state.application.{}",
            crate::record::field::Choice::code(record.head.state)
        );
        let what = Msg::new("before.state")
            .with_key("state", state)
            .with("at", record.head.state_since);
        return Err(Refusal::before("at", what));
    }
    Ok(())
}

fn approver(role: &str, cx: &Context<'_>) -> Result<(), Refusal> {
    let needed = cx
        .rules
        .procedure(Application::SPEC.code)
        .word("approve_role");
    if cx.rules.at_least(role, needed) {
        return Ok(());
    }
    let name = cx
        .rules
        .role(needed)
        .map_or_else(|| needed.to_owned(), |role| role.name.clone());
    Err(Refusal::role("role", Msg::new("role.at_least").with("role", name)).clause("S1.4.2"))
}

fn energise(record: &Rec, start: &Energise, at: Instant) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    let body = &record.body;
    if body.asked.basis == Some(Basis::Metered) {
        let filled = [
            ("meter_no", start.meter_no.is_some()),
            ("digits", start.digits.is_some()),
            ("reading", start.reading.is_some()),
        ];
        if let Some((field, _)) = filled.into_iter().find(|(_, filled)| !filled) {
            return Err(Refusal::missing(field));
        }
        if let Some(reading) = start.reading {
            fits(reading, start.digits, "reading")?;
        }
        positive(start.ratio)?;
    } else if !body.bills.iter().any(|bill| bill.state != BillState::Void) {
        decision
            .warnings
            .push(Msg::new("application.unbilled_estimate"));
    }
    let gates = [
        ("approve", "S1.4.2", body.permit.approved_at.is_some()),
        ("inspect", "S1.4.3", body.passed()),
    ];
    for (code, clause, _) in gates.into_iter().filter(|(_, _, open)| !open) {
        let reason = start.reason.clone().ok_or_else(|| Refusal {
            clause: Some(clause.into()),
            ..Refusal::missing("reason")
        })?;
        decision.breaches.push(Breach {
            code: code.into(),
            clause: clause.into(),
            at,
            reason,
        });
    }
    Ok(decision)
}

fn fits(reading: Reading, digits: Option<i64>, field: &str) -> Result<(), Refusal> {
    let span = digits
        .and_then(|digits| u32::try_from(digits).ok())
        .map(|digits| rust_decimal::Decimal::from(10_u64.saturating_pow(digits)));
    match span.is_some_and(|span| reading.0 >= span) {
        true => Err(Refusal::bad(field, Msg::new("billing.digits"))),
        false => Ok(()),
    }
}

fn later(record: &Rec, at: Instant) -> Result<(), Refusal> {
    match record.body.standing().last().filter(|last| last.at > at) {
        Some(last) => Err(Refusal::before(
            "at",
            Msg::new("before.reading").with("at", last.at),
        )),
        None => Ok(()),
    }
}

/// A reading is accepted whatever it says; what is odd about it is told, and asks for a reason.
fn reading(record: &Rec, read: &Read, at: Instant) -> Result<Decision, Refusal> {
    let body = &record.body;
    let mut decision = Decision::default();
    let (meter, at, old) = match read.replaces {
        Some(n) => match body.readings.iter().find(|taken| taken.n == n) {
            Some(taken) if taken.replaced_by.is_none() => (taken.meter, taken.at, Some(n)),
            _ => {
                let why = Msg::new("application.no_reading").with("n", n);
                return Err(Refusal::bad("replaces", why));
            }
        },
        // After the removal nothing goes through the meter; what was read wrongly can still be put right.
        None if record.head.state == S::Disconnected => return Err(Refusal::missing("replaces")),
        None => (body.meter_at(at), at, None),
    };
    if body.supply.energised_at.is_some_and(|from| at < from) {
        return Err(Refusal::before("at", Msg::new("before.supply")));
    }
    if read.reason.is_none() {
        decision.warnings = odd(body, meter, at, read.reading, old)?;
    } else {
        fits_meter(body, meter, read.reading, "reading")?;
    }
    Ok(decision)
}

/// What is odd about a reading of a meter at an instant (S1.4.5), held against the one before it on the same meter.
fn odd(
    body: &Body,
    meter: usize,
    at: Instant,
    reading: Reading,
    instead_of: Option<i64>,
) -> Result<Vec<Msg>, Refusal> {
    fits_meter(body, meter, reading, "reading")?;
    let Some(hung) = body.meters.get(meter) else {
        return Ok(Vec::new());
    };
    let earlier: Vec<&Taken> = body
        .standing()
        .into_iter()
        .filter(|taken| taken.meter == meter && taken.at <= at && Some(taken.n) != instead_of)
        .filter(|taken| instead_of.is_none_or(|n| taken.at < at || taken.n < n))
        .collect();
    let Some((last, rest)) = earlier.split_last() else {
        return Ok(Vec::new());
    };
    let used = |from: Reading, to: Reading| {
        let segment = Segment {
            from,
            to,
            ratio: hung.ratio,
            digits: Some(hung.digits),
        };
        usage(&segment, "reading")
    };
    Ok(warnings(&Plausible {
        usage: used(last.reading, reading)?,
        before: rest
            .last()
            .and_then(|before| used(before.reading, last.reading).ok()),
        load: body.asked.load_kw,
        hours: at.seconds_since(last.at) / 3600,
        lower: reading < last.reading,
    }))
}

fn fits_meter(body: &Body, meter: usize, reading: Reading, field: &str) -> Result<(), Refusal> {
    let digits = body.meters.get(meter).map(|meter| i64::from(meter.digits));
    fits(reading, digits, field)
}

/// A stop slip for the old meter and a start slip for the new one.
fn swap(record: &Rec, swap: &SwapMeter, at: Instant) -> Result<Decision, Refusal> {
    let body = &record.body;
    let old = body.meters.len().saturating_sub(1);
    fits_meter(body, old, swap.stop_reading, "stop_reading")?;
    fits(swap.reading, Some(swap.digits), "reading")?;
    positive(swap.ratio)?;
    later(record, at)?;
    Ok(Decision {
        warnings: odd(body, old, at, swap.stop_reading, None)?,
        ..Decision::default()
    })
}

fn positive(ratio: Option<rust_decimal::Decimal>) -> Result<(), Refusal> {
    match ratio.is_some_and(|ratio| ratio.is_zero()) {
        true => Err(Refusal::bad("ratio", Msg::new("billing.ratio"))),
        false => Ok(()),
    }
}

/// Bills that the act would leave behind: the readings of their months are others afterwards.
fn outdates(record: &Rec, action: &A, at: Instant, cx: &Context<'_>) -> Vec<String> {
    if !matches!(action, A::Read(_) | A::SwapMeter(_) | A::Disconnect(_)) {
        return Vec::new();
    }
    let mut after = record.clone();
    super::body::on_supply(&mut after, at, action.clone());
    bills::outdated(&after.body, cx.rules.zone())
}

/// What is asked for after an amendment must be possible too.
pub(super) fn amended(record: &Rec, changes: &Map<String, Value>) -> Result<Decision, Refusal> {
    let body = &record.body;
    let amendable = |key: &str| {
        super::Apply::FIELDS.iter().any(|field| field.key == key)
            || ["price", "end_at", "reason", "at", "received"].contains(&key)
    };
    if let Some(key) = changes.keys().find(|key| !amendable(key)) {
        let message = Msg::new("application.not_amended");
        return Err(Refusal::new(RefusalCode::BadValue, message).field(key));
    }
    let mut asked = serde_json::to_value(&body.asked).unwrap_or_default();
    if let Some(map) = asked.as_object_mut() {
        map.extend(changes.clone());
    }
    let Ok(asked) = serde_json::from_value::<Asked>(asked) else {
        // The shared check of the body has the sentence for it.
        return Ok(Decision::default());
    };
    if body.supply.energised_at.is_some() && asked.basis != body.asked.basis {
        return Err(Refusal::bad("basis", Msg::new("application.basis_fixed")));
    }
    possible(&asked).map(|()| Decision::default())
}

fn bill(
    record: &Rec,
    ask: &super::Bill,
    at: Instant,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    let bill = bills::reckon(record, ask, at, cx)?;
    let value = serde_json::to_value(&bill)
        .map_err(|e| Refusal::bad("period", Msg::new("why.json").with("why", e.to_string())))?;
    decision.found.insert("bill".into(), value);
    let body = &record.body;
    // The reading that closes the billed month, whatever was read since; an estimate has none.
    let used = body
        .readings
        .iter()
        .filter(|t| bill.readings.contains(&t.n));
    let Some(closing) = used.map(|taken| taken.at).max() else {
        return Ok(decision);
    };
    if at < closing {
        let what = Msg::new("before.reading").with("at", closing);
        return Err(Refusal::before("at", what));
    }
    let zone = cx.rules.zone();
    let ended = body.supply.disconnected_at.map(|at| zone.date(at));
    let day = bills::last_day(&ask.period).map(|last| bills::reading_day(last, cx.rules));
    if let Some(day) = day
        && zone.date(closing) < day
        && ended.is_none_or(|end| end > day)
    {
        let warning = Msg::new("application.early_reading").with("day", day);
        decision.warnings.push(warning);
    }
    Ok(decision)
}

fn open_bill<'a>(record: &'a Rec, no: &str) -> Result<&'a super::BillKept, Refusal> {
    let unknown = || Refusal::bad("bill", Msg::new("application.no_bill").with("no", no));
    let bill = record.body.bill(no).ok_or_else(unknown)?;
    match bill.state {
        BillState::Issued => Ok(bill),
        BillState::Paid | BillState::Void => {
            let message = Msg::new("application.bill_done").with("no", no);
            Err(Refusal::new(RefusalCode::NotNow, message).field("bill"))
        }
    }
}

fn disconnect(record: &Rec, cut: &Disconnect, at: Instant) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    let body = &record.body;
    if body.asked.basis == Some(Basis::Metered) && body.meters.last().is_some() {
        let reading = cut.reading.ok_or_else(|| Refusal::missing("reading"))?;
        let meter = body.meters.len() - 1;
        decision.warnings = odd(body, meter, at, reading, None)?;
        later(record, at)?;
    }
    match (&cut.user_name, &cut.refusal, &cut.witness) {
        (Some(_), _, _) | (None, Some(_), Some(_)) => {}
        (None, Some(_), None) => return Err(Refusal::missing("witness")),
        (None, None, _) => {
            return Err(Refusal {
                clause: Some("S1.4.4".into()),
                ..Refusal::missing("user_name")
            });
        }
    }
    if body.supply.notice_at.is_none() {
        decision.warnings.push(Msg::new("application.no_notice"));
    }
    Ok(decision)
}

fn settle(record: &Rec, cx: &Context<'_>) -> Result<Decision, Refusal> {
    let unpaid = record
        .body
        .bills
        .iter()
        .find(|bill| bill.state == BillState::Issued);
    if let Some(bill) = unpaid {
        let message = Msg::new("application.unpaid")
            .with("no", bill.no.as_str())
            .with("yuan", bill.total_fen.yuan());
        return Err(Refusal::gate("S1.4.5", message));
    }
    let clause = match record.body.asked.basis {
        Some(Basis::Estimated) => "S1.4.5.2",
        _ => "S1.4.5.1",
    };
    match bills::owed(record, cx.rules)
        .into_iter()
        .find(|month| !month.current)
    {
        Some(month) => {
            let message = match month.bill {
                Some(bill) => Msg::new("application.outdated").with("no", bill.no.as_str()),
                None => Msg::new("application.unbilled").with("period", month.period),
            };
            Err(Refusal::gate(clause, message))
        }
        None => Ok(Decision::default()),
    }
}
