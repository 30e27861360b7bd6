//! Papers into files: named after the record, drawn, and whole or not there at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::desk::papers::Printed;
use crate::desk::{Error, Result};
use crate::documents::facts::voice;
use crate::documents::issue::Standing;
use crate::documents::pdf::{Look, missing_glyphs, pdf};
use crate::documents::text::{Frame, Plain, text};
use crate::documents::words::Words;
use crate::i18n::{Msg, Voice};
use crate::rules::ruleset::Rules;
use crate::store::FileTrouble;
use crate::tables::Fresh;
use crate::time::Instant;

/// Columns of a paper as plain text: A4 upright at ten characters an inch.
pub const COLUMNS: usize = 80;

/// As what a paper is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// By the typesetter.
    Pdf,
    /// As plain text, for the dot-matrix printer.
    Text,
}

impl Print {
    /// What the settings of the site ask for; plain text where this build has no typesetter.
    pub fn set(rules: &Rules) -> Self {
        match rules.site().word("print_as") {
            "text" => Print::Text,
            _ if cfg!(feature = "pdf") => Print::Pdf,
            _ => Print::Text,
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Print::Pdf => "pdf",
            Print::Text => "txt",
        }
    }
}

/// A paper that lies in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Where.
    pub path: PathBuf,
    /// Characters that no font has: 〓 stands for them.
    pub missing: Vec<char>,
}

/// The folder that the settings of the site give under this key; one that is not absolute is beside the file.
pub fn folder(file: &Path, rules: &Rules, key: &str) -> PathBuf {
    let home = file.parent().unwrap_or(Path::new(""));
    home.join(rules.site().word(key).trim())
}

/// A name that every file system takes.
pub fn safe_name(name: &str) -> String {
    let plain = crate::i18n::clean(name);
    let safe = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_whitespace() => '_',
        c => c,
    };
    plain.chars().map(safe).take(100).collect()
}

/// `W-2026-00001-工程部维修单-v2.pdf`; a draft and a void print say so in place of the version.
pub fn name(no: &str, printed: &Printed, print: Print) -> String {
    let sheet = &printed.sheet;
    let which = match (&printed.standing, sheet.imprint.version) {
        (Standing::Void | Standing::Draft(_), _) | (_, None) => sheet.imprint.mark.clone(),
        (_, Some(version)) => format!("v{version}"),
    };
    // One of several, such as a bill, has a number of its own.
    let own = match sheet.number.as_str() {
        number if number == no || number.is_empty() => no.to_owned(),
        number if number.contains(no) => number.to_owned(),
        number => format!("{no}-{number}"),
    };
    let name = format!("{own}-{}-{which}", sheet.title);
    format!("{}.{}", safe_name(&name), print.ending())
}

/// Draws a paper and puts it into `folder`, over an earlier print of the same version.
///
/// # Errors
/// [`Error::File`] when it cannot be drawn or written; an earlier print stays.
pub fn put(
    no: &str,
    printed: &Printed,
    print: Print,
    folder: &Path,
    rules: &Rules,
    now: Instant,
) -> Result<Filed> {
    let path = folder.join(name(no, printed, print));
    let fail = |reason: Msg| {
        Error::File(FileTrouble {
            path: path.clone(),
            reason,
        })
    };
    let words = Words::of(&voice(rules));
    let sheets = std::slice::from_ref(&printed.sheet);
    let (bytes, missing) = match print {
        Print::Text => {
            let plain = Plain {
                words,
                width: COLUMNS,
                frame: Frame::Box,
            };
            (text(sheets, &plain).into_bytes(), Vec::new())
        }
        Print::Pdf => {
            let mut look = Look::new(words);
            look.dated = Some(rules.zone().date(now));
            let bytes = pdf(sheets, &look).map_err(|e| fail(e.message()))?;
            (bytes, missing_glyphs(&printed.sheet, &look))
        }
    };
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| Fresh::begin(&path))
        .and_then(|(fresh, mut file)| {
            file.write_all(&bytes)?;
            fresh.keep(file)
        });
    written.map_err(|e| Error::File(crate::store::io_trouble(&path, &e)))?;
    Ok(Filed { path, missing })
}

/// The paper as lines of text for the screen, one copy of it, with the lines between its boxes.
pub fn preview(printed: &Printed, voice: &Voice, columns: usize) -> Vec<String> {
    let mut sheet = printed.sheet.clone();
    sheet.copies.truncate(1);
    let plain = Plain {
        words: Words::of(voice),
        width: columns.min(COLUMNS),
        frame: Frame::Box,
    };
    let drawn = text(std::slice::from_ref(&sheet), &plain);
    drawn.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::sheet::{Imprint, Sheet};

    fn printed(number: &str, version: Option<u32>) -> Printed {
        Printed {
            sheet: Sheet {
                title: "电费/单: 三月".into(),
                number: number.into(),
                imprint: Imprint {
                    version,
                    mark: "草稿".into(),
                    ..Imprint::default()
                },
                ..Sheet::default()
            },
            standing: Standing::New,
            issued: true,
        }
    }

    #[test]
    fn a_file_is_named_after_record_paper_and_version() {
        let name = |number, version, print| name("P-2026-00001", &printed(number, version), print);
        let own = "P-2026-00001";
        assert_eq!(
            name(own, Some(2), Print::Pdf),
            "P-2026-00001-电费_单__三月-v2.pdf"
        );
        assert_eq!(
            name(own, None, Print::Text),
            "P-2026-00001-电费_单__三月-草稿.txt"
        );
        assert_eq!(
            name("P-2026-00001-B3", Some(1), Print::Pdf),
            "P-2026-00001-B3-电费_单__三月-v1.pdf"
        );
        assert_eq!(
            name("B3", Some(1), Print::Pdf),
            "P-2026-00001-B3-电费_单__三月-v1.pdf"
        );
    }
}
