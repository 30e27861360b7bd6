//! The parts of a procedure file: roles, duties, gates, facts, classes, lines of the decision table, causes.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Deed, Names};
use crate::base::clause::Clause;
use crate::rules::deadline::DutyKind;
use crate::rules::worktime::Term;

/// A role 岗位 of the company.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Code in JSON.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Which ladder it stands on: `engineering`, `service`, or both.
    pub ladders: Vec<String>,
    /// Height on the ladder; 「以上」 includes the rank named.
    pub rank: u32,
}

/// How an owner's requested time bears on the rule's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerTime {
    /// It replaces the rule's time, earlier or later.
    Replaces,
    /// Only an earlier one counts.
    EarlierOnly,
}

/// One duty of a procedure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutySpec {
    /// `hand_in`, `notice_24h`…
    pub code: Spanned<String>,
    /// What it is called; the catalogue's `duty.…` when the file does not say.
    #[serde(default)]
    pub name: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub name_en: Option<String>,
    /// Dated, at once, follow-up or gate.
    pub kind: DutyKind,
    /// The clause that asks for it.
    pub clause: Clause,
    /// The role that owes it.
    #[serde(default)]
    pub who: String,
    /// Its term, when it has one.
    #[serde(default)]
    pub term: Option<Term>,
    /// The complaint classes it applies to; empty: all.
    #[serde(default)]
    pub classes: Vec<String>,
    /// How the owner's requested time bears on it.
    #[serde(default)]
    pub owner_time: Option<OwnerTime>,
    /// The action that ticks it off.
    #[serde(default)]
    pub tick: Option<String>,
    /// Which of the steps of that action: the values of its fields that decide it.
    #[serde(default)]
    pub only: BTreeMap<String, String>,
    /// Several steps of that action, one for each of these values of a field.
    #[serde(default)]
    pub each: BTreeMap<String, Vec<String>>,
    /// Other steps that do it too.
    #[serde(default)]
    pub also: Vec<Deed>,
    /// How it must be done; done otherwise it is done, and a breach.
    #[serde(default)]
    pub must: BTreeMap<String, String>,
    /// Not listed among what is owed.
    #[serde(default)]
    pub silent: bool,
    /// Owed only when one of these facts or circumstances holds; empty: always.
    #[serde(default)]
    pub when: Vec<String>,
    /// Not owed when one of these holds.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Runs from this step of the record, and is not owed before it.
    #[serde(default)]
    pub after: Option<Deed>,
    /// A step in time that makes it needless.
    #[serde(default)]
    pub until: Option<Deed>,
    /// Its term runs anew from each such step, but not before the term that the step settled is over.
    #[serde(default)]
    pub renewed_by: Option<Deed>,
    /// The gate that it is: passed by an approval, closed again by what [`GateSpec::lapses`] says.
    #[serde(default)]
    pub approves: Option<String>,
    /// Owed anew in every round of a reopened record.
    #[serde(default)]
    pub each_round: bool,
    /// Fields that the action that ticks it off is given beforehand.
    #[serde(default)]
    pub preset: BTreeMap<String, String>,
}

/// The step by which a record closes, whatever action brought it about.
pub const CLOSE: &str = "close";

impl DutySpec {
    /// What comes after closing does not hold it up.
    pub fn after_closing(&self) -> bool {
        self.after.as_ref().is_some_and(|after| after.is(CLOSE))
    }

    /// The steps that do it: what ticks it off, and the others.
    pub fn deeds(&self) -> impl Iterator<Item = Deed> + '_ {
        let tick = self.tick.as_deref().map(|action| Deed {
            action: Some(action.to_owned()),
            fields: self.only.clone(),
        });
        tick.into_iter().chain(self.also.iter().cloned())
    }

    /// What it is called.
    pub fn names(&self) -> Names<'_> {
        Names::of(&self.name, &self.name_en)
    }

    /// Whether two are the same duty, in another version of the file.
    pub fn same_as(&self, other: &DutySpec) -> bool {
        self.code.get_ref() == other.code.get_ref() && self.clause == other.clause
    }
}

