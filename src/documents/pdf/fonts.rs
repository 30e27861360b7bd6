//! The fonts of the papers: four are part of the program, a company may add its own.

use std::sync::{Arc, LazyLock};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use super::PdfError;

/// Text and values 宋体, titles and labels 黑体, and the few signs that both lack.
const FILES: [&[u8]; 4] = [
    include_bytes!("../../../assets/fonts/NotoSerifCJKsc-Regular.subset.otf"),
    include_bytes!("../../../assets/fonts/NotoSansCJKsc-Medium.subset.otf"),
    include_bytes!("../../../assets/fonts/NotoSansSymbols2-Regular.subset.ttf"),
    include_bytes!("../../../assets/fonts/NotoSansMath-Regular.subset.ttf"),
];

/// What stands for a character that no font has 缺字符.
pub const GETA: char = '〓';

/// Fonts, read once and shared.
#[derive(Clone, Debug)]
pub struct Fonts(Arc<Shelf>);

#[derive(Debug)]
struct Shelf {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static BUILT_IN: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts = FILES
        .iter()
        .flat_map(|file| Font::iter(Bytes::new(*file)))
        .collect();
    Fonts::of(fonts)
});

impl Fonts {
    /// Those of the program; reading them takes some milliseconds, once.
    pub fn built_in() -> Self {
        BUILT_IN.clone()
    }

    fn of(fonts: Vec<Font>) -> Self {
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Self(Arc::new(Shelf { book, fonts }))
    }

    /// With the fonts of more files.
    pub fn with(&self, files: Vec<(String, Vec<u8>)>) -> Result<Self, PdfError> {
        let mut fonts = self.0.fonts.clone();
        for (name, content) in files {
            let before = fonts.len();
            fonts.extend(Font::iter(Bytes::new(content)));
            if fonts.len() == before {
                return Err(PdfError::Font(name));
            }
        }
        Ok(Self::of(fonts))
    }

    /// Whether some font has a shape for `c`.
    pub fn has(&self, c: char) -> bool {
        let covers = |font: &Font| font.info().coverage.contains(u32::from(c));
        self.0.fonts.iter().any(covers)
    }

    /// What the typesetter asks for.
    pub fn book(&self) -> &LazyHash<FontBook> {
        &self.0.book
    }

    /// The font at `index` of the book.
    pub fn at(&self, index: usize) -> Option<Font> {
        self.0.fonts.get(index).cloned()
    }
}
