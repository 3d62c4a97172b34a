//! The `grants` table of the stub: refresh-token families, which are written and read again. No token is revoked.

use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub struct Grants(Mutex<HashMap<String, Map<String, Value>>>);

impl Grants {
    /// `GetItem`.
    pub fn get(&self, input: &Value) -> Option<String> {
        let pk = input.pointer("/Key/pk/S")?.as_str()?;
        if pk.starts_with("REVOKED#") {
            return Some("{}".to_owned());
        }
        pk.strip_prefix("FAMILY#")?;
        let families = self.families();
        let found = families.get(pk).map(|item| json!({ "Item": item }).to_string());
        Some(found.unwrap_or_else(|| "{}".to_owned()))
    }

    /// `PutItem` of a family.
    pub fn put(&self, input: &Value) -> Option<String> {
        let item = input["Item"].as_object()?;
        let pk = item["pk"]["S"].as_str().filter(|pk| pk.starts_with("FAMILY#"))?;
        self.families().insert(pk.to_owned(), item.clone());
        Some("{}".to_owned())
    }

    /// `UpdateItem` that replaces a family's token, whose condition has to hold: no two requests present one token. Or
    /// that enters a family among the live ones: there is always room.
    pub fn update(&self, input: &Value) -> Option<String> {
        let values = &input["ExpressionAttributeValues"];
        let pk = input.pointer("/Key/pk/S")?.as_str()?;
        if pk.starts_with("FAMILIES#") {
            return Some("{}".to_owned());
        }
        let mut families = self.families();
        let family = families.get_mut(pk)?;
        if family["current"] != values[":presented"] {
            return None;
        }
        for (attribute, value) in [("current", ":next"), ("replaced", ":replaced")] {
            family.insert(attribute.to_owned(), values.get(value)?.clone());
        }
        Some("{}".to_owned())
    }

    fn families(&self) -> MutexGuard<'_, HashMap<String, Map<String, Value>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
