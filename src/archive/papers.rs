//! The papers of a month 单据, and its register books 登记簿册, as PDF; as plain text in a build without a typesetter.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::book::{self, Scope};
use super::content::{self, Teller};
use super::pack::Pack;
use super::registers::Sheet as Rows;
use crate::base::time::{LocalDate, Month};
use crate::choices;
use crate::desk::Result;
use crate::desk::books::{Period, Take};
use crate::desk::past::{Past, PastRecord};
use crate::desk::view::RecordView;
use crate::documents::facts::voice;
use crate::documents::issue::Standing;
use crate::documents::layout::{Holds, Layout, Made};
use crate::documents::pdf::{Look, chunks};
use crate::documents::sheet::Sheet;
use crate::press::{Print, draw, trouble};
use crate::record::common::Print as Printing;
use crate::record::entry::Entry;
use crate::record::head::{AnyRecord, Paper};
use crate::registers::REGISTERS;
use crate::registers::dynamic::AnyRegister;
use crate::tables::{Cell, ColumnKind};

choices! {
    /// Which papers go into an archive.
    pub enum Papers in "archive.papers" {
        /// Those that were issued and still say what is so
        Issued = "issued",
        /// Every paper that the records have, issued or not
        All = "all",
        /// None
        None = "none",
    }
}

/// Most records of a month that have all their papers put in unless it is asked for: beyond that it takes minutes.
const ALL_UP_TO: u64 = 1_000;

/// Which papers go in when nobody says: all of a month of ordinary size, else those that were issued.
///
/// # Errors
/// [`Error::File`] when the file cannot be read.
pub(super) fn usual(past: &Past<'_>, month: Month) -> Result<Papers> {
    let mut records = 0;
    for register in REGISTERS {
        records += past.received_in(register.spec().code, month)?;
    }
    Ok(if records <= ALL_UP_TO {
        Papers::All
    } else {
        Papers::Issued
    })
}

/// Sheets set at a time: with their copies they stay well below what the typesetter takes.
const SHEETS: usize = 40;

/// Sheets of one layout on their way into numbered files.
struct Files {
    /// `papers/repair_slip`.
    stem: String,
    n: u32,
    sheets: Vec<Sheet>,
}

impl Files {
    fn of(layout: &Layout) -> Self {
        let folder = match layout.made {
            Made::Record => "papers",
            Made::Book => "book",
        };
        Self {
            stem: format!("{folder}/{}", layout.name),
            n: 0,
            sheets: Vec::new(),
        }
    }

    /// Takes a sheet; answers the name of the file it goes into.
    fn take(&mut self, sheet: Sheet, to: &mut To<'_>) -> Result<String> {
        if self.sheets.len() == SHEETS {
            self.flush(to)?;
        }
        self.sheets.push(sheet);
        Ok(format!("{}-{:03}", self.stem, self.n + 1))
    }

    fn flush(&mut self, to: &mut To<'_>) -> Result<()> {
        let sheets = std::mem::take(&mut self.sheets);
        if sheets.is_empty() {
            return Ok(());
        }
        self.n += 1;
        let name = format!("{}-{:03}", self.stem, self.n);
        let mut parts = chunks(&sheets).into_iter().enumerate();
        parts.try_for_each(|(index, run)| {
            let name = match index {
                0 => name.clone(),
                more => format!(
                    "{name}{}",
                    char::from(b'a' + u8::try_from(more).unwrap_or(25).min(25))
                ),
            };
            to.write(&name, run)
        })
    }
}

/// Where papers go, and how they look.
struct To<'p> {
    pack: &'p mut Pack,
    look: Look,
}

impl To<'_> {
    fn write(&mut self, name: &str, sheets: &[Sheet]) -> Result<()> {
        let print = match cfg!(feature = "pdf") {
            true => Print::Pdf,
            false => Print::TEXT,
        };
        let name = format!("{name}.{}", print.ending());
        let drawn = draw(sheets, print, &self.look);
        let bytes = drawn.map_err(|why| trouble(&self.pack.target().join(&name), why))?;
        self.pack.whole(&name, &bytes)
    }
}

