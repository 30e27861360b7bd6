//! What can be done to an outage, field by field.

use serde::{Deserialize, Serialize};

use super::OutageState as S;
use crate::base::time::Instant;
use crate::choices;
use crate::record::action::Life;
use crate::record::field::{Choice, ChoiceSet};

choices! {
    /// Who cut the power, or where it failed.
    pub enum Source in "outage_source" {
        /// 供电局
        Utility = "utility",
        /// 大厦内部、施工
        Building = "building",
        /// 政府部门
        Government = "government",
        /// 未判明: only an accident, until its cause has been judged
        Unknown = "unknown",
    }
}

/// The sources that a plan or a judgement can name.
pub const KNOWN_SOURCES: ChoiceSet = ChoiceSet {
    group: "outage_source",
    codes: &["utility", "building", "government"],
};

choices! {
    /// What happens to the supply.
    pub enum Form in "outage_form" {
        /// 停电
        Outage = "outage",
        /// 转电
        Transfer = "transfer",
        /// 限电
        Restriction = "restriction",
    }
}

choices! {
    /// What an approval is about.
    pub enum Gate in "outage_gate" {
        /// 停电、限电 itself (S1.3.1)
        Cut = "cut",
        /// 转、停电通知书 (S1.1.3)
        Notice = "notice",
        /// 大厦广播 (S1.1.4, S1.2.1, S1.2.2)
        Broadcast = "broadcast",
    }
}

choices! {
    /// How it was decided.
    pub enum Ruling in "outage_decision" {
        /// 批准
        Yes = "yes",
        /// 不批准
        No = "no",
    }
}

choices! {
    /// A paper that users get.
    pub enum UserPaper in "outage_paper" {
        /// 转、停电通知书
        Notice = "notice",
        /// 解释函
        Letter = "letter",
    }
}

choices! {
    /// Who is told of it inside the house (篇7).
    pub enum Informed in "outage_informed" {
        /// 物业服务中心
        Centre = "centre",
        /// 监控中心
        Monitoring = "monitoring",
        /// 服务中心经理
        CentreManager = "centre_manager",
    }
}

choices! {
    /// The five places looked at after a cut (S1.3.5).
    pub enum Room in "outage_room" {
        /// 电房
        SwitchRoom = "switch_room",
        /// 空调机房
        HvacRoom = "hvac_room",
        /// 水泵房
        PumpRoom = "pump_room",
        /// 电梯机房
        LiftRoom = "lift_room",
        /// 消防中心
        FireCentre = "fire_centre",
    }
}

choices! {
    /// The way of the utility's letter (S1.2.1).
    pub enum LetterStep in "outage_letter" {
        /// 已索取
        Requested = "requested",
        /// 已收到
        Received = "received",
        /// 已转呈总经理
        Forwarded = "forwarded",
        /// 供电局不出具
        Refused = "refused",
    }
}

crate::items! {
    /// One step of an operation ticket 操作票: one operation on one device.
    pub struct TicketStep {
        operation: String = text().required(),
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<String> = text(),
    }
}

crate::items! {
    /// What was found in one lift car (S7.4.4).
    pub struct Car {
        car: String = text().required().suggest("lift_car"),
        #[serde(default)]
        trapped: bool = flag().default("false"),
        #[serde(default, skip_serializing_if = "Option::is_none")]
        persons: Option<i64> = integer(0, 100),
    }
}

/// The persons a paper was delivered to: names, or the word `all`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Recipients {
    /// These users.
    Named(Vec<String>),
    /// `all`: every affected user who had none yet.
    All(String),
}

/// While it is only planned.
const BEFORE: &[S] = &[S::Draft, S::Reported, S::Approved, S::Noticed];
/// While power is out.
pub(super) const OUT: &[S] = &[S::Out, S::Partial];
/// When power is back.
const BACK: &[S] = &[S::Restored, S::Checked];
/// From the moment power is out until the sheet is closed.
const SINCE_OUT: &[S] = &[S::Out, S::Partial, S::Restored, S::Checked];
/// From the plan or the first call until the sheet is closed.
const LIVE: &[S] = &[
    S::Draft,
    S::Reported,
    S::Approved,
    S::Noticed,
    S::Out,
    S::Partial,
    S::Restored,
    S::Checked,
];
/// The same, and after a plan was given up.
const LIVE_OR_GIVEN_UP: &[S] = &[
    S::Draft,
    S::Reported,
    S::Approved,
    S::Noticed,
    S::Out,
    S::Partial,
    S::Restored,
    S::Checked,
    S::Cancelled,
];

