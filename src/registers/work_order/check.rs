//! Whether a step may happen to a slip (篇2), and what follows of itself from it.

use serde_json::json;

use super::body::copy_of;
use super::{Copy, HandIn, Issue, Quote, Rec, WorkOrder, WorkOrderAction};
use crate::base::i18n::{Arg, Msg};
use crate::base::identity::same;
use crate::base::quantity::parse_decimal;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::decision::{Decision, Trigger, TriggerTarget};
use crate::record::field::Choice;
use crate::record::request::LONG_TEXT;
use crate::registers::{Act, Context, Register};

/// A new slip: its printed number is free, the log entry it follows from is there, nothing is promised for the past.
pub(super) fn issue(
    issue: &Issue,
    act: &Act<WorkOrderAction>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    if let Some(paper) = &issue.paper_no {
        paper_is_free(paper, cx)?;
    } else {
        decision.warnings.push(Msg::new("warning.no_paper"));
    }
    if let Some(log) = &issue.from_log {
        if !log.starts_with("L-") || !cx.near.records.contains_key(log) {
            let message = Msg::new("refusal.unknown_record").with("no", log.as_str());
            return Err(Refusal::new(RefusalCode::UnknownRecord, message).field("from_log"));
        }
        // The log then knows its slip, and owes none any more (S2.1).
        decision.triggers.push(Trigger {
            target: TriggerTarget::On(log.clone()),
            action: "link",
            data: fields(json!({"kind": "reissued", "to": cx.no})),
            link: None,
        });
    }
    let received = act.envelope.received;
    if issue
        .promised_arrival
        .is_some_and(|promised| promised < received)
    {
        let what = Msg::new("before.received").with("at", received);
        return Err(Refusal::before("promised_arrival", what));
    }
    Ok(decision)
}

fn fields(value: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    match value {
        serde_json::Value::Object(map) => map,
        _ => serde_json::Map::new(),
    }
}

fn paper_is_free(paper: &str, cx: &Context<'_>) -> Result<(), Refusal> {
    let other = cx.near.paper_no.as_deref().filter(|other| *other != cx.no);
    match other {
        Some(other) => {
            let message = Msg::new("refusal.paper_no")
                .with("paper_no", paper)
                .with("no", other);
            Err(Refusal::new(RefusalCode::Duplicate, message).field("paper_no"))
        }
        None => Ok(()),
    }
}

/// A further step.
pub(super) fn step(
    before: &Rec,
    act: &Act<WorkOrderAction>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    let at = act.envelope.at;
    match &act.action {
        WorkOrderAction::Arrive(arrive) => visit_lies_ahead(arrive.next_visit, at)?,
        WorkOrderAction::WaitMaterial(wait) => visit_lies_ahead(Some(wait.next_visit), at)?,
        WorkOrderAction::Quote(quote) if act.envelope.note.is_none() => {
            decision.warnings = off_the_list(quote, cx);
        }
        WorkOrderAction::HandIn(hand_in) => copies_are_known(hand_in)?,
        WorkOrderAction::Review(review) => reviewed_by_another(before, &review.engineer)?,
        WorkOrderAction::Archive(_) => before.explained("work-order")?,
        WorkOrderAction::Revisit(revisit) if !revisit.satisfied => {
            decision.triggers.push(rework(before))
        }
        _ => {}
    }
    Ok(decision)
}

/// The reviewer is not the one reviewed (S2.11).
fn reviewed_by_another(before: &Rec, engineer: &str) -> Result<(), Refusal> {
    let mut hands = before.body.trail.hands.iter();
    if hands.any(|name| same(name, engineer)) {
        let message = Msg::new("refusal.own_review").with("name", engineer);
        return Err(Refusal::new(RefusalCode::NotAllowed, message)
            .field("engineer")
            .clause("S2.11"));
    }
    Ok(())
}

/// A price that is not the price list's (S2.5; the list is a setting) asks why.
fn off_the_list(quote: &Quote, cx: &Context<'_>) -> Vec<Msg> {
    let procedure = cx.rules.procedure(WorkOrder::SPEC.code);
    let Some(list) = procedure
        .table("price_list")
        .filter(|list| !list.is_empty())
    else {
        return Vec::new();
    };
    let listed = |name: &str| {
        let mut rows = list.iter().filter(|(item, _)| same(item, name));
        rows.next().and_then(|(_, price)| price.as_str())
    };
    let items = quote.items.iter().flatten();
    let odd = items.filter_map(|item| {
        let Some(price) = listed(&item.name) else {
            return Some(Msg::new("work_order.not_listed").with("item", item.name.as_str()));
        };
        let told = item.price_fen?.yuan();
        let same_price = parse_decimal(price, 2, 9) == parse_decimal(&told, 2, 9);
        (!same_price).then(|| {
            Msg::new("work_order.other_price")
                .with("item", item.name.as_str())
                .with("yuan", told)
                .with("listed", price)
        })
    });
    odd.collect()
}

/// One copy with the customer, two for 服务中心 and 工程部 (S2.11).
fn copies_are_known(hand_in: &HandIn) -> Result<(), Refusal> {
    let mut copies = hand_in.copies.iter().flatten();
    match copies.find(|copy| copy_of(copy).is_none()) {
        Some(_) => {
            let known = Copy::SET.codes.iter().map(|code| (*code).into()).collect();
            let why = Msg::new("why.choice").with("known", Arg::List(known));
            Err(Refusal::bad("copies", why).clause("S2.11"))
        }
        None => Ok(()),
    }
}

fn visit_lies_ahead(next: Option<Instant>, at: Instant) -> Result<(), Refusal> {
    match next {
        Some(next) if next < at => Err(Refusal::before(
            "next_visit",
            Msg::new("before.act").with("at", at),
        )),
        _ => Ok(()),
    }
}

/// The slip for doing it again, when a revisit found the customer unhappy (S2.12).
fn rework(before: &Rec) -> Trigger {
    let slip = &before.body.slip;
    let content: String = format!("返工 {}", slip.content)
        .chars()
        .take(LONG_TEXT)
        .collect();
    Trigger {
        target: TriggerTarget::New("work-order"),
        action: "issue",
        data: fields(json!({
            "content": content,
            "place": slip.place,
            "reporter": slip.reporter,
            "phone": slip.phone,
            "team": slip.team,
            "category": slip.category,
        })),
        link: Some(("rework", "rework")),
    }
}
