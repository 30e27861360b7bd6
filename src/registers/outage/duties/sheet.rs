//! The sheet as it is filled: a duty is put on it only when a clause that asks for it is in force at this site.

use super::PROCEDURE;
use crate::base::clause::Clause;
use crate::base::time::Instant;
use crate::registers::outage::{Body, Rec};
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;

/// Duties under way for one record.
pub(super) struct Sheet<'a> {
    pub(super) record: &'a Rec,
    pub(super) rules: &'a Rules,
    pub(super) out: Vec<Deadline>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(record: &'a Rec, rules: &'a Rules) -> Self {
        Self {
            record,
            rules,
            out: Vec::new(),
        }
    }

    pub(super) fn body(&self) -> &'a Body {
        &self.record.body
    }

    /// t1, or when the record began while there is none.
    pub(super) fn out_at(&self) -> Instant {
        self.record
            .body
            .power
            .out_at
            .unwrap_or(self.record.head.opened)
    }

    /// A text setting of the procedure.
    pub(super) fn setting(&self, key: &str) -> &'a str {
        self.rules.procedure(PROCEDURE).word(key)
    }

    /// Puts duty `code` on the sheet, running from `from` and citing the first of `clauses` that is in force here;
    /// leaves it out when none is.
    pub(super) fn add(
        &mut self,
        code: &str,
        clauses: &[&str],
        from: Instant,
        fill: impl FnOnce(&mut Deadline),
    ) {
        let Some(clause) = clauses.iter().find(|clause| in_force(self.rules, clause)) else {
            return;
        };
        let Some(mut duty) = self.rules.deadline(PROCEDURE, code, from) else {
            return;
        };
        duty.clause = Clause::from(*clause);
        fill(&mut duty);
        self.out.push(duty);
    }
}

/// Whether a clause binds this site: `tower` reads 篇1, `mall` 篇7 with 篇1 三, `combined` both. Practice binds all.
pub(in crate::registers::outage) fn in_force(rules: &Rules, clause: &str) -> bool {
    let procedure = rules.procedure(PROCEDURE);
    let (tower, mall) = (
        procedure.word("tower_clauses"),
        procedure.word("mall_clauses"),
    );
    let read: &[&str] = match rules.site().word("profile") {
        "tower" => &[tower],
        "mall" => &[mall],
        _ => &[tower, mall],
    };
    let under = |part: &str| {
        clause
            .strip_prefix(part)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    read.iter()
        .flat_map(|list| list.split_whitespace())
        .any(under)
}
