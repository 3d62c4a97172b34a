//! A workload that an outside issuer of tokens vouches for: its JWT is the client's assertion, and the
//! client needs no secret and no key of its own (RFC 7523 §3, with an issuer other than the client).

use crate::domain::net::remote_url::ExternalIssuer;
use crate::domain::primitives::validation::{Field, FieldError, FromJson, Validator, kind_of, wrong};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most federated identities of one client.
pub const MAX_FEDERATED_IDENTITIES: usize = 5;
/// The longest `subject` and `audience`, in bytes.
pub const MAX_TEXT_LENGTH: usize = 512;

/// Who vouches, for whom, and towards whom. All three are compared to the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FederatedIdentity {
    /// `iss` of the outside token.
    pub issuer: ExternalIssuer,
    /// `sub` of the outside token: an IAM role, a repository and branch, a service account.
    pub subject: String,
    /// `aud` of the outside token, alone: what the workload asks the outside issuer for.
    pub audience: String,
}

impl FederatedIdentity {
    /// Bytes that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.issuer.as_str().len() + self.subject.len() + self.audience.len()
    }
}

impl FromJson for FederatedIdentity {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Value::Object(members) = value else {
            return wrong(format!(
                "must be an object with issuer, subject and audience, not {}",
                kind_of(value)
            ));
        };
        let mut checked = Validator::new();
        let known = ["issuer", "subject", "audience"];
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            checked.error(&name.replace('~', "~0").replace('/', "~1"), "is not a member of this request");
        }
        let issuer = checked.required("issuer", input::<ExternalIssuer>(members, "issuer"));
        let subject = checked.required("subject", input::<Plain>(members, "subject"));
        let audience = checked.required("audience", input::<Plain>(members, "audience"));
        match (issuer, subject, audience) {
            (Some(issuer), Some(Plain(subject)), Some(Plain(audience))) if checked.is_ok() => {
                Ok(Self { issuer, subject, audience })
            }
            _ => Err(checked.into_errors()),
        }
    }
}

fn input<T: FromJson>(members: &Map<String, Value>, name: &str) -> Field<T> {
    members.get(name).map_or(Field::Missing, |value| Field::Present(T::from_json(value)))
}

/// Text that is compared to the letter.
struct Plain(String);

impl FromJson for Plain {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        match value.as_str() {
            Some(text)
                if (1..=MAX_TEXT_LENGTH).contains(&text.len()) && !text.chars().any(char::is_control) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => wrong(format!("must be text of 1 to {MAX_TEXT_LENGTH} bytes without control characters")),
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
    fn all_three_are_needed_and_nothing_else_is() {
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
