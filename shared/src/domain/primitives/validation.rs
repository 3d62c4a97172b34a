//! Validation of JSON input that reports all errors at once.
//!
//! A request body is a struct whose fields are [`Field`]s: deserializing one never fails, so the first invalid field does
//! not hide the second. [`Validator`] then takes the values out and collects the errors.

pub use crate::domain::primitives::field_error::FieldError;

use crate::domain::primitives::optional_change::OptionalChange;
use serde::de::{Deserialize, Deserializer};
use serde_json::Value;
use std::str::FromStr;
use strum::VariantArray;

/// A value that can be read from JSON, reporting all errors at once.
pub trait FromJson: Sized {
    /// Reads the value; paths in the errors are relative to it.
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>>;
}

/// A member of a request body.
#[derive(Clone, Debug, Default)]
pub enum Field<T> {
    /// The member was not in the body.
    #[default]
    Missing,
    /// It was in the body, with this result.
    Present(Result<T, Vec<FieldError>>),
}

impl<'de, T: FromJson> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::Present(T::from_json(&Value::deserialize(deserializer)?)))
    }
}

impl<T> Field<T> {
    /// The field with its value converted.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Missing => Field::Missing,
            Self::Present(read) => Field::Present(read.map(convert)),
        }
    }
}

/// Takes values out of [`Field`]s and collects their errors.
#[derive(Clone, Debug, Default)]
pub struct Validator {
    errors: Vec<FieldError>,
}

impl Validator {
    /// A validator without errors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value, if it is present and valid.
    pub fn optional<T>(&mut self, name: &str, field: Field<T>) -> Option<T> {
        match field {
            Field::Missing => None,
            Field::Present(Ok(value)) => Some(value),
            Field::Present(Err(errors)) => {
                self.errors.extend(errors.into_iter().map(|error| error.nested(name)));
                None
            }
        }
    }

    /// The change that a member of a merge patch makes: `null` removes.
    pub fn patch<T>(&mut self, name: &str, field: Field<Option<T>>) -> OptionalChange<T> {
        match self.optional(name, field) {
            None => OptionalChange::Keep,
            Some(None) => OptionalChange::Remove,
            Some(Some(value)) => OptionalChange::Set(value),
        }
    }

    /// The value, if it is present and valid. Its absence is an error.
    pub fn required<T>(&mut self, name: &str, field: Field<T>) -> Option<T> {
        if matches!(field, Field::Missing) {
            self.error(name, "is required");
        }
        self.optional(name, field)
    }

    /// Adds an error of a member.
    pub fn error(&mut self, path: &str, detail: impl Into<String>) {
        self.errors.push(FieldError::new(path, detail));
    }

    /// Adds errors.
    pub fn extend(&mut self, errors: impl IntoIterator<Item = FieldError>) {
        self.errors.extend(errors);
    }

    /// Whether there is an error of a member, or of something within it.
    #[must_use]
    pub fn has_error(&self, name: &str) -> bool {
        self.errors.iter().any(|error| error.path.split('/').next() == Some(name))
    }

    /// Whether there are no errors so far.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// All errors.
    #[must_use]
    pub fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }
}

/// The type of a JSON value, in words for an error message.
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

/// An error of the value itself.
pub fn invalid<T>(detail: impl Into<String>) -> Result<T, Vec<FieldError>> {
    Err(vec![FieldError::new("", detail)])
}

/// Reads one of an enum's names.
pub fn from_name<T>(value: &Value) -> Result<T, Vec<FieldError>>
where
    T: Copy + FromStr + VariantArray + Into<&'static str>,
{
    value.as_str().and_then(|text| text.parse().ok()).map_or_else(
        || {
            let names: Vec<&'static str> = T::VARIANTS.iter().map(|variant| (*variant).into()).collect();
            invalid(format!("must be one of: {}", names.join(", ")))
        },
        Ok,
    )
}

/// Reads a string with `parse`.
pub fn from_string<T, E: ToString>(
    value: &Value,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Vec<FieldError>> {
    match value {
        Value::String(text) => parse(text).or_else(|error| invalid(error.to_string())),
        other => invalid(format!("must be a string, not {}", kind_of(other))),
    }
}

impl FromJson for bool {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        value.as_bool().map_or_else(|| invalid(format!("must be true or false, not {}", kind_of(value))), Ok)
    }
}

impl FromJson for u32 {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        const MAX: f64 = u32::MAX as f64;
        // `3600.0` is an integer too: some programs have no other numbers (RFC 8259 §6).
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=MAX).contains(number));
        match number.and_then(|number| format!("{number}").parse().ok()) {
            Some(number) => Ok(number),
            None => invalid("must be a whole number that is not negative"),
        }
    }
}

/// `null` clears a member.
impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        if value.is_null() { Ok(None) } else { T::from_json(value).map(Some) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Value::Array(items) = value else {
            return invalid(format!("must be a list, not {}", kind_of(value)));
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
    fn errors_name_the_index_of_each_invalid_element() {
        let errors = Vec::<bool>::from_json(&json!([true, 1, "x"])).expect_err("two are bad");
        assert_eq!(errors.iter().map(|e| e.path.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn a_whole_number_may_have_a_fraction_of_zero() {
        for value in [json!(3600), json!(3600.0), json!(3.6e3)] {
            assert_eq!(u32::from_json(&value), Ok(3600), "{value}");
        }
        assert_eq!(u32::from_json(&json!(u32::MAX)), Ok(u32::MAX));
        for value in [json!(0.5), json!(-1), json!(-1.0), json!(4_294_967_296_u64), json!(1e300), json!("1")]
        {
            assert!(u32::from_json(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn missing_and_invalid_members_are_reported_together() {
        let mut validator = Validator::new();
        assert_eq!(validator.required::<bool>("a", Field::Missing), None);
        assert_eq!(validator.optional("b", Field::Present(bool::from_json(&json!(3)))), None);
        let paths: Vec<_> = validator.into_errors().into_iter().map(|e| e.path).collect();
        assert_eq!(paths, ["a", "b"]);
    }
}
