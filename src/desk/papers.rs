//! Printing: the papers of a record, and the entry that an issued one leaves.

use std::ops::ControlFlow;

use serde_json::{Map, Value, json};

use super::act::{DEPTH, How, Moment, Resolved, append};
use super::books::Period;
use super::lookup::logged;
use super::past::{Past, PastRecord};
use super::view::RecordView;
use super::{Desk, Result};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::{Instant, Month};
use crate::documents::facts::{Facts, moment, voice};
use crate::documents::issue::{Prepared, Standing, check_code, offered, prepare};
use crate::documents::layout::Layout;
use crate::documents::phrase::Form;
use crate::documents::sheet::Sheet;
use crate::record::action::ActionSet;
use crate::record::common::{DeskAction, Print};
use crate::record::request::{Operator, read};

/// What of a record this paper is to be printed for in a run: once, or once for each entry of the month.
fn items(layout: &Layout, view: &RecordView, desk: &Desk, month: Month) -> Vec<Option<String>> {
    let facts = Facts::of(view, &desk.rules);
    let (Some(list), key) = (
        &layout.use_.item,
        layout.use_.item_key.as_deref().unwrap_or("no"),
    ) else {
        let there = prepare(layout, &facts, &view.record, None).is_ok();
        return if there { vec![None] } else { Vec::new() };
    };
    let entries = facts
        .find(std::slice::from_ref(list), &[])
        .and_then(Value::as_array);
    let month = month.to_string();
    entries
        .into_iter()
        .flatten()
        .filter(|entry| {
            entry
                .get("period")
                .is_none_or(|period| period.as_str() == Some(&month))
        })
        .filter(|entry| {
            entry
                .get("state")
                .is_none_or(|state| state.as_str() != Some("void"))
        })
        .filter_map(|entry| entry.get(key)?.as_str().map(str::to_owned))
        .filter(|item| prepare(layout, &facts, &view.record, Some(item)).is_ok())
        .map(Some)
        .collect()
}

/// A paper that a record has or could have.
#[derive(Clone, Debug)]
pub struct PaperOffer {
    /// The paper's name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// How it stands; a refusal tells what is missing for it.
    pub standing: std::result::Result<Standing, Refusal>,
}

/// A paper to be printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The paper, with version and check code when it is issued.
    pub sheet: Sheet,
    /// How it stood before.
    pub standing: Standing,
    /// Whether this print was entered into the journal.
    pub issued: bool,
}

