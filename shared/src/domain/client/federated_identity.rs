//! A workload identity of an external token issuer: its JWT is the client's assertion, so the client needs no secret and no
//! key of its own (RFC 7523 §3, with an issuer other than the client).

use crate::domain::net::remote_url::ExternalIssuer;
use crate::domain::primitives::validation::{Field, FieldError, FromJson, Validator, invalid, kind_of};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most federated identities of one client.
pub const MAX_FEDERATED_IDENTITIES: usize = 5;
/// The longest `subject` and `audience`, in bytes.
pub const MAX_TEXT_LENGTH: usize = 512;

/// The issuer, subject and audience of the external tokens that a client may authenticate with. All three are compared as
/// exact strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FederatedIdentity {
    /// `iss` of the token.
    pub issuer: ExternalIssuer,
    /// `sub` of the token: an IAM role, a repository and branch, a service account.
    pub subject: String,
    /// `aud` of the token, which must have no other audience.
    pub audience: String,
}

impl FederatedIdentity {
    /// Its size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.issuer.as_str().len() + self.subject.len() + self.audience.len()
    }
}

impl FromJson for FederatedIdentity {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Value::Object(members) = value else {
            return invalid(format!(
                "must be an object with issuer, subject and audience, not {}",
                kind_of(value)
            ));
        };
        let mut validator = Validator::new();
        let known = ["issuer", "subject", "audience"];
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            validator.error(&name.replace('~', "~0").replace('/', "~1"), "is not a member of this request");
        }
        let issuer = validator.required("issuer", field::<ExternalIssuer>(members, "issuer"));
        let subject = validator.required("subject", field::<ExactText>(members, "subject"));
        let audience = validator.required("audience", field::<ExactText>(members, "audience"));
        match (issuer, subject, audience) {
            (Some(issuer), Some(ExactText(subject)), Some(ExactText(audience))) if validator.is_ok() => {
                Ok(Self { issuer, subject, audience })
            }
            _ => Err(validator.into_errors()),
        }
    }
}

fn field<T: FromJson>(members: &Map<String, Value>, name: &str) -> Field<T> {
    members.get(name).map_or(Field::Missing, |value| Field::Present(T::from_json(value)))
}

/// Text that is compared as an exact string.
struct ExactText(String);

impl FromJson for ExactText {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        match value.as_str() {
            Some(text)
                if (1..=MAX_TEXT_LENGTH).contains(&text.len()) && !text.chars().any(char::is_control) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => invalid(format!("must be text of 1 to {MAX_TEXT_LENGTH} bytes without control characters")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(value: &Value) -> Vec<String> {
        FederatedIdentity::from_json(value)
            .expect_err("not legal")
            .into_iter()
            .map(|error| error.path)
            .collect()
    }

    #[test]
    fn all_three_members_are_required_and_no_other_is_allowed() {
        let good = json!({ "issuer": "https://token.actions.example.com", "subject": "repo:acme/shop:ref:refs/heads/main", "audience": "latchkey" });
        let read = FederatedIdentity::from_json(&good).expect("legal");
        assert_eq!(
            (read.subject.as_str(), read.audience.as_str()),
            ("repo:acme/shop:ref:refs/heads/main", "latchkey")
        );
        assert_eq!(paths(&json!({})), ["issuer", "subject", "audience"]);
        assert_eq!(
            paths(&json!({ "issuer": "http://x.example", "subject": "", "audience": 7, "a/b": 1 })),
            ["a~1b", "issuer", "subject", "audience"]
        );
        assert_eq!(paths(&json!([])), [""]);
    }
}
