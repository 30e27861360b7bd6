//! 操作票: one task, its steps one at a time, a supervisor's signature (S1.3.4).

use serde::{Deserialize, Serialize};

use super::{Body, FillTicket, Step, TicketStep};
use crate::base::time::Instant;
use crate::choices;
use crate::record::action::ActionSpec;
use crate::record::head::AnyRecord;

choices! {
    /// The stamp a ticket ends with.
    pub enum TicketStamp in "outage_stamp" {
        /// 已执行: every step done, or skipped with a reason
        Executed = "executed",
        /// 未执行: the cut did not take place
        NotExecuted = "not_executed",
        /// 作废: another ticket took its place
        Void = "void",
    }
}

/// Words of switching and their opposites.
const OPPOSITES: [(&str, &str); 9] = [
    ("断开", "合上"),
    ("拉开", "推上"),
    ("取下", "装上"),
    ("退出", "投入"),
    ("挂上", "取下"),
    ("装设", "拆除"),
    ("停用", "启用"),
    ("停电", "送电"),
    ("分闸", "合闸"),
];

/// What undoes an operation, as far as its words tell; other words stay.
fn opposite(operation: &str) -> String {
    let found = OPPOSITES.iter().find_map(|(one, other)| {
        let turned = |from: &str, to: &str| {
            operation
                .contains(from)
                .then(|| operation.replacen(from, to, 1))
        };
        turned(one, other).or_else(|| turned(other, one))
    });
    found.unwrap_or_else(|| operation.to_owned())
}

/// Whether an action records a step of a ticket.
pub fn records_step(action: &ActionSpec) -> bool {
    action.name == Step::NAME
}

/// The ticket of an outage that holds: the last one.
pub fn last_ticket(record: &AnyRecord) -> Option<Ticket> {
    let body: Body = record.body.read().ok()?;
    body.switching.tickets.into_iter().next_back()
}

/// An operation ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number in the series of the year.
    pub no: String,
    /// The one task.
    pub task: String,
    /// Who switches.
    pub operator: String,
    /// Who watches; never the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<String>,
    /// Who gave the order 发令人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_by: Option<String>,
    /// Who took it 受令人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_to: Option<String>,
    /// When 发令时间.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_at: Option<Instant>,
    /// Who is in charge of the shift 值班负责人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_charge: Option<String>,
    /// The steps in order.
    pub steps: Vec<StepLine>,
    /// When it was filled in.
    pub filled_at: Instant,
    /// Who signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Instant>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<TicketStamp>,
}

/// A step and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepLine {
    /// What is to be done to which device.
    #[serde(flatten)]
    pub step: TicketStep,
    /// When it was read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_back_at: Option<Instant>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Instant>,
    /// When it was passed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped_at: Option<Instant>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl StepLine {
    /// A step nobody has touched.
    pub fn new(step: TicketStep) -> Self {
        Self {
            step,
            read_back_at: None,
            done_at: None,
            skipped_at: None,
            reason: None,
        }
    }

    /// When it was answered.
    pub fn answered(&self) -> Option<Instant> {
        self.done_at.or(self.skipped_at)
    }
}

impl Ticket {
    /// A ticket as filled in.
    pub fn new(no: String, form: FillTicket, at: Instant) -> Self {
        Self {
            no,
            task: form.task,
            operator: form.operator,
            guardian: form.guardian,
            ordered_by: form.ordered_by,
            ordered_to: form.ordered_to,
            ordered_at: form.ordered_at,
            in_charge: form.in_charge,
            steps: form.steps.into_iter().map(StepLine::new).collect(),
            filled_at: at,
            signed_by: None,
            signed_at: None,
            stamp: None,
        }
    }

    /// The step whose turn it is, counted from 1.
    pub fn turn(&self) -> Option<usize> {
        let next = self.steps.iter().position(|line| line.answered().is_none());
        next.map(|index| index + 1)
    }

    /// Writes down what became of a step; the last one stamps the ticket 已执行.
    pub fn answer(&mut self, step: Step, at: Instant) {
        let index = (step.n as usize).checked_sub(1);
        let Some(line) = index.and_then(|index| self.steps.get_mut(index)) else {
            return;
        };
        if step.read_back {
            line.read_back_at.get_or_insert(at);
        }
        if step.skipped {
            line.skipped_at = Some(at);
        } else if step.done {
            line.done_at = Some(at);
        }
        line.reason = step.reason.or(line.reason.take());
        if self.turn().is_none() {
            self.stamp = Some(TicketStamp::Executed);
        }
    }

    /// The ticket that puts back what this one took off, drafted: the steps in reverse, each with the opposite word and
    /// marked by `mark`, because a draft is not a ticket before somebody has checked it.
    pub fn reversed(&self, mark: &str) -> FillTicket {
        let step = |line: &StepLine| TicketStep {
            operation: format!("{mark}：{}", opposite(&line.step.operation)),
            device: line.step.device.clone(),
        };
        let done = self.steps.iter().filter(|line| line.done_at.is_some());
        FillTicket {
            task: format!("{mark}：{}", opposite(&self.task)),
            operator: self.operator.clone(),
            guardian: self.guardian.clone(),
            steps: done.rev().map(step).collect(),
            ordered_by: None,
            ordered_to: None,
            ordered_at: None,
            in_charge: self.in_charge.clone(),
        }
    }

    /// The cut is over or given up: a ticket none of whose steps was done was not executed.
    pub fn lay_down(&mut self) {
        if self.stamp.is_none() && self.steps.iter().all(|line| line.done_at.is_none()) {
            self.stamp = Some(TicketStamp::NotExecuted);
        }
    }
}
