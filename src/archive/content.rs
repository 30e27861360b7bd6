//! What is in an archive, file by file. A pure function of the file up to an entry, the month and the moment it is told
//! for: the same again gives the same bytes, whatever came later.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::book::{self, Scope};
use super::gaps::Gaps;
use super::manifest::{Chain, Kind, MANIFEST, Manifest};
use super::pack::{Pack, Part, sha256};
use super::papers::{self, Papers};
use super::readme::{self, Told};
use super::registers::{Books, Line, Sheet};
use super::statistics::Statistics;
use super::{mask, stopped};
use crate::base::hash::Hash;
use crate::base::i18n::{Lang, Voice};
use crate::base::progress::Progress;
use crate::desk::past::{Past, PastRecord};
use crate::desk::seal::file;
use crate::desk::{CLOSED_MONTH, Result};
use crate::documents::issue::mark_outdated;
use crate::record::entry::Entry;
use crate::registers::REGISTERS;
use crate::store::journal::Row;
use crate::tables::{Cell, ColumnKind};

/// The journal's stretch.
pub const SEGMENT: &str = "journal/segment.tsv";
/// Entries of the month's records that stand in earlier archives' stretches.
pub const EARLIER: &str = "journal/earlier.tsv";
/// Work between two tellings of progress.
const TELL: u64 = 256;

/// What the files say besides the records.
pub(super) struct Spec<'a> {
    pub(super) kind: Kind,
    pub(super) by: &'a str,
    pub(super) reason: Option<&'a str>,
    pub(super) papers: Papers,
}

/// What was written.
pub(super) struct Written {
    /// SHA-256 of the manifest.
    pub(super) manifest: String,
    pub(super) records: u64,
    pub(super) entries: u64,
    pub(super) head: Hash,
    pub(super) gaps: Gaps,
}

/// Tells how far it is, now and then.
pub(super) struct Teller<'a> {
    progress: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
    done: u64,
    all: u64,
}

