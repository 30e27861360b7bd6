//! Papers into files: named after the record, drawn, and whole or not there at all.

use std::path::{Path, PathBuf};

use super::{COLUMNS, Print, draw, place, trouble};
use crate::base::i18n::Voice;
use crate::base::time::Instant;
use crate::desk::papers::Printed;
use crate::desk::{Desk, Result};
use crate::documents::facts::voice;
use crate::documents::issue::Standing;
use crate::documents::pdf::missing_glyphs;
use crate::documents::text::{Frame, Plain, text};
use crate::documents::words::Words;
use crate::rules::ruleset::Rules;

impl Print {
    /// What the settings of the site ask for; plain text where this build has no typesetter.
    pub fn set(rules: &Rules) -> Self {
        match rules.site().word("print_as") {
            "text" => Self::TEXT,
            _ if cfg!(feature = "pdf") => Print::Pdf,
            _ => Self::TEXT,
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
    let plain = crate::base::i18n::clean(name);
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
pub fn file(
    no: &str,
    printed: &Printed,
    print: Print,
    folder: &Path,
    desk: &Desk,
    now: Instant,
) -> Result<Filed> {
    let path = folder.join(name(no, printed, print));
    let rules = desk.rules();
    let look = desk
        .documents()
        .look(&voice(&rules), rules.zone().date(now));
    let look = look.map_err(|e| trouble(&path, e.message()))?;
    let sheets = std::slice::from_ref(&printed.sheet);
    let bytes = draw(sheets, print, &look).map_err(|why| trouble(&path, why))?;
    place(&path)?.put(&bytes)?;
    let missing = match print {
        Print::Pdf => missing_glyphs(&printed.sheet, &look),
        Print::Text { .. } | Print::Escp { .. } => Vec::new(),
    };
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
            name(own, None, Print::TEXT),
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
