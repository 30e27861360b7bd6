//! Printed papers 单据 from records: what is on them is described in files under `assets/documents` ([`layout`],
//! [`phrase`]), filled from the record ([`facts`], [`fill`]), issued with version and check code ([`issue`]), and drawn
//! by a typesetter or as plain text from the filled [`sheet`]. Pure: nothing is read or written here.

pub mod capital;
pub mod facts;
pub mod fill;
pub mod issue;
pub mod layout;
pub mod pdf;
pub mod phrase;
pub mod sheet;
pub mod text;
mod tidy;
pub mod words;

use layout::{Layout, LayoutError};

/// The built-in descriptions, in the order that lists show them.
pub const BUILT_IN: &[(&str, &str)] = &[(
    "repair_slip",
    include_str!("../../assets/documents/repair_slip.toml"),
)];

/// Every paper that can be made; by default those that are built in.
#[derive(Clone, Debug)]
pub struct Documents {
    layouts: Vec<Layout>,
}

impl Default for Documents {
    /// The built-in papers; a test reads them all.
    fn default() -> Self {
        let layouts = BUILT_IN.iter().map(|(name, text)| Layout::read(name, text));
        Self {
            layouts: layouts.flatten().collect(),
        }
    }
}

impl Documents {
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