impl Desk {
    /// The papers of a record, those that can be printed first.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn paper_offers(&self, view: &RecordView) -> Result<Vec<PaperOffer>> {
        let facts = self.facts(view)?;
        let layouts = self.documents.all().iter();
        let mut offers: Vec<PaperOffer> = layouts
            .filter(|layout| offered(layout, &facts, &view.record))
            .map(|layout| PaperOffer {
                name: layout.name.clone(),
                title: layout.title.clone(),
                standing: prepare(layout, &facts, &view.record, None).map(|p| p.standing),
            })
            .collect();
        offers.sort_by_key(|offer| offer.standing.is_err());
        Ok(offers)
    }

    /// The paper as it would be printed now; nothing is issued. One that is not issued yet bears 草稿 across.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is no such record or paper, or the record has nothing for it yet.
    pub fn draw(&self, no: &str, document: &str, item: Option<&str>) -> Result<Printed> {
        let (view, layout) = self.paper(no, document)?;
        self.drawn(&view, layout, item)
    }

    /// A paper of a record that is at hand, as it would be printed; nothing is issued.
    ///
    /// # Errors
    /// [`Error::Refused`] when the record has nothing for it yet.
    pub fn drawn(&self, view: &RecordView, layout: &Layout, item: Option<&str>) -> Result<Printed> {
        let prepared = prepare(layout, &self.facts(view)?, &view.record, item)?;
        Ok(self.printed(prepared, None))
    }

    /// Prints a paper: a new or changed one is issued with the next version and leaves an entry; one that says what it
    /// said before is a reprint of the same version; a draft or void one leaves nothing.
    ///
    /// # Errors
    /// As [`Desk::draw`], and [`Error::File`] when the file cannot be written.
    pub fn print(
        &mut self,
        no: &str,
        document: &str,
        item: Option<&str>,
        who: &Operator,
        now: Instant,
    ) -> Result<Printed> {
        self.writable()?;
        loop {
            let (view, layout) = self.paper(no, document)?;
            let prepared = prepare(layout, &self.facts(&view)?, &view.record, item)?;
            let (version, issued) = match (&prepared.standing, prepared.version) {
                (Standing::Issued(paper), _) if !paper.check.is_empty() => {
                    return Ok(self.printed(prepared, None));
                }
                (_, None) => return Ok(self.printed(prepared, None)),
                // The version that an action issued keeps the day of that action.
                (Standing::Issued(paper) | Standing::Stale(paper, _), Some(version))
                    if paper.version == version =>
                {
                    (version, paper.issued)
                }
                (_, Some(version)) => (version, now),
            };
            let (said, of) = (&prepared.filled.said, prepared.of.as_ref());
            let check = check_code(&layout.name, no, of, version, issued, said);
            let data = json!({"document": layout.name, "version": version, "check": check, "said": said, "of": of});
            if self.enter_print(&view, data, who, now)? {
                return Ok(self.printed(prepared, Some((issued, check))));
            }
        }
    }

    /// The records of a month that have this paper, with the entry it is about when the paper is one of a list: a bill
    /// belongs to the month it is for, everything else to the month of receipt. Void records are left out.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn papers_of(
        &self,
        layout: &Layout,
        month: Month,
    ) -> Result<Vec<(String, Option<String>)>> {
        let past = self.past(None)?;
        let mut found = Vec::new();
        let mut take = |past: PastRecord, of: &Past<'_>| {
            if past.record.head.void_reason.is_none() {
                let view = of.as_view(past);
                found.extend(
                    items(layout, &view, self, month)
                        .into_iter()
                        .map(|item| (view.record.head.no.clone(), item)),
                );
            }
        };
        if layout.use_.item.is_none() {
            past.each_in(layout, Period::Month(month), &mut |record| {
                take(record, &past);
                Ok(ControlFlow::Continue(()))
            })?;
            return Ok(found);
        }
        // A bill of this month may belong to an application of any earlier one.
        let mut place = (i64::MIN, String::new());
        loop {
            let page = past.received(&layout.register, &place, month.end(self.rules.zone()))?;
            let Some(last) = page.last() else {
                return Ok(found);
            };
            place = last.clone();
            for (_, no) in &page {
                if let Some(record) = past.record(no)? {
                    take(record, &past);
                }
            }
        }
    }

    /// Appends the print. Answers `false`, with nothing written, when another desk has written to the record since it
    /// was read: the paper must then be prepared anew, or two would bear the same version.
    fn enter_print(
        &mut self,
        view: &RecordView,
        data: Value,
        who: &Operator,
        now: Instant,
    ) -> Result<bool> {
        let rules = self.rules();
        let spec = DeskAction::ALL.iter().find(|spec| spec.name == Print::NAME);
        let (Some(spec), Value::Object(data)) = (spec, data) else {
            return Ok(true);
        };
        let data: Map<String, Value> = data
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect();
        let act = read(spec, &data, &rules, who, now)?;
        let no = view.record.head.no.clone();
        let register = view.register;
        let known = view.history.len();
        self.write(now, |writer, rules| {
            let entries = logged(&no, writer)?;
            if entries.len() != known {
                return Ok(false);
            }
            let mut resolved = Resolved {
                register,
                spec,
                entries,
            };
            let moment = Moment { who, now, rules };
            // A print is nobody's late act: nobody is asked why it comes.
            let how = How {
                depth: DEPTH,
                ..How::ASKED
            };
            append(writer, &mut resolved, act, &moment, &how)?;
            Ok(true)
        })
    }

    /// The facts of a record, with what stands around it.
    fn facts(&self, view: &RecordView) -> Result<Facts<'_>> {
        Ok(Facts::of(view, &self.rules).around(self.around(view)?))
    }

    fn paper(&self, no: &str, document: &str) -> Result<(RecordView, &Layout)> {
        let view = self.view(no)?.ok_or_else(|| {
            Refusal::new(
                RefusalCode::UnknownRecord,
                Msg::new("refusal.unknown_record").with("no", no),
            )
        })?;
        Ok((view, self.layout(document)?))
    }

    /// The description of a paper or book.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is none of this name.
    pub fn layout(&self, document: &str) -> Result<&Layout> {
        let found = self.documents.find(document).ok_or_else(|| {
            let message = Msg::new("print.unknown").with("paper", document);
            Refusal::new(RefusalCode::BadValue, message).field("document")
        })?;
        Ok(found)
    }

    /// The paper with version, date of issue and check code, or with what makes it no good copy across. `fresh`: the
    /// day and check code of an issue that was entered just now.
    pub(super) fn printed(&self, prepared: Prepared, fresh: Option<(Instant, String)>) -> Printed {
        let voice = voice(&self.rules);
        let mut sheet = prepared.filled.sheet;
        let issued = fresh.is_some();
        // A paper that an action has issued and nobody has printed yet has no check code.
        let good = fresh.or(match &prepared.standing {
            Standing::Issued(paper) => Some((paper.issued, paper.check.clone())),
            _ => None,
        });
        let imprint = &mut sheet.imprint;
        match (&prepared.standing, good) {
            (Standing::Void, _) => imprint.mark = voice.text("print.void"),
            (_, Some((at, check))) => {
                imprint.version = prepared.version;
                imprint.issued = moment(&voice, at, Form::Date);
                imprint.check = check;
            }
            (_, None) => imprint.mark = voice.text("print.draft"),
        }
        Printed {
            sheet,
            standing: prepared.standing,
            issued,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::view::{Request, Target};
    use crate::rules::ruleset::Rules;
    use crate::store::Mode;

    #[test]
    fn a_print_of_what_another_desk_has_changed_meanwhile_is_not_entered() {
        let rules = Rules::built_in().unwrap();
        let at = |text: &str| rules.zone().parse(text).unwrap();
        let who = Operator {
            name: "小何".into(),
            role: None,
        };
        let path = std::path::Path::new("not-there.db");
        let mut desk = Desk::open(path, Mode::Look, rules.clone()).unwrap();
        let ask = |target: Target, action: &str, data: Value| Request {
            target,
            action: Some(action.into()),
            data: data.as_object().cloned().unwrap_or_default(),
        };
        let slip = json!({"content": "漏水", "place": "3栋1203", "team": "水工班"});
        let issue = ask(Target::New("work-order".into()), "issue", slip);
        let view = desk.act(&issue, &who, at("2026-03-02T09:00")).unwrap().view;
        let no = view.record.head.no.clone();
        let remark = ask(
            Target::On(no.clone()),
            "remark",
            json!({"text": "先打电话"}),
        );
        desk.act(&remark, &who, at("2026-03-02T09:01")).unwrap();
        let data =
            json!({"document": "repair_slip", "version": 1, "check": "0000-0000", "said": {}});
        let entered = desk.enter_print(&view, data, &who, at("2026-03-02T09:02"));
        assert!(!entered.unwrap());
        assert_eq!(desk.history(&no).unwrap().len(), 2);
    }
}
