//! What can be done to a repair slip, field by field.

use super::WorkOrderState as S;
use crate::base::quantity::Fen;
use crate::base::time::Instant;
use crate::choices;
use crate::record::action::Life;

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
    /// Who gets a copy of the slip 联 (S2.11).
    pub enum Copy in "value.copies" {
        /// 用户联
        Customer = "customer",
        /// 服务中心联
        Centre = "centre",
        /// 工程部联
        Engineering = "engineering",
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

/// At any time: the draw found it finished, and what is put right afterwards takes no slip out of it.
const EVER: &[S] = &[
    S::Issued,
    S::SignedFor,
    S::OnSite,
    S::Quoted,
    S::Waiting,
    S::Done,
    S::Accepted,
    S::Declined,
    S::OwnEquipment,
    S::Signed,
    S::Reviewed,
    S::HandedIn,
    S::Archived,
];
/// The work goes on: what happens at the customer's may happen in any order, noted or not.
const OPEN: &[S] = &[S::Issued, S::SignedFor, S::OnSite, S::Quoted, S::Waiting];
/// The repair can end; what was repaired can be repaired once more.
const REPAIRED: &[S] = &[
    S::Issued,
    S::SignedFor,
    S::OnSite,
    S::Quoted,
    S::Waiting,
    S::Done,
];
/// The book can be signed, late too.
const UNSIGNED: &[S] = &[
    S::Issued,
    S::SignedFor,
    S::OnSite,
    S::Quoted,
    S::Waiting,
    S::Done,
    S::Accepted,
    S::Declined,
    S::OwnEquipment,
];

crate::actions! {
    /// The life of a repair slip 维修单 (篇2).
    pub enum WorkOrderAction lives S {
        /// 登记派单: number and content into the book, the slip to the team (S2.1).
        #[derive(Default)]
        Issue = "issue" (first) [
            Life::opening()
        ] {
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
        SignFor = "sign_for" [
            Life::fact(UNSIGNED).likely(&[S::Issued])
        ] {
            technician: String = person().required(),
        }
        /// 到场: on site, let in or not (S2.3, S2.4).
        Arrive = "arrive" [
            Life::fact(OPEN).likely(&[S::Issued, S::SignedFor, S::Waiting])
        ] {
            technician: Option<String> = person(),
            admitted: bool = flag().default("true"),
            reason: Option<String> = long().required_when("admitted", "false"),
            next_visit: Option<Instant> = plan(),
        }
        /// 报价 by the price list (S2.5).
        Quote = "quote" [
            Life::fact(OPEN).to(S::Quoted).likely(&[S::OnSite])
        ] {
            amount_fen: Fen = fen().required(),
            items: Option<Vec<QuoteItem>> = items(QuoteItem::FIELDS),
        }
        /// 同意维修 (S2.6).
        Consent = "consent" [
            Life::fact(OPEN).likely(&[S::Quoted])
        ] {
            signed_by: String = person().required(),
        }
        /// 不同意价格 (S2.6).
        Decline = "decline" [
            Life::fact(OPEN).to(S::Declined).likely(&[S::Quoted])
        ] {
            reason: String = long().required(),
            signed_by: String = person().required(),
        }
        /// 待料: explained, next visit told (S2.7).
        WaitMaterial = "wait_material" [
            Life::fact(OPEN).to(S::Waiting).likely(&[S::OnSite])
        ] {
            materials: String = long().required(),
            next_visit: Instant = plan().required(),
        }
        /// 用户自购设备 (S2.8).
        OwnEquipment = "own_equipment" [
            Life::fact(OPEN).to(S::OwnEquipment).likely(&[S::OnSite])
        ] {
            reason: String = long().required(),
            signed_by: String = person().required(),
        }
        /// 修复 (S2.9, S2.10).
        Finish = "finish" [
            Life::fact(REPAIRED).to(S::Done).likely(&[S::OnSite])
        ] {
            result: String = long().required(),
            measures: Option<String> = long(),
            protection: Option<String> = text(),
            #[serde(default)]
            cleaned: bool = flag(),
        }
        /// 用户验收 (S2.10).
        Accept = "accept" [
            Life::fact(&[S::Done])
        ] {
            signed_by: String = person().required(),
            satisfied: bool = flag().default("true").judges(),
        }
        /// 技工签名 (S2.11).
        TechSign = "tech_sign" [
            Life::fact(&[S::Accepted, S::Declined, S::OwnEquipment]).to(S::Signed)
        ] {
            technician: String = person().required(),
        }
        /// 系统工程师复核: not by the technician himself (S2.11).
        Review = "review" [
            Life::decision(&[S::Signed]).to(S::Reviewed)
        ] {
            engineer: String = person().required(),
        }
        /// 交回文员, the same day (S2.11).
        HandIn = "hand_in" [
            Life::fact(&[S::Reviewed]).to(S::HandedIn)
        ] {
            clerk: String = person().required(),
            copies: Option<Vec<String>> = texts(),
        }
        /// 归档 (S2.11).
        Archive = "archive" [
            Life::closing(&[S::HandedIn]).to(S::Archived)
        ] {}
        /// 回访 (S2.12).
        Revisit = "revisit" [
            Life::fact(&[S::Accepted, S::Signed, S::Reviewed, S::HandedIn, S::Archived])
        ] {
            satisfied: bool = flag().required().judges(),
            method: RevisitMethod = choice(&<RevisitMethod as crate::record::field::Choice>::SET).required(),
            by: String = person().required(),
        }
        /// 周抽查: drawn for a revisit; only the draw of the week takes it (S2.12).
        Sampled = "sampled" [
            Life::fact(EVER)
        ] {
            week: String = text().required().aside(),
            reviewer: String = person().required().aside(),
            seed: String = text().required().aside(),
            draw: Option<String> = record().aside(),
        }
    }
}
