//! Why something was not accepted: field, clause and reason. Nothing is written when one is given.

use crate::base::clause::Clause;
use crate::base::i18n::Msg;

/// The sorts of refusal; the code is part of the JSON contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalCode {
    /// A field that must be filled is empty.
    MissingField,
    /// A value that the field cannot hold.
    BadValue,
    /// A key that the action does not have.
    UnknownField,
    /// No record has this number.
    UnknownRecord,
    /// The register has no action of this name.
    UnknownAction,
    /// The state of the record forbids it.
    NotNow,
    /// A clause forbids it.
    Gate,
    /// Later than now.
    Future,
    /// Earlier than what it follows.
    Before,
    /// There is one already.
    Duplicate,
    /// The role does not permit it.
    NotAllowed,
    /// The file cannot be used.
    File,
}

impl RefusalCode {
    /// The code in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            RefusalCode::MissingField => "missing_field",
            RefusalCode::BadValue => "bad_value",
            RefusalCode::UnknownField => "unknown_field",
            RefusalCode::UnknownRecord => "unknown_record",
            RefusalCode::UnknownAction => "unknown_action",
            RefusalCode::NotNow => "not_now",
            RefusalCode::Gate => "gate",
            RefusalCode::Future => "future",
            RefusalCode::Before => "before",
            RefusalCode::Duplicate => "duplicate",
            RefusalCode::NotAllowed => "not_allowed",
            RefusalCode::File => "file",
        }
    }
}

/// A refusal: what was not accepted and why, in a sentence of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The sort.
    pub code: RefusalCode,
    /// The field it is about.
    pub field: Option<String>,
    /// The clause it comes from.
    pub clause: Option<Clause>,
    /// The reason.
    pub message: Msg,
}

impl Refusal {
    /// A refusal with a reason; the field and the clause are added with [`Refusal::field`] and [`Refusal::clause`].
    pub fn new(code: RefusalCode, message: Msg) -> Self {
        Self {
            code,
            field: None,
            clause: None,
            message,
        }
    }

    /// About this field.
    pub fn field(mut self, key: impl Into<String>) -> Self {
        self.field = Some(key.into());
        self
    }

    /// By this clause.
    pub fn clause(mut self, id: impl Into<Clause>) -> Self {
        self.clause = Some(id.into());
        self
    }

    /// `field` must be filled.
    pub fn missing(field: &str) -> Self {
        Self::new(
            RefusalCode::MissingField,
            Msg::new("refusal.missing_field").with_key("field", format!("field.{field}")),
        )
        .field(field)
    }

    /// There is no such key; a long or unprintable one is told in part.
    pub fn unknown_field(key: &str) -> Self {
        let shown: String = key.chars().take(60).filter(|c| !c.is_control()).collect();
        let message = Msg::new("refusal.unknown_field").with("field", shown);
        Self::new(RefusalCode::UnknownField, message).field(key)
    }

    /// `field` cannot hold what was given, because of `why`.
    pub fn bad(field: &str, why: Msg) -> Self {
        let message = Msg::new("refusal.bad_value")
            .with_key("field", format!("field.{field}"))
            .with("why", why);
        Self::new(RefusalCode::BadValue, message).field(field)
    }

    /// The role may not; `needed` says who may.
    pub fn role(field: &str, needed: Msg) -> Self {
        Self::new(
            RefusalCode::NotAllowed,
            Msg::new("refusal.role").with("needed", needed),
        )
        .field(field)
    }

    /// A clause forbids it, because of `why`.
    pub fn gate(clause: impl Into<Clause>, why: Msg) -> Self {
        Self::new(RefusalCode::Gate, why).clause(clause)
    }

    /// `at` is earlier than what it follows.
    pub fn before(field: &str, what: Msg) -> Self {
        Self::new(
            RefusalCode::Before,
            Msg::new("refusal.before").with("what", what),
        )
        .field(field)
    }
}
