//! What takes long: done by a thread with a connection of its own, told of as it goes, stopped when asked.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::archive::{self, Gaps};
use crate::base::i18n::{Msg, Voice};
use crate::base::progress::Progress;
use crate::base::time::{Instant, Month};
use crate::desk::past::Seal;
use crate::desk::view::ListQuery;
use crate::desk::{Desk, Error};
use crate::export::{self, Columns, Exported, Wanted};
use crate::import::{self, Way};
use crate::press::filing::{folder, safe_name};
use crate::record::request::Operator;
use crate::tables::Format;

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
    /// What is missing or open in a month.
    Check(Month),
    /// The archive of a month, into the archive folder.
    Archive(archive::Options),
    /// What the columns of a file are taken for.
    Plan {
        /// The file.
        path: PathBuf,
        /// The register it goes into.
        register: String,
        /// What was said about it.
        options: import::Options,
    },
    /// An import, or a trial of it.
    Import {
        /// What becomes of the columns.
        plan: Planned,
        /// Whether it is meant.
        way: Way,
    },
}

/// A plan of an import.
#[derive(Clone)]
pub struct Planned(pub Box<import::Plan>);

impl std::fmt::Debug for Planned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Planned({})", self.0.path.display())
    }
}

/// Something long that is running.
#[derive(Clone, Debug)]
pub struct Running {
    /// What it is called.
    pub title: Msg,
    /// How far it is.
    pub progress: Progress,
    /// Whether it was asked to stop.
    pub stopping: bool,
}

impl Running {
    /// It has just begun.
    pub fn new(title: Msg) -> Self {
        Self {
            title,
            progress: Progress::default(),
            stopping: false,
        }
    }
}

/// What the desk found of a month.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The month.
    pub month: Month,
    /// What is missing or open.
    pub gaps: Gaps,
    /// Its seal, when it is sealed.
    pub seal: Option<Seal>,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Ended {
    /// What is missing or open in a month.
    Checked(Box<Checked>),
    /// The archive stands.
    Archived(Box<archive::Sealed>),
    /// What the columns are taken for.
    Planned(Planned),
    /// How the import or its trial went.
    Imported(Box<import::Outcome>, Way),
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
            Task::Check(month) => Msg::new("office.checking").with("month", month.to_string()),
            Task::Archive(options) => {
                Msg::new("office.archiving").with("month", options.month.to_string())
            }
            Task::Plan { .. } => Msg::new("office.planning"),
            Task::Import { way, .. } => Msg::new(match way {
                Way::Try => "office.trying",
                Way::Keep => "office.importing",
            }),
        }
    }

    /// Whether it writes into the file, so that a name is needed.
    pub fn writes(&self) -> bool {
        match self {
            Task::Archive(_) => true,
            Task::Import { way, .. } => *way == Way::Keep,
            _ => false,
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
    who: &Operator,
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
        Task::Check(month) => {
            let gaps = archive::check_with(desk, *month, now, watch)?;
            let seal = archive::seal_of(desk, *month)?;
            let month = *month;
            Ok(Ended::Checked(Box::new(Checked { month, gaps, seal })))
        }
        Task::Archive(options) => {
            let mut options = options.clone();
            options.out = folder(desk.path(), &desk.rules(), "archive_folder");
            let sealed = archive::write(desk, &options, who, now, watch)?;
            Ok(Ended::Archived(Box::new(sealed)))
        }
        Task::Plan {
            path,
            register,
            options,
        } => {
            let plan = import::plan(&at_home(path), register, options)?;
            Ok(Ended::Planned(Planned(Box::new(plan))))
        }
        Task::Import { plan, way } => {
            let outcome = import::run(desk, &plan.0, who, now, *way, watch)?;
            Ok(Ended::Imported(Box::new(outcome), *way))
        }
    }
}

/// A path as a person types it: `~/` is the home folder.
fn at_home(path: &Path) -> PathBuf {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path.to_owned(),
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
