//! Export 导出: any list as it stands on the screen, or a whole register with its history, into a file.
//!
//! Rows are read page by page and written one by one, from one unchanging view of the file; the result stands under
//! its name only when it is whole.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use crate::base::i18n::{Msg, Voice};
use crate::base::progress::Progress;
use crate::base::time::Instant;
use crate::desk::json::Json;
use crate::desk::view::{HistoryItem, ListItem, ListQuery, Order};
use crate::desk::{Desk, Error, Result};
use crate::record::entry::Entry;
use crate::registers::dynamic::AnyRegister;
use crate::registers::register;
use crate::store::FileTrouble;
use crate::tables::flat::Flat;
use crate::tables::{
    Cell, Column, ColumnKind, Format, Out, Style, Table, create, history, list, mask,
};

/// Rows between two tellings of progress.
const TELL: u64 = 200;

/// Which columns go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Those of the screen, or of these keys.
    Screen(Vec<String>),
    /// The register's flat table, and the history beside it, so that an import gives the same records.
    Full,
}

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Which records, in which order; all of them, whatever the page.
    pub query: &'a ListQuery,
    /// Which columns.
    pub columns: Columns,
    /// In which format.
    pub format: Format,
    /// Where to.
    pub path: &'a Path,
    /// Whether a file of that name is replaced.
    pub replace: bool,
    /// Whether personal data is hidden.
    pub mask: bool,
    /// Language and zone.
    pub voice: Voice,
    /// Now: what is late, and the date the file bears.
    pub now: Instant,
}

/// How an export ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exported {
    /// So many records were written.
    Done(u64),
    /// It was stopped; nothing is left.
    Cancelled,
}

/// Writes what is wanted. `progress` is told how far it is and says whether to go on.
///
/// # Errors
/// [`Error::File`] when the file is there already or cannot be written, or the register cannot be read;
/// [`Error::Refused`] for a register that does not exist. Nothing is left then.
pub fn write(
    desk: &Desk,
    wanted: &Wanted<'_>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Exported> {
    let code = wanted.query.register.as_deref().unwrap_or_default();
    let Some(register) = register(code) else {
        return Err(crate::desk::unknown_register(code).into());
    };
    if wanted.path.exists() && !wanted.replace {
        return Err(trouble(wanted.path, Msg::new("export.exists")));
    }
    let all = desk.count(wanted.query)?;
    let mut writing = Writing::begin(wanted, register).map_err(|e| failed(wanted.path, &e))?;
    let mut done = 0_u64;
    // A whole register goes out in the order it was written, so that it comes back in that order.
    let backwards = wanted.columns == Columns::Full && wanted.query.order == Order::Newest;
    let went = desk.each(wanted.query, backwards, wanted.now, &mut |item| {
        writing
            .record(desk, &item)?
            .map_err(|e| failed(wanted.path, &e))?;
        done += 1;
        Ok(if done.is_multiple_of(TELL) {
            progress(Progress { done, all })
        } else {
            ControlFlow::Continue(())
        })
    })?;
    if went.is_break() {
        return Ok(Exported::Cancelled);
    }
    writing.out.finish().map_err(|e| failed(wanted.path, &e))?;
    Ok(Exported::Done(done))
}

fn trouble(path: &Path, reason: Msg) -> Error {
    Error::File(FileTrouble {
        path: path.to_owned(),
        reason,
    })
}

fn failed(path: &Path, e: &io::Error) -> Error {
    trouble(path, Msg::new("export.failed").with("why", e.to_string()))
}

/// What a record becomes.
enum Shape {
    /// A line of the list.
    List,
    /// A line of the flat table, and lines of history.
    Flat(Flat),
    /// The document that `show` answers.
    Documents,
}

struct Writing<'a> {
    wanted: &'a Wanted<'a>,
    register: &'static dyn AnyRegister,
    shape: Shape,
    columns: Vec<Column>,
    history: Option<Vec<Column>>,
    out: Box<dyn Out>,
}

