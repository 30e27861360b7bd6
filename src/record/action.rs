//! Actions 动作: what somebody does to a record. One declaration yields the serde type and its field descriptions.

use serde_json::{Map, Value};

use super::field::Field;

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
}

/// Declares the actions of a register: an enum of structs, their serde form and their field descriptions.
///
/// `first` marks the actions that open a new record.
#[macro_export]
macro_rules! actions {
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
                let value = ::serde_json::Value::Object(data.clone());
                match name {
                    $($code => ::serde_json::from_value::<$variant>(value).map($name::$variant).map_err(|e| e.to_string()),)+
                    other => Err(other.to_owned()),
                }
            }
            fn name(&self) -> &'static str { match self { $($name::$variant(_) => $code),+ } }
        }
    };
    (@first first) => { true };
    (@first) => { false };
}
