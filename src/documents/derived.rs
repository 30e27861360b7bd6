//! Facts that a register keeps in pieces and a paper wants whole: who got the notice, what a meter began and ended with,
//! whose signature it is.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::record::head::AnyRecord;
use crate::registers::work_order::RevisitMethod;
use crate::registers::{application, complaint, outage, work_order};

/// Facts by name, besides those that the register keeps.
pub(super) fn facts(register: &str, record: &AnyRecord) -> Vec<(&'static str, Value)> {
    let facts = match register {
        "outage" => body(record).map(|body| of_outage(&body)),
        "work-order" => body(record).map(|body| of_slip(&body)),
        "application" => body(record).map(|body| of_application(record, &body)),
        "complaint" => body(record).map(|body| of_complaint(record, &body)),
        _ => None,
    };
    facts
        .unwrap_or_default()
        .into_iter()
        .filter(|(_, value)| !empty(value))
        .collect()
}

fn body<B: DeserializeOwned>(record: &AnyRecord) -> Option<B> {
    record.body.read().ok()
}

fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// Without what is not known, so that a paper finds nothing rather than a null.
fn entry(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect(),
        ),
        other => other,
    }
}

/// `to_cut`, `to_notice`, `to_broadcast` the decision that stands on each gate · `notified`, `explained` the affected
/// users with when they got the notice or the letter, and who signed for it.
fn of_outage(body: &outage::Body) -> Vec<(&'static str, Value)> {
    use outage::{Gate, UserPaper};
    let ruling = |gate| json!(outage::ruling(body, gate));
    vec![
        ("to_cut", ruling(Gate::Cut)),
        ("to_notice", ruling(Gate::Notice)),
        ("to_broadcast", ruling(Gate::Broadcast)),
        (
            "notified",
            recipients(body, UserPaper::Notice, body.schedule.revision),
        ),
        ("explained", recipients(body, UserPaper::Letter, 0)),
    ]
}

fn recipients(body: &outage::Body, paper: outage::UserPaper, revision: u32) -> Value {
    let receipts = body.first_receipts(paper, revision);
    let users = body.event.users.iter().map(|user| {
        let delivery = receipts.by(user);
        let at = delivery.map(|delivery| delivery.at);
        let signed = delivery.and_then(|delivery| delivery.signed_by.clone());
        entry(json!({"user": user, "delivered_at": at, "signed_by": signed}))
    });
    users.collect()
}

/// `used` the quotation in one line, in yuan · `paid_repair` 有偿 when a price was quoted, 无偿 when the repair ended without one.
fn of_slip(body: &work_order::Body) -> Vec<(&'static str, Value)> {
    let ended = body.work.finished_at.is_some();
    let paid = match body.price.amount_fen {
        Some(_) => json!(true),
        None if ended => json!(false),
        None => Value::Null,
    };
    let items = body.price.items.iter().map(|item| {
        let price = item.price_fen.map(|fen| format!(" {}", fen.yuan()));
        format!(
            "{}×{}{}",
            item.name,
            item.qty.unwrap_or(1),
            price.unwrap_or_default()
        )
    });
    let used = items.collect::<Vec<_>>().join("、");
    vec![
        ("paid_repair", paid),
        ("used", json!(Some(used).filter(|used| !used.is_empty()))),
    ]
}

/// `permitted` whether 工程部 approved · `estimated` billed without a meter · `starts`, `stops` one entry a slip 电表启用单, 电表停用单 · `bills` with the meter of each line.
fn of_application(record: &AnyRecord, body: &application::Body) -> Vec<(&'static str, Value)> {
    let no = record.head.no.as_str();
    let permitted = match (body.permit.approved_at, record.head.state.as_str()) {
        (Some(_), _) => json!(true),
        (None, "rejected") => json!(false),
        _ => Value::Null,
    };
    let meters = || body.meters.iter().enumerate();
    let estimated = body.asked.basis == Some(application::Basis::Estimated);
    vec![
        ("permitted", permitted),
        ("estimated", json!(estimated.then_some(true))),
        (
            "starts",
            meters()
                .map(|(index, meter)| start(no, body, index, meter))
                .collect(),
        ),
        (
            "stops",
            meters()
                .filter_map(|(index, meter)| stop(no, body, index, meter))
                .collect(),
        ),
        (
            "bills",
            body.bills
                .iter()
                .map(|bill| with_meters(body, bill))
                .collect(),
        ),
    ]
}

