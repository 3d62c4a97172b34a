//! Ids of a client's credentials, and the days of their last use.

use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::jose::jwk::PublicJwk;
use crate::domain::primitives::ids::SecretId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A short id of a secret, a key, a `jwks_uri` or a federated identity, under which its last use is stored. It is a CRC-32
/// of the credential, so that a new key does not inherit the last use of an old one; it is no protection against
/// collisions made on purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CredentialId(String);

impl CredentialId {
    fn of(parts: &[&str]) -> Self {
        Self(format!("{:08x}", checksum(parts)))
    }

    /// Id of a secret: 4 characters, so that two of them fit a client of the largest size.
    #[must_use]
    pub fn of_secret(id: &SecretId) -> Self {
        let [_, rest @ ..] = checksum(&["secret", id.as_str()]).to_be_bytes();
        Self(URL_SAFE_NO_PAD.encode(rest))
    }

    /// Id of a key that is stored with the client.
    #[must_use]
    pub fn of_key(key: &PublicJwk) -> Self {
        Self::of(&["key", key.key.distinguishing()])
    }

    /// Id of a `jwks_uri`, shared by all keys that it serves.
    #[must_use]
    pub fn of_jwks_uri(uri: &str) -> Self {
        Self::of(&["jwks_uri", uri])
    }

    /// Id of a federated identity.
    #[must_use]
    pub fn of_identity(identity: &FederatedIdentity) -> Self {
        let subject = identity.subject.as_deref().unwrap_or_default();
        let mut parts = vec!["identity", identity.issuer.as_str(), subject, &identity.audience];
        let claims: Vec<String> =
            identity.claims.iter().map(|(name, value)| format!("{name}={value}")).collect();
        parts.extend(claims.iter().map(String::as_str));
        Self::of(&parts)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn checksum(parts: &[&str]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    for part in parts {
        crc.update(part.as_bytes());
        crc.update(&[0]);
    }
    crc.finalize()
}

/// The last day (UTC) on which each credential got a token.
pub type LastUses = BTreeMap<CredentialId, Date>;
