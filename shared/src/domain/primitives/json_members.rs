//! The members of a JSON object as they are sent.

use crate::domain::primitives::validation::{Field, FieldError, FromJson, kind_of};
use serde_json::{Map, Value};

/// What is wrong with an unknown member.
pub const UNKNOWN: &str = "is not a member of this request";

/// The members of an object.
#[derive(Clone, Copy, Debug)]
pub struct JsonMembers<'a>(&'a Map<String, Value>);

impl<'a> JsonMembers<'a> {
    /// The members of a value; an error if it is no object. `shape` names its members.
    pub fn of(value: &'a Value, shape: &str) -> Result<Self, Vec<FieldError>> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            other => {
                let detail = format!("must be an object with {shape}, not {}", kind_of(other));
                Err(vec![FieldError::new("", detail)])
            }
        }
    }

    /// The members of an object.
    #[must_use]
    pub const fn new(members: &'a Map<String, Value>) -> Self {
        Self(members)
    }

    /// One member.
    #[must_use]
    pub fn field<T: FromJson>(self, name: &str) -> Field<T> {
        self.0.get(name).map_or(Field::Missing, |value| Field::Present(T::from_json(value)))
    }

    /// An error for each member that is not among these.
    pub fn unknown(self, known: &[&str]) -> impl Iterator<Item = FieldError> {
        let names = self.0.keys().filter(|name| !known.contains(&name.as_str()));
        names.map(|name| FieldError::new(pointer_token(name), UNKNOWN))
    }
}

/// A name as a part of a JSON pointer (RFC 6901 §3).
#[must_use]
pub fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// `target` after a merge patch (RFC 7396 §2).
#[must_use]
pub fn merge(target: &Value, patch: &Value) -> Value {
    let Value::Object(changes) = patch else { return patch.clone() };
    let mut merged = target.as_object().cloned().unwrap_or_default();
    for (name, change) in changes {
        if change.is_null() {
            merged.remove(name);
        } else {
            let before = merged.get(name).unwrap_or(&Value::Null);
            let after = merge(before, change);
            merged.insert(name.clone(), after);
        }
    }
    Value::Object(merged)
}

/// An object as it is.
impl FromJson for Map<String, Value> {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        JsonMembers::of(value, "members").map(|members| members.0.clone())
    }
}
