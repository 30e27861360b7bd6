//! What can be done to a complaint, field by field.

use super::ComplaintState as S;
use crate::base::time::{Instant, LocalDate};
use crate::choices;
use crate::record::action::Life;
use crate::record::field::{Choice, ChoiceSet};
use crate::registers::work_order::RevisitMethod;
use crate::rules::complaint_class::{Facts, Validity};

impl Choice for Validity {
    const SET: ChoiceSet = ChoiceSet {
        group: "validity",
        codes: &["valid", "invalid"],
    };
    fn code(self) -> &'static str {
        match self {
            Validity::Valid => "valid",
            Validity::Invalid => "invalid",
        }
    }
    fn from_code(code: &str) -> Option<Self> {
        match code {
            "valid" => Some(Validity::Valid),
            "invalid" => Some(Validity::Invalid),
            _ => None,
        }
    }
}

choices! {
    /// How a complaint reached us; from 维修日报 on, the sources easily overlooked (S6.2.1.1).
    pub enum Channel in "channel" {
        /// 电话
        Phone = "phone",
        /// 当面
        Counter = "counter",
        /// 来函
        Written = "written",
        /// 网络
        Online = "online",
        /// 微信
        Wechat = "wechat",
        /// 集团转来
        Group = "group",
        /// 维修日报
        RepairDaily = "repair_daily",
        /// 经销商联络书
        DealerLetter = "dealer_letter",
        /// 营业日报
        SalesDaily = "sales_daily",
        /// 异常退货
        AbnormalReturn = "abnormal_return",
        /// 委托加工公司
        Subcontractor = "subcontractor",
        /// 本公司同仁
        Colleague = "colleague",
        /// 其他
        Other = "other",
    }
}

choices! {
    /// Which meeting was held (S5.4.4.1c.iii, c.v).
    pub enum MeetingKind in "meeting" {
        /// 紧急会议
        Emergency = "emergency",
        /// 专项会议
        Special = "special",
    }
}

choices! {
    /// What is approved (S6.3.6.1, S6.3.5).
    pub enum ComplaintGate in "complaint_gate" {
        /// 处理方案及答复
        Reply = "reply",
        /// 奖罚
        Penalty = "penalty",
    }
}

choices! {
    /// An approver's decision.
    pub enum YesNo in "complaint_decision" {
        /// 同意
        Yes = "yes",
        /// 不同意
        No = "no",
    }
}

/// Said unless the caller says otherwise.
const fn yes() -> bool {
    true
}

/// A complaint that is being dealt with, or was found not to be the company's to deal with.
const HANDLED: &[S] = &[
    S::Received,
    S::Classified,
    S::InProgress,
    S::Resolved,
    S::Deferred,
    S::Invalid,
];

/// In every state: what was said or done to the owner after closing is recorded too.
const ALWAYS: &[S] = &[
    S::Received,
    S::Classified,
    S::InProgress,
    S::Resolved,
    S::Deferred,
    S::Invalid,
    S::Closed,
];

/// A complaint that waits for its solution.
const UNSOLVED: &[S] = &[S::Received, S::Classified, S::InProgress];

