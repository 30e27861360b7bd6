//! What each fact makes of an application, in the order in which they happened (S1.4).

use rust_decimal::Decimal;

use super::body::TakenFor;
use super::{
    ApplicationAction as A, ApplicationState as S, Approve, Bill, BillKept, BillState, Body,
    Disconnect, Energise, Inspect, Inspection, Meter, Read, Rec, SwapMeter, Taken, Unmet, bills,
    months,
};
use crate::base::quantity::Reading;
use crate::base::time::Instant;
use crate::record::timeline::Fact;
use crate::rules::in_force::InForce;

/// States that always follow stand in the lifecycle table.
pub(super) fn apply(record: &mut Rec, fact: &Fact, action: A, rules: &InForce) {
    let at = fact.entry.at;
    match action {
        A::Apply(apply) => record.body.asked = apply.into(),
        A::Return(back) => take_back(record, back.reason),
        A::Reject(reject) => take_back(record, reject.reason),
        A::Withdraw(withdraw) => record.body.permit.reason = Some(withdraw.reason),
        A::Approve(approve) => approved(record, at, approve),
        A::Wire(_) => {
            record.body.permit.wired_at.get_or_insert(at);
            stand(record, at);
        }
        A::Inspect(inspect) => inspected(record, at, inspect),
        A::Energise(start) => energise(&mut record.body, fact, start),
        A::Read(read) => taken(&mut record.body, fact, read),
        A::SwapMeter(swap) => swapped(&mut record.body, fact, swap),
        A::GiveNotice(notice) => {
            record.body.supply.end_at = Some(notice.end_at);
            record.body.supply.notice_at = Some(at);
        }
        A::Disconnect(cut) => disconnected(&mut record.body, fact, cut),
        A::Bill(ask) => billed(record, fact, &ask),
        A::Pay(pay) => {
            for bill in bills_of(record, &pay.bill) {
                bill.state = BillState::Paid;
                bill.paid_at = Some(at);
            }
        }
        A::VoidBill(void) => {
            for bill in bills_of(record, &void.bill) {
                bill.state = BillState::Void;
                bill.void_reason = Some(void.reason.clone());
            }
        }
        A::Settle(_) => {}
    }
    months::close(&mut record.body, rules);
    bills::flag(&mut record.body, rules);
}

/// Returned or rejected: what was approved before is not approved any more.
fn take_back(record: &mut Rec, reason: String) {
    let permit = &mut record.body.permit;
    permit.reason = Some(reason);
    permit.approved_by = None;
    permit.approved_role = None;
    permit.approved_at = None;
}

/// The first approval counts from its own instant; a price told later takes the place of an earlier one.
fn approved(record: &mut Rec, at: Instant, approve: Approve) {
    let permit = &mut record.body.permit;
    if permit.approved_at.is_none() {
        permit.approved_at = Some(at);
        permit.approved_by = Some(approve.name);
        permit.approved_role = Some(approve.role);
    }
    permit.price = approve.price.or(permit.price);
    if approve.meter_place.is_some() {
        permit.meter_place = approve.meter_place;
    }
    permit.reason = None;
    stand(record, at);
}

/// Every attempt is kept; who inspects a line finds it laid.
fn inspected(record: &mut Rec, at: Instant, inspect: Inspect) {
    let permit = &mut record.body.permit;
    permit.wired_at.get_or_insert(at);
    permit.inspections.push(Inspection {
        at,
        passed: inspect.passed,
        defects: inspect.defects,
        name: inspect.name,
    });
    stand(record, at);
}

/// Where an application stands before supply, once it is approved: the line may have been laid before that.
fn stand(record: &mut Rec, at: Instant) {
    let dark = matches!(
        record.head.state,
        S::Applied | S::Returned | S::Rejected | S::Approved | S::Wired | S::Inspected
    );
    if !dark || record.body.permit.approved_at.is_none() {
        return;
    }
    let next = match (record.body.permit.wired_at, record.body.passed()) {
        (_, true) => S::Inspected,
        (Some(_), false) => S::Wired,
        (None, false) => S::Approved,
    };
    record.enter(next, at);
}

/// The gates that are open when supply begins (S1.4.2, S1.4.3, S1.4.5.2).
pub(super) fn open_gates(body: &Body) -> Vec<&'static str> {
    let gates = [
        ("approve", body.permit.approved_at.is_none()),
        ("inspect", !body.passed()),
        (
            "advance_bill",
            !body.metered() && body.live().next().is_none(),
        ),
    ];
    let open = gates.into_iter().filter(|(_, open)| *open);
    open.map(|(code, _)| code).collect()
}

