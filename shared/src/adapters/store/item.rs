//! Conversion between records and DynamoDB items. The only file that names `AttributeValue`.
//!
//! Records keep attributes that they do not know in an `UnknownAttributes`, which has neither sets nor numbers beyond
//! 64 bits. While such a value is in a record, it stands there as a map with one reserved name (`wrap`, `unwrap`).

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::store::keys::Key;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An item, or a map of expression values.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The value of one attribute.
pub(super) type Value = AttributeValue;

/// Attributes that are computed each time a record is written: the keys of its table and of the indexes, DynamoDB's TTL, and
/// the id of the write. A record does not keep them, so that an old one is never written again.
const COMPUTED: [&str; 8] =
    ["pk", "sk", "list_key", "list_sort", "client_key", "expires_on", "purge_at", "write_id"];

// Names of the maps that stand for what no record can hold. No item has them: ours have no control characters.
const STRING_SET: &str = "\0SS";
const NUMBER_SET: &str = "\0NS";
const BINARY_SET: &str = "\0BS";
const NUMBER: &str = "\0N";

/// A string.
pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number.
pub(super) fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A boolean.
pub(super) fn boolean(value: bool) -> AttributeValue {
    AttributeValue::Bool(value)
}

/// The two attributes of a key.
pub(super) fn key(key: &Key) -> Item {
    HashMap::from([("pk".to_owned(), text(&*key.pk)), ("sk".to_owned(), text(&*key.sk))])
}

/// A record under its key.
pub(super) fn write<T: Serialize>(at: &Key, record: &T) -> Result<Item, BackendError> {
    let mut item: Item =
        serde_dynamo::to_item(record).map_err(|error| BackendError::new("writing an item", error))?;
    item.values_mut().for_each(unwrap);
    item.extend(key(at));
    Ok(item)
}

/// A record from its item.
pub(super) fn read<T: DeserializeOwned>(operation: &'static str, mut item: Item) -> Result<T, BackendError> {
    for name in COMPUTED {
        item.remove(name);
    }
    item.values_mut().for_each(wrap);
    serde_dynamo::from_item(item)
        .map_err(|error| BackendError::new(operation, format!("an item is not as written: {error}")))
}

/// The output of a conditional update of one item; `None` if its condition did not hold, and nothing was written.
pub(super) fn updated(
    operation: &'static str,
    sent: Result<UpdateItemOutput, SdkError<UpdateItemError>>,
) -> Result<Option<UpdateItemOutput>, BackendError> {
    ok_or_expected(operation, sent, UpdateItemError::is_conditional_check_failed_exception)
}

/// Replaces sets and numbers beyond 64 bits, at any depth, by maps that stand for them.
fn wrap(value: &mut Value) {
    use AttributeValue::{Bs, L, M, N, Ns, Ss};
    let (name, content) = match value {
        L(items) => return items.iter_mut().for_each(wrap),
        M(members) => return members.values_mut().for_each(wrap),
        Ss(texts) => (STRING_SET, L(std::mem::take(texts).into_iter().map(AttributeValue::S).collect())),
        Ns(numbers) => (NUMBER_SET, L(std::mem::take(numbers).into_iter().map(AttributeValue::S).collect())),
        Bs(blobs) => (BINARY_SET, L(std::mem::take(blobs).into_iter().map(AttributeValue::B).collect())),
        N(number) if number.parse::<i64>().is_err() && number.parse::<u64>().is_err() => {
            (NUMBER, AttributeValue::S(std::mem::take(number)))
        }
        _ => return,
    };
    *value = M(HashMap::from([(name.to_owned(), content)]));
}

/// The reverse of [`wrap`].
fn unwrap(value: &mut Value) {
    let members = match value {
        AttributeValue::L(items) => return items.iter_mut().for_each(unwrap),
        AttributeValue::M(members) => members,
        _ => return,
    };
    if let Some(original) = unwrapped(members) {
        *value = original;
    } else {
        members.values_mut().for_each(unwrap);
    }
}

fn unwrapped(members: &HashMap<String, Value>) -> Option<Value> {
    let list = |name| members.get(name).and_then(|content| content.as_l().ok());
    let texts = |items: &Vec<Value>| items.iter().filter_map(|item| item.as_s().ok().cloned()).collect();
    if let Some(items) = list(STRING_SET) {
        return Some(AttributeValue::Ss(texts(items)));
    }
    if let Some(items) = list(NUMBER_SET) {
        return Some(AttributeValue::Ns(texts(items)));
    }
    if let Some(items) = list(BINARY_SET) {
        return Some(AttributeValue::Bs(items.iter().filter_map(|item| item.as_b().ok().cloned()).collect()));
    }
    members
        .get(NUMBER)
        .and_then(|content| content.as_s().ok())
        .map(|number| AttributeValue::N(number.clone()))
}

