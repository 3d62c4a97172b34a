//! The credentials that a client has now, other than secrets.

use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::credential::{CredentialId, LastUses};
use crate::domain::client::registration::Client;

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

/// The last uses of those credentials only.
#[must_use]
pub fn active_last_uses(client: &Client) -> LastUses {
    let last_use = |id: CredentialId| client.last_uses.get(&id).map(|day| (id, *day));
    credentials(client).filter_map(last_use).collect()
}