crate::actions! {
    /// The life of an outage (篇1 一至三, 篇7).
    pub enum OutageAction lives S {
        /// 计划停电: a cut known beforehand.
        Plan = "plan" (first) [
            Life::opening()
        ] {
            source: Source = choice(&KNOWN_SOURCES).required(),
            form: Form = choice(&<Form as Choice>::SET).required().default("outage"),
            reason: String = long().required(),
            plan_start: Instant = plan().required(),
            plan_end: Option<Instant> = plan(),
            areas: Vec<String> = texts().required().suggest("area"),
            #[serde(default)]
            users: Vec<String> = texts().suggest("user"),
            our_switches: Option<bool> = flag(),
        }
        /// 突发停电: power went out at `at`, we were told at `received`.
        Occur = "occur" (first) [
            Life::opening().to(S::Out)
        ] {
            #[serde(default)]
            areas: Vec<String> = texts().suggest("area"),
            informant: Option<String> = person(),
            #[serde(default)]
            users: Vec<String> = texts().suggest("user").folded(),
            source: Source = choice(&<Source as Choice>::SET).default("unknown").folded(),
            #[serde(default = "outage")]
            form: Form = choice(&<Form as Choice>::SET).default("outage").folded(),
        }
        /// 报告 (S1.1.1, S1.1.2, S1.2.1, S1.2.2, S1.3.2).
        Report = "report" [
            Life::fact(LIVE_OR_GIVEN_UP).likely(&[S::Draft, S::Out])
        ] {
            to: String = role().required().default("gm"),
            text: Option<String> = long(),
        }
        /// 到达现场 (S7.4.1, S7.4.2, S7.4.9.1).
        OnSite = "on_site" [
            Life::fact(SINCE_OUT).likely(&[S::Out])
        ] {
            name: String = person().required(),
        }
        /// 批准或不批准 (S1.1.3, S1.3.1): the record of a decision, not a login.
        Approve = "approve" [
            Life::decision(LIVE).likely(&[S::Draft, S::Reported, S::Approved])
        ] {
            gate: Gate = choice(&<Gate as Choice>::SET).required(),
            decision: Ruling = choice(&<Ruling as Choice>::SET).required().judges(),
            name: String = person().required(),
            role: String = role().required(),
            reason: Option<String> = long(),
        }
        /// 签发通知书 (S1.1.3).
        IssueNotice = "issue_notice" [
            Life::paper(BEFORE).likely(&[S::Approved])
        ] {}
        /// 派送 a paper to users (S1.1.4, S1.2.3).
        Deliver = "deliver" [
            Life::fact(LIVE).likely(&[S::Noticed])
        ] {
            paper: UserPaper = choice(&<UserPaper as Choice>::SET).required(),
            users: Recipients = texts_or_all().required().suggest("user").aside(),
            signed_by: Option<String> = person(),
        }
        /// 无法按时送达: declared before the hour is up (S1.1.4).
        Unreachable = "unreachable" [
            Life::fact(BEFORE)
        ] {
            reason: String = long().required(),
        }
        /// 知会服务中心张贴公告 (S7.4.8.1).
        Announce = "announce" [
            Life::fact(LIVE).likely(&[S::Approved, S::Noticed])
        ] {
            text: Option<String> = long(),
        }
        /// 广播 (S1.1.4, S1.2.1, S1.2.2).
        Broadcast = "broadcast" [
            Life::fact(LIVE)
        ] {
            text: Option<String> = long(),
        }
        /// 安排人员 (S1.3.3).
        Staff = "staff" [
            Life::decision(LIVE).likely(&[S::Approved, S::Noticed])
        ] {
            names: Vec<String> = texts().required().personal().suggest("person"),
        }
        /// 填写操作票 (S1.3.4).
        FillTicket = "ticket" [
            Life::paper(LIVE).likely(&[S::Approved, S::Noticed])
        ] {
            task: String = text().required(),
            operator: String = person().required(),
            guardian: Option<String> = person(),
            steps: Vec<TicketStep> = items(TicketStep::FIELDS).required(),
            ordered_by: Option<String> = person().folded(),
            ordered_to: Option<String> = person().folded(),
            ordered_at: Option<Instant> = instant().folded(),
            in_charge: Option<String> = person().folded(),
        }
        /// 操作票签名 (S1.3.4).
        SignTicket = "sign_ticket" [
            Life::decision(LIVE).likely(&[S::Approved, S::Noticed])
        ] {
            name: String = person().required(),
            role: String = role().required(),
        }
        /// 逐项操作: read back, then done (S1.3.4).
        Step = "step" [
            Life::fact(LIVE).likely(LIVE)
        ] {
            n: u32 = integer(1, 2000).required(),
            #[serde(default)]
            read_back: bool = flag(),
            #[serde(default)]
            done: bool = flag(),
            #[serde(default)]
            skipped: bool = flag(),
            reason: Option<String> = long().required_when("skipped", "true"),
        }
        /// 停电 carried out.
        Cut = "cut" [
            Life::fact(BEFORE).to(S::Out).likely(&[S::Noticed]).weighs()
        ] {
            reason: Option<String> = long(),
        }
        /// 判明原因 (S7.4.2, S7.4.9.1).
        Classify = "classify" [
            Life::fact(SINCE_OUT)
        ] {
            source: Source = choice(&KNOWN_SOURCES).required().judges(),
            cause: String = long().required(),
            expected_restore: Option<Instant> = plan(),
        }
        /// 联系供电部门: when power will be back, or that nobody knows, and who said so (S7.4.5).
        ContactUtility = "contact_utility" [
            Life::fact(SINCE_OUT)
        ] {
            expected_restore: Option<Instant> = plan().required_when("unknown", "false"),
            #[serde(default)]
            unknown: bool = flag().default("false"),
            answered_by: Option<String> = person(),
        }
        /// 知会 (S7.4.2, S7.4.5, S7.4.9.1, S7.4.9.4).
        Inform = "inform" [
            Life::fact(LIVE).likely(&[S::Out])
        ] {
            to: Informed = choice(&<Informed as Choice>::SET).required(),
            text: Option<String> = long(),
        }
        /// 备用发电机 (S7.4.3, S7.4.8.2, S7.4.9.2).
        Generator = "generator" [
            Life::fact(LIVE).likely(&[S::Out])
        ] {
            started: bool = flag().required().judges(),
            watcher: Option<String> = person().required_when("started", "true"),
            reason: Option<String> = long().required_when("started", "false"),
            #[serde(default)]
            areas: Vec<String> = texts().suggest("area"),
        }
        /// 停发电机, or why it runs on (S7.4.3).
        GeneratorStop = "generator_stop" [
            Life::fact(LIVE).likely(BACK)
        ] {
            #[serde(default)]
            runs_on: bool = flag(),
            reason: Option<String> = long().required_when("runs_on", "true"),
        }
        /// 检查电梯 with a guard (S7.4.4).
        LiftCheck = "lift_check" [
            Life::fact(SINCE_OUT).likely(&[S::Out])
        ] {
            guard: String = person().required(),
            cars: Vec<Car> = items(Car::FIELDS).required(),
        }
        /// 电梯困人救援 (S7.4.4).
        Rescue = "rescue" [
            Life::fact(SINCE_OUT).likely(OUT)
        ] {
            car: String = text().required().suggest("lift_car"),
            released: bool = flag().required().judges(),
        }
        /// 巡查 (S7.4.8.3).
        Patrol = "patrol" [
            Life::fact(LIVE)
        ] {
            result: String = long().required(),
        }
        /// 恢复供电.
        Restore = "restore" [
            Life::fact(OUT).likely(OUT).weighs()
        ] {}
        /// 部分恢复 (S7.4.9.3).
        RestorePart = "restore_part" [
            Life::fact(OUT).to(S::Partial).likely(OUT)
        ] {
            areas_out: Vec<String> = texts().required().suggest("area"),
        }
        /// 恢复后检查 (S1.3.5, S7.4.6, S7.4.8.4).
        Inspect = "inspect" [
            Life::fact(SINCE_OUT).likely(&[S::Restored])
        ] {
            place: Room = choice(&<Room as Choice>::SET).required(),
            normal: bool = flag().required().judges(),
            note: Option<String> = long().required_when("normal", "false"),
        }
        /// 供电局解释函 (S1.2.1).
        UtilityLetter = "utility_letter" [
            Life::fact(SINCE_OUT)
        ] {
            step: LetterStep = choice(&<LetterStep as Choice>::SET).required(),
            reason: Option<String> = long().required_when("step", "refused"),
        }
        /// 拟定解释函 (S1.2.3).
        DraftLetter = "draft_letter" [
            Life::fact(SINCE_OUT)
        ] {
            text: String = long().required(),
        }
        /// 无用户受影响: no letter is owed (S1.2.3).
        NobodyAffected = "nobody_affected" [
            Life::decision(SINCE_OUT)
        ] {
            reason: String = long().required(),
        }
        /// 书面报告《特别事件处理报告》 (S1.2.2, S7.7.1).
        WrittenReport = "written_report" [
            Life::fact(SINCE_OUT)
        ] {
            text: String = long().required(),
        }
        /// 改期、扩大范围.
        Reschedule = "reschedule" [
            Life::decision(BEFORE)
        ] {
            plan_start: Option<Instant> = plan(),
            plan_end: Option<Instant> = plan(),
            #[serde(default)]
            areas: Vec<String> = texts().suggest("area"),
            #[serde(default)]
            users: Vec<String> = texts().suggest("user"),
            reason: String = long().required(),
        }
        /// 取消.
        Cancel = "cancel" [
            Life::decision(BEFORE).to(S::Cancelled)
        ] {
            reason: String = long().required(),
        }
        /// 告知用户变更.
        NotifyChange = "notify_change" [
            Life::fact(LIVE_OR_GIVEN_UP).likely(&[S::Cancelled])
        ] {}
        /// 结案.
        Close = "close" [
            Life::closing(BACK).to(S::Closed).likely(BACK)
        ] {
            name: String = person().required(),
        }
    }
}

/// The form of a sudden outage that was typed before there was a choice.
fn outage() -> Form {
    Form::Outage
}
