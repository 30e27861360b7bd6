//! What takes long: done by a thread with a connection of its own, told of as it goes, stopped when asked.

use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::desk::view::ListQuery;
use crate::desk::{Desk, Error};
use crate::export::{self, Columns, Exported, Wanted};
use crate::i18n::{Msg, Voice};
use crate::press::filing::{folder, safe_name};
use crate::progress::Progress;
use crate::tables::Format;
use crate::time::Instant;

/// Something that takes long.
#[derive(Clone, Debug)]
pub enum Task {
    /// A list into a file of the export folder, as it stands on the screen.
    Export {
        /// Which records, in which order.
        query: ListQuery,
        /// In which format.
        format: Format,
    },
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Ended {
    /// The list is in the file.
    Exported {
        /// Which file.
        path: PathBuf,
        /// Records.
        records: u64,
    },
    /// It was stopped; nothing is left of it.
    Stopped,
}

impl Task {
    /// What it is called while it runs.
    pub fn title(&self) -> Msg {
        match self {
            Task::Export { query, .. } => {
                let code = query.register.as_deref().unwrap_or_default();
                Msg::new("outlet.exporting").with_key("register", format!("register.{code}"))
            }
        }
    }
}

/// Does it.
///
/// # Errors
/// What the work gives; then nothing is left of it.
pub fn run(
    desk: &mut Desk,
    task: &Task,
    voice: Voice,
    now: Instant,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Ended, Error> {
    match task {
        Task::Export { query, format } => {
            let path = export_path(desk, query, *format, voice, now)?;
            let wanted = Wanted {
                query,
                columns: Columns::Screen(Vec::new()),
                format: *format,
                path: &path,
                replace: false,
                mask: false,
                voice,
                now,
            };
            Ok(match export::write(desk, &wanted, watch)? {
                Exported::Done(records) => Ended::Exported { path, records },
                Exported::Cancelled => Ended::Stopped,
            })
        }
    }
}

/// `exports/维修-20260302-0942.xlsx`; with a number when there is one of this minute.
fn export_path(
    desk: &Desk,
    query: &ListQuery,
    format: Format,
    voice: Voice,
    now: Instant,
) -> Result<PathBuf, Error> {
    let folder = folder(desk.path(), &desk.rules(), "export_folder");
    std::fs::create_dir_all(&folder)
        .map_err(|e| Error::File(crate::store::io_trouble(&folder, &e)))?;
    let code = query.register.as_deref().unwrap_or_default();
    let register = voice.text(&format!("register.{code}"));
    let clock = voice.zone.local(now).format("%Y%m%d-%H%M");
    let ending = match format {
        Format::Xlsx => "xlsx",
        Format::Csv => "csv",
        Format::Json => "json",
        Format::JsonLines => "jsonl",
    };
    let name = |n: u32| match n {
        1 => format!("{}-{clock}.{ending}", safe_name(&register)),
        n => format!("{}-{clock}-{n}.{ending}", safe_name(&register)),
    };
    let mut paths = (1..).map(|n| folder.join(name(n)));
    Ok(paths.find(|path| !path.exists()).unwrap_or_default())
}
