//! The rules a command works by: every procedure with its company's changes, the calendar, office hours, roles.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::base::clause::Clause;
use crate::base::i18n::Msg;
use crate::base::time::{Instant, Zone};
use crate::rules::calendar::Calendar;
use crate::rules::deadline::{Deadline, Outcome, Tick};
use crate::rules::procedure::{BUILT_IN, DutySpec, Procedure, ProcedureError, Role};
use crate::rules::worktime::{OfficeHours, reckon};

/// Everything the rules read: procedures, calendar, office hours. Immutable while a command runs.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Public holidays and make-up workdays.
    pub calendar: Calendar,
    /// The site's zone, working windows and close of business.
    pub hours: OfficeHours,
    procedures: BTreeMap<String, Procedure>,
}

static BUILT_IN_PROCEDURES: LazyLock<Result<BTreeMap<String, Procedure>, ProcedureError>> =
    LazyLock::new(|| {
        BUILT_IN
            .iter()
            .map(|(name, text)| Ok(((*name).to_owned(), Procedure::parse(name, text, None)?)))
            .collect()
    });

impl Rules {
    /// The built-in procedures with the built-in calendar.
    ///
    /// # Errors
    /// Never in a released program: a test reads every built-in file.
    pub fn built_in() -> Result<Self, ProcedureError> {
        let procedures = BUILT_IN_PROCEDURES.clone()?;
        let mut rules = Self {
            calendar: Calendar::built_in().clone(),
            hours: OfficeHours::default(),
            procedures,
        };
        rules.hours = rules.office_hours("site")?;
        Ok(rules)
    }

    /// With a company's file in place of the built-in one of the same name.
    ///
    /// # Errors
    /// With line and reason; `self` is unchanged in the caller's hands.
    pub fn with_file(mut self, name: &str, text: &str) -> Result<Self, ProcedureError> {
        let built_in = BUILT_IN_PROCEDURES.clone()?;
        let Some(old) = built_in.get(name) else {
            return Err(ProcedureError {
                file: name.to_owned(),
                line: 1,
                reason: Msg::new("procedure.unknown_file").with("name", name),
            });
        };
        let procedure = Procedure::parse(name, text, Some(old))?;
        self.procedures.insert(name.to_owned(), procedure);
        if name == "site" {
            self.hours = self.office_hours(name)?;
        }
        let wrong = self
            .procedures
            .values()
            .flat_map(|p| p.duties.iter().map(move |d| (p, d)))
            .find(|(_, duty)| !duty.who.is_empty() && self.role(&duty.who).is_none());
        match wrong {
            Some((p, duty)) => Err(ProcedureError {
                file: p.name.clone(),
                line: text
                    .get(..duty.code.span().start)
                    .unwrap_or(text)
                    .matches('\n')
                    .count()
                    + 1,
                reason: Msg::new("procedure.unknown_role").with("role", duty.who.as_str()),
            }),
            None => Ok(self),
        }
    }

    fn office_hours(&self, file: &str) -> Result<OfficeHours, ProcedureError> {
        let site = self.site();
        let fail = |key: &str| ProcedureError {
            file: file.to_owned(),
            line: 1,
            reason: Msg::new("procedure.office_hours").with("key", key),
        };
        let zone = site
            .word("zone")
            .parse()
            .map(Zone)
            .map_err(|_| fail("zone"))?;
        let clock = |text: &str| chrono::NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        let close =
            clock(site.word("close_of_business")).ok_or_else(|| fail("close_of_business"))?;
        let windows: Option<Vec<_>> = site
            .word("working_windows")
            .split(',')
            .map(|part| {
                part.split_once('-')
                    .and_then(|(a, b)| Some((clock(a)?, clock(b)?)))
            })
            .collect();
        windows
            .and_then(|windows| OfficeHours::new(zone, windows, close).ok())
            .ok_or_else(|| fail("working_windows"))
    }

    /// The site's zone.
    pub fn zone(&self) -> Zone {
        self.hours.zone
    }

