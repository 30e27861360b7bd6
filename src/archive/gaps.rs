//! The gap report 缺漏检查: what is missing or open before a month is sealed, worst first. What an inspector would ask for
//! must be explained.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::book::Scope;
use super::runs::{PAD, PaperNo, Runs, write};
use crate::base::i18n::{Msg, Voice, known_key};
use crate::base::time::{Month, Zone};
use crate::choices;
use crate::desk::Result;
use crate::desk::past::{Past, PastRecord};
use crate::record::entry::Entry;
use crate::record::field::Choice;
use crate::registers::{REGISTERS, application, register_of, work_order};
use crate::rules::deadline::{DeadlineState, DutyKind};

/// Findings of one sort that are told one by one; more are counted.
pub const TOLD: usize = 500;
/// Paper numbers that are looked for in the whole file; numbers that do not run in pads are not looked for for ever.
const LOOKED_FOR: u32 = 5_000;

choices! {
    /// What may be missing.
    pub enum Code in "archive.gap" {
        /// 登记号缺号
        MissingNumber = "missing_number",
        /// 纸单缺号
        MissingPaper = "missing_paper",
        /// 纸单重号
        DuplicatePaper = "duplicate_paper",
        /// 维修单签名不全
        Unsigned = "unsigned",
        /// 未出账电表
        Unbilled = "unbilled",
        /// 以前月份未封存
        EarlierMonth = "earlier_month",
        /// 逾期未办
        LateDuty = "late_duty",
        /// 未到期待办
        OpenDuty = "open_duty",
        /// 未办结
        OpenRecord = "open_record",
        /// 放假安排暂定
        Provisional = "provisional",
    }
}

impl Code {
    /// Whether a month with this gap is sealed only with a reason.
    pub const fn must_be_explained(self) -> bool {
        matches!(
            self,
            Code::MissingNumber
                | Code::MissingPaper
                | Code::Unsigned
                | Code::Unbilled
                | Code::EarlierMonth
        )
    }
}

/// One gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What sort.
    pub code: Code,
    /// What exactly: a paper number, a duty, a month.
    pub what: String,
    /// The record, when it is about one.
    pub no: Option<String>,
    /// In words.
    pub text: Msg,
}

/// A series of our own numbers, as far as the journal's stretch gave any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Series {
    given: Runs,
    voided: u64,
}

/// The gap report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// By sort and in order within it; the first [`TOLD`] of each.
    lists: BTreeMap<Code, BTreeMap<String, Finding>>,
    counts: BTreeMap<Code, u64>,
    series: BTreeMap<String, Series>,
    papers: BTreeMap<String, Pad>,
    /// The months of receipt of the records that the stretch opened.
    months: BTreeSet<Month>,
}

/// The numbers of one sort of slips: all that were used, and those of live records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Pad {
    used: Runs,
    live: Runs,
    width: usize,
}

impl Gaps {
    fn find(&mut self, code: Code, order: String, what: &str, no: Option<&str>, text: Msg) {
        *self.counts.entry(code).or_default() += 1;
        let list = self.lists.entry(code).or_default();
        let finding = Finding {
            code,
            what: what.to_owned(),
            no: no.map(str::to_owned),
            text,
        };
        list.insert(
            format!("{order} {what} {}", no.unwrap_or_default()),
            finding,
        );
        if list.len() > TOLD {
            list.pop_last();
        }
    }