impl<'a> Writing<'a> {
    fn begin(wanted: &'a Wanted<'a>, register: &'static dyn AnyRegister) -> io::Result<Self> {
        let voice = &wanted.voice;
        let name = voice.text(&format!("register.{}", register.spec().code));
        let (shape, columns, history) = match (&wanted.columns, wanted.format) {
            (Columns::Screen(keys), _) => (Shape::List, list::columns(register, keys, voice), None),
            (Columns::Full, Format::Json | Format::JsonLines) => {
                (Shape::Documents, vec![document()], None)
            }
            (Columns::Full, format) => {
                let flat = Flat::of(register, voice);
                let columns = flat.columns().to_vec();
                let history = (format == Format::Xlsx).then(|| history::columns(voice));
                (Shape::Flat(flat), columns, history)
            }
        };
        let mut tables = vec![Table {
            name,
            columns: columns.clone(),
        }];
        tables.extend(history.clone().map(|columns| Table {
            name: voice.text("table.history"),
            columns,
        }));
        let style = Style {
            voice: *voice,
            made: wanted.now,
        };
        let out = create(wanted.format, wanted.path, tables, style)?;
        Ok(Self {
            wanted,
            register,
            shape,
            columns,
            history,
            out,
        })
    }

    /// Writes a record: first whether it could be read, then whether it could be written.
    fn record(&mut self, desk: &Desk, item: &ListItem) -> Result<io::Result<()>> {
        let rules = desk.rules();
        let voice = &self.wanted.voice;
        match &self.shape {
            Shape::List => {
                let cells = list::row(
                    self.register,
                    &self.columns,
                    item,
                    &rules,
                    voice,
                    self.wanted.now,
                );
                Ok(self.line(0, cells))
            }
            Shape::Documents => {
                let Some(view) = desk.view(&item.record.head.no)? else {
                    return Ok(Ok(()));
                };
                let json = Json {
                    voice: *voice,
                    now: self.wanted.now,
                };
                let mut value = json.view(&view, &[]);
                if let (true, Some(map)) = (self.wanted.mask, value.as_object_mut()) {
                    mask::fields(self.register, map);
                }
                Ok(self.out.row(0, &[Cell::Json { value, words: None }]))
            }
            Shape::Flat(flat) => {
                let items = desk.history(&item.record.head.no)?;
                let entries = effective(&items);
                let cells = flat.row(voice, &rules, &item.record, &entries, item.next.as_ref());
                let mut written = self.line(0, cells);
                if self.history.is_some() {
                    let typed = items
                        .into_iter()
                        .map(|item| (item.seq, Arc::unwrap_or_clone(item.entry)));
                    let mut typed: Vec<_> = typed.collect();
                    history::by_line(&mut typed);
                    for (_, mut entry) in typed {
                        if self.wanted.mask {
                            mask::fields(self.register, &mut entry.data);
                            mask::fields(self.register, &mut entry.found);
                        }
                        for cells in history::rows(voice, &rules, &entry) {
                            written = written.and_then(|()| self.line(1, cells));
                        }
                    }
                }
                Ok(written)
            }
        }
    }

    fn line(&mut self, table: usize, cells: Vec<Cell>) -> io::Result<()> {
        let columns = match (table, &self.history) {
            (1, Some(history)) => history,
            _ => &self.columns,
        };
        if self.wanted.mask {
            let cells = mask::row(columns, cells);
            self.out.row(table, &cells)
        } else {
            self.out.row(table, &cells)
        }
    }
}

/// The entries that stand, with their corrections, in the order in which they happened.
pub fn effective(history: &[HistoryItem]) -> Vec<&Entry> {
    let mut standing: Vec<&HistoryItem> = history
        .iter()
        .enumerate()
        .filter(|(index, item)| *index == 0 || item.fate.struck_by.is_none())
        .map(|(_, item)| item)
        .collect();
    let opening = history.first().map(|item| item.seq);
    standing.sort_by_key(|item| (Some(item.seq) != opening, item.stands().at, item.seq));
    standing.into_iter().map(HistoryItem::stands).collect()
}

/// The one column of a table of whole documents.
fn document() -> Column {
    Column {
        key: String::new(),
        label: String::new(),
        kind: ColumnKind::Json,
        width: 10,
        personal: false,
    }
}
