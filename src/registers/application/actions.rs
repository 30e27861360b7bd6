//! What can be done to an application for temporary electricity, field by field.

use rust_decimal::Decimal;

use crate::base::quantity::{Fen, Load, Price, Reading};
use crate::base::time::Instant;
use crate::choices;

choices! {
    /// How the electricity is billed (S1.4.5).
    pub enum Basis in "basis" {
        /// 装表计费
        Metered = "metered",
        /// 无表估算
        Estimated = "estimated",
    }
}

crate::actions! {
    /// The life of an application for temporary electricity 临时用电 (S1.4).
    pub enum ApplicationAction {
        /// 用电申请, in writing, beforehand (S1.4.1).
        Apply = "apply" (first) {
            applicant: String = text().required().suggest("applicant").width(18),
            place: String = text().required().suggest("place").width(10),
            load_kw: Load = decimal(3).required().unit("kW").width(8),
            voltage_v: i64 = integer(1, 1_000_000).required().unit("V"),
            phases: i64 = integer(1, 3).required(),
            use_from: Instant = plan().required(),
            use_to: Option<Instant> = plan().required_when("basis", "estimated"),
            hours_per_day: Option<Decimal> = decimal(2).required_when("basis", "estimated"),
            purpose: Option<String> = long(),
            contact: String = text().required().personal(),
            basis: Basis = choice(&<Basis as crate::record::field::Choice>::SET).required(),
        }
        /// 退回补正.
        Return = "return" {
            reason: String = long().required(),
        }
        /// 工程部批准 (S1.4.2).
        Approve = "approve" {
            name: String = person().required(),
            role: String = role().required(),
            price: Option<Price> = decimal(4),
        }
        /// 不批准 (S1.4.2).
        Reject = "reject" {
            reason: String = long().required(),
            name: String = person().required(),
            role: String = role().required(),
        }
        /// 用户敷设线路 (S1.4.3).
        Wire = "wire" {}
        /// 工程部检查 (S1.4.3).
        Inspect = "inspect" {
            passed: bool = flag().required(),
            defects: Option<String> = long().required_when("passed", "false"),
            name: String = person().required(),
        }
        /// 送电, 电表启用单 (S1.4.3).
        Energise = "energise" {
            meter_no: Option<String> = text(),
            digits: Option<i64> = integer(1, 12),
            ratio: Option<Decimal> = decimal(4),
            reading: Option<Reading> = decimal(4),
            our_name: String = person().required(),
            user_name: String = person().required(),
            reason: Option<String> = long(),
        }
        /// 抄表 (S1.4.5.1).
        Read = "read" {
            reading: Reading = decimal(4).required(),
            name: String = person().required(),
            reason: Option<String> = long(),
            replaces: Option<i64> = integer(1, 100_000),
        }
        /// 换表: stop slip and start slip.
        SwapMeter = "swap_meter" {
            stop_reading: Reading = decimal(4).required(),
            meter_no: String = text().required(),
            digits: i64 = integer(1, 12).required(),
            ratio: Option<Decimal> = decimal(4),
            reading: Reading = decimal(4).required(),
            our_name: String = person().required(),
            user_name: String = person().required(),
        }
        /// 出账 (S1.4.5).
        Bill = "bill" {
            period: String = month().required(),
            price: Option<Price> = decimal(4),
        }
        /// 收款.
        Pay = "pay" {
            bill: String = text().required(),
            amount_fen: Fen = fen().required(),
        }
        /// 电费单作废; its number is kept.
        VoidBill = "void_bill" {
            bill: String = text().required(),
            reason: String = long().required(),
        }
        /// 用户通知终止 (S1.4.4).
        GiveNotice = "give_notice" {
            end_at: Instant = plan().required(),
        }
        /// 断电拆线, 电表停用单 (S1.4.4).
        Disconnect = "disconnect" {
            reading: Option<Reading> = decimal(4),
            our_name: String = person().required(),
            user_name: Option<String> = person(),
            refusal: Option<String> = long(),
            witness: Option<String> = person(),
        }
        /// 结清.
        Settle = "settle" {}
        /// 撤回, before supply.
        Withdraw = "withdraw" {
            reason: String = long().required(),
        }
    }
}
