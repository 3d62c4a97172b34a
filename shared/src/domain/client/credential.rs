//! What a client can authenticate with beside secrets, and when each was used last.

use crate::domain::client::Client;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::jose::jwk::PublicJwk;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A short name of a key, a `jwks_uri` or a federated identity, for the record of its last use. It is made of
/// what it names, so that another key never inherits a day; it protects nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CredentialId(String);

impl CredentialId {
    fn of(parts: &[&str]) -> Self {
        let mut crc = crc32fast::Hasher::new();
        for part in parts {
            crc.update(part.as_bytes());
            crc.update(&[0]);
        }
        Self(format!("{:08x}", crc.finalize()))
    }

    /// Of a key that is kept with the client.
    #[must_use]
    pub fn of_key(key: &PublicJwk) -> Self {
        Self::of(&["key", key.key.distinguishing()])
    }

    /// Of all keys that a `jwks_uri` gives.
    #[must_use]
    pub fn of_jwks_uri(uri: &str) -> Self {
        Self::of(&["jwks_uri", uri])
    }

    /// Of a federated identity.
    #[must_use]
    pub fn of_identity(identity: &FederatedIdentity) -> Self {
        Self::of(&["identity", identity.issuer.as_str(), &identity.subject, &identity.audience])
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The last day (UTC) on which each got a token.
pub type LastUses = BTreeMap<CredentialId, Date>;

/// The names of everything but secrets that a client can authenticate with now.
pub fn credentials(client: &Client) -> impl Iterator<Item = CredentialId> + '_ {
    let source = client.key_source.as_ref();
    let kept = source.into_iter().flat_map(|source| source.inline_keys().iter().map(CredentialId::of_key));
    let fetched = source.into_iter().filter_map(|source| match source {
        ClientKeys::JwksUri(uri) => Some(CredentialId::of_jwks_uri(uri.as_str())),
        ClientKeys::Jwks(_) | ClientKeys::PublicKeyPem(_) => None,
    });
    kept.chain(fetched).chain(client.federated_identities.iter().map(CredentialId::of_identity))
}

/// The days of what is still there.
#[must_use]
pub fn active_last_uses(client: &Client) -> LastUses {
    let day = |id: CredentialId| client.last_uses.get(&id).map(|day| (id, *day));
    credentials(client).filter_map(day).collect()
}
