//! A workload identity of an external token issuer: its JWT is the client's assertion, so the client needs no secret and no
//! key of its own (RFC 7523 §3, with an issuer other than the client).

mod claims;
mod platforms;
mod read;
#[cfg(test)]
mod tests;
pub mod workload;

pub use claims::{ClaimValue, MAX_CLAIMS};
pub use platforms::owner_claims;

use crate::domain::net::remote_url::ExternalIssuer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most federated identities of one client.
pub const MAX_FEDERATED_IDENTITIES: usize = 5;
/// The longest `subject`, `audience` and claim, in bytes.
pub const MAX_TEXT_LENGTH: usize = 512;

/// The issuer, audience, subject and claims of the external tokens that a client may authenticate with. All are compared to
/// the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredIdentity", into = "StoredIdentity")]
pub struct FederatedIdentity {
    /// `iss` of the token.
    pub issuer: ExternalIssuer,
    /// `sub` of the token: an IAM role, a repository and branch, a service account. `None` where the issuer's subject changes
    /// with each run; then a claim tells its owner.
    pub subject: Option<String>,
    /// `aud` of the token, which must have no other audience.
    pub audience: String,
    /// Claims that the token has, with these values.
    pub claims: BTreeMap<String, ClaimValue>,
}

impl FederatedIdentity {
    /// The identity as callers send it. Unlike the stored form, it has its subject and claims where they belong.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut identity =
            json!({ "issuer": self.issuer, "subject": self.subject, "audience": self.audience });
        if !self.claims.is_empty() {
            identity["claims"] = json!(self.claims);
        }
        identity
    }

    /// Its size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        /// What the names and elements of claims take, and the names of the attributes for them.
        const CLAIM: usize = 6;
        const CLAIMS: usize = 30;
        let claims: usize = self.claims.iter().map(|(name, value)| name.len() + value.bytes() + CLAIM).sum();
        let subject = self.subject.as_ref().map_or(0, String::len);
        let overhead = if self.claims.is_empty() { 0 } else { CLAIMS };
        self.issuer.as_str().len() + subject + self.audience.len() + claims + overhead
    }

    /// Whether a token of the issuer with this subject and these claims is the identity's.
    #[must_use]
    pub fn matches(&self, subject: &str, claims: &Map<String, Value>) -> bool {
        self.subject.as_ref().is_none_or(|own| own == subject)
            && self.claims.iter().all(|(name, value)| claims.get(name).is_some_and(|claim| value.is(claim)))
    }
}

/// The stored form. An identity with claims is stored without subject where the version before looks for it, so that this
/// version, which does not know claims, matches no token: no token has an empty subject.
#[derive(Clone, Serialize, Deserialize)]
struct StoredIdentity {
    issuer: ExternalIssuer,
    subject: String,
    audience: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    claims: BTreeMap<String, ClaimValue>,
    /// The subject of one with claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claims_subject: Option<String>,
}

impl From<StoredIdentity> for FederatedIdentity {
    fn from(stored: StoredIdentity) -> Self {
        let StoredIdentity { issuer, subject, audience, claims, claims_subject } = stored;
        // Without claims the subject counts even where it is empty: it then matches nothing, instead of everything.
        let subject = if claims.is_empty() { Some(subject) } else { claims_subject };
        Self { issuer, subject, audience, claims }
    }
}

impl From<FederatedIdentity> for StoredIdentity {
    fn from(identity: FederatedIdentity) -> Self {
        let FederatedIdentity { issuer, subject, audience, claims } = identity;
        if claims.is_empty() {
            Self { issuer, subject: subject.unwrap_or_default(), audience, claims, claims_subject: None }
        } else {
            Self { issuer, subject: String::new(), audience, claims, claims_subject: subject }
        }
    }
}