/// Something that must be approved before it goes out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateSpec {
    /// What is approved: the value of `gate` in the approval.
    pub code: Spanned<String>,
    /// The clause.
    pub clause: Clause,
    /// Who decides: a role, or the setting that names one. 「以上」 is understood.
    pub role: String,
    /// The actions that may not go out before.
    #[serde(default)]
    pub guards: Vec<String>,
    /// The actions after which an approval given before counts no more; who took the last one may not approve it.
    #[serde(default)]
    pub lapses: Vec<String>,
}

/// One fact that a complaint's class is decided from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactSpec {
    /// Key in JSON.
    pub key: Spanned<String>,
    /// What it is called; the catalogue's `fact.<key>` when the file does not say.
    #[serde(default)]
    pub name: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub name_en: Option<String>,
    /// Whether it is a count instead of yes/no.
    #[serde(default)]
    pub count: bool,
    /// Whether complaining again of what is unsolved raises this count by itself.
    #[serde(default)]
    pub repeats: bool,
}

impl FactSpec {
    /// What it is called.
    pub fn names(&self) -> Names<'_> {
        Names::of(&self.name, &self.name_en)
    }
}

/// What sort of class it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassKind {
    /// To be dealt with.
    #[default]
    Valid,
    /// Not the company's to answer for; stands when the role that judges has judged so.
    Invalid,
    /// Cannot be done now; stands when the role that judges has judged so. `defer` leads to it.
    Deferred,
}

/// A complaint class.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "ClassForm")]
pub struct ClassSpec {
    /// Code in JSON.
    pub code: String,
    /// What it is called; the catalogue's `class.<code>` when the file does not say.
    pub name: Option<String>,
    /// The same in English.
    pub name_en: Option<String>,
    /// What sort of class it is; none when the file gives the code alone.
    pub kind: Option<ClassKind>,
    /// Who may close it: a role, or the setting that names one. 「以上」 is understood; empty: everybody.
    pub closed_by: String,
    /// The clause that says so.
    pub closing_clause: Clause,
    /// The fact that holds once a deferred complaint is taken up again.
    pub taken_up: Option<String>,
}

/// A class as a file writes it: the code alone, or the code with more.
#[derive(Deserialize)]
#[serde(untagged)]
enum ClassForm {
    Code(String),
    Whole(ClassTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassTable {
    code: String,
    name: Option<String>,
    name_en: Option<String>,
    #[serde(default)]
    kind: ClassKind,
    #[serde(default)]
    closed_by: String,
    #[serde(default)]
    closing_clause: Clause,
    taken_up: Option<String>,
}

impl From<ClassForm> for ClassSpec {
    fn from(form: ClassForm) -> Self {
        match form {
            ClassForm::Code(code) => Self {
                code,
                name: None,
                name_en: None,
                kind: None,
                closed_by: String::new(),
                closing_clause: Clause::default(),
                taken_up: None,
            },
            ClassForm::Whole(table) => Self {
                code: table.code,
                name: table.name,
                name_en: table.name_en,
                kind: Some(table.kind),
                closed_by: table.closed_by,
                closing_clause: table.closing_clause,
                taken_up: table.taken_up,
            },
        }
    }
}

impl ClassSpec {
    /// What sort of class it is.
    pub fn kind(&self) -> ClassKind {
        self.kind.unwrap_or_default()
    }

    /// What it is called.
    pub fn names(&self) -> Names<'_> {
        Names::of(&self.name, &self.name_en)
    }
}

/// One line of the class decision table. A line fires when any of `any` holds (or `any` is empty), all of `all`, none of `none`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionLine {
    /// The class it gives.
    pub class: Spanned<String>,
    /// The clause.
    pub clause: Clause,
    /// Fires on any of these facts.
    #[serde(default)]
    pub any: Vec<String>,
    /// Needs all of these facts.
    #[serde(default)]
    pub all: Vec<String>,
    /// Needs none of these facts.
    #[serde(default)]
    pub none: Vec<String>,
    /// Fires on a count that reaches the setting named: fact → setting.
    #[serde(default)]
    pub at_least: BTreeMap<String, String>,
    /// Only when judged so: `valid`, `invalid`, or `open` while nobody has judged.
    #[serde(default)]
    pub validity: Option<String>,
    /// A proposal until the role of setting `judge_role` has confirmed it.
    #[serde(default)]
    pub needs_judgement: bool,
}

/// One cause of the cause catalogue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Group it belongs to.
    #[serde(default)]
    pub group: String,
    /// The clause.
    #[serde(default)]
    pub clause: Clause,
}
