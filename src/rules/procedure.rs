//! Procedures 规程 as data: constants, roles, classes, terms and clause texts, read from TOML.
//!
//! The built-in files live in `assets/procedures`; a company puts its own beside its data. A wrong file is refused
//! with line and reason while the one before it keeps working.
//!
//! # How to change
//! - **A term**: the `term` line of its `[[duties]]`.
//! - **A duty**: one `[[duties]]`: `code`, `name`, `name_en`, `kind`, `clause`, `who`; `classes`, `when` and `unless`
//!   say who owes it, `after` from which step on, `tick` (with `only`) and `also` which steps do it, `until` which step
//!   makes it needless, `each_round` whether a reopened record owes it again.
//! - **A fact that a class is decided from**: one `[[facts]]` with its names, and its place in a `[[decision]]` line.
//! - **A class**: one `[[classes]]` with its names, the lightest first; `kind` when it is the one of what is not the
//!   company's to answer for (`invalid`) or cannot be done now (`deferred`), `closed_by` when not everybody may close.
//! - **A complaint procedure**: one file in the procedures folder with `register = "complaint"`: its name, label,
//!   classes, facts, decision table, duties, causes, clause texts. Nothing in Rust names it.
//!
//! What a file names must exist; that is checked when it is read ([`check`]), and the actions and fields it speaks of
//! against the registers ([`crate::registers::procedures`]).

mod check;
mod named;
mod parts;
mod table;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::base::i18n::Msg;

pub use named::{Deed, Names};
pub use parts::{
    CLOSE, Cause, ClassKind, ClassSpec, DecisionLine, DutySpec, FactSpec, GateSpec, OwnerTime, Role,
};

/// One procedure file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Its name: `property`, `outage`…
    pub name: String,
    /// Its version, printed on papers and kept by closed records.
    pub version: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// The register whose records it rules, when the register has several; they are offered by `order`, then name.
    #[serde(default)]
    pub register: Option<Spanned<String>>,
    /// Where a form offers it among its register's procedures.
    #[serde(default = "last")]
    pub order: i64,
    /// What a form calls it; the title when the file does not say.
    #[serde(default)]
    pub label: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub label_en: Option<String>,
    /// Constants, by name.
    #[serde(default)]
    pub settings: BTreeMap<String, Spanned<toml::Value>>,
    /// Roles (site file only).
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Duties.
    #[serde(default)]
    pub duties: Vec<DutySpec>,
    /// What must be approved before it goes out.
    #[serde(default)]
    pub gates: Vec<GateSpec>,
    /// Complaint classes, the lightest first.
    #[serde(default)]
    pub classes: Vec<Spanned<ClassSpec>>,
    /// Facts that the class is decided from.
    #[serde(default)]
    pub facts: Vec<FactSpec>,
    /// The class decision table, first line that fires wins.
    #[serde(default)]
    pub decision: Vec<DecisionLine>,
    /// Cause catalogue.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// Texts of the clauses, by id.
    #[serde(default)]
    pub clauses: BTreeMap<String, String>,
}

/// A procedure that does not say where it stands comes after those that do.
const fn last() -> i64 {
    i64::MAX
}

/// A file that cannot be used: which, where, why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcedureError {
    /// The file's name.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// The reason.
    pub reason: Msg,
}

/// The built-in files, by name.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("site", include_str!("../../assets/procedures/site.toml")),
    (
        "work-order",
        include_str!("../../assets/procedures/work-order.toml"),
    ),
    ("log", include_str!("../../assets/procedures/log.toml")),
    (
        "outage",
        include_str!("../../assets/procedures/outage.toml"),
    ),
    (
        "application",
        include_str!("../../assets/procedures/application.toml"),
    ),
    (
        "property",
        include_str!("../../assets/procedures/property.toml"),
    ),
    (
        "product",
        include_str!("../../assets/procedures/product.toml"),
    ),
    ("tv", include_str!("../../assets/procedures/tv.toml")),
    (
        "telecom",
        include_str!("../../assets/procedures/telecom.toml"),
    ),
];

/// The line of an offset, counted from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

impl Procedure {
    /// Reads a file. A company's file replaces the built-in one of the same name; what it leaves out keeps its
    /// built-in value, so that a file written for an earlier version goes on working.
    ///
    /// # Errors
    /// With the line, when the TOML is broken, a key is unknown, or something it names does not exist.
    pub fn parse(
        file: &str,
        text: &str,
        built_in: Option<&Procedure>,
    ) -> Result<Self, ProcedureError> {
        let fail = |offset: usize, reason: Msg| ProcedureError {
            file: file.to_owned(),
            line: line_of(text, offset),
            reason,
        };
        let mut procedure: Procedure = toml::from_str(text).map_err(|e| {
            let why = Msg::new("procedure.toml").with("why", e.message().to_owned());
            fail(e.span().map_or(0, |span| span.start), why)
        })?;
        if procedure.name != file {
            let why = Msg::new("procedure.name")
                .with("name", procedure.name.as_str())
                .with("wanted", file);
            // Keys of the file itself stand before its tables, each at the beginning of a line.
            let at = text.find("\nname").map_or(0, |at| at + 1);
            return Err(fail(at, why));
        }
        if let Some(old) = built_in {
            procedure.settings_known(old, &fail)?;
            procedure.complete_from(old);
        }
        procedure.check(&fail)?;
        Ok(procedure)
    }

