//! Printed papers 单据 from records: what is on them is described in files under `assets/documents` ([`layout`],
//! [`phrase`]), filled from the record ([`facts`], [`fill`]), issued with version and check code ([`issue`]), and drawn
//! by a typesetter or as plain text from the filled [`sheet`]. Pure: nothing is read or written here.

mod boxes;
pub mod capital;
mod derived;
pub mod facts;
pub mod fill;
pub mod issue;
pub mod layout;
pub mod parts;
pub mod pdf;
pub mod phrase;
pub mod sheet;
pub mod text;
mod tidy;
pub mod words;

use std::sync::{Arc, OnceLock};

use layout::{Layout, LayoutError};
use pdf::Look;
use words::Words;

use crate::base::i18n::Voice;
use crate::base::time::LocalDate;

/// Name and text of each built-in description.
macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../assets/documents/", $name, ".toml")))),*]
    };
}

/// The built-in descriptions, in the order that lists show them.
pub const BUILT_IN: &[(&str, &str)] = built_in![
    "outage_notice",
    "outage_bulletin",
    "broadcast_script",
    "outage_plan",
    "operation_ticket",
    "restoration_checklist",
    "explanation_letter",
    "special_report",
    "repair_slip",
    "work_order_book",
    "work_order_register",
    "electricity_application",
    "meter_start_slip",
    "meter_stop_slip",
    "meter_route",
    "electricity_bill",
    "complaint_form",
    "complaint_register",
    "reply_letter",
    "grievance_form",
    "penalty_notice",
    "maker_letter",
    "duty_log",
    "shift_handover",
];

/// Every paper that can be made; by default those that are built in.
#[derive(Clone, Debug)]
pub struct Documents {
    layouts: Vec<Layout>,
    template: Option<String>,
    fonts: Vec<(String, Vec<u8>)>,
}

impl Default for Documents {
    /// The built-in papers; a test reads them all.
    fn default() -> Self {
        let layouts = BUILT_IN.iter().map(|(name, text)| Layout::read(name, text));
        Self {
            layouts: layouts.flatten().collect(),
            template: None,
            fonts: Vec::new(),
        }
    }
}

impl Documents {
    /// The built-in papers, read once.
    pub fn built_in() -> Arc<Self> {
        static BUILT: OnceLock<Arc<Documents>> = OnceLock::new();
        Arc::clone(BUILT.get_or_init(|| Arc::new(Self::default())))
    }

    /// With a company's own template for the typesetter, and the fonts that it names.
    pub fn with_look(&mut self, template: Option<String>, fonts: Vec<(String, Vec<u8>)>) {
        self.template = template;
        self.fonts = fonts;
    }

    /// How papers look that are printed on a day `today` (drafts bear it).
    ///
    /// # Errors
    /// [`pdf::PdfError::Font`] when one of the company's fonts is none.
    pub fn look(&self, voice: &Voice, today: LocalDate) -> Result<Look, pdf::PdfError> {
        let mut look = Look::new(Words::of(voice));
        look.dated = Some(today);
        if let Some(template) = &self.template {
            look.template.clone_from(template);
        }
        if self.fonts.is_empty() {
            Ok(look)
        } else {
            look.with_fonts(self.fonts.clone())
        }
    }

    /// With a company's description in place of the built-in one, or added to them.
    ///
    /// # Errors
    /// When it is not a description; the former one stays.
    pub fn with_file(&mut self, name: &str, text: &str) -> Result<(), LayoutError> {
        let layout = Layout::read(name, text)?;
        match self.layouts.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = layout,
            None => self.layouts.push(layout),
        }
        Ok(())
    }

    /// All of them.
    pub fn all(&self) -> &[Layout] {
        &self.layouts
    }

    /// The paper of this name, or of this title.
    pub fn find(&self, name: &str) -> Option<&Layout> {
        let by_name = self.layouts.iter().find(|layout| layout.name == name);
        by_name.or_else(|| self.layouts.iter().find(|layout| layout.title == name))
    }
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
