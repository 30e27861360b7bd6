//! What an application keeps, and what each entry makes of it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ApplicationAction, ApplicationState as S, Apply, Basis, Rec};
use crate::base::quantity::{Fen, Kwh, Load, Price, Reading};
use crate::base::time::Instant;
use crate::record::entry::Entry;
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
    /// When it was approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Instant>,
    /// The price agreed, yuan per kWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
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
    /// Its number, from 1.
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
    /// Numbers of the readings it was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<i64>,
    /// A reading it was made from was replaced afterwards.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flagged: bool,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Instant>,
    /// Why it was voided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_reason: Option<String>,
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
    /// The readings that stand, oldest first.
    pub fn standing(&self) -> Vec<&Taken> {
        let mut standing: Vec<&Taken> = self
            .readings
            .iter()
            .filter(|taken| taken.replaced_by.is_none())
            .collect();
        standing.sort_by_key(|taken| (taken.at, taken.meter, taken.n));
        standing
    }

    /// The bill of this number, when it was not voided.
    pub fn bill(&self, no: &str) -> Option<&BillKept> {
        self.bills.iter().find(|bill| bill.no == no)
    }

    /// Whether the line has passed its inspection.
    pub fn passed(&self) -> bool {
        self.permit
            .inspections
            .last()
            .is_some_and(|inspection| inspection.passed)
    }

    /// The meter that hung there at an instant; a reading may be typed after the meter was changed.
    pub fn meter_at(&self, at: Instant) -> usize {
        self.meters
            .iter()
            .rposition(|meter| meter.from <= at)
            .unwrap_or_default()
    }

    fn take(&mut self, at: Instant, reading: Reading, name: String, reason: Option<String>) -> i64 {
        let n = self.readings.len() as i64 + 1;
        let meter = self.meter_at(at);
        self.readings.push(Taken {
            n,
            at,
            reading,
            meter,
            name,
            reason,
            replaced_by: None,
        });
        n
    }

    fn hang(
        &mut self,
        at: Instant,
        no: String,
        digits: i64,
        ratio: Option<Decimal>,
        names: [String; 2],
    ) {
        let digits = u32::try_from(digits).unwrap_or(12);
        self.meters.push(Meter {
            meter_no: no,
            digits,
            ratio: ratio.unwrap_or(Decimal::ONE),
            from: at,
            confirmed_by: names,
        });
    }
}

/// What the entry makes of the application.
pub(super) fn apply(record: &mut Rec, entry: &Entry, action: ApplicationAction) {
    match action {
        ApplicationAction::Apply(_)
        | ApplicationAction::Return(_)
        | ApplicationAction::Approve(_)
        | ApplicationAction::Reject(_)
        | ApplicationAction::Wire(_)
        | ApplicationAction::Inspect(_)
        | ApplicationAction::Withdraw(_) => before_supply(record, entry, action),
        ApplicationAction::Bill(_) | ApplicationAction::Pay(_) | ApplicationAction::VoidBill(_) => {
            on_bill(record, entry, action)
        }
        _ => {
            on_supply(record, entry.at, action);
            flag(record, entry);
        }
    }
}

fn before_supply(record: &mut Rec, entry: &Entry, action: ApplicationAction) {
    let at = entry.at;
    let permit = &mut record.body.permit;
    match action {
        ApplicationAction::Apply(apply) => {
            record.body.asked = apply.into();
        }
        ApplicationAction::Return(back) => {
            permit.reason = Some(back.reason);
            record.enter(S::Returned, at);
        }
        ApplicationAction::Approve(approve) => {
            permit.approved_by = Some(approve.name);
            permit.approved_at = Some(at);
            permit.price = approve.price;
            permit.reason = None;
            record.enter(S::Approved, at);
        }
        ApplicationAction::Reject(reject) => {
            permit.reason = Some(reject.reason);
            record.enter(S::Rejected, at);
        }
        ApplicationAction::Wire(_) => {
            permit.wired_at = Some(at);
            record.enter(S::Wired, at);
        }
        ApplicationAction::Inspect(inspect) => {
            let passed = inspect.passed;
            permit.wired_at.get_or_insert(at);
            permit.inspections.push(Inspection {
                at,
                passed,
                defects: inspect.defects,
                name: inspect.name,
            });
            record.enter(if passed { S::Inspected } else { S::Wired }, at);
        }
        ApplicationAction::Withdraw(withdraw) => {
            permit.reason = Some(withdraw.reason);
            record.enter(S::Withdrawn, at);
        }
        _ => {}
    }
}

