//! The typesetter: a world of two files, the template and the papers as data.

use std::sync::LazyLock;

use serde::Serialize;
use sha2::{Digest, Sha256};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::fonts::{Fonts, GETA};
use super::{Look, PdfError};
use crate::base::time::LocalDate;
use crate::documents::sheet::Sheet;
use crate::documents::tidy::{each_text, tidy};
use crate::documents::words::Words;

/// A run of Latin characters longer than this may break anywhere; shorter ones stay whole.
const LONG_WORD: usize = 24;

/// What the template reads as `papers.json`: data, never markup, so that nothing a person typed is taken for code.
#[derive(Serialize)]
struct Papers<'a> {
    words: &'a Words,
    sheets: &'a [Sheet],
}

/// Sets papers.
pub fn set(sheets: &[Sheet], look: &Look) -> Result<Vec<u8>, PdfError> {
    let sheets: Vec<Sheet> = sheets.iter().map(|sheet| ready(sheet, look)).collect();
    let (desk, name) = Desk::new(&sheets, look)?;
    let made = desk.lay().and_then(|mut document| {
        describe(&mut document, &sheets);
        let options = options(name, date(&sheets, look));
        typst_pdf::pdf(&document, &options).map_err(|errors| desk.error(&errors))
    });
    // What was set is not needed again; without this, memory grows with every paper.
    typst::comemo::evict(0);
    made
}

/// The paper as the fonts can show it.
fn ready(sheet: &Sheet, look: &Look) -> Sheet {
    let mut sheet = tidy(sheet);
    each_text(&mut sheet, &mut |text| {
        let shown = |c: char| c == '\n' || look.fonts.has(c);
        if !text.chars().all(shown) {
            *text = text
                .chars()
                .map(|c| if shown(c) { c } else { GETA })
                .collect();
        }
        if text.len() > LONG_WORD {
            *text = breakable(text);
        }
    });
    sheet
}

/// Lets long runs without a place to break (hashes, addresses) break.
fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !c.is_ascii_graphic()) {
        if word.len() <= LONG_WORD {
            out.push_str(word);
            continue;
        }
        for (at, c) in word.chars().enumerate() {
            if at > 0 && at % 8 == 0 {
                out.push('\u{200b}');
            }
            out.push(c);
        }
    }
    out
}

/// Title, author and keywords of the document, as file lists and searches show them.
fn describe(document: &mut PagedDocument, sheets: &[Sheet]) {
    let info = document.info_mut();
    if let Some(first) = sheets.first() {
        let title = [first.title.as_str(), first.number.as_str()];
        let title: Vec<&str> = title.into_iter().filter(|part| !part.is_empty()).collect();
        if !title.is_empty() {
            info.title = Some(title.join(" ").into());
        }
        if !first.company.is_empty() {
            info.author = vec![first.company.as_str().into()];
        }
    }
    let mut keywords: Vec<&str> = Vec::new();
    for sheet in sheets {
        for word in [&sheet.number, &sheet.imprint.clauses, &sheet.imprint.check] {
            if !word.is_empty() && !keywords.contains(&word.as_str()) {
                keywords.push(word);
            }
        }
    }
    // PDF/A limits the length of a text.
    info.keywords = keywords.into_iter().take(400).map(Into::into).collect();
}

/// The latest date of issue among the papers; else the one that the caller gives.
fn date(sheets: &[Sheet], look: &Look) -> Option<LocalDate> {
    let issued = |sheet: &Sheet| day_in(&sheet.imprint.issued);
    sheets.iter().filter_map(issued).max().or(look.dated)
}

/// The day that a text begins with: `2026-03-02 10:15`, `2026年3月2日`.
fn day_in(text: &str) -> Option<LocalDate> {
    let mut figures = text.split(|c: char| !c.is_ascii_digit());
    let mut next = || figures.next()?.parse::<u32>().ok();
    let year = i32::try_from(next()?).ok()?;
    LocalDate::from_ymd_opt(year, next()?, next()?)
}

fn options(name: String, date: Option<LocalDate>) -> PdfOptions {
    use chrono::Datelike;
    let timestamp = date.and_then(|day| {
        let (month, of_month) = (
            u8::try_from(day.month()).ok()?,
            u8::try_from(day.day()).ok()?,
        );
        let midnight = Datetime::from_ymd_hms(day.year(), month, of_month, 0, 0, 0)?;
        Some(Timestamp::new_utc(midnight))
    });
    // PDF/A asks for a date.
    let standards = timestamp
        .and_then(|_| PdfStandards::new(&[PdfStandard::A_2b]).ok())
        .unwrap_or_default();
    PdfOptions {
        ident: Smart::Custom(name),
        creator: Smart::Custom(Some("DutyDesk".into())),
        timestamp,
        page_ranges: None,
        standards,
        tagged: false,
        pretty: false,
    }
}

/// What the typesetter can see: two files, the fonts, and no clock.
struct Desk {
    template: Source,
    papers: (FileId, Bytes),
    fonts: Fonts,
}

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

impl Desk {
    /// With the papers, and a name that only these papers have.
    fn new(sheets: &[Sheet], look: &Look) -> Result<(Self, String), PdfError> {
        let papers = Papers {
            words: &look.words,
            sheets,
        };
        let papers = serde_json::to_vec(&papers).map_err(|e| PdfError::Failed(e.to_string()))?;
        let digest = Sha256::digest(&papers);
        let name = digest.iter().map(|b| format!("{b:02x}")).collect();
        let desk = Self {
            template: Source::new(file("form.typ")?, look.template.clone()),
            papers: (file("papers.json")?, Bytes::new(papers)),
            fonts: look.fonts.clone(),
        };
        Ok((desk, name))
    }

    fn lay(&self) -> Result<PagedDocument, PdfError> {
        let laid = typst::compile::<PagedDocument>(self);
        laid.output.map_err(|errors| self.error(&errors))
    }

    /// The first mistake, with its line when it is in the template.
    fn error(&self, errors: &[SourceDiagnostic]) -> PdfError {
        let Some(first) = errors.first() else {
            return PdfError::Failed(String::new());
        };
        let why = first.message.to_string();
        let line = self
            .range(first.span)
            .filter(|_| first.span.id() == Some(self.template.id()))
            .and_then(|range| self.template.lines().byte_to_line(range.start));
        match line {
            Some(line) => PdfError::Template {
                line: line + 1,
                why,
            },
            None => PdfError::Failed(why),
        }
    }
}

fn file(name: &str) -> Result<FileId, PdfError> {
    let path = VirtualPath::new(name).map_err(|e| PdfError::Failed(format!("{name}: {e:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match &self.papers {
            (papers, bytes) if *papers == id => Ok(bytes.clone()),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.at(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The texts of every page as they are drawn, for tests.
#[cfg(test)]
pub fn pages(sheets: &[Sheet], look: &Look) -> Result<Vec<String>, PdfError> {
    use typst::layout::{Frame, FrameItem};
    fn read(frame: &Frame, out: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => read(&group.frame, out),
                FrameItem::Text(text) => {
                    out.push_str(&text.text);
                    out.push('|');
                }
                _ => {}
            }
        }
    }
    let sheets: Vec<Sheet> = sheets.iter().map(|sheet| ready(sheet, look)).collect();
    let document = Desk::new(&sheets, look)?.0.lay()?;
    let texts = document.pages().iter().map(|page| {
        let mut out = String::new();
        read(&page.frame, &mut out);
        out
    });
    Ok(texts.collect())
}