fn energise(body: &mut Body, fact: &Fact, start: Energise) {
    let at = fact.entry.at;
    let reason = start.reason.or_else(|| fact.entry.note.clone());
    let unmet = open_gates(body).into_iter().map(|code| Unmet {
        code: code.to_owned(),
        reason: reason.clone().unwrap_or_default(),
    });
    body.supply.unmet = unmet.collect();
    body.supply.energised_at = Some(at);
    if start.meter_place.is_some() {
        body.permit.meter_place = start.meter_place;
    }
    let names = [start.our_name.clone(), start.user_name];
    body.supply.started_by = names.to_vec();
    if let (true, Some(no), Some(reading)) = (body.metered(), start.meter_no, start.reading) {
        let digits = start.digits.unwrap_or(MOST_DIGITS);
        hang(body, at, no, digits, start.ratio, names);
        let n = body.numbers.reading(fact.seq);
        take(body, n, at, reading, start.our_name, TakenFor::Start);
    }
}

/// A reading takes its place by its instant; one that replaces another stands for what the meter showed then.
fn taken(body: &mut Body, fact: &Fact, read: Read) {
    let n = body.numbers.reading(fact.seq);
    let old = read
        .replaces
        .and_then(|old| body.readings.iter_mut().find(|taken| taken.n == old));
    let mut new = Taken {
        n,
        at: fact.entry.at,
        reading: read.reading,
        meter: 0,
        name: read.name,
        reason: read.reason,
        replaced_by: None,
        closes: None,
        taken_for: read.closes.map_or(TakenFor::Month, TakenFor::Named),
    };
    match old {
        Some(old) => {
            old.replaced_by = Some(n);
            new.at = old.at;
            new.meter = old.meter;
            if new.taken_for == TakenFor::Month {
                new.taken_for = old.taken_for.clone();
            }
        }
        None => new.meter = body.meter_at(fact.entry.at),
    }
    keep(body, new);
}

/// A stop slip for the old meter and a start slip for the new one.
fn swapped(body: &mut Body, fact: &Fact, swap: SwapMeter) {
    let (at, n) = (fact.entry.at, body.numbers.reading(fact.seq));
    let ours = swap.our_name;
    take(body, n, at, swap.stop_reading, ours.clone(), TakenFor::Swap);
    let names = [ours.clone(), swap.user_name];
    hang(body, at, swap.meter_no, swap.digits, swap.ratio, names);
    take(body, n + 1, at, swap.reading, ours, TakenFor::Start);
}

fn disconnected(body: &mut Body, fact: &Fact, cut: Disconnect) {
    let at = fact.entry.at;
    body.supply.disconnected_at = Some(at);
    body.supply.refusal = cut.refusal;
    body.supply.witness = cut.witness;
    body.supply.ended_by = [Some(cut.our_name.clone()), cut.user_name]
        .into_iter()
        .flatten()
        .collect();
    if let Some(reading) = cut.reading.filter(|_| body.metered()) {
        let n = body.numbers.reading(fact.seq);
        take(body, n, at, reading, cut.our_name, TakenFor::End);
    }
}

/// Digits of a meter of which nobody knows them.
const MOST_DIGITS: i64 = 12;

fn hang(
    body: &mut Body,
    at: Instant,
    no: String,
    digits: i64,
    ratio: Option<Decimal>,
    names: [String; 2],
) {
    body.meters.push(Meter {
        meter_no: no,
        digits: u32::try_from(digits).unwrap_or(MOST_DIGITS as u32),
        ratio: ratio.unwrap_or(Decimal::ONE),
        from: at,
        confirmed_by: names,
    });
}

/// A reading of the meter that hangs there now.
fn take(body: &mut Body, n: i64, at: Instant, reading: Reading, name: String, what: TakenFor) {
    let taken = Taken {
        n,
        at,
        reading,
        meter: body.meters.len().saturating_sub(1),
        name,
        reason: None,
        replaced_by: None,
        closes: None,
        taken_for: what,
    };
    keep(body, taken);
}

fn keep(body: &mut Body, taken: Taken) {
    body.readings.push(taken);
    body.readings.sort_by_key(|taken| taken.n);
}

/// The bill as it was issued: reckoned when it was accepted, prices of another day have no say in it. One that is still
/// being checked has nothing in it yet.
fn billed(record: &mut Rec, fact: &Fact, ask: &Bill) {
    let entry = &fact.entry;
    let found = entry.found.get("bill").cloned();
    let issued: Option<BillKept> = found.and_then(|bill| serde_json::from_value(bill).ok());
    let mut bill = issued.unwrap_or_else(|| {
        let n = record.body.numbers.bill(fact.seq);
        BillKept::blank(&record.head.no, n, ask, entry.at)
    });
    let priced = |price| bill.lines.iter().all(|line| Some(line.price) == price);
    bill.misstated = bill.period != ask.period
        || bill.supplement != ask.supplement
        || (ask.price.is_some() && !priced(ask.price));
    bill.issued_at = entry.at;
    record.body.bills.push(bill);
}

fn bills_of<'a>(record: &'a mut Rec, no: &'a str) -> impl Iterator<Item = &'a mut BillKept> {
    let bills = record.body.bills.iter_mut();
    bills.filter(move |bill| bill.no == no)
}
