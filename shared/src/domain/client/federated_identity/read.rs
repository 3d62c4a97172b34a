//! Reading a federated identity as a caller sends it. What could never match a token is refused, by name.

use super::{ClaimValue, FederatedIdentity, MAX_CLAIMS, MAX_TEXT_LENGTH, owner_claims};
use crate::domain::net::remote_url::ExternalIssuer;
use crate::domain::primitives::validation::{Field, FieldError, FromJson, Validator, invalid, kind_of};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The longest name of a claim, in bytes.
const MAX_CLAIM_NAME: usize = 64;
/// Claims that have members of their own, or differ in each token.
const OWN_MEMBERS: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

impl FromJson for FederatedIdentity {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Value::Object(members) = value else {
            let what = kind_of(value);
            return invalid(format!(
                "must be an object with issuer, audience, and subject or claims, not {what}"
            ));
        };
        let mut validator = Validator::new();
        let known = ["issuer", "subject", "audience", "claims"];
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            validator.error(&pointer(name), "is not a member of this request");
        }
        let issuer = validator.required("issuer", field::<ExternalIssuer>(members, "issuer"));
        let subject = validator.optional("subject", field::<ExactText>(members, "subject"));
        let audience = validator.required("audience", field::<ExactText>(members, "audience"));
        let claims = validator.optional("claims", field::<Claims>(members, "claims")).map(|claims| claims.0);
        let claims = claims.unwrap_or_default();
        let is_read = |name| !validator.has_error(name);
        if subject.is_none() && is_read("subject") && is_read("claims") {
            let owners = issuer.as_ref().map_or(&[][..], |issuer| owner_claims(issuer.as_str()));
            validator.extend(missing_subject(owners, &claims));
        }
        match (issuer, audience) {
            (Some(issuer), Some(ExactText(audience))) if validator.is_ok() => {
                Ok(Self { issuer, subject: subject.map(|subject| subject.0), audience, claims })
            }
            _ => Err(validator.into_errors()),
        }
    }
}

/// Why an identity needs a subject. Without one, only the claim by which a known issuer tells its owners apart says whose
/// token it is.
fn missing_subject(owners: &[&str], claims: &BTreeMap<String, ClaimValue>) -> Option<FieldError> {
    if owners.is_empty() {
        return Some(FieldError::new("subject", "is required"));
    }
    let names_owner = owners.iter().any(|owner| claims.contains_key(*owner));
    let detail = format!("is required, unless claims has one of: {}", owners.join(", "));
    (!names_owner).then(|| FieldError::new("subject", detail))
}

fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A member. Null is absent, as it is in answers.
fn field<T: FromJson>(members: &Map<String, Value>, name: &str) -> Field<T> {
    members
        .get(name)
        .filter(|value| !value.is_null())
        .map_or(Field::Missing, |value| Field::Present(T::from_json(value)))
}

/// Text that is compared exactly.
struct ExactText(String);

impl FromJson for ExactText {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Some(text) = value.as_str() else {
            return invalid(format!("must be a string, not {}", kind_of(value)));
        };
        match refusal(text) {
            None => Ok(Self(text.to_owned())),
            Some(detail) => invalid(detail),
        }
    }
}

/// Why a text can match no token.
fn refusal(text: &str) -> Option<String> {
    if text.is_empty() || text.len() > MAX_TEXT_LENGTH {
        Some(format!("must be 1 to {MAX_TEXT_LENGTH} bytes"))
    } else if text.trim() != text {
        Some("has blanks at its ends, which no token has: leave them out".to_owned())
    } else if text.chars().any(char::is_control) {
        Some("must not have control characters".to_owned())
    } else if text.contains('*') {
        Some("has a wildcard, but is compared exactly: write the whole value, or match claims that stay the same".to_owned())
    } else {
        None
    }
}

/// 1 to [`MAX_CLAIMS`] claims.
struct Claims(BTreeMap<String, ClaimValue>);

impl FromJson for Claims {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Value::Object(members) = value else {
            return invalid(format!("must be an object of names and values, not {}", kind_of(value)));
        };
        if members.is_empty() || members.len() > MAX_CLAIMS {
            return invalid(format!("must hold 1 to {MAX_CLAIMS} claims"));
        }
        let (mut claims, mut errors) = (BTreeMap::new(), Vec::new());
        for (name, value) in members {
            match claim(name, value) {
                Ok(value) => {
                    claims.insert(name.clone(), value);
                }
                Err(detail) => errors.push(FieldError::new(pointer(name), detail)),
            }
        }
        if errors.is_empty() { Ok(Self(claims)) } else { Err(errors) }
    }
}

fn claim(name: &str, value: &Value) -> Result<ClaimValue, String> {
    if !(1..=MAX_CLAIM_NAME).contains(&name.len()) || name.chars().any(char::is_control) {
        return Err(format!("must have a name of 1 to {MAX_CLAIM_NAME} bytes"));
    }
    if OWN_MEMBERS.contains(&name) {
        return Err("has a member of its own, or differs in each token".to_owned());
    }
    match value {
        Value::String(text) => refusal(text).map_or_else(|| Ok(ClaimValue::Text(text.clone())), Err),
        Value::Bool(boolean) => Ok(ClaimValue::Boolean(*boolean)),
        Value::Number(number) => {
            let integer = number.as_i64().filter(|integer| integer.unsigned_abs() < 1 << 53);
            integer.map(ClaimValue::Integer).ok_or_else(|| "must be an integer below 2^53".to_owned())
        }
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(format!("must be text, an integer or a boolean, not {}", kind_of(value)))
        }
    }
}