    /// A company's constants are those of the built-in file, each of its type.
    fn settings_known(
        &self,
        old: &Procedure,
        fail: &dyn Fn(usize, Msg) -> ProcedureError,
    ) -> Result<(), ProcedureError> {
        for (key, value) in &self.settings {
            let wanted = old
                .settings
                .get(key)
                .map(|known| known.get_ref().type_str());
            let reason = match wanted {
                None => Msg::new("procedure.unknown_setting").with("key", key.as_str()),
                Some(wanted) if wanted != value.get_ref().type_str() => {
                    let reason = Msg::new("procedure.setting_type").with("key", key.as_str());
                    reason.with("type", wanted)
                }
                Some(_) => continue,
            };
            return Err(fail(value.span().start, reason));
        }
        Ok(())
    }

    /// `property 2024-08-25`, as closed records keep it.
    pub fn id(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// Whether it is one of a register's procedures.
    pub fn is_of(&self, register: &str) -> bool {
        let own = self.register.as_ref().map(Spanned::get_ref);
        own.is_some_and(|own| own == register)
    }

    /// A whole-number constant; 0 when the file has none of this name (a test keeps that from happening).
    pub fn int(&self, key: &str) -> i64 {
        self.settings
            .get(key)
            .and_then(|v| v.get_ref().as_integer())
            .unwrap_or_default()
    }

    /// A yes/no constant.
    pub fn flag(&self, key: &str) -> bool {
        self.settings
            .get(key)
            .and_then(|v| v.get_ref().as_bool())
            .unwrap_or_default()
    }

    /// A text constant.
    pub fn word(&self, key: &str) -> &str {
        self.settings
            .get(key)
            .and_then(|v| v.get_ref().as_str())
            .unwrap_or_default()
    }

    /// A constant that is a table: what it says, by key.
    pub fn table(&self, key: &str) -> Option<&toml::Table> {
        self.settings.get(key)?.get_ref().as_table()
    }

    /// The role that decides: the setting of this name, else the role itself.
    pub fn decider<'a>(&'a self, named: &'a str) -> &'a str {
        match self.settings.get(named) {
            Some(setting) => setting.get_ref().as_str().unwrap_or_default(),
            None => named,
        }
    }

    /// The duty of this code.
    pub fn duty(&self, code: &str) -> Option<&DutySpec> {
        self.duties.iter().find(|duty| duty.code.get_ref() == code)
    }

    /// The class of this code.
    pub fn class(&self, code: &str) -> Option<&ClassSpec> {
        let mut classes = self.classes.iter().map(Spanned::get_ref);
        classes.find(|class| class.code == code)
    }

    /// The class of a kind, when there is one.
    pub fn class_of_kind(&self, kind: ClassKind) -> Option<&ClassSpec> {
        let mut classes = self.classes.iter().map(Spanned::get_ref);
        classes.find(|class| class.kind() == kind)
    }

    /// The codes of the classes, the lightest first.
    pub fn class_codes(&self) -> impl Iterator<Item = &str> {
        let classes = self.classes.iter().map(Spanned::get_ref);
        classes.map(|class| class.code.as_str())
    }

    /// The fact of this key.
    pub fn fact(&self, key: &str) -> Option<&FactSpec> {
        self.facts.iter().find(|fact| fact.key.get_ref() == key)
    }

    /// The gate of this code.
    pub fn gate(&self, code: &str) -> Option<&GateSpec> {
        self.gates.iter().find(|gate| gate.code.get_ref() == code)
    }

    /// The cause of this code.
    pub fn cause(&self, code: &str) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.code == code)
    }

    /// The roles that it names, each with its place in the text: in settings, who owes a duty, who decides, who closes.
    pub fn roles_named(&self) -> impl Iterator<Item = (usize, &str)> {
        let owing = self
            .duties
            .iter()
            .map(|duty| (duty.code.span().start, duty.who.as_str()));
        let gates = self.gates.iter();
        let deciding = gates.map(|gate| (gate.code.span().start, self.decider(&gate.role)));
        let closing = self
            .classes
            .iter()
            .map(|class| (class.span().start, self.decider(&class.get_ref().closed_by)));
        let set = self
            .settings
            .iter()
            .filter(|(key, _)| key.ends_with("_role"));
        let set = set.map(|(_, value)| {
            (
                value.span().start,
                value.get_ref().as_str().unwrap_or_default(),
            )
        });
        let named = set.chain(owing).chain(deciding).chain(closing);
        named.filter(|(_, role)| !role.is_empty())
    }
}
