//! The few words that the drawing itself puts on a paper, in the reader's language.

use serde::Serialize;

use crate::base::i18n::{Msg, Voice};

/// Words of the head, the foot and the signature boxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// `zh` or `en`: how lines break.
    pub lang: String,
    /// Before the number 编号.
    pub number: String,
    /// Between a label and its value.
    pub colon: String,
    /// `第%{n}版`, `n` left open.
    pub version: String,
    /// Before the date of issue 签发.
    pub issued: String,
    /// Before the check code 校验码.
    pub check: String,
    /// `第 %{n} 页 共 %{m} 页`, both left open.
    pub page: String,
    /// The date of a signature box, to be filled with the pen.
    pub date_blank: String,
}

impl Words {
    /// The words in the language of `voice`.
    pub fn of(voice: &Voice) -> Self {
        let text = |name: &str| voice.text(&format!("drawing.{name}"));
        Self {
            lang: text("language"),
            number: text("number"),
            colon: text("colon"),
            version: text("version"),
            issued: text("issued"),
            check: text("check"),
            page: text("page"),
            date_blank: text("date_blank"),
        }
    }
}

/// A warning for the person who prints: these characters are not on the paper.
pub fn missing_glyphs_message(missing: &[char]) -> Msg {
    let shown: Vec<String> = missing.iter().map(char::to_string).collect();
    Msg::new("drawing.missing_glyphs").with("characters", shown.join(" "))
}
