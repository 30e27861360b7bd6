//! 维修单: one repair slip, from the book to the archive (篇2).

mod actions;
mod body;
mod deadlines;
#[cfg(test)]
mod tests;

pub use actions::*;
pub use body::*;

use super::{Act, Context, Lookup, RecordOf, Register, RegisterSpec};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::choices;
use crate::record::entry::{Breach, Entry};
use crate::record::field::Choice;
use crate::record::head::{Decision, Spawn, SpawnTarget};
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;

choices! {
    /// Where a repair slip stands.
    pub enum WorkOrderState in "state.work-order" {
        /// 已派单
        Issued = "issued",
        /// 已签收
        SignedFor = "signed_for",
        /// 现场
        OnSite = "on_site",
        /// 已报价
        Quoted = "quoted",
        /// 待料或待再次上门
        Waiting = "waiting",
        /// 已修复
        Done = "done",
        /// 用户已验收
        Accepted = "accepted",
        /// 不同意价格
        Declined = "declined",
        /// 用户自购设备
        OwnEquipment = "own_equipment",
        /// 技工已签名
        Signed = "signed",
        /// 已复核
        Reviewed = "reviewed",
        /// 已交回
        HandedIn = "handed_in",
        /// 已归档
        Archived = "archived",
    }
}

/// The register of repair slips.
pub struct WorkOrder;

type Rec = RecordOf<WorkOrder>;
use WorkOrderState as S;

impl Register for WorkOrder {
    const SPEC: RegisterSpec = RegisterSpec {
        code: "work-order",
        letter: 'W',
        columns: &[
            "no", "place", "content", "state", "next", "paper_no", "team", "received",
        ],
        hidden: &[],
        opens_with: "issue",
    };
    type Action = WorkOrderAction;
    type State = WorkOrderState;
    type Body = Body;
    const INITIAL: S = S::Issued;

    fn possible(record: &Rec, action: &str) -> bool {
        let state = record.head.state;
        match action {
            "sign_for" => {
                state == S::Issued
                    || (record.body.trail.signed_for_at.is_none()
                        && matches!(state, S::OnSite | S::Quoted | S::Waiting))
            }
            "arrive" => matches!(state, S::Issued | S::SignedFor | S::Waiting | S::OnSite),
            "quote" => matches!(state, S::OnSite | S::Quoted),
            "consent" | "decline" => state == S::Quoted,
            "wait_material" => matches!(state, S::SignedFor | S::OnSite | S::Quoted | S::Waiting),
            "own_equipment" => matches!(state, S::OnSite | S::Quoted | S::Waiting),
            // What was repaired was repaired, whether or not the steps before it were typed.
            "finish" => matches!(
                state,
                S::Issued | S::SignedFor | S::OnSite | S::Quoted | S::Waiting
            ),
            "accept" => state == S::Done,
            "tech_sign" => matches!(state, S::Accepted | S::Declined | S::OwnEquipment),
            "review" => state == S::Signed,
            "hand_in" => state == S::Reviewed,
            "archive" => state == S::HandedIn,
            "revisit" => {
                matches!(
                    state,
                    S::Accepted | S::Signed | S::Reviewed | S::HandedIn | S::Archived
                ) && record.body.work.finished_at.is_some()
            }
            _ => false,
        }
    }

    fn ended(state: S) -> bool {
        state == S::Archived
    }

    fn likely(record: &Rec) -> Vec<&'static str> {
        match record.head.state {
            S::Issued => vec!["sign_for", "arrive"],
            S::SignedFor | S::Waiting => vec!["arrive"],
            S::OnSite => vec!["finish", "quote", "wait_material", "own_equipment"],
            S::Quoted => vec!["consent", "decline"],
            _ => Vec::new(),
        }
    }

    fn lookups(_record: Option<&Rec>, act: &Act<WorkOrderAction>, _rules: &Rules) -> Vec<Lookup> {
        let WorkOrderAction::Issue(issue) = &act.action else {
            return Vec::new();
        };
        let paper = issue.paper_no.clone().map(Lookup::PaperNo);
        paper
            .into_iter()
            .chain(issue.from_log.clone().map(Lookup::Record))
            .collect()
    }

    fn decide(
        record: Option<&Rec>,
        act: &Act<WorkOrderAction>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        match record {
            None => decide_issue(act, cx),
            Some(record) => decide_step(record, act),
        }
    }

    fn apply(record: &mut Rec, entry: &Entry, action: WorkOrderAction) {
        body::apply(record, entry, action);
    }

    fn amended(
        record: &Rec,
        changes: &serde_json::Map<String, serde_json::Value>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        match changes.get("paper_no").and_then(serde_json::Value::as_str) {
            Some(paper) => {
                paper_is_free(paper, Some(&record.head.no), cx).map(|()| Decision::default())
            }
            None => Ok(Decision::default()),
        }
    }

    fn deadlines(record: &Rec, rules: &Rules) -> Vec<Deadline> {
        deadlines::of(record, rules)
    }

    fn title(record: &Rec) -> String {
        format!("{} {}", record.body.slip.place, record.body.slip.content)
    }

    fn place(record: &Rec) -> Option<&str> {
        Some(&record.body.slip.place)
    }

    fn paper_no(record: &Rec) -> Option<&str> {
        record.body.slip.paper_no.as_deref()
    }
}

