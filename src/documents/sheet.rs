//! A filled paper, ready to be drawn: what the typesetter, the plain text printer and the preview all read.

use serde::Serialize;

/// The paper it is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub enum Size {
    /// 210 × 297 mm.
    #[default]
    #[serde(rename = "A4")]
    A4,
    /// 148 × 210 mm.
    #[serde(rename = "A5")]
    A5,
}

/// How the paper lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct Page {
    /// Its size.
    #[serde(default)]
    pub size: Size,
    /// On its long side.
    #[serde(default)]
    pub landscape: bool,
}

/// A paper, filled.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sheet {
    /// Which paper; label `paper.<name>`.
    pub name: String,
    /// The company, above the title; may be empty.
    pub company: String,
    /// The title 标题.
    pub title: String,
    /// Its own number 编号: the record's number, or a date or month for a book.
    pub number: String,
    /// What stands in the margins of every page.
    pub imprint: Imprint,
    /// What it is printed on.
    pub page: Page,
    /// One print a copy, named at the edge (业主联, 服务中心联, 工程部联); empty: one unnamed print.
    pub copies: Vec<String>,
    /// What is on it, from top to bottom.
    pub blocks: Vec<Block>,
}

/// What tells one print of a paper from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imprint {
    /// The clauses it follows, as printed: `篇5 4.4.1`.
    pub clauses: String,
    /// Counts from 1; `None`: not issued.
    pub version: Option<u32>,
    /// Date of issue in words; empty when not issued.
    pub issued: String,
    /// Check code 校验码; empty when not issued.
    pub check: String,
    /// Printed large across the page: 草稿, 作废; empty for a good one.
    pub mark: String,
}

/// A part of a paper.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A small heading.
    Heading {
        /// Its text.
        text: String,
    },
    /// A paragraph of running text; line breaks are kept.
    Text {
        /// Its text.
        text: String,
        /// First line indented by two characters, as letters are.
        indent: bool,
        /// To the right edge (signature and date of a letter).
        right: bool,
        /// Larger, as on a notice for a door.
        large: bool,
    },
    /// A boxed form: rows of labels and values.
    Form {
        /// Relative widths of the columns.
        widths: Vec<u16>,
        /// The rows; the spans of a row sum to the number of columns.
        rows: Vec<Vec<Cell>>,
    },
    /// A boxed list with a head that repeats on every page.
    Grid {
        /// The columns.
        columns: Vec<Column>,
        /// The rows, as many cells as columns.
        rows: Vec<Vec<String>>,
    },
    /// Signature boxes 签字栏 side by side.
    Signatures {
        /// The boxes.
        boxes: Vec<Signature>,
    },
}

/// A cell of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Its text.
    pub text: String,
    /// How many columns it takes.
    pub span: u16,
    /// A label (grey, centred) rather than a value.
    pub label: bool,
    /// Text lines it is at least high: room for handwriting.
    pub lines: u16,
}

/// A column of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its head.
    pub label: String,
    /// Relative width.
    pub width: u16,
    /// Numbers stand to the right.
    pub right: bool,
}

/// A signature box.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Who signs here: 客户签字.
    pub label: String,
    /// The name, when the file knows that it was signed; else empty for the pen.
    pub name: String,
    /// When, in words; else empty.
    pub date: String,
}
