//! Attributes of a stored item that this version does not know.

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Number;
use std::collections::BTreeMap;
use std::fmt;

/// Attributes that a later version wrote. They are kept when the item is written again, so that going back to an
/// earlier version loses nothing. To be flattened into the struct that is stored.
///
/// `Debug` shows their names only: a later version may keep something confidential there.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnknownAttributes(BTreeMap<String, UnknownValue>);

impl fmt::Debug for UnknownAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[derive(Clone, PartialEq, Eq)]
enum UnknownValue {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Self>),
    Map(BTreeMap<String, Self>),
}

impl Serialize for UnknownValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(members) => serializer.collect_map(members),
        }
    }
}

impl<'de> Deserialize<'de> for UnknownValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UnknownValueVisitor)
    }
}

struct UnknownValueVisitor;

impl<'de> Visitor<'de> for UnknownValueVisitor {
    type Value = UnknownValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<UnknownValue, E> {
        Ok(UnknownValue::Null)
    }

    fn visit_none<E>(self) -> Result<UnknownValue, E> {
        Ok(UnknownValue::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<UnknownValue, D::Error> {
        UnknownValue::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<UnknownValue, E> {
        Ok(UnknownValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<UnknownValue, E> {
        Ok(UnknownValue::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<UnknownValue, E> {
        Ok(UnknownValue::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<UnknownValue, E> {
        Ok(Number::from_f64(value).map_or(UnknownValue::Null, UnknownValue::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<UnknownValue, E> {
        Ok(UnknownValue::Text(value.to_owned()))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<UnknownValue, E> {
        Ok(UnknownValue::Bytes(value.to_vec()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<UnknownValue, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(UnknownValue::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UnknownValue, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = map.next_entry()? {
            members.insert(name, value);
        }
        Ok(UnknownValue::Map(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[derive(Serialize, Deserialize)]
    struct Record {
        version: u64,
        #[serde(flatten)]
        unknown: UnknownAttributes,
    }

    #[test]
    fn unknown_members_survive_a_change_of_a_known_one() {
        let unknown = json!({ "a": "x", "b": [1, -1, 1.5, true, null], "c": { "d": {}, "e": [] } });
        let mut stored = unknown.clone();
        stored["version"] = json!(1);
        let mut record: Record = serde_json::from_value(stored).expect("a record");
        record.version = 2;
        let mut written = serde_json::to_value(&record).expect("JSON");
        assert_eq!(written["version"].take(), json!(2));
        written.as_object_mut().expect("an object").remove("version");
        assert_eq!(written, unknown);
    }

    #[test]
    fn nothing_is_written_where_nothing_is_unknown() {
        let record = Record { version: 1, unknown: UnknownAttributes::default() };
        assert_eq!(serde_json::to_value(&record).expect("JSON"), json!({ "version": 1 }));
    }

    #[test]
    fn debug_shows_names_only() {
        let record: Record =
            serde_json::from_value::<Record>(json!({ "version": 1, "key": "hidden" })).expect("a record");
        assert_eq!(format!("{:?}", record.unknown), r#"{"key"}"#);
        assert_eq!(serde_json::to_value(&record.unknown).expect("JSON")["key"], Value::from("hidden"));
    }
}
