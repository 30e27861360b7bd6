//! The actions that every register has: put right 更正, strike 误录作废, void 作废, link 关联, remark 备注, explain a
//! breach 说明违规原因; and what only the program itself does.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::head::PartOf;
use crate::choices;
use crate::record::field::Choice;

choices! {
    /// How one record hangs together with another.
    pub enum LinkKind in "link" {
        /// The same thing reported twice.
        Duplicate = "duplicate",
        /// Part of it.
        Child = "child",
        /// Caused by it.
        CausedBy = "caused_by",
        /// The slip was issued anew.
        Reissued = "reissued",
        /// The work was done again.
        Rework = "rework",
        /// Comes after it.
        Follows = "follows",
    }
}

crate::actions! {
    /// What can be done to a record of any register.
    pub enum CommonAction {
        /// 更正一条: replaces time, person or fields of one entry; what stood before stays in the history.
        Correct = "correct" {
            entry: i64 = integer(1, i64::MAX).required(),
            changes: Map<String, Value> = changes().required(),
            reason: String = long().required(),
        }
        /// 误录作废: takes one entry out; it stays visible as struck.
        Strike = "strike" {
            entry: i64 = integer(1, i64::MAX).required(),
            reason: String = long().required(),
        }
        /// 更正: corrects the entry that carried each field.
        Amend = "amend" {
            changes: Map<String, Value> = changes().required(),
            reason: String = long().required(),
        }
        /// 作废: the number stays, with the reason.
        Void = "void" {
            reason: String = long().required(),
        }
        /// 关联: links this record to another.
        Link = "link" {
            kind: LinkKind = choice(&LinkKind::SET).required(),
            to: String = record().required(),
        }
        /// 备注.
        Remark = "remark" {
            text: String = long().required(),
        }
        /// 说明违规原因.
        ExplainBreach = "explain_breach" {
            code: String = text().required(),
            reason: String = long().required(),
        }
    }
}

crate::actions! {
    /// What only the program itself does to a record of any register.
    pub enum DeskAction {
        /// 打印签发: a paper was printed; what it says, and its check code.
        Print = "print" {
            document: String = text().required(),
            version: u32 = integer(1, 1_000_000).required(),
            check: String = text().required(),
            said: BTreeMap<String, String> = changes(),
            of: Option<PartOf> = changes(),
        }
    }
}
