//! Whether a record that is there already is the one a row tells of.

use super::row::Rows;
use crate::base::time::Instant;
use crate::desk::bulk::Step;
use crate::record::entry::Entry;
use crate::record::request::read;

impl Rows<'_> {
    /// Whether entries tell what these steps would: the same actions at the same times with the same fields.
    pub(super) fn same_life(&self, entries: &[Entry], steps: &[Step]) -> bool {
        let amended = |key: &str| {
            entries.iter().rev().find_map(|entry| {
                let changes = (entry.action == "amend").then(|| entry.found.get("changes"));
                changes.flatten()?.get(key)
            })
        };
        steps.iter().all(|step| {
            let Some(spec) = self.plan.register.action(step.action) else {
                return false;
            };
            let read = read(spec, &step.data, self.rules, &step.who, step.now);
            let Ok(act) = read else {
                return false;
            };
            let told = serde_json::to_value(act.envelope.at).unwrap_or_default();
            entries.iter().any(|entry| {
                entry.action == step.action
                    && (self.same_time(entry.at, act.envelope.at)
                        || spec.first && amended("at").is_some_and(|at| at == &told))
                    && act.data.iter().all(|(key, value)| {
                        entry.data.get(key) == Some(value)
                            || spec.first && amended(key) == Some(value)
                    })
            })
        })
    }

    /// Whether two times are one, where a row may know only the day.
    fn same_time(&self, here: Instant, told: Instant) -> bool {
        let [here_local, told_local] = [here, told].map(|at| self.reading.zone.local(at));
        here == told
            || told_local.time() == chrono::NaiveTime::MIN && here_local.date() == told_local.date()
    }
}
