//! Actions 动作: what somebody does to a record. One declaration yields the serde type, its field descriptions and its
//! row of the register's lifecycle table.

use serde_json::{Map, Value};

use super::field::{Field, Kind};
use super::request::ENVELOPE;

/// The description of one action.
#[derive(Debug)]
pub struct ActionSpec {
    /// The name in JSON; the label is `action.<register>.<name>` or `action.<name>` in the catalogue.
    pub name: &'static str,
    /// Its own fields, in the order a form asks for them.
    pub fields: &'static [Field],
    /// Whether it opens a new record.
    pub first: bool,
}

impl ActionSpec {
    /// The field of this key.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Whether what is said with it is read once more before one key writes it: it serves everybody at once, is money,
    /// judges, or names somebody else than the person who writes it.
    pub fn weighs(&self, data: &Map<String, Value>, by: &str) -> bool {
        self.fields.iter().chain(ENVELOPE).any(|field| {
            let said = data.get(field.key);
            match field.kind {
                Kind::Fen => said.is_some(),
                Kind::TextsOrAll => said.is_some_and(|value| value == ALL_OF_THEM),
                // A judgement that is taken for granted when nothing is said is one all the same.
                _ if field.judges => said.is_some() || field.default.is_some(),
                _ => field.names_person() && said.is_some_and(|value| value != by),
            }
        })
    }
}

/// The word that stands for everybody in a list of persons.
const ALL_OF_THEM: &str = "all";

/// One row of a register's lifecycle table: from which states an action may be taken, and to which it leads. The table
/// says by the constructor what kind of act it is, for who reads it; what refuses each is the register's own check.
#[derive(Clone, Copy, Debug)]
pub struct Life<S: 'static> {
    /// The states in which it may be taken; a first action has none.
    pub from: &'static [S],
    /// Where it leads; none: it stays where it is, or the fold decides.
    pub to: Option<S>,
    /// The states in which it is among the first that a card offers, after what ticks off a duty.
    pub likely: &'static [S],
    /// Whether it is read once more before one key writes it, whatever is said with it: it decides, goes out to others,
    /// or concerns everybody in the house.
    pub weighs: bool,
}

impl<S: Copy> Life<S> {
    const fn of(from: &'static [S]) -> Self {
        Self {
            from,
            to: None,
            likely: &[],
            weighs: false,
        }
    }

    /// The first action of a record.
    pub const fn opening() -> Self {
        Self::of(&[])
    }
    /// Something that happened: refused only when it is impossible, never for a gate that is open.
    pub const fn fact(from: &'static [S]) -> Self {
        Self::of(from)
    }
    /// Somebody's decision: refused when he may not decide.
    pub const fn decision(from: &'static [S]) -> Self {
        Self::of(from).weighs()
    }
    /// A paper that goes out: refused while the clauses keep it back.
    pub const fn paper(from: &'static [S]) -> Self {
        Self::of(from).weighs()
    }
    /// The end of the record: refused while something is owed.
    pub const fn closing(from: &'static [S]) -> Self {
        Self::of(from)
    }
    /// Leads to this state.
    pub const fn to(mut self, state: S) -> Self {
        self.to = Some(state);
        self
    }
    /// Concerns everybody in the house: read once more before one key writes it.
    pub const fn weighs(mut self) -> Self {
        self.weighs = true;
        self
    }
    /// Offered among the first in these states.
    pub const fn likely(mut self, states: &'static [S]) -> Self {
        self.likely = states;
        self
    }
}

/// The typed actions of one register. Made by [`actions!`](crate::actions).
pub trait ActionSet: Sized {
    /// Every action with its fields.
    const ALL: &'static [ActionSpec];
    /// Reads the data of an action that has been normalised by its description.
    ///
    /// # Errors
    /// When the name is not an action's or the data does not fit its type (an entry written by another version).
    fn decode(name: &str, data: &Map<String, Value>) -> Result<Self, String>;
    /// The name of this action.
    fn name(&self) -> &'static str;
    /// Its data, as [`ActionSet::decode`] reads it.
    fn data(&self) -> Map<String, Value>;
}

/// The lifecycle table of a register's actions. Made by [`actions!`](crate::actions).
pub trait Lifecycle: ActionSet {
    /// The states of a record's life.
    type State: Copy + PartialEq + 'static;
    /// One row an action, in the order of [`ActionSet::ALL`].
    const LIVES: &'static [Life<Self::State>];

    /// The row of an action.
    fn life(name: &str) -> Option<&'static Life<Self::State>> {
        let row = Self::ALL.iter().position(|spec| spec.name == name)?;
        Self::LIVES.get(row)
    }
}

/// Declares the actions of a register: an enum of structs, their serde form, their field descriptions and their rows
/// of the lifecycle table.
///
/// `first` marks the actions that open a new record. An enum that `lives` in states has a row `[Life::…]` beside each
/// action; forgetting one does not compile.
#[macro_export]
macro_rules! actions {
    ($(#[$meta:meta])* $vis:vis enum $name:ident lives $state:ty {
        $($(#[$ameta:meta])* $variant:ident = $code:literal $(($first:ident))? [ $life:expr ] { $($fields:tt)* })+
    }) => {
        $crate::actions! {
            $(#[$meta])* $vis enum $name {
                $($(#[$ameta])* $variant = $code $(($first))? { $($fields)* })+
            }
        }
        impl $crate::record::action::Lifecycle for $name {
            type State = $state;
            const LIVES: &'static [$crate::record::action::Life<$state>] = &[$($life),+];
        }
    };
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$ameta:meta])* $variant:ident = $code:literal $(($first:ident))? {
            $($(#[$fmeta:meta])* $field:ident : $ty:ty = $ctor:ident $(( $($carg:expr),* ))? $(. $m:ident ( $($arg:expr),* ))* ),* $(,)?
        })+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[allow(missing_docs)]
        $vis enum $name { $($variant($variant)),+ }
        $(
            $(#[$ameta])*
            #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
            $vis struct $variant { $($(#[$fmeta])* #[allow(missing_docs)] pub $field: $ty),* }
            impl $variant {
                /// The name of this action in JSON.
                pub const NAME: &'static str = $code;
                /// The description of its fields.
                pub const FIELDS: &'static [$crate::record::field::Field] =
                    &[$($crate::record::field::Field::$ctor(stringify!($field) $($(, $carg)*)?) $(. $m($($arg),*))*),*];
            }
        )+
        impl $crate::record::action::ActionSet for $name {
            const ALL: &'static [$crate::record::action::ActionSpec] = &[$($crate::record::action::ActionSpec {
                name: $code,
                fields: $variant::FIELDS,
                first: $crate::actions!(@first $($first)?),
            }),+];
            fn decode(name: &str, data: &::serde_json::Map<String, ::serde_json::Value>) -> Result<Self, String> {
                match name {
                    $($code => <$variant as ::serde::Deserialize>::deserialize(data).map($name::$variant).map_err(|e| e.to_string()),)+
                    other => Err(other.to_owned()),
                }
            }
            fn name(&self) -> &'static str { match self { $($name::$variant(_) => $code),+ } }
            fn data(&self) -> ::serde_json::Map<String, ::serde_json::Value> {
                let data = match self { $($name::$variant(action) => ::serde_json::to_value(action)),+ };
                match data {
                    Ok(::serde_json::Value::Object(data)) => data,
                    _ => ::serde_json::Map::new(),
                }
            }
        }
    };
    (@first first) => { true };
    (@first) => { false };
}
