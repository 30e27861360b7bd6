//! Papers as PDF, set by a typesetter that is part of the program: no system font, no service, no file is needed.
//!
//! The same papers and look give the same bytes. A build without the feature `pdf` has no typesetter and says so.

use crate::base::i18n::Msg;
use crate::base::time::LocalDate;

use super::sheet::{Block, Sheet};
use super::words::Words;

#[cfg(feature = "pdf")]
mod engine;
#[cfg(feature = "pdf")]
mod fonts;
#[cfg(all(test, feature = "pdf"))]
mod tests;

/// The built-in template. A company's own takes its place by [`Look::template`].
pub const FORM: &str = include_str!("../../assets/documents/form.typ");

/// Pages set at a time: memory grows by about 1 MB a page while a document is set. [`chunks`] splits many papers,
/// [`super::parts::parts`] a single long one.
pub const MOST_PAGES: usize = 200;

/// How papers look.
#[derive(Clone, Debug)]
pub struct Look {
    /// The words of head, foot and signature boxes.
    pub words: Words,
    /// The template in Typst's language; [`FORM`] unless the company has its own. It reads `papers.json` and nothing else.
    pub template: String,
    /// The date of the document when its papers bear none (drafts): the date of printing, in the site's zone. PDF/A asks
    /// for a date; without any the document is a plain PDF.
    pub dated: Option<LocalDate>,
    #[cfg(feature = "pdf")]
    fonts: fonts::Fonts,
}

impl Look {
    /// The built-in look.
    pub fn new(words: Words) -> Self {
        Self {
            words,
            template: FORM.to_owned(),
            dated: None,
            #[cfg(feature = "pdf")]
            fonts: fonts::Fonts::built_in(),
        }
    }

    /// With a company's fonts (name and content of an OTF, TTF or TTC file) beside the built-in ones; its template names
    /// them.
    ///
    /// # Errors
    /// [`PdfError::Font`] when one is not a font.
    pub fn with_fonts(self, files: Vec<(String, Vec<u8>)>) -> Result<Self, PdfError> {
        #[cfg(feature = "pdf")]
        {
            let fonts = self.fonts.with(files)?;
            Ok(Self { fonts, ..self })
        }
        #[cfg(not(feature = "pdf"))]
        {
            let _ = files;
            Ok(self)
        }
    }
}

/// Why there is no PDF. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PdfError {
    /// This build has no typesetter; `--format text` works.
    NoTypesetter,
    /// More pages than are set at a time: the estimate. Split the papers with [`chunks`].
    TooLong(usize),
    /// A company's font cannot be read.
    Font(String),
    /// The template has a mistake: its line, counted from 1, and what the typesetter says.
    Template {
        /// Counted from 1.
        line: usize,
        /// In the typesetter's words (English).
        why: String,
    },
    /// The typesetter gave up for another reason, in its words.
    Failed(String),
}

impl PdfError {
    /// The sentence for the person.
    pub fn message(&self) -> Msg {
        match self {
            PdfError::NoTypesetter => Msg::new("drawing.no_typesetter"),
            PdfError::TooLong(pages) => Msg::new("drawing.too_long")
                .with("pages", *pages)
                .with("most", MOST_PAGES),
            PdfError::Font(name) => Msg::new("drawing.font").with("name", name.as_str()),
            PdfError::Template { line, why } => Msg::new("drawing.template")
                .with("line", *line)
                .with("why", why.as_str()),
            PdfError::Failed(why) => Msg::new("drawing.failed").with("why", why.as_str()),
        }
    }
}

/// Sets papers as one PDF (PDF/A-2b when dated), every copy on its own page. Characters that the fonts lack are set as
/// 〓; [`missing_glyphs`] names them.
///
/// # Errors
/// See [`PdfError`]; among them more papers than [`MOST_PAGES`], which [`chunks`] splits.
#[cfg(feature = "pdf")]
pub fn pdf(sheets: &[Sheet], look: &Look) -> Result<Vec<u8>, PdfError> {
    let pages: usize = sheets.iter().map(pages_of).sum();
    if sheets.len() > 1 && pages > MOST_PAGES {
        return Err(PdfError::TooLong(pages));
    }
    engine::set(sheets, look)
}

/// No typesetter in this build.
///
/// # Errors
/// Always [`PdfError::NoTypesetter`].
#[cfg(not(feature = "pdf"))]
pub fn pdf(_: &[Sheet], _: &Look) -> Result<Vec<u8>, PdfError> {
    Err(PdfError::NoTypesetter)
}

/// The characters of a paper that no font of the look has, each once, in the order they stand.
#[cfg(feature = "pdf")]
pub fn missing_glyphs(sheet: &Sheet, look: &Look) -> Vec<char> {
    let mut missing = Vec::new();
    super::tidy::each_text(&mut super::tidy::tidy(sheet), &mut |text| {
        for c in text.chars() {
            if c != '\n' && !look.fonts.has(c) && !missing.contains(&c) {
                missing.push(c);
            }
        }
    });
    missing
}

/// Nothing is known about fonts in this build.
#[cfg(not(feature = "pdf"))]
pub fn missing_glyphs(_: &Sheet, _: &Look) -> Vec<char> {
    Vec::new()
}

/// Papers in runs of at most about [`MOST_PAGES`] pages, in order; a longer single paper is a run of its own.
pub fn chunks(sheets: &[Sheet]) -> Vec<&[Sheet]> {
    let mut runs = Vec::new();
    let (mut start, mut pages) = (0, 0);
    for (at, sheet) in sheets.iter().enumerate() {
        let more = pages_of(sheet);
        if at > start && pages + more > MOST_PAGES {
            runs.push(&sheets[start..at]);
            (start, pages) = (at, 0);
        }
        pages += more;
    }
    if start < sheets.len() {
        runs.push(&sheets[start..]);
    }
    runs
}

/// About how many pages a paper takes: some thirty lines of a list, 1,200 characters of text a page.
fn pages_of(sheet: &Sheet) -> usize {
    let lines: usize = sheet
        .blocks
        .iter()
        .map(|block| match block {
            Block::Grid { rows, .. } => rows.len(),
            Block::Text { text, .. } => text.len() / 120,
            Block::Form { rows, .. } => {
                let cells = rows.iter().flatten();
                cells.map(|cell| cell.text.len()).sum::<usize>() / 120
            }
            Block::Heading { .. } | Block::Signatures { .. } => 1,
        })
        .sum();
    (1 + lines / 30) * sheet.copies.len().max(1)
}