/// The signature that a finished slip waits for on its way to the clerk (S2.10, S2.11), as the action that gives it.
pub fn unsigned(state: &str) -> Option<&'static str> {
    Some(match S::from_code(state)? {
        S::Done => "accept",
        S::Accepted | S::Declined | S::OwnEquipment => "tech_sign",
        S::Signed => "review",
        S::Reviewed => "hand_in",
        _ => return None,
    })
}

fn paper_is_free(paper: &str, own: Option<&str>, cx: &Context<'_>) -> Result<(), Refusal> {
    match cx
        .near
        .paper_no
        .as_deref()
        .filter(|other| Some(*other) != own)
    {
        Some(other) => {
            let message = Msg::new("refusal.paper_no")
                .with("paper_no", paper)
                .with("no", other);
            Err(Refusal::new(RefusalCode::Duplicate, message).field("paper_no"))
        }
        None => Ok(()),
    }
}

fn decide_issue(act: &Act<WorkOrderAction>, cx: &Context<'_>) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    let WorkOrderAction::Issue(issue) = &act.action else {
        return Ok(decision);
    };
    if let Some(paper) = &issue.paper_no {
        paper_is_free(paper, None, cx)?;
    }
    if let Some(log) = &issue.from_log
        && (!log.starts_with("L-") || !cx.near.records.contains_key(log))
    {
        return Err(Refusal::new(
            RefusalCode::UnknownRecord,
            Msg::new("refusal.unknown_record").with("no", log.as_str()),
        )
        .field("from_log"));
    }
    if let Some(log) = &issue.from_log {
        // The log then knows its slip, and owes none any more (S2.1).
        let data = serde_json::json!({"kind": "reissued", "to": "{no}"});
        decision.spawns.push(Spawn {
            target: SpawnTarget::On(log.clone()),
            action: "link",
            data,
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
    if issue.paper_no.is_none() {
        decision.warnings.push(Msg::new("warning.no_paper"));
    }
    Ok(decision)
}

fn decide_step(record: &Rec, act: &Act<WorkOrderAction>) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    let at = act.envelope.at;
    if at < record.head.state_since && act.action_changes_state() {
        let what = Msg::new("before.state")
            .with_key("state", S::SET.label_key(record.head.state.code()))
            .with("at", record.head.state_since);
        return Err(Refusal::before("at", what));
    }
    match &act.action {
        WorkOrderAction::Arrive(arrive) => visit_lies_ahead(arrive.next_visit, at)?,
        WorkOrderAction::WaitMaterial(wait) => visit_lies_ahead(Some(wait.next_visit), at)?,
        WorkOrderAction::Review(review) => {
            let technicians = [
                &record.body.trail.technician,
                &record.body.trail.signed_by_technician,
            ];
            if technicians
                .into_iter()
                .flatten()
                .any(|name| *name == review.engineer)
            {
                let message = Msg::new("refusal.own_review").with("name", review.engineer.as_str());
                return Err(Refusal::new(RefusalCode::NotAllowed, message)
                    .field("engineer")
                    .clause("S2.11"));
            }
        }
        WorkOrderAction::Finish(_) if record.head.state == S::Quoted => {
            decision.breaches.push(Breach {
                code: "consent".into(),
                clause: "S2.6".into(),
                at,
                reason: act.envelope.note.clone().unwrap_or_default(),
            })
        }
        WorkOrderAction::Revisit(revisit) if !revisit.satisfied => {
            decision.spawns.push(rework(record))
        }
        _ => {}
    }
    Ok(decision)
}

fn visit_lies_ahead(
    next: Option<crate::base::time::Instant>,
    at: crate::base::time::Instant,
) -> Result<(), Refusal> {
    match next {
        Some(next) if next < at => Err(Refusal::before(
            "next_visit",
            Msg::new("before.act").with("at", at),
        )),
        _ => Ok(()),
    }
}

impl Act<WorkOrderAction> {
    /// Whether the act moves the slip on; a signature typed later or a revisit does not.
    fn action_changes_state(&self) -> bool {
        !matches!(
            self.action,
            WorkOrderAction::SignFor(_) | WorkOrderAction::Revisit(_)
        )
    }
}

/// The slip for doing it again, when a revisit found the customer unhappy (S2.12).
fn rework(record: &Rec) -> Spawn {
    let slip = &record.body.slip;
    let data = serde_json::json!({
        "content": format!("返工 {}", slip.content).chars().take(crate::record::request::LONG_TEXT).collect::<String>(),
        "place": slip.place,
        "reporter": slip.reporter,
        "phone": slip.phone,
        "team": slip.team,
        "category": slip.category,
    });
    Spawn {
        target: SpawnTarget::New("work-order"),
        action: "issue",
        data,
        link: Some(("rework", "rework")),
    }
}
