//! The actions that every register has: amend 更正, void 作废, link 关联, remark 备注.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::field::Choice;
use super::head::PartOf;
use crate::choices;

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
        /// 更正: changes fields with a reason; what stood before stays in the history.
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

/// Keys that an amendment may change besides the register's own fields: the times of the first action.
pub const AMENDABLE_TIMES: &[super::field::Field] = &[
    super::field::Field::instant("at"),
    super::field::Field::instant("received"),
];
