//! Procedures 规程 as data: constants, roles, classes, terms and clause texts, read from TOML.
//!
//! The built-in files live in `assets/procedures`; a company puts its own beside its data. A wrong file is refused
//! with line and reason while the built-in one keeps working.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::base::clause::Clause;
use crate::base::i18n::Msg;
use crate::rules::complaint_class::CIRCUMSTANCES;
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
    /// Not listed among what is owed.
    #[serde(default)]
    pub silent: bool,
    /// Owed only when one of these facts or circumstances holds; empty: always.
    #[serde(default)]
    pub when: Vec<String>,
    /// Runs from this step of the record, and is not owed before it.
    #[serde(default)]
    pub after: Option<After>,
    /// Owed anew in every round of a reopened record.
    #[serde(default)]
    pub each_round: bool,
    /// Fields that the action that ticks it off is given beforehand.
    #[serde(default)]
    pub preset: BTreeMap<String, String>,
}

/// The step that a duty waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// The slip went to another department.
    HandOver,
    /// Resolved.
    Resolve,
    /// Closed: what comes after it does not hold up closing.
    Close,
}

/// One fact that a complaint's class is decided from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactSpec {
    /// Key in JSON; label `fact.<key>`.
    pub key: Spanned<String>,
    /// Whether it is a count instead of yes/no.
    #[serde(default)]
    pub count: bool,
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
    /// Constants, by name.
    #[serde(default)]
    pub settings: BTreeMap<String, Spanned<toml::Value>>,
    /// Roles (site file only).
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Duties.
    #[serde(default)]
    pub duties: Vec<DutySpec>,
    /// Complaint classes, the lightest first.
    #[serde(default)]
    pub classes: Vec<String>,
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

impl Procedure {
    /// Reads a file. A company's file replaces the built-in one of the same name; constants that it leaves out keep
    /// their built-in value.
    ///
    /// # Errors
    /// With the line, when the TOML is broken, a key is unknown, or something it names does not exist.
    pub fn parse(
        file: &str,
        text: &str,
        built_in: Option<&Procedure>,
    ) -> Result<Self, ProcedureError> {
        let fail = |line, reason| ProcedureError {
            file: file.to_owned(),
            line,
            reason,
        };
        let line_of = |offset: usize| text.get(..offset).unwrap_or(text).matches('\n').count() + 1;
        let mut procedure: Procedure = toml::from_str(text).map_err(|e| {
            fail(
                e.span().map_or(1, |span| line_of(span.start)),
                Msg::new("procedure.toml").with("why", e.message().to_owned()),
            )
        })?;
        if let Some(old) = built_in {
            for (key, value) in &procedure.settings {
                let line = line_of(value.span().start);
                match old.settings.get(key) {
                    None => {
                        return Err(fail(
                            line,
                            Msg::new("procedure.unknown_setting").with("key", key.as_str()),
                        ));
                    }
                    Some(known) if known.get_ref().type_str() != value.get_ref().type_str() => {
                        let reason = Msg::new("procedure.setting_type")
                            .with("key", key.as_str())
                            .with("type", known.get_ref().type_str());
                        return Err(fail(line, reason));
                    }
                    Some(_) => {}
                }
            }
            if procedure.name != old.name {
                return Err(fail(
                    1,
                    Msg::new("procedure.name")
                        .with("name", procedure.name.as_str())
                        .with("wanted", old.name.as_str()),
                ));
            }
            for (key, value) in &old.settings {
                procedure
                    .settings
                    .entry(key.clone())
                    .or_insert_with(|| value.clone());
            }
            for duty in &old.duties {
                if !procedure
                    .duties
                    .iter()
                    .any(|new| new.code.get_ref() == duty.code.get_ref())
                {
                    return Err(fail(
                        1,
                        Msg::new("procedure.missing_duty")
                            .with("code", duty.code.get_ref().as_str()),
                    ));
                }
            }
            if procedure.clauses.is_empty() {
                procedure.clauses = old.clauses.clone();
            }
        }
        procedure.check(&|offset, reason| fail(line_of(offset), reason))?;
        Ok(procedure)
    }

    fn check(&self, fail: &dyn Fn(usize, Msg) -> ProcedureError) -> Result<(), ProcedureError> {
        let class_known = |class: &str| self.classes.iter().any(|known| known == class);
        for duty in &self.duties {
            let at = duty.code.span().start;
            if duty.kind == DutyKind::Dated && duty.term.is_none() && duty.owner_time.is_none() {
                return Err(fail(
                    at,
                    Msg::new("procedure.no_term").with("code", duty.code.get_ref().as_str()),
                ));
            }
            if let Some(class) = duty.classes.iter().find(|class| !class_known(class)) {
                return Err(fail(
                    at,
                    Msg::new("procedure.unknown_class").with("class", class.as_str()),
                ));
            }
            let fact_known = |name: &String| {
                CIRCUMSTANCES.contains(&name.as_str())
                    || self.facts.iter().any(|fact| fact.key.get_ref() == name)
            };
            if let Some(name) = duty.when.iter().find(|name| !fact_known(name)) {
                return Err(fail(
                    at,
                    Msg::new("procedure.unknown_fact").with("fact", name.as_str()),
                ));
            }
        }
        for line in &self.decision {
            let at = line.class.span().start;
            if !class_known(line.class.get_ref()) {
                return Err(fail(
                    at,
                    Msg::new("procedure.unknown_class")
                        .with("class", line.class.get_ref().as_str()),
                ));
            }
            let named = line
                .any
                .iter()
                .chain(&line.all)
                .chain(&line.none)
                .chain(line.at_least.keys());
            for fact in named {
                if !self.facts.iter().any(|known| known.key.get_ref() == fact) {
                    return Err(fail(
                        at,
                        Msg::new("procedure.unknown_fact").with("fact", fact.as_str()),
                    ));
                }
            }
            if let Some(setting) = line
                .at_least
                .values()
                .find(|setting| !self.settings.contains_key(*setting))
            {
                return Err(fail(
                    at,
                    Msg::new("procedure.unknown_setting").with("key", setting.as_str()),
                ));
            }
        }
        if let Some(last) = self.decision.last()
            && !(last.any.is_empty()
                && last.all.is_empty()
                && last.at_least.is_empty()
                && last.validity.is_none())
        {
            return Err(fail(
                last.class.span().start,
                Msg::new("procedure.no_otherwise"),
            ));
        }
        Ok(())
    }

    /// `property 2024-08-25`, as closed records keep it.
    pub fn id(&self) -> String {
        format!("{} {}", self.name, self.version)
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

    /// The duty of this code.
    pub fn duty(&self, code: &str) -> Option<&DutySpec> {
        self.duties.iter().find(|duty| duty.code.get_ref() == code)
    }
}
