//! What an application keeps.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::numbers::Numbers;
use super::{Apply, Basis, Bill};
use crate::base::quantity::{Fen, Kwh, Load, Price, Reading};
use crate::base::time::Instant;
use crate::rules::billing::Line;

/// An application for temporary electricity: what was asked for, decided, supplied, read and billed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// What was asked for.
    #[serde(flatten)]
    pub asked: Asked,
    /// What was decided and inspected.
    #[serde(flatten)]
    pub permit: Permit,
    /// Supply and its end.
    #[serde(flatten)]
    pub supply: Supply,
    /// Meters, in the order in which they hung there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meters: Vec<Meter>,
    /// Readings, numbered from 1 as they were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Taken>,
    /// Bills; a void one keeps its number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bills: Vec<BillKept>,
    /// Which numbers the facts have by the order of typing; known while they are folded.
    #[serde(skip)]
    pub(super) numbers: Numbers,
}

/// What was asked for (S1.4.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// 用电单位全称.
    pub applicant: String,
    /// 用电地点.
    pub place: String,
    /// 负荷量, kW.
    pub load_kw: Load,
    /// 电压等级, V.
    pub voltage_v: i64,
    /// 相数.
    pub phases: i64,
    /// From when.
    pub use_from: Instant,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_to: Option<Instant>,
    /// Hours a day, when there is no meter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours_per_day: Option<Decimal>,
    /// What for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Whom to call.
    pub contact: String,
    /// How it is billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
}

/// What was decided and inspected (S1.4.2, S1.4.3).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Permit {
    /// Why it was returned, rejected or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// As what: a deputy as the rank he stands in for.
    #[serde(rename = "role", skip_serializing_if = "Option::is_none")]
    pub approved_role: Option<String>,
    /// When it was approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Instant>,
    /// The price agreed, yuan per kWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Where the user's own meter is to hang (S1.4.5.1), or hangs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter_place: Option<String>,
    /// When the user had laid the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wired_at: Option<Instant>,
    /// Every inspection, failed ones too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inspections: Vec<Inspection>,
}

/// One inspection of the line (S1.4.3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// When.
    pub at: Instant,
    /// Whether it passed.
    pub passed: bool,
    /// What was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defects: Option<String>,
    /// Who inspected.
    pub name: String,
}

/// Supply and its end (S1.4.3, S1.4.4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Supply {
    /// When supply began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energised_at: Option<Instant>,
    /// When the user said it shall end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_at: Option<Instant>,
    /// When notice of the end was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_at: Option<Instant>,
    /// When it was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnected_at: Option<Instant>,
    /// Why the user did not sign the last reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Who saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<String>,
    /// Who signed the start of supply, for us and for the user.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub started_by: Vec<String>,
    /// Who signed its end; the user's name is missing when he refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ended_by: Vec<String>,
    /// What supply should have waited for, and what was said of it when it began.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<Unmet>,
}

/// A gate that was open when supply began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmet {
    /// The duty: `approve`, `inspect`, `advance_bill`.
    pub code: String,
    /// Why it was not waited for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// One meter, as the slips of its start and its stop tell (电表启用单, 电表停用单).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meter {
    /// Its number.
    pub meter_no: String,
    /// Digits before the point.
    pub digits: u32,
    /// Ratio of the current transformer.
    pub ratio: Decimal,
    /// Since when.
    pub from: Instant,
    /// Who confirmed the first reading for us and for the user.
    pub confirmed_by: [String; 2],
}

/// One reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// Its number, from 1, by the order of typing; that of a struck one is not given again.
    pub n: i64,
    /// When.
    pub at: Instant,
    /// What the meter showed.
    pub reading: Reading,
    /// Which meter, counted from 0.
    pub meter: usize,
    /// Who read.
    pub name: String,
    /// Why it is odd.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The reading that took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<i64>,
    /// The month `YYYY-MM` that it closes; the first reading of a meter closes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<String>,
    /// What it was taken for; known while the facts are folded.
    #[serde(skip)]
    pub(super) taken_for: TakenFor,
}

/// What a reading was taken for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum TakenFor {
    /// The start of a meter 启用.
    Start,
    /// A month, named or not.
    #[default]
    Month,
    /// The month named.
    Named(String),
    /// The stop of a meter whose place another takes 换表.
    Swap,
    /// The end of supply 停用.
    End,
}

/// Where a bill stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillState {
    /// 已出账.
    Issued,
    /// 已收款.
    Paid,
    /// 作废.
    Void,
}

/// One bill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BillKept {
    /// `P-2026-00001-01`.
    pub no: String,
    /// The month.
    pub period: String,
    /// Energy.
    pub kwh: Kwh,
    /// Money.
    pub total_fen: Fen,
    /// The lines, price and readings in them.
    pub lines: Vec<Line>,
    /// Where it stands.
    pub state: BillState,
    /// When it was issued.
    pub issued_at: Instant,
    /// For days on which power was used beyond the estimate (S1.4.5.2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supplement: bool,
    /// Numbers of the readings it was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<i64>,
    /// What it was made from is different now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flagged: bool,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Instant>,
    /// Why it was voided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_reason: Option<String>,
    /// What was asked for was put right after it was issued.
    #[serde(skip)]
    pub(super) misstated: bool,
}

impl BillKept {
    /// A bill without lines: the `n`-th of the record `no`.
    pub(super) fn blank(no: &str, n: i64, ask: &Bill, at: Instant) -> Self {
        Self {
            no: format!("{no}-{n:02}"),
            period: ask.period.clone(),
            kwh: Kwh::default(),
            total_fen: Fen(0),
            lines: Vec::new(),
            state: BillState::Issued,
            issued_at: at,
            supplement: ask.supplement,
            readings: Vec::new(),
            flagged: false,
            paid_at: None,
            void_reason: None,
            misstated: false,
        }
    }
}

impl From<Apply> for Asked {
    fn from(apply: Apply) -> Self {
        Self {
            applicant: apply.applicant,
            place: apply.place,
            load_kw: apply.load_kw,
            voltage_v: apply.voltage_v,
            phases: apply.phases,
            use_from: apply.use_from,
            use_to: apply.use_to,
            hours_per_day: apply.hours_per_day,
            purpose: apply.purpose,
            contact: apply.contact,
            basis: Some(apply.basis),
        }
    }
}

impl Body {
    /// Whether it is billed by a meter (S1.4.5.1).
    pub fn metered(&self) -> bool {
        self.asked.basis == Some(Basis::Metered)
    }

    /// The readings that stand, in the order in which they were taken.
    pub fn standing(&self) -> Vec<&Taken> {
        let mut standing: Vec<&Taken> = self
            .readings
            .iter()
            .filter(|taken| taken.replaced_by.is_none())
            .collect();
        standing.sort_by_key(|taken| (taken.at, taken.meter, taken.n));
        standing
    }

    /// The bill of this number.
    pub fn bill(&self, no: &str) -> Option<&BillKept> {
        self.bills.iter().find(|bill| bill.no == no)
    }

    /// The bills that were not made void.
    pub fn live(&self) -> impl Iterator<Item = &BillKept> {
        self.bills
            .iter()
            .filter(|bill| bill.state != BillState::Void)
    }

    /// Whether the line has passed its inspection: the last one counts.
    pub fn passed(&self) -> bool {
        self.permit
            .inspections
            .last()
            .is_some_and(|inspection| inspection.passed)
    }

    /// The meter that hung there at an instant.
    pub fn meter_at(&self, at: Instant) -> usize {
        self.meters
            .iter()
            .rposition(|meter| meter.from <= at)
            .unwrap_or_default()
    }
}
