//! What may be done to an application, and by whom.

use super::{
    Application, ApplicationAction as A, ApplicationState as S, Apply, Approve, Basis, Bill,
    BillState, Disconnect, Energise, Pay, Read, Rec, VoidBill, apply, bills, estimate, readings,
};
use crate::base::clause::Clause;
use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, Month};
use crate::record::decision::Decision;
use crate::registers::{Act, Context, Register};

/// An application says who, where, how much and when, and that can be supplied and billed (S1.4.1).
pub(super) fn open(asked: &Apply, act: &Act<A>) -> Result<Decision, Refusal> {
    if !matches!(asked.phases, 1 | 3) {
        let known = Arg::List(vec!["1".into(), "3".into()]);
        let why = Msg::new("why.choice").with("known", known);
        return Err(Refusal::bad("phases", why));
    }
    if asked.load_kw.0.is_zero() {
        return Err(Refusal::bad("load_kw", Msg::new("billing.load")));
    }
    if asked.use_to.is_some_and(|to| to < asked.use_from) {
        let what = Msg::new("before.use_from").with("at", asked.use_from);
        return Err(Refusal::before("use_to", what));
    }
    let hours = asked.hours_per_day;
    if hours.is_some_and(|hours| hours.is_zero() || hours > 24.into()) {
        return Err(Refusal::bad("hours_per_day", Msg::new("billing.hours")));
    }
    let mut decision = Decision::default();
    if asked.use_from < act.envelope.at {
        decision.warnings.push(Msg::new("application.late"));
    }
    let via = act.envelope.via.as_deref();
    if via.is_some_and(|via| via != "written") {
        decision.warnings.push(Msg::new("application.unwritten"));
    }
    Ok(decision)
}

/// What must have happened before, for the act to be possible at all.
pub(super) fn presupposes(before: &Rec, act: &Act<A>) -> Result<(), Refusal> {
    let (body, at) = (&before.body, act.envelope.at);
    match &act.action {
        A::Energise(start) => slip_is_filled(before, start),
        A::Read(read) => something_to_read(before, read, at),
        A::Bill(ask) if !ask.supplement => {
            let mut known = body.live().filter(|bill| !bill.supplement);
            match known.find(|bill| bill.period == ask.period) {
                Some(known) => Err(bills::billed(known, &ask.period)),
                None => Ok(()),
            }
        }
        A::Pay(pay) => bills::open_bill(body, &pay.bill, at).map(|_| ()),
        A::VoidBill(void) => match body.bill(&void.bill) {
            Some(bill) if bill.state == BillState::Paid => Ok(()),
            _ => bills::open_bill(body, &void.bill, at).map(|_| ()),
        },
        A::Disconnect(cut) if body.metered() && cut.reading.is_none() => {
            Err(Refusal::missing("reading"))
        }
        _ => Ok(()),
    }
}

/// Both confirm the first reading of a meter (S1.4.3, 电表启用单).
fn slip_is_filled(before: &Rec, start: &Energise) -> Result<(), Refusal> {
    if !before.body.metered() {
        return Ok(());
    }
    let filled = [
        ("meter_no", start.meter_no.is_some()),
        ("digits", start.digits.is_some()),
        ("reading", start.reading.is_some()),
    ];
    match filled.into_iter().find(|(_, filled)| !filled) {
        Some((field, _)) => Err(Refusal::missing(field).clause("S1.4.3")),
        None => Ok(()),
    }
}

/// A reading that is replaced was taken, and stands. After the removal nothing goes through the meter; what was read
/// wrongly can still be put right.
fn something_to_read(before: &Rec, read: &Read, at: Instant) -> Result<(), Refusal> {
    let body = &before.body;
    let Some(n) = read.replaces else {
        return match before.head.state {
            S::Disconnected => Err(Refusal::missing("replaces")),
            _ => Ok(()),
        };
    };
    let found = body.readings.iter().find(|taken| taken.n == n);
    if found.is_some_and(|taken| taken.replaced_by.is_none()) {
        return Ok(());
    }
    let later = body
        .numbers
        .taken_at(n)
        .filter(|taken| found.is_none() && *taken > at);
    Err(match later {
        Some(taken) => Refusal::before("at", Msg::new("before.reading").with("at", taken)),
        None => Refusal::bad("replaces", Msg::new("application.no_reading").with("n", n)),
    })
}

/// Whether the act may happen to the application as it stood then.
pub(super) fn step(before: &Rec, act: &Act<A>, cx: &Context<'_>) -> Result<Decision, Refusal> {
    let at = act.envelope.at;
    let fine = |()| Decision::default();
    match &act.action {
        A::Approve(Approve { role, .. }) => approver(role, cx).map(fine),
        A::Reject(reject) => approver(&reject.role, cx).map(fine),
        A::Energise(start) => energise(before, start, act),
        A::Read(read) => readings::read(before, read, at, cx),
        A::SwapMeter(swap) => readings::swap(before, swap, at, cx),
        A::Bill(ask) => bill(before, ask, at, cx),
        A::Pay(pay) => pays(before, pay, at).map(fine),
        A::VoidBill(void) => voids(before, void, at).map(fine),
        A::GiveNotice(notice) if notice.end_at < at => {
            let what = Msg::new("before.act").with("at", at);
            Err(Refusal::before("end_at", what))
        }
        A::Disconnect(cut) => disconnect(before, cut, at, cx),
        A::Settle(_) => settle(before, cx),
        _ => Ok(Decision::default()),
    }
}