    /// Every finding that is told, worst first.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.lists.values().flat_map(BTreeMap::values)
    }

    /// How many of each sort there are.
    pub fn counts(&self) -> impl Iterator<Item = (Code, u64)> + '_ {
        self.counts.iter().map(|(code, n)| (*code, *n))
    }

    /// How many must be explained.
    pub fn to_explain(&self) -> u64 {
        let counts = self.counts();
        counts
            .filter(|(code, _)| code.must_be_explained())
            .map(|(_, n)| n)
            .sum()
    }

    /// The report for programs.
    pub fn json(&self, voice: &Voice) -> Value {
        let findings = self.findings().map(|finding| {
            json!({"code": finding.code.code(), "what": finding.what, "no": finding.no, "explain": finding.code.must_be_explained(),
                "text": voice.say(&finding.text)})
        });
        let counts = self
            .counts()
            .map(|(code, n)| (code.code().to_owned(), n.into()));
        let series = self.series.iter().map(|(name, series)| {
            let stretches: Vec<_> = series.given.stretches().map(|(a, b)| json!([a, b])).collect();
            json!({"series": name, "given": series.given.len(), "voided": series.voided, "stretches": stretches})
        });
        let papers = self.papers.iter().map(|(name, pad)| {
            let stretches: Vec<_> = pad.used.stretches().map(|(a, b)| json!([a, b])).collect();
            json!({"book": name, "used": pad.used.len(), "stretches": stretches})
        });
        json!({
            "to_explain": self.to_explain(),
            "counts": serde_json::Map::from_iter(counts),
            "series": series.collect::<Vec<_>>(),
            "papers": papers.collect::<Vec<_>>(),
            "findings": findings.collect::<Vec<_>>(),
        })
    }

    /// Notes an entry of the month's stretch: numbers given and voided, months spoken of.
    pub fn entry(&mut self, entry: &Entry, zone: Zone) {
        let Some(register) = register_of(&entry.no) else {
            return;
        };
        let opens = register
            .action(&entry.action)
            .is_some_and(|spec| spec.first);
        let Some(number) = PaperNo::read(&entry.no) else {
            return;
        };
        let series = self.series.entry(number.prefix.to_owned()).or_default();
        if opens {
            series.given.put(number.n);
            self.months.insert(zone.month(entry.received));
        } else if entry.action == "void" {
            series.voided += 1;
        }
    }

    /// Notes a record of the month: its slip's number.
    pub fn record(&mut self, past: &PastRecord, paper: Option<&str>) {
        let Some(paper) = paper.and_then(PaperNo::read) else {
            return;
        };
        let code = past.register.spec().code;
        let pad = self
            .papers
            .entry(format!("{code} {}", paper.prefix))
            .or_default();
        pad.used.put(paper.n);
        pad.width = pad.width.max(paper.width);
        let live = past.record.head.void_reason.is_none();
        if live && !pad.live.put(paper.n) {
            let number = write(paper.prefix, paper.n, paper.width);
            let no = past.record.head.no.as_str();
            let text = Msg::new("archive.found.duplicate_paper")
                .with("paper", number.as_str())
                .with("no", no);
            self.find(Code::DuplicatePaper, String::new(), &number, Some(no), text);
        }
    }

    /// Looks at what cannot be seen from the month's own records. To be called when all of them were noted.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when the file cannot be read.
    pub fn complete(&mut self, past: &Past<'_>, scope: &Scope) -> Result<()> {
        self.numbers(past)?;
        self.slips(past)?;
        self.open(past, scope)?;
        self.earlier(scope);
        Ok(())
    }

    fn numbers(&mut self, past: &Past<'_>) -> Result<()> {
        let series: Vec<(String, Vec<(u64, u64)>)> = self
            .series
            .iter()
            .map(|(prefix, series)| (prefix.clone(), series.given.holes()))
            .collect();
        for (prefix, holes) in series {
            for n in holes.into_iter().flat_map(|(from, to)| from..=to) {
                let no = write(&prefix, n, 5);
                if past.record(&no)?.is_none() {
                    let text = Msg::new("archive.found.missing_number").with("no", no.as_str());
                    self.find(Code::MissingNumber, String::new(), &no, None, text);
                }
            }
        }
        Ok(())
    }

    /// Holes in the pads of slips. A number of this pad may have been used in another month.
    fn slips(&mut self, past: &Past<'_>) -> Result<()> {
        let mut left = LOOKED_FOR;
        let mut used = |book: &str, n: u64, width: usize| -> Result<Option<bool>> {
            let Some(rest) = left.checked_sub(1) else {
                return Ok(None);
            };
            left = rest;
            let (code, prefix) = book.split_once(' ').unwrap_or((book, ""));
            let Some(register) = crate::registers::register(code) else {
                return Ok(None);
            };
            Ok(Some(
                past.on_paper(register, &write(prefix, n, width))?.is_some(),
            ))
        };
        let mut missing = Vec::new();
        for (book, pad) in &self.papers {
            for n in pad
                .used
                .holes()
                .into_iter()
                .flat_map(|(from, to)| from..=to)
            {
                if used(book, n, pad.width)? == Some(false) {
                    missing.push((book.clone(), n, pad.width));
                }
            }
            // The slip used last before this month's first one shows whether some in between are missing.
            for first in pad.used.beginnings() {
                let mut between = Vec::new();
                for n in (first.saturating_sub(PAD)..first).rev() {
                    match used(book, n, pad.width)? {
                        Some(true) => {
                            missing.extend(between.drain(..).map(|n| (book.clone(), n, pad.width)));
                            break;
                        }
                        Some(false) if n > 0 => between.push(n),
                        _ => break,
                    }
                }
            }
        }
        for (book, n, width) in missing {
            let prefix = book.split_once(' ').map_or("", |(_, prefix)| prefix);
            let paper = write(prefix, n, width);
            let text = Msg::new("archive.found.missing_paper").with("paper", paper.as_str());
            self.find(Code::MissingPaper, String::new(), &paper, None, text);
        }
        Ok(())
    }

    /// What was open at the end: of this month and of those before.
    fn open(&mut self, past: &Past<'_>, scope: &Scope) -> Result<()> {
        let until = scope.month.end(scope.zone);
        let mut provisional = 0_u64;
        for register in REGISTERS {
            past.open_numbers(register.spec().code, |no| {
                let known = past.record(no)?;
                let Some(open) = known.filter(|p| p.record.head.closed.is_none()) else {
                    return Ok(());
                };
                if open.record.head.received < until {
                    provisional += self.one_open(&open, past, scope);
                }
                Ok(())
            })?;
        }
        if provisional > 0 {
            let text = Msg::new("archive.found.provisional").with("n", provisional as i64);
            self.find(Code::Provisional, String::new(), "calendar", None, text);
        }
        Ok(())
    }

    /// One open record; answers how many of its due times are provisional.
    fn one_open(&mut self, open: &PastRecord, past: &Past<'_>, scope: &Scope) -> u64 {
        let code = open.register.spec().code;
        let head = &open.record.head;
        let no = head.no.as_str();
        let title = open.register.title(&open.record);
        let state = format!("state.{code}.{}", head.state);
        let text = Msg::new("archive.found.open_record")
            .with("no", no)
            .with("title", title.as_str())
            .with_key("state", state);
        let order = format!("{:020}", head.received.unix());
        self.find(Code::OpenRecord, order, &head.state, Some(no), text);
        let mut provisional = 0;
        for duty in open.register.deadlines(&open.record, past.in_force()) {
            let owed = duty.pending() && !duty.silent;
            provisional += u64::from(owed && duty.provisional);
            let sort = match duty.state(scope.at) {
                DeadlineState::Late if owed => Code::LateDuty,
                DeadlineState::Open if owed => Code::OpenDuty,
                _ => continue,
            };
            if !matches!(duty.kind, DutyKind::Dated | DutyKind::AtOnce) {
                continue;
            }
            let (_, at) = duty.order();
            let key = match duty.kind {
                DutyKind::Dated => format!("archive.found.{}", sort.code()),
                _ => "archive.found.at_once".to_owned(),
            };
            let text = Msg::new(key)
                .with("no", no)
                .with_key("duty", known_key("duty", code, &duty.code))
                .with("at", at)
                .with("clause", duty.clause.0.as_str())
                .with("title", title.as_str());
            self.find(
                sort,
                format!("{:020}", at.unix()),
                &duty.code,
                Some(no),
                text,
            );
        }
        self.signatures(open, scope);
        self.meters(open, scope);
        provisional
    }

    fn signatures(&mut self, open: &PastRecord, _scope: &Scope) {
        let (code, head) = (open.register.spec().code, &open.record.head);
        let Some(missing) = work_order::unsigned(&head.state).filter(|_| code == "work-order")
        else {
            return;
        };
        let text = Msg::new("archive.found.unsigned")
            .with("no", head.no.as_str())
            .with_key("action", known_key("action", code, missing))
            .with("title", open.register.title(&open.record));
        let order = format!("{:020}", head.received.unix());
        self.find(Code::Unsigned, order, missing, Some(&head.no), text);
    }

    fn meters(&mut self, open: &PastRecord, scope: &Scope) {
        if open.register.spec().code != "application" {
            return;
        }
        let month = scope.month;
        let (from, until) = (month.begin(scope.zone), month.end(scope.zone));
        let period = month.to_string();
        let missing = application::unbilled(&open.record, &period, from, until);
        let Some(missing) = missing else { return };
        let no = open.record.head.no.as_str();
        let text = Msg::new("archive.found.unbilled")
            .with("no", no)
            .with("title", open.register.title(&open.record))
            .with("month", period)
            .with_key("why", application::Unbilled::SET.label_key(missing.code()));
        self.find(
            Code::Unbilled,
            String::new(),
            missing.code(),
            Some(no),
            text,
        );
    }

    /// Earlier months that records of this stretch belong to and that are not sealed. Those that only earlier stretches
    /// speak of were explained when these were sealed.
    fn earlier(&mut self, scope: &Scope) {
        let sealed = |month: &Month| scope.earlier.iter().any(|seal| seal.month == *month);
        let before = self.months.range(..scope.month);
        let open: Vec<Month> = before.filter(|month| !sealed(month)).copied().collect();
        for month in open {
            let name = month.to_string();
            let text = Msg::new("archive.found.earlier_month").with("month", name.as_str());
            self.find(Code::EarlierMonth, String::new(), &name, None, text);
        }
    }
}
