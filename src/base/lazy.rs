//! Stored JSON that is understood when somebody looks into it: a list, an act or a lookup among many records mostly
//! looks at their heads alone.

use std::ops::Deref;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use serde::ser::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A value as it was read, looked into like the value itself.
#[derive(Clone, Debug)]
pub struct Lazy<T> {
    /// As it was read. None, once the value has been made or changed here.
    text: Option<Box<str>>,
    value: OnceLock<T>,
}

impl Lazy<Value> {
    /// The value as another type, such as a register's own of a body.
    ///
    /// # Errors
    /// Where it is not one.
    pub fn read<B: DeserializeOwned>(&self) -> serde_json::Result<B> {
        match &self.text {
            Some(text) => serde_json::from_str(text),
            None => B::deserialize(&**self),
        }
    }
}

impl<T> Lazy<T> {
    /// A value of which nothing but its text is known yet.
    pub fn unread(text: String) -> Self {
        Self {
            text: Some(text.into()),
            value: OnceLock::new(),
        }
    }

    /// Changes it.
    pub fn change(&mut self, change: impl FnOnce(&mut T))
    where
        T: Clone + DeserializeOwned + Default,
    {
        let mut value = (**self).clone();
        change(&mut value);
        *self = Self::from(value);
    }
}

impl<T> From<T> for Lazy<T> {
    fn from(value: T) -> Self {
        Self {
            text: None,
            value: OnceLock::from(value),
        }
    }
}

impl<T: Default> Default for Lazy<T> {
    fn default() -> Self {
        Self::from(T::default())
    }
}

impl<T: DeserializeOwned + Default> Deref for Lazy<T> {
    type Target = T;

    /// What cannot be one is an empty one: no writer of ours leaves such a text, and a proof of the file tells of it.
    fn deref(&self) -> &T {
        self.value.get_or_init(|| {
            let text = self.text.as_ref();
            text.and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default()
        })
    }
}

impl<T: PartialEq + DeserializeOwned + Default> PartialEq for Lazy<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.text, &other.text) {
            (Some(one), Some(other)) if one == other => true,
            _ => **self == **other,
        }
    }
}

impl<T: Eq + DeserializeOwned + Default> Eq for Lazy<T> {}

impl<T: PartialEq + DeserializeOwned + Default> PartialEq<T> for Lazy<T> {
    fn eq(&self, other: &T) -> bool {
        **self == *other
    }
}

impl<T: Serialize + DeserializeOwned + Default> Serialize for Lazy<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Some(text) => {
                let raw: &RawValue = serde_json::from_str(text).map_err(S::Error::custom)?;
                raw.serialize(to)
            }
            None => (**self).serialize(to),
        }
    }
}

impl<'de, T> Deserialize<'de> for Lazy<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self {
            text: Some(Box::<RawValue>::deserialize(from)?.into()),
            value: OnceLock::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Body = Lazy<Value>;

    fn stored() -> Body {
        serde_json::from_str(r#"{"team":"水工班","load":"3.50"}"#).unwrap()
    }

    #[test]
    fn is_looked_into_like_the_value() {
        assert_eq!(stored()["team"], "水工班");
        assert_eq!(stored(), json!({"load": "3.50", "team": "水工班"}));
        assert_eq!(
            stored(),
            Body::from(json!({"load": "3.50", "team": "水工班"}))
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
        let changed = text.replace("水工", "强电");
        assert_eq!(serde_json::to_string(&body).unwrap(), changed);
    }

    #[test]
    fn is_read_as_another_type_whether_looked_into_or_not() {
        #[derive(Debug, Deserialize, PartialEq)]
        struct Own {
            team: String,
        }
        let own = Own {
            team: "水工班".into(),
        };
        let made_here = Body::from((*stored()).clone());
        assert_eq!(stored().read::<Own>().unwrap(), own);
        assert_eq!(made_here.read::<Own>().unwrap(), own);
        assert!(stored().read::<Vec<String>>().is_err());
    }

    #[test]
    fn text_that_is_no_json_is_an_error_where_it_is_read() {
        assert!(serde_json::from_str::<Body>(r#"{"team":"水工班""#).is_err());
    }

    #[test]
    fn is_read_out_of_a_value_as_out_of_a_text() {
        let list: Lazy<Vec<u8>> = serde_json::from_value(json!([1, 2])).unwrap();
        assert_eq!(list, vec![1, 2]);
        assert_eq!(Lazy::<Vec<u8>>::default().len(), 0);
        assert_eq!(Lazy::<Vec<u8>>::unread("[3]".into()), vec![3]);
    }
}
