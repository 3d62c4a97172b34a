//! The credentials that a client has now, and their last uses.

use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::credential::{CredentialId, LastUses};
use crate::domain::client::registration::Client;
use jiff::civil::Date;

/// Ids of all keys, `jwks_uri`s and federated identities that the client can authenticate with.
pub fn credentials(client: &Client) -> impl Iterator<Item = CredentialId> + '_ {
    let source = client.key_source.as_ref();
    let inline = source.into_iter().flat_map(|source| source.inline_keys().iter().map(CredentialId::of_key));
    let fetched = source.into_iter().filter_map(|source| match source {
        ClientKeys::JwksUri(uri) => Some(CredentialId::of_jwks_uri(uri.as_str())),
        ClientKeys::Jwks(_) | ClientKeys::PublicKeyPem(_) => None,
    });
    inline.chain(fetched).chain(client.federated_identities.iter().map(CredentialId::of_identity))
}

/// The last uses of those credentials and of the client's secrets only.
#[must_use]
pub fn active_last_uses(client: &Client) -> LastUses {
    let last_use = |id: CredentialId| client.last_uses.get(&id).map(|day| (id, *day));
    let secrets = client.secrets.iter().map(|secret| CredentialId::of_secret(&secret.secret_id));
    credentials(client).chain(secrets).filter_map(last_use).collect()
}

impl Client {
    /// The last day (UTC) on which one of its present credentials got a token.
    #[must_use]
    pub fn last_used_on(&self) -> Option<Date> {
        active_last_uses(self).into_values().max()
    }
}
