//! The rules a command works by: every procedure with its company's changes, the calendar, office hours, roles.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::base::clause::Clause;
use crate::base::i18n::{Lexicon, Msg};
use crate::base::lazy::Lazy;
use crate::base::time::{Instant, Zone};
use crate::rules::calendar::Calendar;
use crate::rules::deadline::{Deadline, Outcome, Tick};
use crate::rules::procedure::{BUILT_IN, DutySpec, Procedure, ProcedureError, Role, line_of};
use crate::rules::worktime::{OfficeHours, Windows, reckon};

/// Everything the rules read: procedures, calendar, office hours. Immutable while a command runs.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Public holidays and make-up workdays.
    pub calendar: Arc<Calendar>,
    /// The site's zone, working windows and close of business.
    pub hours: OfficeHours,
    procedures: Procedures,
    /// The site's constants and roles: the procedure `site`.
    site: Arc<Procedure>,
    /// The text of each file that takes the place of a built-in one.
    replaced: Arc<BTreeMap<String, String>>,
}

/// Settings of the site file that concern one machine alone: they are read from its data folder, not from the file.
pub const LOCAL_SETTINGS: &[&str] = &[
    "print_folder",
    "export_folder",
    "archive_folder",
    "print_as",
    "backup_folder",
    "backup_daily",
    "backup_monthly",
    "backup_second",
];

/// Procedures by the name of their file.
type Procedures = Arc<BTreeMap<String, Arc<Procedure>>>;

static BUILT_IN_PROCEDURES: LazyLock<Result<Procedures, ProcedureError>> = LazyLock::new(|| {
    BUILT_IN
        .iter()
        .map(|(name, text)| {
            let procedure = Procedure::parse(name, text, None)?;
            Ok(((*name).to_owned(), Arc::new(procedure)))
        })
        .collect::<Result<_, _>>()
        .map(Arc::new)
});

fn unknown_file(name: &str) -> ProcedureError {
    ProcedureError {
        file: name.to_owned(),
        line: 1,
        reason: Msg::new("procedure.unknown_file").with("name", name),
    }
}

impl Rules {
    /// The built-in procedures with the built-in calendar.
    ///
    /// # Errors
    /// Never in a released program: a test reads every built-in file.
    pub fn built_in() -> Result<Self, ProcedureError> {
        let procedures = BUILT_IN_PROCEDURES.clone()?;
        let site = procedures.get("site").cloned();
        let mut rules = Self {
            calendar: Arc::new(Calendar::built_in().clone()),
            hours: OfficeHours::default(),
            site: site.ok_or_else(|| unknown_file("site"))?,
            procedures,
            replaced: Arc::default(),
        };
        rules.hours = rules.office_hours("site")?;
        Ok(rules)
    }

    /// With a company's file in place of the built-in one of the same name, or beside them when it is a procedure of a
    /// register that has several.
    ///
    /// # Errors
    /// With line and reason; `self` is unchanged in the caller's hands.
    pub fn with_file(self, name: &str, text: &str) -> Result<Self, ProcedureError> {
        self.with_files([(name, text)])
    }

    /// With several files at once: a procedure may name a role that the site file beside it adds, in whatever order
    /// they come.
    ///
    /// # Errors
    /// As [`Rules::with_file`].
    pub fn with_files<'t>(
        mut self,
        files: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<Self, ProcedureError> {
        let files: BTreeMap<&str, &str> = files.into_iter().collect();
        for (name, text) in &files {
            self.put(name, text)?;
        }
        self.hours = self.office_hours("site")?;
        self.roles_known(&files)?;
        Ok(self)
    }

    /// Puts a file in its place, without a look at the others.
    fn put(&mut self, name: &str, text: &str) -> Result<(), ProcedureError> {
        let built_in = BUILT_IN_PROCEDURES.clone()?;
        if BUILT_IN.contains(&(name, text))
            && let Some(procedure) = built_in.get(name)
        {
            Arc::make_mut(&mut self.replaced).remove(name);
            self.take(name, Arc::clone(procedure));
            return Ok(());
        }
        let old = built_in.get(name).map(Arc::as_ref);
        let procedure = Procedure::parse(name, text, old)?;
        if old.is_none() && procedure.register.is_none() {
            return Err(unknown_file(name));
        }
        self.take(name, Arc::new(procedure));
        Arc::make_mut(&mut self.replaced).insert(name.to_owned(), text.to_owned());
        Ok(())
    }

    /// The only one that writes a procedure: the site's stands in two places.
    fn take(&mut self, name: &str, procedure: Arc<Procedure>) {
        if name == "site" {
            self.site = Arc::clone(&procedure);
        }
        Arc::make_mut(&mut self.procedures).insert(name.to_owned(), procedure);
    }

