//! Collects everything that is wrong with an input, so that the caller is told once.
//!
//! A request body is a struct whose fields are [`Field`]s: reading one never fails, so the first bad
//! field does not hide the second. [`Validator`] then takes the values out and keeps the complaints.

use serde::de::{Deserialize, Deserializer};
use serde_json::Value;

/// One thing wrong with one member of a JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where, as a JSON pointer without its leading `#/`: `permissions/0/scopes`.
    pub path: String,
    /// What is wrong and what would be right, for the person who sent it.
    pub detail: String,
}

impl FieldError {
    /// A complaint about the member at `path`.
    pub fn new(path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { path: path.into(), detail: detail.into() }
    }

    /// The same complaint, seen from the member that contains it.
    #[must_use]
    pub fn nested(self, parent: &str) -> Self {
        let path = if self.path.is_empty() { parent.to_owned() } else { format!("{parent}/{}", self.path) };
        Self { path, ..self }
    }
}

/// A value that can be read from JSON, with every complaint at once.
pub trait FromJson: Sized {
    /// Reads the value; paths in the errors are relative to it.
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>>;
}

/// A member of a request body: absent, or read (well or badly).
#[derive(Debug, Default)]
pub enum Field<T> {
    /// The member was not in the body.
    #[default]
    Missing,
    /// It was, and this came of it.
    Present(Result<T, Vec<FieldError>>),
}

impl<'de, T: FromJson> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::Present(T::from_json(&Value::deserialize(deserializer)?)))
    }
}

/// Takes values out of [`Field`]s and keeps what is wrong with them.
#[derive(Debug, Default)]
pub struct Validator {
    errors: Vec<FieldError>,
}

impl Validator {
    /// Starts with no complaints.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value, if it was given and good.
    pub fn optional<T>(&mut self, name: &str, input: Field<T>) -> Option<T> {
        match input {
            Field::Missing => None,
            Field::Present(Ok(value)) => Some(value),
            Field::Present(Err(errors)) => {
                self.errors.extend(errors.into_iter().map(|error| error.nested(name)));
                None
            }
        }
    }

    /// The value; its absence is a complaint too.
    pub fn required<T>(&mut self, name: &str, input: Field<T>) -> Option<T> {
        if matches!(input, Field::Missing) {
            self.error(name, "is required");
        }
        self.optional(name, input)
    }

    /// Complains about a member for a reason that lies between members.
    pub fn error(&mut self, path: &str, detail: impl Into<String>) {
        self.errors.push(FieldError::new(path, detail));
    }

    /// Adds complaints found elsewhere.
    pub fn extend(&mut self, errors: impl IntoIterator<Item = FieldError>) {
        self.errors.extend(errors);
    }

    /// Whether there is a complaint about a member, or about something within it.
    #[must_use]
    pub fn has_error(&self, name: &str) -> bool {
        self.errors.iter().any(|error| error.path.split('/').next() == Some(name))
    }

    /// Nothing wrong so far.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// Everything that was wrong.
    #[must_use]
    pub fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }
}

/// What a JSON value is, in words for an error message.
#[must_use]
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A complaint about the value itself.
pub fn wrong<T>(detail: impl Into<String>) -> Result<T, Vec<FieldError>> {
    Err(vec![FieldError::new("", detail)])
}

/// Reads a string with `parse`.
pub fn from_string<T, E: ToString>(
    value: &Value,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Vec<FieldError>> {
    match value {
        Value::String(text) => parse(text).or_else(|error| wrong(error.to_string())),
        other => wrong(format!("must be a string, not {}", kind_of(other))),
    }
}

impl FromJson for bool {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        value.as_bool().map_or_else(|| wrong(format!("must be true or false, not {}", kind_of(value))), Ok)
    }
}

impl FromJson for u32 {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        match value.as_u64().map(Self::try_from) {
            Some(Ok(number)) => Ok(number),
            _ => wrong("must be a whole number that is not negative"),
        }
    }
}

/// `null` takes a member's value away.
impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        if value.is_null() { Ok(None) } else { T::from_json(value).map(Some) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Value::Array(items) = value else {
            return wrong(format!("must be a list, not {}", kind_of(value)));
        };
        let mut values = Self::with_capacity(items.len().min(64));
        let mut errors = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match T::from_json(item) {
                Ok(value) => values.push(value),
                Err(found) => errors.extend(found.into_iter().map(|error| error.nested(&index.to_string()))),
            }
        }
        if errors.is_empty() { Ok(values) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_bad_element_is_named_by_its_position() {
        let errors = Vec::<bool>::from_json(&json!([true, 1, "x"])).expect_err("two are bad");
        assert_eq!(errors.iter().map(|e| e.path.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn an_absent_required_member_and_a_bad_optional_one_are_both_reported() {
        let mut checked = Validator::new();
        assert_eq!(checked.required::<bool>("a", Field::Missing), None);
        assert_eq!(checked.optional("b", Field::Present(bool::from_json(&json!(3)))), None);
        let paths: Vec<_> = checked.into_errors().into_iter().map(|e| e.path).collect();
        assert_eq!(paths, ["a", "b"]);
    }
}