/// Bills that no longer say what the readings of their month say: the desk found them when the reading was accepted.
fn flag(record: &mut Rec, entry: &Entry) {
    let outdated: Vec<&str> = entry
        .found
        .get("outdated")
        .and_then(serde_json::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .collect();
    for bill in &mut record.body.bills {
        bill.flagged |= outdated.contains(&bill.no.as_str());
    }
}

/// What an act on the supply makes of the record; also asked beforehand, to see which bills it would outdate.
pub(super) fn on_supply(record: &mut Rec, at: Instant, action: ApplicationAction) {
    let body = &mut record.body;
    match action {
        ApplicationAction::Energise(start) => {
            body.supply.energised_at = Some(at);
            let names = [start.our_name.clone(), start.user_name];
            body.supply.started_by = names.to_vec();
            if let (Some(no), Some(reading)) = (start.meter_no, start.reading) {
                body.hang(at, no, start.digits.unwrap_or(12), start.ratio, names);
                body.take(at, reading, start.our_name, None);
            }
            record.enter(S::Energised, at);
        }
        ApplicationAction::Read(read) => {
            let n = body.take(at, read.reading, read.name, read.reason);
            if let Some(old) = read.replaces {
                replace(body, old, n);
            }
        }
        ApplicationAction::SwapMeter(swap) => {
            body.take(at, swap.stop_reading, swap.our_name.clone(), None);
            body.hang(
                at,
                swap.meter_no,
                swap.digits,
                swap.ratio,
                [swap.our_name.clone(), swap.user_name],
            );
            body.take(at, swap.reading, swap.our_name, None);
        }
        ApplicationAction::GiveNotice(notice) => {
            body.supply.end_at = Some(notice.end_at);
            body.supply.notice_at = Some(at);
            record.enter(S::Ending, at);
        }
        ApplicationAction::Disconnect(cut) => {
            body.supply.disconnected_at = Some(at);
            body.supply.refusal = cut.refusal;
            body.supply.witness = cut.witness;
            body.supply.ended_by = [Some(cut.our_name.clone()), cut.user_name]
                .into_iter()
                .flatten()
                .collect();
            if let Some(reading) = cut.reading {
                body.take(at, reading, cut.our_name, None);
            }
            record.enter(S::Disconnected, at);
        }
        ApplicationAction::Settle(_) => record.enter(S::Settled, at),
        _ => {}
    }
}

/// A replaced reading takes its instant along: the new one is what the meter showed then.
fn replace(body: &mut Body, old: i64, new: i64) {
    let place = body
        .readings
        .iter()
        .find(|taken| taken.n == old)
        .map(|taken| (taken.at, taken.meter));
    for taken in &mut body.readings {
        if taken.n == old {
            taken.replaced_by = Some(new);
        }
        if let (true, Some((at, meter))) = (taken.n == new, place) {
            taken.at = at;
            taken.meter = meter;
        }
    }
    for bill in body
        .bills
        .iter_mut()
        .filter(|bill| bill.state != BillState::Void && bill.readings.contains(&old))
    {
        bill.flagged = true;
    }
}

fn on_bill(record: &mut Rec, entry: &Entry, action: ApplicationAction) {
    let bills = &mut record.body.bills;
    match action {
        // What was billed was reckoned when it was accepted; prices of another day have no say in it.
        ApplicationAction::Bill(_) => {
            if let Some(bill) = entry
                .found
                .get("bill")
                .and_then(|bill| serde_json::from_value(bill.clone()).ok())
            {
                bills.push(bill);
            }
        }
        ApplicationAction::Pay(pay) => {
            for bill in bills.iter_mut().filter(|bill| bill.no == pay.bill) {
                bill.state = BillState::Paid;
                bill.paid_at = Some(entry.at);
            }
        }
        ApplicationAction::VoidBill(void) => {
            for bill in bills.iter_mut().filter(|bill| bill.no == void.bill) {
                bill.state = BillState::Void;
                bill.void_reason = Some(void.reason.clone());
            }
        }
        _ => {}
    }
}
