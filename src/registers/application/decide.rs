//! What may be done to an application, by whom, and what becomes a breach.

use super::{
    Application, ApplicationAction as A, Basis, BillState, Disconnect, Energise, Read, Rec, bills,
};
use crate::i18n::{Arg, Msg};
use crate::journal::Breach;
use crate::quantity::Reading;
use crate::registers::record::Decision;
use crate::registers::refusal::{Refusal, RefusalCode};
use crate::registers::{Act, Context, Register};
use crate::rules::billing::{Plausible, Segment, usage, warnings};
use crate::time::Instant;

/// Whether the act may happen now.
pub(super) fn decide(
    record: Option<&Rec>,
    act: &Act<A>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let at = act.envelope.at;
    match (&act.action, record) {
        (A::Apply(apply), None) => decide_apply(apply, at),
        (_, None) => Ok(Decision::default()),
        (action, Some(record)) => {
            after_the_step_before(record, action, at)?;
            match action {
                A::Approve(approve) => approver(&approve.role, cx).map(|()| Decision::default()),
                A::Reject(reject) => approver(&reject.role, cx).map(|()| Decision::default()),
                A::Energise(start) => energise(record, start, act, cx),
                A::Read(read) => reading(record, read, at),
                A::SwapMeter(swap) => {
                    fits(swap.reading, Some(swap.digits), "reading")?;
                    later(record, at)?;
                    Ok(Decision::default())
                }
                A::Bill(ask) => bill(record, ask, at, cx),
                A::Pay(pay) => {
                    let bill = open_bill(record, &pay.bill)?;
                    let whole = bill.total_fen;
                    match pay.amount_fen == whole {
                        true => Ok(Decision::default()),
                        false => Err(Refusal::bad(
                            "amount_fen",
                            Msg::new("application.amount").with("yuan", whole.yuan()),
                        )),
                    }
                }
                A::VoidBill(void) => open_bill(record, &void.bill).map(|_| Decision::default()),
                A::GiveNotice(notice) if notice.end_at < at => Err(Refusal::before(
                    "end_at",
                    Msg::new("before.act").with("at", at),
                )),
                A::Disconnect(cut) => disconnect(record, cut, at),
                A::Settle(_) => settle(record, cx),
                _ => Ok(Decision::default()),
            }
        }
    }
}

fn decide_apply(apply: &super::Apply, at: Instant) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    if !matches!(apply.phases, 1 | 3) {
        let known = Arg::List(vec!["1".into(), "3".into()]);
        return Err(Refusal::bad(
            "phases",
            Msg::new("why.choice").with("known", known),
        ));
    }
    if apply.load_kw.0.is_zero() {
        return Err(Refusal::bad("load_kw", Msg::new("billing.load")));
    }
    if apply.use_to.is_some_and(|to| to < apply.use_from) {
        return Err(Refusal::before(
            "use_to",
            Msg::new("before.use_from").with("at", apply.use_from),
        ));
    }
    if apply
        .hours_per_day
        .is_some_and(|hours| hours.is_zero() || hours > 24.into())
    {
        return Err(Refusal::bad("hours_per_day", Msg::new("billing.hours")));
    }
    if apply.use_from < at {
        decision.warnings.push(Msg::new("application.late"));
    }
    Ok(decision)
}

/// A step cannot have happened before the one it follows; readings and bills may be typed out of order.
fn after_the_step_before(record: &Rec, action: &A, at: Instant) -> Result<(), Refusal> {
    let free = matches!(action, A::Read(_) | A::Bill(_) | A::Pay(_) | A::VoidBill(_));
    if !free && at < record.head.state_since {
        let state = format!(
            "state.application.{}",
            crate::registers::field::Choice::code(record.head.state)
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

fn energise(
    record: &Rec,
    start: &Energise,
    act: &Act<A>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
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
            at: act.envelope.at,
            reason,
        });
    }
    let _ = cx;
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
    if let Some(old) = read.replaces {
        let known = body.readings.iter().find(|taken| taken.n == old);
        return match known {
            Some(taken) if taken.replaced_by.is_none() => Ok(decision),
            _ => Err(Refusal::bad(
                "replaces",
                Msg::new("application.no_reading").with("n", old),
            )),
        };
    }
    if body.supply.energised_at.is_some_and(|from| at < from) {
        return Err(Refusal::before("at", Msg::new("before.supply")));
    }
    let Some(meter) = body.meters.last() else {
        return Ok(decision);
    };
    fits(read.reading, Some(i64::from(meter.digits)), "reading")?;
    let standing = body.standing();
    let of_meter: Vec<_> = standing
        .iter()
        .filter(|taken| taken.meter + 1 == body.meters.len() && taken.at <= at)
        .collect();
    let Some(last) = of_meter.last() else {
        return Ok(decision);
    };
    let used = |from: Reading, to: Reading| {
        usage(
            &Segment {
                from,
                to,
                ratio: meter.ratio,
                digits: Some(meter.digits),
            },
            "reading",
        )
    };
    let before = of_meter
        .len()
        .checked_sub(2)
        .and_then(|index| used(of_meter[index].reading, last.reading).ok());
    decision.warnings = warnings(&Plausible {
        usage: used(last.reading, read.reading)?,
        before,
        load: body.asked.load_kw,
        hours: at.seconds_since(last.at) / 3600,
        lower: read.reading < last.reading,
    });
    if read.reason.is_some() {
        decision.warnings.clear();
    }
    Ok(decision)
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
    if record.body.asked.basis == Some(Basis::Metered) {
        let last = bills::last_day(&ask.period);
        let ended = record
            .body
            .supply
            .disconnected_at
            .map(|at| cx.rules.zone().date(at));
        let closing = record
            .body
            .standing()
            .last()
            .map(|taken| cx.rules.zone().date(taken.at));
        if last.is_some_and(|last| {
            closing.is_some_and(|day| day < last) && ended.is_none_or(|end| end > last)
        }) {
            decision
                .warnings
                .push(Msg::new("application.early_reading"));
        }
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
        fits(
            reading,
            body.meters.last().map(|meter| i64::from(meter.digits)),
            "reading",
        )?;
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
    let unbilled = match record.body.asked.basis {
        Some(Basis::Estimated)
            if record
                .body
                .bills
                .iter()
                .all(|bill| bill.state == BillState::Void) =>
        {
            vec!["–".to_owned()]
        }
        Some(Basis::Estimated) => Vec::new(),
        _ => bills::unbilled(record, cx.rules.zone()),
    };
    match unbilled.first() {
        Some(period) => Err(Refusal::gate(
            "S1.4.5.1",
            Msg::new("application.unbilled").with("period", period.as_str()),
        )),
        None => Ok(Decision::default()),
    }
}
