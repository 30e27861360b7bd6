//! What can be done to an application for temporary electricity, field by field.

use rust_decimal::Decimal;

use super::ApplicationState as S;
use crate::base::quantity::{Fen, Load, Price, Reading};
use crate::base::time::Instant;
use crate::choices;
use crate::record::action::Life;

choices! {
    /// How the electricity is billed (S1.4.5).
    pub enum Basis in "basis" {
        /// 装表计费
        Metered = "metered",
        /// 无表估算
        Estimated = "estimated",
    }
}

/// Before supply: the line can be laid.
const DARK: &[S] = &[
    S::Applied,
    S::Returned,
    S::Rejected,
    S::Approved,
    S::Wired,
    S::Inspected,
];
/// Supply can begin, whether it may or not: power does not ask.
const UNSUPPLIED: &[S] = &[
    S::Applied,
    S::Returned,
    S::Rejected,
    S::Withdrawn,
    S::Approved,
    S::Wired,
    S::Inspected,
];
/// The line can be looked at: before supply, and after it when that came too early.
const LOOKED_AT: &[S] = &[
    S::Applied,
    S::Returned,
    S::Rejected,
    S::Approved,
    S::Wired,
    S::Inspected,
    S::Energised,
    S::Ending,
];
/// A decision can be given: also one that comes after supply, too late to open its gate.
const DECIDED: &[S] = &[
    S::Applied,
    S::Returned,
    S::Rejected,
    S::Approved,
    S::Wired,
    S::Inspected,
    S::Energised,
    S::Ending,
    S::Disconnected,
];
/// There is something to bill.
const BILLED: &[S] = &[
    S::Approved,
    S::Wired,
    S::Inspected,
    S::Energised,
    S::Ending,
    S::Disconnected,
];
/// A bill can be paid or made void: also that of an application that came to nothing.
const PAID: &[S] = &[
    S::Returned,
    S::Rejected,
    S::Withdrawn,
    S::Approved,
    S::Wired,
    S::Inspected,
    S::Energised,
    S::Ending,
    S::Disconnected,
];