    /// Whether the site has every role that is named. A file that is not among `files` and names one that is gone stands
    /// as it was: then the site's is wrong, or the one that came.
    fn roles_known(&self, files: &BTreeMap<&str, &str>) -> Result<(), ProcedureError> {
        let wrong = |file: &str, line: usize, role: &str| ProcedureError {
            file: file.to_owned(),
            line,
            reason: Msg::new("procedure.unknown_role").with("role", role),
        };
        let blamed = match files.keys().next_back() {
            Some(_) if files.contains_key("site") => "site",
            last => last.copied().unwrap_or("site"),
        };
        let unknown = self.procedures().find_map(|procedure| {
            let mut roles = procedure.roles_named();
            let (at, role) = roles.find(|(_, role)| self.role(role).is_none())?;
            Some((procedure.name.as_str(), at, role))
        });
        match (unknown, self.unknown_deputy()) {
            (Some((file, at, role)), _) => Err(match files.get(file) {
                Some(text) => wrong(file, line_of(text, at), role),
                None => wrong(blamed, 1, role),
            }),
            (None, Some(role)) => Err(wrong(blamed, 1, &role)),
            (None, None) => Ok(()),
        }
    }

    /// These rules with the settings of `here` that concern one machine alone: folders, and how it prints.
    #[must_use]
    pub fn at_this_machine(&self, here: &Self) -> Self {
        let mut rules = self.clone();
        let mut site = self.site().clone();
        let local = here.site();
        for key in LOCAL_SETTINGS {
            if let Some(value) = local.settings.get(*key) {
                site.settings.insert((*key).to_owned(), value.clone());
            }
        }
        rules.take("site", Arc::new(site));
        rules
    }