fn readings(body: &application::Body, meter: usize) -> Vec<&application::Taken> {
    let standing = body.standing().into_iter();
    standing.filter(|taken| taken.meter == meter).collect()
}

fn start(no: &str, body: &application::Body, index: usize, meter: &application::Meter) -> Value {
    let first = readings(body, index).first().map(|taken| taken.reading);
    let [ours, theirs] = &meter.confirmed_by;
    let before = index
        .checked_sub(1)
        .and_then(|before| body.meters.get(before));
    entry(json!({
        // 启 Q
        "no": format!("{no}-Q{}", index + 1),
        "meter_no": meter.meter_no, "digits": meter.digits, "ratio": meter.ratio, "from": meter.from,
        "first_reading": first, "our_name": ours, "user_name": theirs,
        "in_place_of": before.map(|before| &before.meter_no),
    }))
}

/// A meter stops when another takes its place, or when the supply ends.
fn stop(
    no: &str,
    body: &application::Body,
    index: usize,
    meter: &application::Meter,
) -> Option<Value> {
    let of_meter = readings(body, index);
    let next = body.meters.get(index + 1);
    let supply = &body.supply;
    let (at, names) = match next {
        Some(next) => (next.from, next.confirmed_by.to_vec()),
        None => (supply.disconnected_at?, supply.ended_by.clone()),
    };
    let ended = next.is_none();
    Some(entry(json!({
        // 停 T
        "no": format!("{no}-T{}", index + 1),
        "meter_no": meter.meter_no, "digits": meter.digits, "ratio": meter.ratio, "from": meter.from, "to": at,
        "first_reading": of_meter.first().map(|taken| taken.reading),
        "last_reading": of_meter.last().map(|taken| taken.reading),
        "our_name": names.first(), "user_name": names.get(1), "signed_at": names.get(1).map(|_| at),
        "refused_because": supply.refusal.as_ref().filter(|_| ended),
        "seen_by": supply.witness.as_ref().filter(|_| ended),
        "next_meter": next.map(|next| &next.meter_no),
    })))
}

/// A bill of readings names the meter of each line: its readings come in pairs, one pair a line.
fn with_meters(body: &application::Body, bill: &application::BillKept) -> Value {
    let mut value = json!(bill);
    let meter = |pair: &[i64]| {
        let first = body
            .readings
            .iter()
            .find(|taken| Some(&taken.n) == pair.first())?;
        body.meters
            .get(first.meter)
            .map(|meter| meter.meter_no.clone())
    };
    let meters: Vec<Option<String>> = bill.readings.chunks(2).map(meter).collect();
    if let Some(lines) = value.get_mut("lines").and_then(Value::as_array_mut) {
        let lines = lines.iter_mut().filter_map(Value::as_object_mut);
        for (line, meter) in lines.zip(meters.into_iter().flatten()) {
            line.insert("meter_no".into(), json!(meter));
        }
    }
    value
}

/// `asked_at` the revisit of the present round · `past_rounds` those that ended · whose signature it is: at a visit the
/// owner's, at a telephone call the caller's (S5.4.3.4).
fn of_complaint(record: &AnyRecord, body: &complaint::Body) -> Vec<(&'static str, Value)> {
    let signed = body.handling.signed_by.as_ref();
    let by_phone = body.handling.method == Some(RevisitMethod::Phone);
    let round = body.round();
    let asked = body
        .steps
        .iter()
        .rfind(|step| step.action == "revisit" && step.round == round);
    vec![
        ("asked_at", json!(asked.map(|step| step.at))),
        ("past_rounds", past_rounds(record, body)),
        ("owner_signed", json!(signed.filter(|_| !by_phone))),
        ("caller_signed", json!(signed.filter(|_| by_phone))),
    ]
}

fn past_rounds(record: &AnyRecord, body: &complaint::Body) -> Value {
    let ended = body.rounds.iter().filter(|round| round.ended.is_some());
    let rounds = ended.map(|round| {
        let mut past = json!(round);
        past["from"] = json!(round.from.unwrap_or(record.head.received));
        past
    });
    rounds.collect()
}
