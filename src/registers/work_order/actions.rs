//! What can be done to a repair slip, field by field.

use crate::base::quantity::Fen;
use crate::base::time::Instant;
use crate::choices;

choices! {
    /// Where a repair was asked for.
    pub enum Source in "source" {
        /// 电话
        Phone = "phone",
        /// 前台
        Counter = "counter",
        /// 当值日志
        DutyLog = "duty_log",
        /// 巡查
        Patrol = "patrol",
        /// 投诉
        Complaint = "complaint",
        /// 停电
        Outage = "outage",
    }
}

choices! {
    /// How a finished slip was revisited.
    pub enum RevisitMethod in "method" {
        /// 上门
        Visit = "visit",
        /// 电话
        Phone = "phone",
    }
}

crate::items! {
    /// One line of a quotation.
    pub struct QuoteItem {
        name: String = text().required(),
        #[serde(default, skip_serializing_if = "Option::is_none")]
        qty: Option<i64> = integer(1, 100_000).default("1"),
        #[serde(default, skip_serializing_if = "Option::is_none")]
        price_fen: Option<Fen> = fen(),
    }
}

crate::actions! {
    /// The life of a repair slip 维修单 (篇2).
    pub enum WorkOrderAction {
        /// 登记派单: number and content into the book, the slip to the team (S2.1).
        #[derive(Default)]
        Issue = "issue" (first) {
            paper_no: Option<String> = text().width(9),
            #[serde(default)]
            content: String = long().required(),
            #[serde(default)]
            place: String = text().required().suggest("place").width(10),
            reporter: Option<String> = person(),
            phone: Option<String> = text().personal(),
            #[serde(default)]
            team: String = text().required().suggest("team").width(8),
            promised_arrival: Option<Instant> = plan(),
            category: Option<String> = text().suggest("category").width(8),
            source: Option<Source> = choice(&<Source as crate::record::field::Choice>::SET),
            #[serde(default)]
            urgent: bool = flag(),
            from_log: Option<String> = record(),
        }
        /// 签收: the technician signs the book (S2.2).
        SignFor = "sign_for" {
            technician: String = person().required(),
        }
        /// 到场: on site, let in or not (S2.3, S2.4).
        Arrive = "arrive" {
            technician: Option<String> = person(),
            admitted: bool = flag().default("true"),
            reason: Option<String> = long().required_when("admitted", "false"),
            next_visit: Option<Instant> = plan(),
        }
        /// 报价 by the price list (S2.5).
        Quote = "quote" {
            amount_fen: Fen = fen().required(),
            items: Option<Vec<QuoteItem>> = items(QuoteItem::FIELDS),
        }
        /// 同意维修 (S2.6).
        Consent = "consent" {
            signed_by: String = person().required(),
        }
        /// 不同意价格 (S2.6).
        Decline = "decline" {
            reason: String = long().required(),
            signed_by: String = person().required(),
        }
        /// 待料: explained, next visit told (S2.7).
        WaitMaterial = "wait_material" {
            materials: String = long().required(),
            next_visit: Instant = plan().required(),
        }
        /// 用户自购设备 (S2.8).
        OwnEquipment = "own_equipment" {
            reason: String = long().required(),
            signed_by: String = person().required(),
        }
        /// 修复 (S2.9, S2.10).
        Finish = "finish" {
            result: String = long().required(),
            measures: Option<String> = long(),
            protection: Option<String> = text(),
        }
        /// 用户验收 (S2.10).
        Accept = "accept" {
            signed_by: String = person().required(),
            satisfied: bool = flag().default("true"),
        }
        /// 技工签名 (S2.11).
        TechSign = "tech_sign" {
            technician: String = person().required(),
        }
        /// 系统工程师复核: not by the technician himself (S2.11).
        Review = "review" {
            engineer: String = person().required(),
        }
        /// 交回文员, the same day (S2.11).
        HandIn = "hand_in" {
            clerk: String = person().required(),
        }
        /// 归档 (S2.11).
        Archive = "archive" {}
        /// 回访 (S2.12).
        Revisit = "revisit" {
            satisfied: bool = flag().required(),
            method: RevisitMethod = choice(&<RevisitMethod as crate::record::field::Choice>::SET).required(),
            by: String = person().required(),
        }
    }
}
