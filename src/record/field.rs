//! Field descriptions. A field is described once, beside the action it belongs to; the form, the table, validation,
//! print, export, import and the command line all read that description.

/// A closed set of values: codes in JSON, labels `<group>.<code>` in the catalogue.
#[derive(Debug)]
pub struct ChoiceSet {
    /// The catalogue group of the labels.
    pub group: &'static str,
    /// The codes, in the order a form offers them.
    pub codes: &'static [&'static str],
}

impl ChoiceSet {
    /// The catalogue key of a code's label.
    pub fn label_key(&self, code: &str) -> String {
        format!("{}.{code}", self.group)
    }
}

/// An enum whose values are the codes of a [`ChoiceSet`]. Made by [`choices!`](crate::choices).
pub trait Choice: Copy + 'static {
    /// The codes and labels.
    const SET: ChoiceSet;
    /// The code of this value.
    fn code(self) -> &'static str;
    /// The value of a code.
    fn from_code(code: &str) -> Option<Self>;
}

/// Declares an enum, its codes and its serde form in one place.
#[macro_export]
macro_rules! choices {
    ($(#[$meta:meta])* $vis:vis enum $name:ident in $group:literal { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant),+ }
        impl $crate::record::field::Choice for $name {
            const SET: $crate::record::field::ChoiceSet =
                $crate::record::field::ChoiceSet { group: $group, codes: &[$($code),+] };
            fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }
            fn from_code(code: &str) -> Option<Self> { match code { $($code => Some($name::$variant),)+ _ => None } }
        }
    };
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A short text: a name, a place, a number; at most 200 characters, one line.
    Text,
    /// A long text: content, reason, result; at most 4,000 characters, line breaks kept.
    Long,
    /// An instant. `plan`: it may lie ahead of now.
    Instant {
        /// Whether a time later than now is accepted.
        plan: bool,
    },
    /// A civil date.
    Date,
    /// A month `YYYY-MM`.
    Month,
    /// Yes or no.
    Bool,
    /// A whole number within bounds.
    Integer {
        /// Smallest value accepted.
        min: i64,
        /// Largest value accepted.
        max: i64,
    },
    /// Money in fen (分).
    Fen,
    /// An exact, non-negative decimal; a string in JSON.
    Decimal {
        /// Decimal places at most.
        places: u32,
    },
    /// One of a closed set.
    Choice(&'static ChoiceSet),
    /// A role code of the procedures; its label comes from there.
    Role,
    /// A complaint class of the procedures.
    Class,
    /// A complaint procedure.
    Procedure,
    /// A list of short texts.
    Texts,
    /// A list of short texts, or the word `all`.
    TextsOrAll,
    /// A list of records with fields of their own.
    Items(&'static [Field]),
    /// The facts of a complaint: names from the procedure, each yes/no or a number.
    Facts,
    /// Fields to be changed, with their new values.
    Changes,
    /// The number of a record.
    RecordNo,
}

/// When a field must be filled.
#[derive(Clone, Copy, Debug)]
pub enum Required {
    /// Never.
    No,
    /// Always.
    Yes,
    /// When another field of the same action has this value (as printed: `true`, `false`, or a code).
    When(&'static str, &'static str),
}

/// One field of an action.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key in JSON; the label is `field.<register>.<key>` or `field.<key>` in the catalogue.
    pub key: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// When it must be filled.
    pub required: Required,
    /// What a form starts with and what an absent key means (`true`, a code, a number).
    pub default: Option<&'static str>,
    /// Whether it is personal data, hidden by `--mask`.
    pub personal: bool,
    /// Columns it wants in a table.
    pub width: u16,
    /// Unit printed after the value (`kW`), or empty.
    pub unit: &'static str,
    /// Rarely filled: a form keeps it under 更多 until it is asked for.
    pub folded: bool,
    /// A screen gathers it before its form comes: it is sent, never shown or typed.
    pub gathered: bool,
    /// Name of the list of words typed before, which a form completes from (`team`, `person`, `place`), or empty.
    pub suggest: &'static str,
    /// The clause that asks for it, named when it is missing; or empty.
    pub clause: &'static str,
    /// Belongs to the act alone and is no field of the record, though another one has its key: an amendment of the
    /// record does not mean it.
    pub aside: bool,
    /// What it says is somebody's judgement: normal, satisfied, released, approved.
    pub judges: bool,
}

/// The key of a field named by a Rust identifier (`r#in` → `in`).
const fn plain(ident: &'static str) -> &'static str {
    match ident.as_bytes() {
        [b'r', b'#', ..] => ident.split_at(2).1,
        _ => ident,
    }
}

/// The list of names typed before.
const PERSON: &str = "person";

impl Field {
    const fn of(ident: &'static str, kind: Kind, width: u16) -> Self {
        Self {
            key: plain(ident),
            kind,
            required: Required::No,
            default: None,
            personal: false,
            width,
            unit: "",
            folded: false,
            gathered: false,
            suggest: "",
            clause: "",
            aside: false,
            judges: false,
        }
    }

    /// A short text.
    pub const fn text(key: &'static str) -> Self {
        Self::of(key, Kind::Text, 12)
    }
    /// A long text.
    pub const fn long(key: &'static str) -> Self {
        Self::of(key, Kind::Long, 24)
    }
    /// The name of a person: personal data, completed from names typed before.
    pub const fn person(key: &'static str) -> Self {
        let mut field = Self::of(key, Kind::Text, 8);
        field.personal = true;
        field.suggest = PERSON;
        field
    }
    /// Whether it holds the name of a person.
    pub fn names_person(&self) -> bool {
        self.suggest == PERSON
    }
    /// Whether it holds several things, which are said one by one.
    pub const fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Texts | Kind::TextsOrAll | Kind::Items(_))
    }
    /// An instant that has passed.
    pub const fn instant(key: &'static str) -> Self {
        Self::of(key, Kind::Instant { plan: false }, 16)
    }
    /// An instant that may lie ahead.
    pub const fn plan(key: &'static str) -> Self {
        Self::of(key, Kind::Instant { plan: true }, 16)
    }
    /// A civil date.
    pub const fn date(key: &'static str) -> Self {
        Self::of(key, Kind::Date, 10)
    }
    /// A month.
    pub const fn month(key: &'static str) -> Self {
        Self::of(key, Kind::Month, 7)
    }
    /// Yes or no.
    pub const fn flag(key: &'static str) -> Self {
        Self::of(key, Kind::Bool, 4)
    }
    /// A whole number from `min` to `max`.
    pub const fn integer(key: &'static str, min: i64, max: i64) -> Self {
        Self::of(key, Kind::Integer { min, max }, 8)
    }
    /// Money in fen.
    pub const fn fen(key: &'static str) -> Self {
        Self::of(key, Kind::Fen, 10)
    }
    /// An exact decimal with at most `places` places.
    pub const fn decimal(key: &'static str, places: u32) -> Self {
        Self::of(key, Kind::Decimal { places }, 10)
    }
    /// One of a closed set.
    pub const fn choice(key: &'static str, set: &'static ChoiceSet) -> Self {
        Self::of(key, Kind::Choice(set), 10)
    }
    /// A role.
    pub const fn role(key: &'static str) -> Self {
        Self::of(key, Kind::Role, 10)
    }
    /// A complaint class.
    pub const fn class(key: &'static str) -> Self {
        Self::of(key, Kind::Class, 10)
    }
    /// A complaint procedure.
    pub const fn procedure(key: &'static str) -> Self {
        Self::of(key, Kind::Procedure, 10)
    }
    /// A list of short texts.
    pub const fn texts(key: &'static str) -> Self {
        Self::of(key, Kind::Texts, 16)
    }
    /// A list of short texts, or `all`.
    pub const fn texts_or_all(key: &'static str) -> Self {
        Self::of(key, Kind::TextsOrAll, 16)
    }
    /// A list of records.
    pub const fn items(key: &'static str, fields: &'static [Field]) -> Self {
        Self::of(key, Kind::Items(fields), 20)
    }
    /// Facts of a complaint.
    pub const fn facts(key: &'static str) -> Self {
        Self::of(key, Kind::Facts, 20)
    }
    /// Fields to be changed.
    pub const fn changes(key: &'static str) -> Self {
        Self::of(key, Kind::Changes, 20)
    }
    /// The number of a record.
    pub const fn record(key: &'static str) -> Self {
        Self::of(key, Kind::RecordNo, 14)
    }

    /// Must always be filled.
    pub const fn required(mut self) -> Self {
        self.required = Required::Yes;
        self
    }
    /// Must be filled when `key` has the value `value`.
    pub const fn required_when(mut self, key: &'static str, value: &'static str) -> Self {
        self.required = Required::When(key, value);
        self
    }
    /// What an absent key means.
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }
    /// Personal data.
    pub const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }
    /// Asked for by this clause.
    pub const fn clause(mut self, id: &'static str) -> Self {
        self.clause = id;
        self
    }
    /// Belongs to the act alone.
    pub const fn aside(mut self) -> Self {
        self.aside = true;
        self
    }
    /// Says somebody's judgement.
    pub const fn judges(mut self) -> Self {
        self.judges = true;
        self
    }
    /// Rarely filled.
    pub const fn folded(mut self) -> Self {
        self.folded = true;
        self
    }

    /// A screen gathers it before its form comes.
    #[must_use]
    pub const fn gathered(mut self) -> Self {
        self.gathered = true;
        self
    }
    /// Columns in a table.
    pub const fn width(mut self, columns: u16) -> Self {
        self.width = columns;
        self
    }
    /// Unit printed after the value.
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }
    /// Completed from the list `name` of words typed before.
    pub const fn suggest(mut self, name: &'static str) -> Self {
        self.suggest = name;
        self
    }
}

/// Declares the fields of one list item (a struct) with its description: the struct and its `FIELDS`.
#[macro_export]
macro_rules! items {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty = $ctor:ident $(( $($carg:expr),* ))? $(. $m:ident ( $($arg:expr),* ))* ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        $vis struct $name { $($(#[$fmeta])* pub $field: $ty),* }
        impl $name {
            /// The description of these fields.
            pub const FIELDS: &'static [$crate::record::field::Field] =
                &[$($crate::record::field::Field::$ctor(stringify!($field) $($(, $carg)*)?) $(. $m($($arg),*))*),*];
        }
    };
}
