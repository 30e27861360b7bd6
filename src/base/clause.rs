//! Clause ids: where in the procedures a rule is written.

use serde::{Deserialize, Serialize};

/// An id such as `S5.4.4.1b.i`: article.section.item of the procedures.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clause(pub String);

impl From<&str> for Clause {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl std::fmt::Display for Clause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
