//! Rules in force 现行规程: procedures, settings and holiday lists are a timeline too.
//!
//! A term is reckoned by the procedure and settings in force at the instant it runs from; a newer holiday list replaces
//! the older one for every open term; a closed record keeps the list that was known when it closed.

use std::sync::Arc;

use crate::base::time::Instant;
use crate::rules::deadline::Deadline;
use crate::rules::procedure::Procedure;
use crate::rules::ruleset::Rules;

/// What was in force when. Never empty; the first version reaches back for ever.
#[derive(Clone, Debug)]
pub struct InForce {
    versions: Arc<[Version]>,
    /// `combined[list][version]`: the procedures of a version with the holiday list of a later one.
    combined: Arc<[Vec<Rules>]>,
    /// The holiday list that counts: the newest, or the one known when a record closed.
    list: usize,
}

#[derive(Clone, Debug)]
struct Version {
    from: Instant,
    rules: Rules,
}

impl InForce {
    /// One version, in force for ever.
    pub fn always(rules: Rules) -> Self {
        Self::of(rules, Vec::new())
    }

    /// A first version and those that were taken up later, each with the instant from which it holds.
    pub fn of(first: Rules, later: Vec<(Instant, Rules)>) -> Self {
        let begin = Instant::from_unix(i64::MIN);
        let mut versions = vec![Version {
            from: begin,
            rules: first,
        }];
        versions.extend(
            later
                .into_iter()
                .map(|(from, rules)| Version { from, rules }),
        );
        versions[1..].sort_by_key(|version| version.from);
        let with_list = |list: &Version| {
            let rules = versions.iter().map(|version| {
                let mut rules = version.rules.clone();
                rules.calendar = Arc::clone(&list.rules.calendar);
                rules
            });
            rules.collect()
        };
        let combined: Vec<Vec<Rules>> = versions.iter().map(with_list).collect();
        Self {
            list: versions.len() - 1,
            versions: versions.into(),
            combined: combined.into(),
        }
    }

    /// With one more version, in force from `from`.
    #[must_use]
    pub fn and(&self, from: Instant, rules: Rules) -> Self {
        let mut versions = self.versions.iter().cloned();
        let first = versions.next().map_or_else(|| rules.clone(), |v| v.rules);
        let mut later: Vec<(Instant, Rules)> = versions.map(|v| (v.from, v.rules)).collect();
        later.push((from, rules));
        Self::of(first, later)
    }

    fn index(&self, at: Instant) -> usize {
        let later = self.versions.partition_point(|version| version.from <= at);
        later.saturating_sub(1)
    }

    /// The version in force at an instant; one taken up after the record closed has no say in it.
    fn version(&self, at: Instant) -> usize {
        self.index(at).min(self.list)
    }

    /// The rules in force at an instant.
    pub fn at(&self, at: Instant) -> &Rules {
        &self.combined[self.list][self.version(at)]
    }

    /// A procedure as in force at an instant; one that was taken up for the first time later as it was then. An unknown
    /// name gives the site's, which has no duties.
    pub fn procedure(&self, name: &str, at: Instant) -> &Procedure {
        let versions = &self.combined[self.list];
        let from = self.version(at);
        let known = versions[from..].iter().find(|rules| rules.knows(name));
        known.unwrap_or(&versions[from]).procedure(name)
    }

    /// The rules in force now: the newest.
    pub fn newest(&self) -> &Rules {
        &self.combined[self.versions.len() - 1][self.versions.len() - 1]
    }

    /// As a record sees it that closed at this instant: what was taken up afterwards is not there.
    #[must_use]
    pub fn as_closed(&self, closed: Option<Instant>) -> Self {
        Self {
            list: closed.map_or(self.versions.len() - 1, |at| self.index(at)),
            ..self.clone()
        }
    }

    /// The deadline that duty `code` of `procedure` puts on a record, running from `from`; `None` when the procedure in
    /// force then has no such duty.
    pub fn deadline(&self, procedure: &str, code: &str, from: Instant) -> Option<Deadline> {
        self.at(from).deadline(procedure, code, from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::calendar::Calendar;
    use crate::rules::procedure::BUILT_IN;

    fn site(close: &str) -> Rules {
        let text = BUILT_IN.iter().find(|(name, _)| *name == "site").unwrap().1;
        let text = text.replace(
            "close_of_business = \"17:30\"",
            &format!("close_of_business = \"{close}\""),
        );
        Rules::built_in().unwrap().with_file("site", &text).unwrap()
    }

    fn with_list(rules: &Rules, csv: &str) -> Rules {
        let newer = Calendar::parse(csv).unwrap();
        let mut rules = rules.clone();
        rules.calendar = Arc::new(rules.calendar.merged_with(&newer));
        rules
    }

    #[test]
    fn a_term_runs_by_the_procedure_at_its_start_and_the_newest_list() {
        let zone = crate::base::time::Zone::default();
        let at = |text: &str| zone.parse(text).unwrap();
        let first = site("17:30");
        let second = site("18:00");
        let third = with_list(
            &site("19:00"),
            "date,kind,name\n2027-01-01,off,元旦\n2027-01-04,off,元旦\n",
        );
        let in_force = InForce::of(
            first,
            vec![
                (at("2026-12-20T09:00"), second),
                (at("2026-12-25T09:00"), third),
            ],
        );
        let due = |in_force: &InForce, from: &str| {
            let deadline = in_force.deadline("property", "answer", at(from)).unwrap();
            zone.rfc3339(deadline.due.unwrap())
        };
        // 2 working days from 31 December: the list makes 1 and 4 January holidays.
        assert_eq!(
            due(&in_force, "2026-12-31T09:00"),
            "2027-01-06T19:00:00+08:00"
        );
        assert_eq!(
            due(&in_force, "2026-12-19T09:00"),
            "2026-12-22T17:30:00+08:00"
        );
        let closed = in_force.as_closed(Some(at("2026-12-24T09:00")));
        assert_eq!(
            due(&closed, "2026-12-31T09:00"),
            "2027-01-05T18:00:00+08:00"
        );
        let known = closed.procedure("site", at("2026-12-31T09:00"));
        assert_eq!(known.word("close_of_business"), "18:00");
        assert_eq!(in_force.newest().site().word("close_of_business"), "19:00");
    }
}