    /// The whole text of every procedure file, by name.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let built_in = BUILT_IN
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let mut texts: BTreeMap<String, String> = built_in.collect();
        texts.extend(self.replaced.iter().map(|(n, t)| (n.clone(), t.clone())));
        texts
    }

    /// The built-in procedures with the built-in holiday list, where these rules began.
    #[must_use]
    pub fn built_in_only(&self) -> Self {
        Self::built_in().unwrap_or_else(|_| self.clone())
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
        let windows = Windows::parse(site.word("working_windows"));
        let mut hours = windows
            .and_then(|windows| OfficeHours::new(zone, windows, close).ok())
            .ok_or_else(|| fail("working_windows"))?;
        for (day, windows) in site.table("windows_of").into_iter().flatten() {
            let day = day.parse().ok().filter(|day| (1..=7).contains(day));
            let windows = windows.as_str().and_then(Windows::parse);
            let (day, windows) = day.zip(windows).ok_or_else(|| fail("windows_of"))?;
            hours.windows_of.insert(day, windows);
        }
        Ok(hours)
    }

    /// The first rank or deputy of the site that is no role.
    fn unknown_deputy(&self) -> Option<String> {
        let named = self.deputies().flat_map(|(rank, deputy)| [rank, deputy]);
        named
            .map(str::to_owned)
            .find(|role| self.role(role).is_none())
    }

    /// The site's zone.
    pub fn zone(&self) -> Zone {
        self.hours.zone
    }

    /// Whether there is a procedure of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.procedures.contains_key(name)
    }

    /// A procedure. An unknown name gives the site's, which has no duties.
    pub fn procedure(&self, name: &str) -> &Procedure {
        self.procedures
            .get(name)
            .map_or_else(|| self.site(), Arc::as_ref)
    }

    /// The site's constants and roles.
    pub fn site(&self) -> &Procedure {
        &self.site
    }

    /// All procedures by name.
    pub fn procedures(&self) -> impl Iterator<Item = &Procedure> {
        self.procedures.values().map(Arc::as_ref)
    }

    /// The procedures of the complaint register, in the order in which a form offers them.
    pub fn complaint_procedures(&self) -> Vec<&str> {
        let mut own: Vec<&Procedure> = self.procedures().filter(|p| p.is_of("complaint")).collect();
        own.sort_by_key(|procedure| (procedure.order, procedure.name.as_str()));
        own.into_iter()
            .map(|procedure| procedure.name.as_str())
            .collect()
    }

    /// What the procedures call their classes, facts, duties and causes, by the keys of the catalogue. A code that
    /// several procedures of a register use is called as the first of them does.
    pub fn lexicon(&self) -> Lexicon {
        let mut words = BTreeMap::new();
        let own = self
            .complaint_procedures()
            .into_iter()
            .map(|name| self.procedure(name));
        for procedure in own.chain(self.procedures()) {
            for (key, names) in procedure.words() {
                words.entry(key).or_insert(names);
            }
        }
        Lexicon::of(words)
    }

    /// All class codes of the complaint procedures.
    pub fn class_codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        for name in self.complaint_procedures() {
            for class in self.procedure(name).class_codes() {
                if !codes.iter().any(|known| known == class) {
                    codes.push(class.to_owned());
                }
            }
        }
        codes
    }

    /// Whether somebody who types this means the class, in some complaint procedure.
    pub fn class_means(&self, code: &str, text: &str) -> bool {
        let mut own = self.complaint_procedures().into_iter();
        own.any(|name| {
            let class = self.procedure(name).class(code);
            class.is_some_and(|class| class.names().means(text))
        })
    }

    /// All roles.
    pub fn roles(&self) -> &[Role] {
        &self.site().roles
    }

    /// The role of this code.
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.roles().iter().find(|role| role.code == code)
    }

    /// `工程部经理或以上`, for a refusal, in both languages.
    pub fn or_above(&self, role: &str) -> Msg {
        let (zh, en) = self.role(role).map_or((role, role), |role| {
            (role.name.as_str(), role.name_en.as_str())
        });
        Msg::new("role.or_above").with("zh", zh).with("en", en)
    }

    /// Whether `role` is `needed` or above on a ladder that both stand on (「以上」 includes the rank named). A deputy acts
    /// as the rank he stands in for. No rank, or one that nobody knows, is never enough.
    pub fn at_least(&self, role: &str, needed: &str) -> bool {
        self.ranks_at_least(role, needed) || self.stands_in(role, needed)
    }

    /// Whether `role` is high enough only as the deputy 代 of a rank that is.
    pub fn stands_in(&self, role: &str, needed: &str) -> bool {
        let mut deputies = self.deputies();
        let acts_as =
            |(rank, deputy): (&str, &str)| deputy == role && self.ranks_at_least(rank, needed);
        !self.ranks_at_least(role, needed) && deputies.any(acts_as)
    }

    fn ranks_at_least(&self, role: &str, needed: &str) -> bool {
        let (Some(have), Some(need)) = (self.role(role), self.role(needed)) else {
            return false;
        };
        let shared = have
            .ladders
            .iter()
            .any(|ladder| need.ladders.contains(ladder));
        shared && have.rank >= need.rank
    }

    /// Who stands in for whom, as the site says: rank and deputy.
    fn deputies(&self) -> impl Iterator<Item = (&str, &str)> {
        let table = self.site().table("deputy").into_iter().flatten();
        table.filter_map(|(rank, deputy)| Some((rank.as_str(), deputy.as_str()?)))
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
            duty.only
                .iter()
                .chain(&duty.preset)
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
            parts: Lazy::default(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_looked_at_together_and_a_built_in_one_like_any_other() {
        let built_in = Rules::built_in().unwrap();
        let renamed: Vec<(&str, String)> = BUILT_IN
            .iter()
            .map(|(name, text)| (*name, text.replace("\"service_manager\"", "\"steward\"")))
            .collect();
        // Neither the site's file nor the procedures' alone: each names or lacks what the others have.
        for (name, text) in renamed
            .iter()
            .filter(|(name, _)| ["site", "property"].contains(name))
        {
            assert!(built_in.clone().with_file(name, text).is_err(), "{name}");
        }
        let files = renamed.iter().map(|(name, text)| (*name, text.as_str()));
        let stewards = built_in.clone().with_files(files).unwrap();
        assert!(stewards.role("steward").is_some());
        let text = built_in.texts()["property"].clone();
        let error = stewards.with_file("property", &text).unwrap_err();
        assert_eq!(error.reason.key, "procedure.unknown_role");
        assert_eq!(error.file, "property");
        let line = text.lines().nth(error.line - 1).unwrap();
        assert!(line.contains("service_manager"), "{line}");
    }

    #[test]
    fn the_folders_are_those_of_the_machine_and_all_else_is_the_files() {
        let built_in = Rules::built_in().unwrap();
        let text = BUILT_IN.iter().find(|(name, _)| *name == "site").unwrap().1;
        let text = text.replace("backup_second = \"\"", "backup_second = \"/stick\"");
        let text = text.replace("late_entry_minutes = 15", "late_entry_minutes = 20");
        let here = built_in.clone().with_file("site", &text).unwrap();
        let rules = built_in.at_this_machine(&here);
        assert_eq!(rules.site().word("backup_second"), "/stick");
        assert_eq!(rules.procedure("site").word("backup_second"), "/stick");
        let minutes = |rules: &Rules| rules.site().settings.get("late_entry_minutes").cloned();
        assert!(minutes(&built_in).is_some());
        assert_eq!(minutes(&rules), minutes(&built_in));
        assert_ne!(minutes(&here), minutes(&built_in));
    }
}
