//! The body of a record whose register is not known at compile time: understood when somebody looks into it, since a
//! list, an act or a lookup among many records mostly looks at heads alone.

use std::ops::Deref;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// What a register keeps of a record: a JSON object, looked into like a [`Value`].
#[derive(Clone, Debug)]
pub struct AnyBody {
    /// As it was read. That it is JSON was seen then. None, once the value has been changed.
    text: Option<Box<RawValue>>,
    value: OnceLock<Value>,
}

impl AnyBody {
    /// The body as its register's own type.
    ///
    /// # Errors
    /// Where it is not one.
    pub fn read<B: DeserializeOwned>(&self) -> serde_json::Result<B> {
        match &self.text {
            Some(text) => serde_json::from_str(text.get()),
            None => B::deserialize(&**self),
        }
    }

    /// Changes it.
    pub fn change(&mut self, change: impl FnOnce(&mut Value)) {
        let mut value = (**self).clone();
        change(&mut value);
        *self = Self::from(value);
    }
}

impl From<Value> for AnyBody {
    fn from(value: Value) -> Self {
        Self {
            text: None,
            value: OnceLock::from(value),
        }
    }
}

impl Deref for AnyBody {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.value.get_or_init(|| {
            let text = self.text.as_ref().map(|text| text.get());
            // A number beyond what a value can hold is all that could fail here; no register stores one.
            text.and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default()
        })
    }
}

impl PartialEq for AnyBody {
    fn eq(&self, other: &Self) -> bool {
        match (&self.text, &other.text) {
            (Some(one), Some(other)) if one.get() == other.get() => true,
            _ => **self == **other,
        }
    }
}

impl PartialEq<Value> for AnyBody {
    fn eq(&self, other: &Value) -> bool {
        **self == *other
    }
}

impl Serialize for AnyBody {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Some(text) => text.serialize(to),
            None => (**self).serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for AnyBody {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self {
            text: Some(Box::<RawValue>::deserialize(from)?),
            value: OnceLock::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stored() -> AnyBody {
        serde_json::from_str(r#"{"team":"水工班","load":"3.50"}"#).unwrap()
    }

    #[test]
    fn is_looked_into_like_a_value() {
        assert_eq!(stored()["team"], "水工班");
        assert_eq!(stored(), json!({"load": "3.50", "team": "水工班"}));
        assert_eq!(
            stored(),
            AnyBody::from(json!({"load": "3.50", "team": "水工班"}))
        );
        assert_ne!(stored(), json!({"team": "水工班"}));
    }

    #[test]
    fn is_written_as_it_was_read_and_as_it_was_changed() {
        let mut body = stored();
        let text = r#"{"team":"水工班","load":"3.50"}"#;
        assert_eq!(serde_json::to_string(&body).unwrap(), text);
        assert_eq!(serde_json::to_value(&body).unwrap(), *body);
        body.change(|body| body["team"] = json!("强电班"));
        assert_eq!(body["team"], "强电班");
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            text.replace('水', "强").replace("工", "电")
        );
    }

    #[test]
    fn is_read_as_the_registers_own_type_whether_looked_into_or_not() {
        #[derive(Debug, Deserialize, PartialEq)]
        struct Own {
            team: String,
        }
        let own = Own {
            team: "水工班".into(),
        };
        let looked_into = AnyBody::from((*stored()).clone());
        assert_eq!(stored().read::<Own>().unwrap(), own);
        assert_eq!(looked_into.read::<Own>().unwrap(), own);
        assert!(stored().read::<Vec<String>>().is_err());
    }

    #[test]
    fn text_that_is_no_json_is_an_error_where_it_is_read() {
        assert!(serde_json::from_str::<AnyBody>(r#"{"team":"水工班""#).is_err());
    }
}