/// Writes papers and books; answers how many papers.
pub(super) fn write(
    past: &Past<'_>,
    scope: &Scope,
    which: Papers,
    pack: &mut Pack,
    teller: &mut Teller<'_>,
) -> Result<u64> {
    if which == Papers::None {
        return Ok(0);
    }
    let day = scope.zone.date(scope.at);
    let look = past.documents().look(&content::voice(scope), day);
    let look = look.map_err(|e| trouble(pack.target(), e.message()))?;
    let mut index = index(scope, pack)?;
    let mut to = To { pack, look };
    let carried = past.carried(scope.month.begin(scope.zone))?;
    let printed = printed(past, scope)?;
    let mut count = 0;
    for of in REGISTERS {
        let layouts = past.documents().all().iter();
        let (papers, books): (Vec<&Layout>, Vec<&Layout>) = layouts
            .filter(|layout| layout.register == of.spec().code)
            .partition(|layout| layout.made == Made::Record);
        let papers = papers.into_iter().map(|layout| Of {
            past,
            carried: &carried,
            layout,
            which,
            files: Files::of(layout),
        });
        let mut papers: Vec<Of<'_>> = papers.collect();
        // One reading of the register for all its papers.
        book::each(past, scope, *of, |found| {
            teller.one()?;
            for paper in &mut papers {
                count += paper.record(&found, &mut to, &mut index)?;
            }
            Ok(())
        })?;
        for no in printed.iter().filter(|no| no.starts_with(of.spec().letter)) {
            let found = past.record(no)?;
            if let Some(found) = found.filter(|found| !scope.holds(&found.history)) {
                for paper in &mut papers {
                    count += paper.issued_in(scope, &found, &mut to, &mut index)?;
                }
            }
        }
        for mut paper in papers {
            paper.files.flush(&mut to)?;
        }
        for layout in books {
            book(past, scope, layout, *of, &mut to, teller)?;
        }
    }
    index.finish(to.pack)?;
    Ok(count)
}

/// One book of a register.
fn book(
    past: &Past<'_>,
    scope: &Scope,
    layout: &Layout,
    of: &dyn AnyRegister,
    to: &mut To<'_>,
    teller: &mut Teller<'_>,
) -> Result<()> {
    let mut files = Files::of(layout);
    let mut take = |sheet| files.take(sheet, to).map(|_| ControlFlow::Continue(()));
    match layout.holds {
        Holds::Month => {
            let mut records = |each: &mut Take<'_>| {
                book::each(past, scope, of, |found| {
                    teller.one()?;
                    each(found).map(|_| ())
                })
            };
            let month = Period::Month(scope.month);
            past.book_of(layout, month, &mut take, &mut records)?;
        }
        Holds::Day => days(past, scope, layout, of, &mut take, teller)?,
        // What goes on now is no matter of a month.
        Holds::Open => {}
    }
    files.flush(to)
}