crate::actions! {
    /// The life of a complaint 投诉 (篇3, 5, 6, 8).
    // One act is alive at a time; boxing its largest form would save nothing.
    #[allow(clippy::large_enum_variant)]
    pub enum ComplaintAction lives S {
        /// 接待登记 (S5.4.3.1): everything the caller said, and the facts that decide the class.
        #[derive(Default)]
        Receive = "receive" (first) [
            Life::opening()
        ] {
            #[serde(default)]
            procedure: String = procedure().required().width(8),
            #[serde(default)]
            complainant: String = person().required(),
            #[serde(default)]
            content: String = long().required(),
            phone: Option<String> = text().personal(),
            unit: Option<String> = text().suggest("place").width(10),
            place: Option<String> = text().suggest("place").width(10),
            channel: Option<Channel> = choice(&<Channel as Choice>::SET),
            #[serde(default)]
            written: bool = flag(),
            #[serde(default)]
            facts: Facts = facts(),
            #[serde(default)]
            needs_other_department: bool = flag(),
            requested_by: Option<Instant> = plan(),
            cause: Option<String> = text().suggest("cause").width(10),
            brand: Option<String> = text().suggest("brand").width(8).folded(),
            model: Option<String> = text().suggest("model").width(10).folded(),
            part: Option<String> = text().suggest("part").width(8).folded(),
            symptom: Option<String> = text().suggest("symptom").folded(),
            bought_on: Option<LocalDate> = date().folded(),
        }
        /// 补充事实: learned later; the class is proposed anew.
        LearnFacts = "facts" [
            Life::fact(HANDLED)
        ] {
            facts: Facts = facts().required(),
        }
        /// 判别有效无效 (S5.4.3.6).
        Judge = "judge" [
            Life::decision(HANDLED).likely(&[S::Received])
        ] {
            validity: Validity = choice(&<Validity as Choice>::SET).required().judges(),
            reason: Option<String> = long().required_when("validity", "invalid"),
            role: String = role().required(),
        }
        /// 改定类别: a person overrides the class proposed; both stay. What was judged invalid is judged again.
        Classify = "classify" [
            Life::decision(&[S::Received, S::Classified, S::InProgress, S::Resolved, S::Deferred])
        ] {
            class: String = class().required().judges(),
            reason: String = long().required(),
        }
        /// 止损 (S5.4.4.1c.ii).
        StopHarm = "stop_harm" [
            Life::fact(HANDLED)
        ] {
            text: String = long().required(),
        }
        /// 转部门 (S5.4.4.1a.iii).
        HandOver = "hand_over" [
            Life::fact(HANDLED)
        ] {
            department: String = text().required().suggest("department").width(8),
            person: Option<String> = person(),
        }
        /// 上报 (S5.4.3.3); the slip is reported after closing too (S5.4.4.1a.vii).
        Notify = "notify" [
            Life::fact(ALWAYS).likely(&[S::Closed])
        ] {
            role_told: String = role().required(),
        }
        /// 超出权限，请上级处理 (S5.4.3.3).
        Escalate = "escalate" [
            Life::fact(HANDLED)
        ] {
            reason: String = long().required(),
        }
        /// 原因与措施 (S5.4.4.1a.iv).
        Measure = "measure" [
            Life::fact(HANDLED)
        ] {
            cause: String = long().required(),
            measures: String = long().required(),
            department: Option<String> = text().suggest("department"),
        }
        /// 明确答复 (S5.4.4.1c.i).
        Answer = "answer" [
            Life::paper(ALWAYS)
        ] {
            text: String = long().required(),
        }
        /// 致歉 (S5.4.4.1b.iii, c.iv).
        Apologise = "apologise" [
            Life::fact(ALWAYS)
        ] {
            who: String = text().required(),
        }
        /// 会议 (S5.4.4.1c.iii, c.v).
        Meeting = "meeting" [
            Life::fact(ALWAYS)
        ] {
            kind: MeetingKind = choice(&<MeetingKind as Choice>::SET).required(),
            conclusion: String = long().required(),
        }
        /// 批准答复或奖罚 (S6.3.6.1, S6.3.5); a penalty also after closing.
        Approve = "approve" [
            Life::decision(ALWAYS)
        ] {
            gate: ComplaintGate = choice(&<ComplaintGate as Choice>::SET).required(),
            decision: YesNo = choice(&<YesNo as Choice>::SET).required().judges(),
            name: String = person().required(),
            role: String = role().required(),
            reason: Option<String> = long(),
        }
        /// 书面回复 (S5.4.4.1c.iv, S6.3.6.3).
        Letter = "letter" [
            Life::paper(ALWAYS)
        ] {
            text: String = long().required(),
        }
        /// 解决 (S5.4.4.1a.i), and the owner told of it unless it says that he was not.
        Resolve = "resolve" [
            Life::fact(&[S::Received, S::Classified, S::InProgress, S::Resolved])
                .to(S::Resolved)
                .likely(UNSOLVED)
        ] {
            result: String = long().required(),
            #[serde(default = "yes")]
            told: bool = flag().default("true"),
        }
        /// 复查 by 品质部 (S5.4.4.1c.vi).
        Recheck = "recheck" [
            Life::fact(ALWAYS)
        ] {
            result: String = long().required(),
        }
        /// 回访 (S5.4.3.4): a visit bears the owner's signature, a telephone call the caller's. After closing it is the
        /// later visit (S5.4.3.5).
        Revisit = "revisit" [
            Life::fact(&[S::Resolved, S::Closed]).likely(&[S::Resolved, S::Closed])
        ] {
            method: RevisitMethod = choice(&<RevisitMethod as Choice>::SET).required(),
            satisfied: bool = flag().required().judges(),
            signed_by: String = person().required(),
        }
        /// 暂缓 (S5.4.3.7, S5.4.4.1d.ii): reason on the slip, owner's signature. Of a deferred one: still not possible
        /// at the year's end (S5.4.4.1d.iii).
        Defer = "defer" [
            Life::decision(&[S::Received, S::Classified, S::InProgress, S::Deferred]).to(S::Deferred)
        ] {
            reason: String = long().required(),
            signed_by: String = person().required(),
            role: String = role().required(),
        }
        /// 向业主解释 (S5.4.3.6, S5.4.3.7).
        Explain = "explain" [
            Life::fact(ALWAYS).likely(&[S::Invalid, S::Deferred])
        ] {
            text: String = long().required(),
        }
        /// 重新处理 after the year-end review (S5.4.4.1d.iii).
        TakeUp = "take_up" [
            Life::fact(&[S::Deferred]).to(S::InProgress).likely(&[S::Deferred])
        ] {
            reason: String = long().required(),
        }
        /// 关闭.
        Close = "close" [
            Life::closing(HANDLED).to(S::Closed).likely(&[S::Resolved])
        ] {}
    }
}