impl<'a> Teller<'a> {
    /// How much there is to do: entries of the stretch and records of the month, as nearly as the index tells.
    pub(super) fn new(
        past: &Past<'_>,
        scope: &Scope,
        progress: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Self> {
        let mut all = u64::try_from(past.upto - scope.after()).unwrap_or(0);
        for register in REGISTERS {
            all += past.received_in(register.spec().code, scope.month)?;
        }
        Ok(Self {
            progress,
            done: 0,
            all,
        })
    }

    /// One more is done.
    pub(super) fn one(&mut self) -> Result<()> {
        self.done += 1;
        if !self.done.is_multiple_of(TELL) {
            return Ok(());
        }
        let all = Some(self.all.max(self.done));
        match (self.progress)(Progress {
            done: self.done,
            all,
        }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(stopped()),
        }
    }
}

/// How an archive speaks: Chinese, whoever makes it, so that the bytes do not depend on who does.
pub(super) fn voice(scope: &Scope) -> Voice {
    Voice {
        lang: Lang::Zh,
        zone: scope.zone,
        lexicon: scope.lexicon,
    }
}

/// The gap report alone.
pub(super) fn survey(past: &Past<'_>, scope: &Scope, teller: &mut Teller<'_>) -> Result<Gaps> {
    let mut gaps = Gaps::default();
    past.stretch(scope.after(), |row| {
        teller.one()?;
        if let Ok(entry) = Entry::read(&row.line) {
            gaps.entry(&entry, scope.zone);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for register in REGISTERS {
        book::each(past, scope, *register, |found| {
            teller.one()?;
            note(&mut gaps, &found);
            Ok(())
        })?;
    }
    gaps.complete(past, scope)?;
    Ok(gaps)
}

fn note(gaps: &mut Gaps, found: &PastRecord) {
    let paper_no = found.register.paper_no(&found.record);
    gaps.record(found, paper_no.as_deref());
}

/// Writes every file into the pack, the manifest last.
pub(super) fn write(
    past: &Past<'_>,
    scope: &Scope,
    spec: &Spec<'_>,
    pack: &mut Pack,
    teller: &mut Teller<'_>,
) -> Result<Written> {
    let mut gaps = Gaps::default();
    let mut counts = BTreeMap::new();
    let chain = Chain {
        after: scope.after(),
        after_hash: past.hash_at(scope.after())?.hex(),
        last: past.upto,
        last_hash: past.hash_at(past.upto)?.hex(),
    };
    let (entries, late) = segment(past, scope, spec.kind, pack, &mut gaps, teller)?;
    counts.insert("entries".to_owned(), entries);
    counts.insert("later-findings".to_owned(), late);
    let (statistics, earlier) = records(past, scope, spec.kind, pack, &mut gaps, teller)?;
    counts.insert("earlier-entries".to_owned(), earlier);
    let mut all = 0;
    for register in REGISTERS {
        let code = register.spec().code;
        let n = statistics.records(code);
        all += n;
        counts.insert(format!("register {code}"), n);
    }
    let papers = papers::write(past, scope, spec.papers, pack, teller)?;
    counts.insert("papers".to_owned(), papers);
    gaps.complete(past, scope)?;
    let voice = voice(scope);
    let whole = |value: &serde_json::Value| format!("{value:#}\n").into_bytes();
    let mut report = gaps.json(&voice);
    if let (Some(reason), Some(map)) = (spec.reason, report.as_object_mut()) {
        map.insert("reason".to_owned(), reason.into());
    }
    // What is missing concerns the office alone, and speaks of records in words.
    if spec.kind != Kind::Masked {
        pack.whole("gaps.json", &whole(&report))?;
        gaps_table(&gaps, scope, pack)?;
    }
    pack.whole("statistics.json", &whole(&statistics.json()))?;
    pack.whole("calendar.csv", past.rules().calendar.to_csv().as_bytes())?;
    let site = past.rules().site();
    let desk = format!("{} {}", site.word("site_name"), site.word("desk"));
    let mut manifest = Manifest {
        kind: spec.kind,
        month: scope.month,
        file: match past.upto {
            0 => Hash::GENESIS.hex(),
            _ => past.hash_at(1)?.hex(),
        },
        desk: desk.trim().to_owned(),
        zone: scope.zone.0.name().to_owned(),
        at: scope.zone.rfc3339(scope.at),
        by: spec.by.to_owned(),
        chain,
        previous: scope
            .earlier
            .last()
            .map(|seal| (seal.month.to_string(), seal.manifest.clone())),
        counts,
        files: Vec::new(),
    };
    let told = Told {
        manifest: &manifest,
        reason: spec.reason,
        gaps: &gaps,
        rules: past.rules(),
    };
    pack.whole("README.txt", readme::text(&told, scope.zone).as_bytes())?;
    manifest.files = pack.files().to_vec();
    let text = manifest.text();
    pack.manifest(MANIFEST, &text)?;
    Ok(Written {
        manifest: sha256(text.as_bytes()),
        records: all,
        entries,
        head: past.hash_at(past.upto)?,
        gaps,
    })
}

/// A line of a journal file: sequence number, hash, the entry as it was hashed. An entry holds no tab and no line break.
fn journal_line(row: &Row) -> String {
    format!("{}\t{}\t{}", row.seq, row.hash.hex(), row.line)
}

/// The journal's stretch, and what in it belongs to months sealed before; answers how many of each.
fn segment(
    past: &Past<'_>,
    scope: &Scope,
    kind: Kind,
    pack: &mut Pack,
    gaps: &mut Gaps,
    teller: &mut Teller<'_>,
) -> Result<(u64, u64)> {
    let mut part = match kind {
        // A masked line would break the chain; a masked copy goes without.
        Kind::Masked => None,
        _ => Some(pack.part(SEGMENT)?),
    };
    let mut findings = match kind {
        Kind::Masked => None,
        _ => Some(later_findings(scope, pack)?),
    };
    let (mut entries, mut late) = (0, 0);
    past.stretch(scope.after(), |row| {
        teller.one()?;
        entries += 1;
        if let Some(part) = &mut part {
            part.line(&journal_line(&row))?;
        }
        let Ok(entry) = Entry::read(&row.line) else {
            return Ok(ControlFlow::Continue(()));
        };
        gaps.entry(&entry, scope.zone);
        if let Some(month) = entry.found.get(CLOSED_MONTH).and_then(|m| m.as_str()) {
            late += 1;
            if let Some(findings) = &mut findings {
                findings.row(0, &later_finding(row.seq, &entry, month, scope))?;
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if let Some(part) = part {
        pack.finish(part)?;
    }
    if let Some(findings) = findings {
        findings.finish(pack)?;
    }
    Ok((entries, late))
}

/// Later findings 事后补记与更正: the table of entries that belong to months sealed before.
fn later_findings(scope: &Scope, pack: &Pack) -> Result<Sheet> {
    use ColumnKind::{Instant, Integer, Json, Text};
    let columns = [
        ("seq", "archive.col.seq", Integer, 8),
        ("no", "field.no", Text, 14),
        ("closed_month", "field.closed_month", Text, 8),
        ("action", "field.action", Text, 10),
        ("at", "field.at", Instant, 16),
        ("entered", "field.entered", Instant, 16),
        ("by", "field.by", Text, 8),
        ("note", "field.note", Text, 24),
        ("data", "table.data", Json, 40),
    ];
    Sheet::csv(pack, scope, "later_findings.csv", &columns)
}

fn later_finding(seq: i64, entry: &Entry, month: &str, scope: &Scope) -> Vec<Cell> {
    let voice = voice(scope);
    vec![
        Cell::Integer(seq),
        Cell::text(&entry.no),
        Cell::text(month),
        Cell::text(crate::registers::label::action(
            &voice,
            &entry.register,
            &entry.action,
        )),
        Cell::At(entry.at),
        Cell::At(entry.entered),
        Cell::text(&entry.by),
        entry.note.as_ref().map_or(Cell::Empty, Cell::text),
        Cell::Json {
            value: serde_json::Value::Object(entry.data.clone()),
            words: None,
        },
    ]
}

/// The registers, and the entries that earlier archives hold of their records; answers counts and how many such entries.
fn records(
    past: &Past<'_>,
    scope: &Scope,
    kind: Kind,
    pack: &mut Pack,
    gaps: &mut Gaps,
    teller: &mut Teller<'_>,
) -> Result<(Statistics, u64)> {
    let mut statistics = Statistics::new();
    let mut books = Books::begin(pack, voice(scope), scope)?;
    let mut earlier = match kind {
        Kind::Masked => None,
        _ => Some(pack.part(EARLIER)?),
    };
    let mut before = 0;
    let mut held = BTreeSet::new();
    let mut neighbours = BTreeSet::new();
    for (index, register) in REGISTERS.iter().enumerate() {
        let mut files = books.book(pack, index, *register)?;
        book::each(past, scope, *register, |mut found| {
            teller.one()?;
            note(gaps, &found);
            before += known_before(&found.rows, scope, &mut earlier)?;
            held.insert(found.record.head.no.clone());
            neighbours.extend(past.neighbours(&found)?);
            let late = scope.late(&found);
            mark_papers(&mut found, past);
            if kind == Kind::Masked {
                mask::hide(&mut found);
            }
            let line = line(&found, past, scope, late);
            statistics.add(
                *register,
                &found.record,
                &line.deadlines,
                late.is_some(),
                scope.at,
            );
            books.put(&mut files, &line, past, scope)
        })?;
        files.finish(pack)?;
    }
    // What the month's records are made from besides their own entries: rules taken up before, records they look at.
    before += known_before(&past.rules_rows()?, scope, &mut earlier)?;
    for no in neighbours.difference(&held) {
        if let Some(other) = past.record(no)? {
            before += known_before(&other.rows, scope, &mut earlier)?;
        }
    }
    if let Some(earlier) = earlier {
        pack.finish(earlier)?;
    }
    books.finish(pack, &statistics, past)?;
    Ok((statistics, before))
}

fn known_before(rows: &[Row], scope: &Scope, earlier: &mut Option<Part>) -> Result<u64> {
    let after = scope.after();
    let mut n = 0;
    for row in rows.iter().filter(|row| row.seq <= after) {
        n += 1;
        if let Some(part) = earlier {
            part.line(&journal_line(row))?;
        }
    }
    Ok(n)
}

/// Marks the papers that facts have outrun, before a masked copy hides those facts.
fn mark_papers(found: &mut PastRecord, past: &Past<'_>) {
    if found.record.head.papers.is_empty() {
        return;
    }
    let mut view = found.view(Vec::new(), Vec::new());
    mark_outdated(&mut view, past.rules());
    found.record = view.record;
}

/// A record with its duties. One that is filed with the month's archive is filed now (S5.4.3.8).
fn line<'a>(
    found: &'a PastRecord,
    past: &Past<'_>,
    scope: &Scope,
    late: Option<crate::base::time::Month>,
) -> Line<'a> {
    let mut deadlines = found.register.deadlines(&found.record, past.in_force());
    if found.record.head.closed.is_some() {
        file(&mut deadlines, scope.at);
    }
    Line {
        past: found,
        deadlines,
        late,
    }
}

fn gaps_table(gaps: &Gaps, scope: &Scope, pack: &mut Pack) -> Result<()> {
    use crate::record::field::Choice;
    use ColumnKind::Text;
    let voice = voice(scope);
    let columns = [
        ("code", "archive.col.gap", Text, 14),
        ("no", "field.no", Text, 14),
        ("what", "archive.col.what", Text, 14),
        ("explain", "archive.col.explain", Text, 8),
        ("text", "archive.col.text", Text, 60),
    ];
    let mut sheet = Sheet::csv(pack, scope, "gaps.csv", &columns)?;
    for finding in gaps.findings() {
        let must = match finding.code.must_be_explained() {
            true => voice.text("word.yes"),
            false => String::new(),
        };
        let cells = [
            Cell::text(voice.text(&super::gaps::Code::SET.label_key(finding.code.code()))),
            finding.no.as_ref().map_or(Cell::Empty, Cell::text),
            Cell::text(&finding.what),
            Cell::text(must),
            Cell::text(voice.say(&finding.text)),
        ];
        sheet.row(0, &cells)?;
    }
    sheet.finish(pack)
}