    /// A procedure. An unknown name gives the site's, which has no duties.
    pub fn procedure(&self, name: &str) -> &Procedure {
        self.procedures.get(name).unwrap_or_else(|| self.site())
    }

    /// The site's constants and roles.
    pub fn site(&self) -> &Procedure {
        // The map always holds `site`: built_in() reads it and with_file() only replaces.
        self.procedures
            .get("site")
            .unwrap_or_else(|| unreachable!("site.toml is built in"))
    }

    /// All procedures by name.
    pub fn procedures(&self) -> impl Iterator<Item = &Procedure> {
        self.procedures.values()
    }

    /// The names of the procedures of the complaint register.
    pub fn complaint_procedures(&self) -> Vec<&str> {
        // The order in which a form offers them.
        let order = ["property", "product", "tv", "telecom"];
        order
            .into_iter()
            .filter(|name| self.procedures.contains_key(*name))
            .collect()
    }

    /// All class codes of the complaint procedures.
    pub fn class_codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        for name in self.complaint_procedures() {
            for class in &self.procedure(name).classes {
                if !codes.contains(class) {
                    codes.push(class.clone());
                }
            }
        }
        codes
    }

    /// All roles.
    pub fn roles(&self) -> &[Role] {
        &self.site().roles
    }

    /// The role of this code.
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.roles().iter().find(|role| role.code == code)
    }

    /// Whether `role` is `needed` or above on a ladder that both stand on (「以上」 includes the rank named).
    pub fn at_least(&self, role: &str, needed: &str) -> bool {
        match (self.role(role), self.role(needed)) {
            (Some(have), Some(need)) => {
                have.rank >= need.rank
                    && have
                        .ladders
                        .iter()
                        .any(|ladder| need.ladders.contains(ladder))
            }
            _ => false,
        }
    }

    /// The text of a clause, from whichever procedure has it.
    pub fn clause_text(&self, id: &Clause) -> Option<&str> {
        self.procedures
            .values()
            .find_map(|p| p.clauses.get(&id.0))
            .map(String::as_str)
    }

    /// The deadline that duty `code` of `procedure` puts on a record, running from `from`; `None` when the file has no
    /// such duty. A term that leaves the calendar's reach has no due instant and says so in its trace.
    pub fn deadline(&self, procedure: &str, code: &str, from: Instant) -> Option<Deadline> {
        self.procedure(procedure)
            .duty(code)
            .map(|duty| self.duty_deadline(duty, from))
    }

    /// The deadline that one duty puts on a record, running from `from`.
    pub fn duty_deadline(&self, duty: &DutySpec, from: Instant) -> Deadline {
        let preset = |tick: Tick| {
            duty.preset
                .iter()
                .fold(tick, |tick, (key, value)| tick.with(key, value.as_str()))
        };
        let mut deadline = Deadline {
            code: duty.code.get_ref().clone(),
            kind: duty.kind,
            clause: duty.clause.clone(),
            who: duty.who.clone(),
            from,
            due: None,
            rule_due: None,
            promised: None,
            outcome: Outcome::Pending,
            provisional: false,
            round: 1,
            impossible: false,
            silent: duty.silent,
            opens: None,
            parts: Vec::new(),
            tick: duty.tick.as_deref().map(Tick::new).map(preset),
            trace: Vec::new(),
        };
        match duty
            .term
            .as_ref()
            .map(|term| reckon(&self.calendar, &self.hours, from, term))
        {
            Some(Ok(reckoning)) => {
                deadline.due = Some(reckoning.due);
                deadline.rule_due = Some(reckoning.due);
                deadline.provisional = reckoning.provisional;
                deadline.trace = reckoning.trace;
            }
            Some(Err(why)) => deadline.trace = vec![why],
            None => {
                deadline.trace =
                    vec![Msg::new(format!("trace.{}", duty.kind.code())).with("from", from)]
            }
        }
        deadline
    }
}
