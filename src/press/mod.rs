//! The press 印刷: drawn papers into files, each whole or not there. A long run becomes several volumes, so that memory
//! does not grow with it.

pub mod filing;

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::base::i18n::Msg;
use crate::desk::{Error, Result};
use crate::documents::pdf::{Look, chunks, missing_glyphs, pdf};
use crate::documents::sheet::Sheet;
use crate::documents::text::{Frame, Plain, escp, text};
use crate::store::{FileTrouble, io_trouble};
use crate::tables::Fresh;

/// As what papers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// By the typesetter.
    Pdf,
    /// As plain text of so many columns.
    Text {
        /// Columns of a line.
        width: usize,
        /// The lines of its boxes.
        frame: Frame,
    },
    /// Plain text as a dot-matrix printer takes it: GB 18030 with ESC/P commands.
    Escp {
        /// Columns of a line.
        width: usize,
    },
}

/// Columns of a paper as plain text: A4 upright at ten characters an inch.
pub const COLUMNS: usize = 80;

impl Print {
    /// Plain text as the desk prints it.
    pub const TEXT: Self = Self::Text {
        width: COLUMNS,
        frame: Frame::Box,
    };

    /// The ending of such a file.
    pub const fn ending(self) -> &'static str {
        match self {
            Print::Pdf => "pdf",
            Print::Text { .. } => "txt",
            Print::Escp { .. } => "prn",
        }
    }
}

/// Papers as the bytes of one file.
///
/// # Errors
/// When the typesetter gives up, in words.
pub fn draw(sheets: &[Sheet], print: Print, look: &Look) -> std::result::Result<Vec<u8>, Msg> {
    let plain = |width: usize, frame: Frame| Plain {
        words: look.words.clone(),
        width,
        frame,
    };
    match print {
        Print::Pdf => pdf(sheets, look).map_err(|e| e.message()),
        Print::Text { width, frame } => Ok(text(sheets, &plain(width, frame)).into_bytes()),
        Print::Escp { width } => Ok(escp(&text(sheets, &plain(width, Frame::Wide)))),
    }
}

/// A run of papers into one file, or into several volumes `name-01.pdf`, `name-02.pdf`… when it is long.
pub struct Run<'a> {
    path: &'a Path,
    print: Print,
    look: &'a Look,
    waiting: Vec<Sheet>,
    volumes: Vec<PathBuf>,
    missing: Vec<char>,
}

/// What a run has written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// Characters that no font has: 〓 stands for them.
    pub missing: Vec<char>,
}

impl<'a> Run<'a> {
    /// A run into `path`.
    pub fn new(path: &'a Path, print: Print, look: &'a Look) -> Self {
        Self {
            path,
            print,
            look,
            waiting: Vec::new(),
            volumes: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// One paper more.
    ///
    /// # Errors
    /// [`Error::File`] when a volume cannot be drawn or written; earlier volumes stay.
    pub fn push(&mut self, sheet: Sheet) -> Result<()> {
        for c in missing_glyphs(&sheet, self.look) {
            if !self.missing.contains(&c) {
                self.missing.push(c);
            }
        }
        self.waiting.push(sheet);
        let full = match chunks(&self.waiting).as_slice() {
            [first, _, ..] => first.len(),
            _ => return Ok(()),
        };
        let rest = self.waiting.split_off(full);
        let volume = self.volume(self.volumes.len() + 1);
        self.write(&volume)?;
        self.waiting = rest;
        Ok(())
    }

    /// The last volume; answers the files.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be drawn or written.
    pub fn end(mut self) -> Result<Written> {
        if !self.waiting.is_empty() {
            let path = match self.volumes.len() {
                0 => self.path.to_owned(),
                n => self.volume(n + 1),
            };
            self.write(&path)?;
        }
        Ok(Written {
            files: self.volumes,
            missing: self.missing,
        })
    }

    fn volume(&self, n: usize) -> PathBuf {
        let part = |name: Option<&std::ffi::OsStr>| {
            name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
        };
        let (stem, ending) = (part(self.path.file_stem()), part(self.path.extension()));
        self.path.with_file_name(format!("{stem}-{n:02}.{ending}"))
    }

    fn write(&mut self, path: &Path) -> Result<()> {
        let bytes =
            draw(&self.waiting, self.print, self.look).map_err(|reason| trouble(path, reason))?;
        self.waiting.clear();
        place(path)?.put(&bytes)?;
        self.volumes.push(path.to_owned());
        Ok(())
    }
}

/// A place on the disk that is known to take a file; dropped unused, nothing is left of it.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    fresh: Fresh,
    file: File,
}

/// Makes sure that a file can be written, before anything is issued that is to go into it.
///
/// # Errors
/// [`Error::File`] when the folder does not take it; what stands under the name stays.
pub fn place(path: &Path) -> Result<Place> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), std::fs::create_dir_all);
    let begun = made.and_then(|()| Fresh::begin(path));
    let (fresh, file) = begun.map_err(|e| Error::File(io_trouble(path, &e)))?;
    Ok(Place {
        path: path.to_owned(),
        fresh,
        file,
    })
}

impl Place {
    /// Puts bytes into the file, over what stood under its name.
    ///
    /// # Errors
    /// [`Error::File`] when the disk does not take it; what stood there stays.
    pub fn put(self, bytes: &[u8]) -> Result<()> {
        let Self {
            path,
            fresh,
            mut file,
        } = self;
        let written = file.write_all(bytes).and_then(|()| fresh.keep(file));
        written.map_err(|e| Error::File(io_trouble(&path, &e)))
    }
}

/// A paper that cannot be drawn, in words.
pub fn trouble(path: &Path, reason: Msg) -> Error {
    Error::File(FileTrouble {
        path: path.to_owned(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::i18n::Voice;
    use crate::documents::sheet::{Block, Column};
    use crate::documents::words::Words;

    fn list(rows: usize) -> Sheet {
        Sheet {
            title: "簿".into(),
            blocks: vec![Block::Grid {
                columns: vec![Column::default()],
                rows: vec![vec!["𪚥行".into()]; rows],
            }],
            ..Sheet::default()
        }
    }

    #[test]
    fn a_short_run_is_one_file_and_a_long_one_is_volumes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("簿.txt");
        let look = Look::new(Words::of(&Voice::default()));
        let print = Print::Text {
            width: 80,
            frame: Frame::Box,
        };
        let mut run = Run::new(&path, print, &look);
        run.push(list(3)).unwrap();
        assert_eq!(run.end().unwrap().files, std::slice::from_ref(&path));
        let mut run = Run::new(&path, print, &look);
        for _ in 0..5 {
            run.push(list(3000)).unwrap();
        }
        let files = run.end().unwrap().files;
        let names: Vec<_> = files
            .iter()
            .map(|f| f.file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "簿-01.txt",
                "簿-02.txt",
                "簿-03.txt",
                "簿-04.txt",
                "簿-05.txt"
            ]
        );
        assert!(
            files
                .iter()
                .all(|file| std::fs::read_to_string(file).unwrap().contains('行'))
        );
    }
}