/// The engineering department decides from a rank up (S1.4.2; the rank is a setting); a deputy stands for his rank.
fn approver(role: &str, cx: &Context<'_>) -> Result<(), Refusal> {
    let procedure = cx.rules.procedure(Application::SPEC.code);
    let needed = procedure.word("approve_role");
    if cx.rules.at_least(role, needed) {
        return Ok(());
    }
    Err(Refusal::role("role", cx.rules.or_above(needed)).clause("S1.4.2"))
}

/// Supply that began too early began all the same: it asks for the reason, and stays a breach.
fn energise(before: &Rec, start: &Energise, act: &Act<A>) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    if before.body.metered() {
        if let Some(reading) = start.reading {
            readings::fits(reading, start.digits, "reading")?;
        }
        readings::positive(start.ratio)?;
    }
    let silent = start.reason.is_none() && act.envelope.note.is_none();
    for code in apply::open_gates(&before.body) {
        match clause_of(code) {
            Some(_) if code == ADVANCE_BILL => {
                let told = Msg::new("application.unbilled_estimate");
                decision.warnings.push(told);
            }
            Some(clause) if silent => return Err(Refusal::missing("reason").clause(clause)),
            _ => {}
        }
    }
    Ok(decision)
}

/// The gate of an estimate: billed before supply (S1.4.5.2).
pub(super) const ADVANCE_BILL: &str = "advance_bill";

/// The clause of a gate before supply.
pub(super) fn clause_of(gate: &str) -> Option<Clause> {
    let clause = match gate {
        "approve" => "S1.4.2",
        "inspect" => "S1.4.3",
        ADVANCE_BILL => "S1.4.5.2",
        _ => return None,
    };
    Some(clause.into())
}

fn bill(before: &Rec, ask: &Bill, at: Instant, cx: &Context<'_>) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    let bill = bills::reckon(before, ask, at, cx)?;
    let value = serde_json::to_value(&bill).map_err(|why| {
        let why = Msg::new("why.json").with("why", why.to_string());
        Refusal::bad("period", why)
    })?;
    decision.found.insert("bill".into(), value);
    if before.body.metered()
        && let Some(day) = bills::closed_early(&before.body, &ask.period, cx.rules)
    {
        let early = Msg::new("application.early_reading").with("day", day);
        decision.warnings.push(early);
    }
    Ok(decision)
}

/// A bill is paid as a whole.
fn pays(before: &Rec, pay: &Pay, at: Instant) -> Result<(), Refusal> {
    let bill = bills::open_bill(&before.body, &pay.bill, at)?;
    if pay.amount_fen == bill.total_fen {
        return Ok(());
    }
    let why = Msg::new("application.amount").with("yuan", bill.total_fen.yuan());
    Err(Refusal::bad("amount_fen", why))
}

/// A paid bill stands, unless what it was made from turned out to be different.
fn voids(before: &Rec, void: &VoidBill, at: Instant) -> Result<(), Refusal> {
    match before.body.bill(&void.bill) {
        Some(bill) if bill.flagged && bill.state == BillState::Paid => Ok(()),
        _ => bills::open_bill(&before.body, &void.bill, at).map(|_| ()),
    }
}

/// Both confirm the last reading, or a witness saw that the user did not (S1.4.4, 电表停用单).
fn disconnect(
    before: &Rec,
    cut: &Disconnect,
    at: Instant,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    if let Some(reading) = cut.reading.filter(|_| before.body.metered()) {
        decision.warnings = readings::last(before, reading, at, cx)?;
    }
    match (&cut.user_name, &cut.refusal, &cut.witness) {
        (Some(_), _, _) | (None, Some(_), Some(_)) => {}
        (None, Some(_), None) => return Err(Refusal::missing("witness").clause("S1.4.4")),
        (None, None, _) => return Err(Refusal::missing("user_name").clause("S1.4.4")),
    }
    if before.body.supply.notice_at.is_none() {
        decision.warnings.push(Msg::new("application.no_notice"));
    }
    Ok(decision)
}

/// Nothing is settled while anything is unexplained, unpaid, unbilled or billed on what is different now.
fn settle(before: &Rec, cx: &Context<'_>) -> Result<Decision, Refusal> {
    let body = &before.body;
    before.explained(Application::SPEC.code)?;
    let unpaid = body
        .bills
        .iter()
        .find(|bill| bill.state == BillState::Issued);
    if let Some(bill) = unpaid {
        let message = Msg::new("application.unpaid")
            .with("no", bill.no.as_str())
            .with("yuan", bill.total_fen.yuan());
        return Err(Refusal::gate("S1.4.5", message));
    }
    let clause = match body.asked.basis {
        Some(Basis::Estimated) => "S1.4.5.2",
        _ => "S1.4.5.1",
    };
    let owed = bills::owed(before, cx.in_force);
    if let Some(month) = owed.into_iter().find(|month| !month.settled()) {
        let message = match month.bill {
            Some(bill) => Msg::new("application.outdated").with("no", bill.no.as_str()),
            None => Msg::new("application.unbilled").with("period", month.period),
        };
        return Err(Refusal::gate(clause, message));
    }
    if let Some(bill) = body.live().find(|bill| bill.flagged) {
        let message = Msg::new("application.outdated").with("no", bill.no.as_str());
        return Err(Refusal::gate(clause, message));
    }
    let days = estimate::unbilled_beyond(body, cx.rules.zone(), None);
    match (body.metered(), days.first(), days.last()) {
        (false, Some((from, _)), Some((_, to))) => {
            let message = Msg::new("application.unbilled_days")
                .with("from", *from)
                .with("to", *to)
                .with("period", Month::of(*to).to_string());
            Err(Refusal::gate(clause, message))
        }
        _ => Ok(Decision::default()),
    }
}
