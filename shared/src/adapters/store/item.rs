//! Between records and DynamoDB items. The only file that names `AttributeValue`.

use crate::adapters::error::BackendError;
use crate::adapters::store::keys::Key;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An item, or a map of expression values.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The value of one attribute.
pub(super) type Value = AttributeValue;

/// A string.
pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number.
pub(super) fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// The two attributes of a key.
pub(super) fn key(key: &Key) -> Item {
    HashMap::from([("pk".to_owned(), text(&*key.pk)), ("sk".to_owned(), text(&*key.sk))])
}

/// A record under its key.
pub(super) fn write<T: Serialize>(at: &Key, record: &T) -> Result<Item, BackendError> {
    let mut item: Item =
        serde_dynamo::to_item(record).map_err(|error| BackendError::new("writing an item", error))?;
    item.extend(key(at));
    Ok(item)
}

/// A record from its item.
pub(super) fn read<T: DeserializeOwned>(operation: &'static str, item: Item) -> Result<T, BackendError> {
    serde_dynamo::from_item(item)
        .map_err(|error| BackendError::new(operation, format!("an item is not as written: {error}")))
}

/// A string attribute, or nothing.
pub(super) fn string<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

/// A record as the value of one attribute.
pub(super) fn value<T: Serialize>(operation: &'static str, record: &T) -> Result<Value, BackendError> {
    serde_dynamo::to_attribute_value(record).map_err(|error| BackendError::new(operation, error))
}

/// A set of strings, which must not be empty.
pub(super) fn string_set(texts: &BTreeSet<String>) -> AttributeValue {
    AttributeValue::Ss(texts.iter().cloned().collect())
}

/// The set of strings of an attribute; empty if it is not there.
pub(super) fn strings(item: &Item, name: &str) -> BTreeSet<String> {
    let texts = item.get(name).and_then(|value| value.as_ss().ok());
    texts.map(|texts| texts.iter().cloned().collect()).unwrap_or_default()
}

/// The key after which a list goes on, as text that can be sealed into a cursor.
pub(super) fn cursor_to_json(position: &Item) -> String {
    let texts: BTreeMap<&str, &str> =
        position.keys().map(|name| (name.as_str(), string(position, name))).collect();
    serde_json::to_string(&texts).unwrap_or_default()
}

/// The reverse of [`cursor_to_json`]; `None` if the text is none of its results.
pub(super) fn cursor_from_json(json: &str) -> Option<Item> {
    let texts: BTreeMap<String, String> = serde_json::from_str(json).ok()?;
    Some(texts.into_iter().map(|(name, value)| (name, text(value))).collect())
}