/// Records that had a paper issued in this stretch of the journal.
fn printed(past: &Past<'_>, scope: &Scope) -> Result<BTreeSet<String>> {
    let documents = past.documents();
    let layouts = documents.all().iter();
    let mut issuing: Vec<&str> = layouts
        .filter_map(|layout| layout.use_.issued_by.as_deref())
        .collect();
    issuing.push(Printing::NAME);
    let mut found = BTreeSet::new();
    past.stretch(scope.after(), |row| {
        let entry = Entry::read(&row.line);
        if entry.is_ok_and(|entry| issuing.contains(&entry.action.as_str())) {
            found.insert(row.no);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// A page for every day of the month that has a line, each with the chain as it stood at its end.
fn days(
    past: &Past<'_>,
    scope: &Scope,
    layout: &Layout,
    of: &dyn AnyRegister,
    take: &mut dyn FnMut(Sheet) -> Result<ControlFlow<()>>,
    teller: &mut Teller<'_>,
) -> Result<()> {
    let mut days: BTreeMap<LocalDate, Vec<String>> = BTreeMap::new();
    book::each(past, scope, of, |found| {
        teller.one()?;
        let day = scope.zone.date(found.record.head.received);
        days.entry(day).or_default().push(found.record.head.no);
        Ok(())
    })?;
    for (day, numbers) in days {
        let mut records = |each: &mut Take<'_>| {
            for no in &numbers {
                if let Some(found) = past.record(no)? {
                    let _ = each(found)?;
                }
            }
            Ok(())
        };
        past.book_of(layout, Period::Day(day), take, &mut records)?;
    }
    Ok(())
}

/// Papers of one sort.
struct Of<'o> {
    past: &'o Past<'o>,
    carried: &'o [AnyRecord],
    layout: &'o Layout,
    which: Papers,
    files: Files,
}

impl Of<'_> {
    /// Those that were issued in the month from a record of another month.
    fn issued_in(
        &mut self,
        scope: &Scope,
        found: &PastRecord,
        to: &mut To<'_>,
        index: &mut Rows,
    ) -> Result<u64> {
        let mine = |paper: &&Paper| {
            paper.name == self.layout.name && scope.zone.month(paper.issued) == scope.month
        };
        self.these(
            found,
            items(found.record.head.papers.iter().filter(mine)),
            to,
            index,
        )
    }

    /// Those of one record.
    fn record(&mut self, found: &PastRecord, to: &mut To<'_>, index: &mut Rows) -> Result<u64> {
        let papers = found.record.head.papers.iter();
        let issued = items(papers.filter(|paper| paper.name == self.layout.name));
        let wanted = match (issued.is_empty(), self.which) {
            (false, _) => issued,
            (true, Papers::All) => vec![None],
            (true, _) => return Ok(0),
        };
        self.these(found, wanted, to, index)
    }

    fn these(
        &mut self,
        found: &PastRecord,
        wanted: Vec<Option<String>>,
        to: &mut To<'_>,
        index: &mut Rows,
    ) -> Result<u64> {
        if wanted.is_empty() {
            return Ok(0);
        }
        let deadlines = found
            .register
            .deadlines(&found.record, self.past.in_force());
        let view = found.view(deadlines, Vec::new());
        let mut count = 0;
        for item in wanted {
            count += self.one(&view, item.as_deref(), to, index)?;
        }
        Ok(count)
    }

    fn one(
        &mut self,
        view: &RecordView,
        item: Option<&str>,
        to: &mut To<'_>,
        index: &mut Rows,
    ) -> Result<u64> {
        // A record may have nothing for a paper yet.
        let Ok(mut drawn) = self.past.paper(view, self.carried, self.layout, item) else {
            return Ok(0);
        };
        match drawn.standing {
            // What was never issued is no paper.
            Standing::Draft(_) => return Ok(0),
            Standing::New | Standing::Stale(..) => {
                let imprint = &mut drawn.sheet.imprint;
                imprint.mark.clear();
                imprint.version = None;
                imprint.issued = voice(self.past.rules()).text("archive.copy");
            }
            Standing::Issued(_) | Standing::Void => {}
        }
        let paper = match &drawn.standing {
            Standing::Issued(paper) | Standing::Stale(paper, _) => Some(paper),
            _ => None,
        };
        let outdated = matches!(drawn.standing, Standing::Stale(..));
        let file = match outdated && self.which == Papers::Issued {
            // What was printed then cannot be printed again; what it said stands in the entry of its print.
            true => String::new(),
            false => self.files.take(drawn.sheet, to)?,
        };
        let flag = |yes: bool| if yes { Cell::Flag(true) } else { Cell::Empty };
        index.row(
            0,
            &[
                Cell::text(&view.record.head.no),
                Cell::text(&self.layout.title),
                item.map_or(Cell::Empty, Cell::text),
                paper.map_or(Cell::Empty, |paper| Cell::Integer(paper.version.into())),
                paper.map_or(Cell::Empty, |paper| Cell::At(paper.issued)),
                paper.map_or(Cell::Empty, |paper| Cell::text(&paper.check)),
                flag(outdated),
                Cell::text(file),
            ],
        )?;
        Ok(1)
    }
}

/// The items that papers are of, each once.
fn items<'p>(papers: impl Iterator<Item = &'p Paper>) -> Vec<Option<String>> {
    let mut items: Vec<Option<String>> = Vec::new();
    for paper in papers {
        let of = paper.of.as_ref().map(|of| of.value.clone());
        if !items.contains(&of) {
            items.push(of);
        }
    }
    items
}

/// `papers/index.csv`: which paper stands in which file.
fn index(scope: &Scope, pack: &Pack) -> Result<Rows> {
    use ColumnKind::{Bool, Instant, Integer, Text};
    let columns = [
        ("no", "field.no", Text, 14),
        ("paper", "archive.col.paper", Text, 16),
        ("item", "archive.col.item", Text, 14),
        ("version", "archive.col.version", Integer, 6),
        ("issued", "archive.col.issued", Instant, 16),
        ("check", "archive.col.check", Text, 10),
        ("outdated", "archive.col.outdated", Bool, 8),
        ("file", "archive.col.file", Text, 24),
    ];
    Rows::csv(pack, scope, "papers/index.csv", &columns)
}
