//! The sheet as it is filled: a duty is put on it only when a clause that asks for it is in force at this site.

use super::PROCEDURE;
use crate::base::clause::Clause;
use crate::base::time::Instant;
use crate::registers::outage::{Body, Rec};
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;
use crate::rules::ruleset::Rules;

/// Duties under way for one record.
pub(super) struct Sheet<'a> {
    pub(super) record: &'a Rec,
    rules: &'a InForce,
    /// When it began: power out, or the receipt of the plan as it stands now.
    began: Instant,
    pub(super) out: Vec<Deadline>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(record: &'a Rec, rules: &'a InForce) -> Self {
        let (head, body) = (&record.head, &record.body);
        let began = match body.planned() {
            true => body.schedule.revised_at.unwrap_or(head.received),
            false => head.opened,
        };
        Self {
            record,
            rules,
            began,
            out: Vec::new(),
        }
    }

    pub(super) fn body(&self) -> &'a Body {
        &self.record.body
    }

    /// t1, or when the record began while there is none.
    pub(super) fn out_at(&self) -> Instant {
        let out = self.record.body.power.out_at;
        out.unwrap_or(self.record.head.opened)
    }

    /// The rules in force when it began.
    pub(super) fn rules(&self) -> &'a Rules {
        self.rules.at(self.began)
    }

    /// A text setting of the procedure.
    pub(super) fn setting(&self, key: &str) -> &'a str {
        self.rules().procedure(PROCEDURE).word(key)
    }

    /// A yes-or-no setting of the procedure.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.rules().procedure(PROCEDURE).flag(key)
    }

    /// Puts duty `code` on the sheet, running from `from` by the rules in force then, and citing the first of `clauses`
    /// that is in force here; leaves it out when none is.
    pub(super) fn add(
        &mut self,
        code: &str,
        clauses: &[&str],
        from: Instant,
        fill: impl FnOnce(&mut Deadline),
    ) {
        let duty = duty(self.rules.at(from), code, clauses, from);
        self.put(duty, fill);
    }

    /// The same for a term that runs backwards from an instant ahead: by the rules in force when the plan was received.
    pub(super) fn add_before(
        &mut self,
        code: &str,
        clauses: &[&str],
        ahead: Instant,
        fill: impl FnOnce(&mut Deadline),
    ) {
        let duty = duty(self.rules(), code, clauses, ahead);
        self.put(duty, fill);
    }

    fn put(&mut self, duty: Option<Deadline>, fill: impl FnOnce(&mut Deadline)) {
        if let Some(mut duty) = duty {
            fill(&mut duty);
            self.out.push(duty);
        }
    }
}

fn duty(rules: &Rules, code: &str, clauses: &[&str], from: Instant) -> Option<Deadline> {
    let clause = clauses.iter().find(|clause| in_force(rules, clause))?;
    let duty = rules.deadline(PROCEDURE, code, from)?;
    Some(Deadline {
        clause: Clause::from(*clause),
        ..duty
    })
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