crate::actions! {
    /// The life of an application for temporary electricity 临时用电 (S1.4).
    pub enum ApplicationAction lives S {
        /// 用电申请, in writing, beforehand (S1.4.1).
        Apply = "apply" (first) [
            Life::opening()
        ] {
            applicant: String = text().required().clause("S1.4.1").suggest("applicant").width(18),
            place: String = text().required().clause("S1.4.1").suggest("place").width(10),
            load_kw: Load = decimal(3).required().clause("S1.4.1").unit("kW").width(8),
            voltage_v: i64 = integer(1, 1_000_000).required().clause("S1.4.1").unit("V"),
            phases: i64 = integer(1, 3).required().clause("S1.4.1"),
            use_from: Instant = plan().required().clause("S1.4.1"),
            use_to: Option<Instant> = plan().required_when("basis", "estimated").clause("S1.4.5.2"),
            hours_per_day: Option<Decimal> = decimal(2).required_when("basis", "estimated").clause("S1.4.5.2"),
            purpose: Option<String> = long(),
            contact: String = text().required().clause("S1.4.1").personal(),
            basis: Basis = choice(&<Basis as crate::record::field::Choice>::SET).required(),
        }
        /// 退回补正.
        Return = "return" [
            Life::decision(&[S::Applied, S::Approved]).to(S::Returned).likely(&[S::Applied])
        ] {
            reason: String = long().required(),
        }
        /// 工程部批准 (S1.4.2).
        Approve = "approve" [
            Life::decision(DECIDED).likely(&[S::Applied, S::Returned])
        ] {
            name: String = person().required(),
            role: String = role().required(),
            price: Option<Price> = decimal(4),
            meter_place: Option<String> = text().suggest("place"),
        }
        /// 不批准 (S1.4.2).
        Reject = "reject" [
            Life::decision(&[S::Applied, S::Returned, S::Approved, S::Wired, S::Inspected])
                .to(S::Rejected)
                .likely(&[S::Applied, S::Returned])
        ] {
            reason: String = long().required(),
            name: String = person().required(),
            role: String = role().required(),
        }
        /// 用户敷设线路 (S1.4.3).
        Wire = "wire" [
            Life::fact(DARK).likely(&[S::Approved])
        ] {}
        /// 工程部检查 (S1.4.3).
        Inspect = "inspect" [
            Life::fact(LOOKED_AT).likely(&[S::Approved, S::Wired])
        ] {
            passed: bool = flag().required().judges(),
            defects: Option<String> = long().required_when("passed", "false"),
            name: String = person().required(),
        }
        /// 送电, 电表启用单 (S1.4.3).
        Energise = "energise" [
            Life::fact(UNSUPPLIED).to(S::Energised).likely(&[S::Inspected])
        ] {
            meter_no: Option<String> = text(),
            meter_place: Option<String> = text().suggest("place"),
            digits: Option<i64> = integer(1, 12),
            ratio: Option<Decimal> = decimal(4),
            reading: Option<Reading> = decimal(4),
            our_name: String = person().required(),
            user_name: String = person().required(),
            reason: Option<String> = long(),
        }
        /// 抄表 (S1.4.5.1).
        Read = "read" [
            Life::fact(&[S::Energised, S::Ending, S::Disconnected]).likely(&[S::Energised])
        ] {
            reading: Reading = decimal(4).required(),
            name: String = person().required(),
            closes: Option<String> = month(),
            reason: Option<String> = long(),
            replaces: Option<i64> = integer(1, 100_000),
        }
        /// 换表: stop slip and start slip.
        SwapMeter = "swap_meter" [
            Life::fact(&[S::Energised, S::Ending])
        ] {
            stop_reading: Reading = decimal(4).required(),
            meter_no: String = text().required(),
            digits: i64 = integer(1, 12).required(),
            ratio: Option<Decimal> = decimal(4),
            reading: Reading = decimal(4).required(),
            our_name: String = person().required(),
            user_name: String = person().required(),
        }
        /// 出账 (S1.4.5).
        Bill = "bill" [
            Life::paper(BILLED).likely(&[S::Approved, S::Energised, S::Disconnected])
        ] {
            period: String = month().required(),
            price: Option<Price> = decimal(4),
            #[serde(default)]
            supplement: bool = flag(),
        }
        /// 收款.
        Pay = "pay" [
            Life::fact(PAID).likely(&[S::Energised, S::Disconnected])
        ] {
            bill: String = text().required(),
            amount_fen: Fen = fen().required(),
        }
        /// 电费单作废; its number is kept.
        VoidBill = "void_bill" [
            Life::paper(PAID)
        ] {
            bill: String = text().required(),
            reason: String = long().required(),
        }
        /// 用户通知终止 (S1.4.4).
        GiveNotice = "give_notice" [
            Life::fact(&[S::Energised, S::Ending]).to(S::Ending).likely(&[S::Energised])
        ] {
            end_at: Instant = plan().required(),
        }
        /// 断电拆线, 电表停用单 (S1.4.4).
        Disconnect = "disconnect" [
            Life::fact(&[S::Energised, S::Ending]).to(S::Disconnected).likely(&[S::Ending])
        ] {
            reading: Option<Reading> = decimal(4),
            our_name: String = person().required(),
            user_name: Option<String> = person(),
            refusal: Option<String> = long(),
            witness: Option<String> = person(),
        }
        /// 结清.
        Settle = "settle" [
            Life::closing(&[S::Disconnected]).to(S::Settled).likely(&[S::Disconnected])
        ] {}
        /// 撤回, before supply.
        Withdraw = "withdraw" [
            Life::fact(&[S::Applied, S::Returned, S::Approved, S::Wired, S::Inspected]).to(S::Withdrawn)
        ] {
            reason: String = long().required(),
        }
    }
}