/// A string attribute; empty if it is missing.
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

/// The set of strings of an attribute; empty if it is missing.
pub(super) fn strings(item: &Item, name: &str) -> BTreeSet<String> {
    let texts = item.get(name).and_then(|value| value.as_ss().ok());
    texts.map(|texts| texts.iter().cloned().collect()).unwrap_or_default()
}

/// The key after which a list continues, as text that can be sealed into a cursor.
pub(super) fn cursor_to_json(position: &Item) -> String {
    let texts: BTreeMap<&str, &str> =
        position.keys().map(|name| (name.as_str(), string(position, name))).collect();
    serde_json::to_string(&texts).unwrap_or_default()
}

/// The inverse of [`cursor_to_json`]; `None` if the text is not one of its results.
pub(super) fn cursor_from_json(json: &str) -> Option<Item> {
    let texts: BTreeMap<String, String> = serde_json::from_str(json).ok()?;
    Some(texts.into_iter().map(|(name, value)| (name, text(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::Account;
    use crate::domain::client::Client;
    use crate::domain::primitives::display_text::Name;
    use crate::domain::primitives::ids::{AccountId, ClientId};
    use aws_sdk_dynamodb::primitives::Blob;
    use jiff::Timestamp;

    fn at() -> Key {
        crate::adapters::store::keys::client(&ClientId::parse("c1").expect("legal"))
    }

    /// One value of each type that DynamoDB has.
    fn unknown() -> Item {
        let blob = |bytes: &[u8]| AttributeValue::B(Blob::new(bytes));
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
        let mut unknown = HashMap::from([
            ("s".to_owned(), text("x")),
            ("empty".to_owned(), text("")),
            ("n".to_owned(), number(-7)),
            ("fraction".to_owned(), AttributeValue::N("1.10".into())),
            ("large".to_owned(), AttributeValue::N("12345678901234567890123456789012345678".into())),
            ("b".to_owned(), blob(&[0, 255])),
            ("bool".to_owned(), AttributeValue::Bool(true)),
            ("null".to_owned(), AttributeValue::Null(true)),
            ("ss".to_owned(), AttributeValue::Ss(texts(&["a", "b"]))),
            ("ns".to_owned(), AttributeValue::Ns(texts(&["1", "2.50"]))),
            ("bs".to_owned(), AttributeValue::Bs(vec![Blob::new([1]), Blob::new([2, 3])])),
        ]);
        let nested = unknown.clone();
        unknown.insert("l".to_owned(), AttributeValue::L(nested.values().cloned().collect()));
        unknown.insert("m".to_owned(), AttributeValue::M(nested));
        unknown
    }

    fn account() -> Account {
        Account::new(
            AccountId::parse("T1").expect("legal"),
            Name::parse("Acme").expect("legal"),
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn unknown_attributes_survive_a_change() {
        let mut stored = write(&at(), &account()).expect("an item");
        stored.extend(unknown());
        let mut read: Account = read("reading", stored.clone()).expect("an account");
        read.version = 2;
        let written = write(&at(), &read).expect("an item");
        stored.insert("version".to_owned(), number(2));
        assert_eq!(written, stored);
    }

    #[test]
    fn unknown_attributes_of_a_summary_survive_a_change_of_the_client() {
        let (id, account) = (ClientId::parse("c1").expect("legal"), AccountId::parse("T1").expect("legal"));
        let client = Client::new(id, account, Name::parse("Shop").expect("legal"), Timestamp::UNIX_EPOCH);
        let mut stored = write(&at(), &client).expect("an item");
        let summary = unknown().into_iter().chain([
            ("secret_id".to_owned(), text("s1")),
            ("expires_at".to_owned(), text("2026-12-31T23:59:00Z")),
        ]);
        stored.insert("secrets".to_owned(), AttributeValue::L(vec![AttributeValue::M(summary.collect())]));
        let mut read: Client = read("reading", stored.clone()).expect("a client");
        read.version = 2;
        stored.insert("version".to_owned(), number(2));
        assert_eq!(write(&at(), &read).expect("an item"), stored);
    }

    #[test]
    fn computed_attributes_are_not_kept() {
        let plain = write(&at(), &account()).expect("an item");
        let mut stored = plain.clone();
        stored.extend(COMPUTED.map(|name| (name.to_owned(), text("old"))));
        let read: Account = read("reading", stored).expect("an account");
        assert_eq!(read, account());
        assert_eq!(write(&at(), &read).expect("an item"), plain);
    }
}
