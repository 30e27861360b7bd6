//! A paper's description, read from TOML: what it is for, and what is on it. Built-in ones are in `assets/documents`;
//! a company puts its own beside its data.

use serde::Deserialize;

use super::phrase::{Phrase, Slot};
use super::sheet::Page;
use crate::base::clause::Clause;
use crate::base::i18n::Msg;
use crate::registers::register;

/// A description that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutError {
    /// The file.
    pub file: String,
    /// Line, from 1; 0 when not known.
    pub line: usize,
    /// Why.
    pub reason: Msg,
}

/// What a paper is made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// One record.
    #[default]
    Record,
    /// Many records, a line each.
    Book,
}

/// Which records a book holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// Those received in a month.
    #[default]
    Month,
    /// Those received on a day.
    Day,
    /// Those whose life goes on and that have what the book needs.
    Open,
}

/// A paper's description.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Its name, that of the file: `repair_slip`.
    #[serde(skip)]
    pub name: String,
    /// Its title 标题.
    pub title: String,
    /// Its title in lists of the English interface.
    pub title_en: String,
    /// The register's code.
    pub register: String,
    /// What it is made from.
    #[serde(default)]
    pub made: Made,
    /// Which records a book holds.
    #[serde(default)]
    pub holds: Holds,
    /// The paper.
    #[serde(flatten)]
    pub page: Page,
    /// One print each.
    #[serde(default)]
    pub copies: Vec<String>,
    /// The clauses that ask for it.
    pub clauses: Vec<Clause>,
    /// When it can be made.
    #[serde(flatten)]
    pub use_: Use,
    /// What is on it.
    pub block: Vec<BlockSpec>,
}

/// When a paper can be made and what makes it good.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Use {
    /// Facts without which it makes no sense; without them it is refused, naming the first that is missing.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The list of the record that it is made for one of: the last, unless a number is given.
    #[serde(default)]
    pub item: Option<String>,
    /// The key that tells one of `item` from another.
    #[serde(default)]
    pub item_key: Option<String>,
    /// Another key by which one may be asked for: the number of a meter, for the slip of its start.
    #[serde(default)]
    pub item_also: Option<String>,
    /// The action that issues it; before that it is a draft 草稿.
    #[serde(default)]
    pub issued_by: Option<String>,
    /// Only for records that have one of these values: `procedure = ["property"]`.
    #[serde(default)]
    pub only: Option<Only>,
}

/// A condition on the record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Only {
    /// The fact.
    pub fact: String,
    /// Its codes; empty: any, as long as the record has it.
    #[serde(default)]
    pub any: Vec<String>,
    /// Not these codes.
    #[serde(default)]
    pub none: Vec<String>,
}

/// A part of a paper, as described. Exactly one of `heading`, `text`, `form`, `grid`, `signatures`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockSpec {
    /// A small heading.
    pub heading: Option<Text>,
    /// Running text.
    pub text: Option<Text>,
    /// Rows of a boxed form: label, value, label, value…
    pub form: Option<Vec<Vec<CellSpec>>>,
    /// Columns of a list.
    pub grid: Option<Vec<ColumnSpec>>,
    /// Signature boxes.
    pub signatures: Option<Vec<SignatureSpec>>,
    /// Relative widths of a form's columns.
    #[serde(default)]
    pub widths: Vec<u16>,
    /// The list that a grid shows.
    pub each: Option<Text>,
    /// Rows a grid has at least: empty ones for the pen.
    #[serde(default)]
    pub min_rows: usize,
    /// How running text stands.
    #[serde(flatten)]
    pub style: Style,
    /// Stands only when this fact is known.
    pub when: Option<Text>,
    /// Stands only when this fact is not known.
    pub unless: Option<Text>,
}

/// How running text stands.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Style {
    /// First line indented.
    #[serde(default)]
    pub indent: bool,
    /// To the right.
    #[serde(default)]
    pub right: bool,
    /// Large.
    #[serde(default)]
    pub large: bool,
}

/// A phrase as written in a description.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Text(pub Phrase);

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let voice = crate::base::i18n::Voice::default();
        Phrase::read(&text).map(Self).map_err(|why| voice.say(&why))
    }
}

/// A cell of a form, as described: a phrase, or a phrase with its span and height.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum CellSpec {
    /// A label in odd places, a value in even ones; the last of a row takes what is left.
    Plain(Text),
    /// With its own measures.
    Full {
        /// The phrase.
        text: Text,
        /// Columns it takes.
        #[serde(default)]
        span: Option<u16>,
        /// Lines it is at least high.
        #[serde(default)]
        lines: Option<u16>,
        /// Whether it is a label.
        #[serde(default)]
        label: Option<bool>,
    },
}

/// A column of a list, as described.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSpec {
    /// Its head.
    pub label: String,
    /// What stands in it.
    pub text: Text,
    /// Relative width.
    pub width: u16,
    /// To the right.
    #[serde(default)]
    pub right: bool,
}

/// A signature box, as described.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureSpec {
    /// Who signs.
    pub label: String,
    /// The name that the file knows.
    #[serde(default)]
    pub name: Text,
    /// When it was signed.
    #[serde(default)]
    pub date: Text,
}

impl Layout {
    /// Reads the description `name`.
    ///
    /// # Errors
    /// With the line and the reason when it is not a description.
    pub fn read(name: &str, text: &str) -> Result<Self, LayoutError> {
        let fail = |line: usize, reason: Msg| LayoutError {
            file: format!("{name}.toml"),
            line,
            reason,
        };
        let mut layout: Layout = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |span| span.start);
            let line = text[..at.min(text.len())].matches('\n').count() + 1;
            fail(line, Msg::new("procedure.toml").with("why", e.message()))
        })?;
        layout.name = name.to_owned();
        if register(&layout.register).is_none() {
            let reason = Msg::new("paper_file.register").with("register", layout.register.clone());
            return Err(fail(0, reason));
        }
        for (n, block) in layout.block.iter().enumerate() {
            block
                .check()
                .map_err(|reason| fail(0, reason.with("n", n + 1)))?;
        }
        for need in &layout.use_.needs {
            Slot::read(need).map_err(|reason| fail(0, reason))?;
        }
        Ok(layout)
    }
}

impl BlockSpec {
    fn check(&self) -> Result<(), Msg> {
        let kinds = [
            self.heading.is_some(),
            self.text.is_some(),
            self.form.is_some(),
            self.grid.is_some(),
            self.signatures.is_some(),
        ];
        if kinds.iter().filter(|there| **there).count() != 1 {
            return Err(Msg::new("paper_file.block"));
        }
        if self.grid.is_some() && self.each.is_none() {
            return Err(Msg::new("paper_file.each"));
        }
        if let Some(rows) = &self.form {
            let columns = u16::try_from(self.widths.len()).unwrap_or(u16::MAX);
            for row in rows {
                let used: u16 = row.iter().map(CellSpec::least_span).sum();
                if row.is_empty() || used > columns {
                    return Err(Msg::new("paper_file.row").with("columns", i64::from(columns)));
                }
            }
        }
        Ok(())
    }
}

impl CellSpec {
    fn least_span(&self) -> u16 {
        match self {
            CellSpec::Plain(_) => 1,
            CellSpec::Full { span, .. } => span.unwrap_or(1),
        }
    }
}
