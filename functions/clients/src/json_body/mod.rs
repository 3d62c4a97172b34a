//! Reading a request body: JSON without duplicate or unknown names. Every member that is not valid is reported.

pub mod merge_patch;

pub use shared::domain::primitives::json_members::{UNKNOWN, pointer_token};

use crate::problem::Problem;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use shared::domain::primitives::strict_json;
use shared::domain::primitives::validation::{FieldError, Validator};
use std::collections::BTreeMap;

/// Members of a JSON object that are not in its schema; each is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct UnknownFields(BTreeMap<String, Value>);

/// A request body.
pub trait RequestBody: DeserializeOwned {
    /// Its members that are not in the schema.
    fn unknown(&self) -> &UnknownFields;
}

/// Reads a body; unknown members are the first errors.
pub fn read<T: RequestBody>(json: &[u8]) -> Result<(T, Validator), Problem> {
    let value = Value::Object(read_object(json)?);
    let body: T = serde_json::from_value(value).map_err(|error| Problem::Malformed(error.to_string()))?;
    let mut checked = Validator::new();
    checked.extend(unknown_members(body.unknown()));
    Ok((body, checked))
}

/// Reads a body whose members the service names.
pub fn read_object(json: &[u8]) -> Result<Map<String, Value>, Problem> {
    match strict_json::parse(json) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Problem::Malformed("the body must be a JSON object".into())),
        Err(error) => Err(Problem::Malformed(format!("the body is not JSON: {error}"))),
    }
}

/// Reads the body of a request without members.
pub fn read_empty(json: &[u8]) -> Result<(), Problem> {
    #[derive(Deserialize)]
    struct NoMembers {
        #[serde(flatten)]
        unknown: UnknownFields,
    }
    impl RequestBody for NoMembers {
        fn unknown(&self) -> &UnknownFields {
            &self.unknown
        }
    }
    let (_, checked) = read::<NoMembers>(json)?;
    if checked.is_ok() { Ok(()) } else { Err(Problem::Invalid(checked.into_errors())) }
}

/// An error for each unknown member.
pub fn unknown_members(unknown: &UnknownFields) -> impl Iterator<Item = FieldError> {
    unknown.0.keys().map(|name| FieldError::new(pointer_token(name), UNKNOWN))
}
