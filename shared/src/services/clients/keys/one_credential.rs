//! Adding and removing one of several keys and identities, whatever others change at the same time.

use crate::domain::client::Client;
use crate::domain::client::client_keys::{ClientKeys, JwkSet};
use crate::domain::client::credential::CredentialId;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::primitives::validation::{Field, Validator};
use crate::services::clients::{ClientChange, ClientError, ClientManager, ClientMetadata, SuppliedKeys};
use crate::services::modify::{Attempt, modify};

impl ClientManager<'_> {
    /// Trusts an identity, beside those that the client has. One that it has is looked at again.
    pub async fn add_identity(
        &self,
        client_id: &str,
        identity: &FederatedIdentity,
    ) -> Result<Client, ClientError> {
        self.update_from(client_id, |client| {
            let mut identities = client.federated_identities.clone();
            if !identities.contains(identity) {
                identities.push(identity.clone());
            }
            Ok(with_identities(identities))
        })
        .await
    }

    /// Removes a key, the URL of keys, or an identity.
    pub async fn remove_credential(&self, client_id: &str, credential: &str) -> Result<Client, ClientError> {
        self.update_from(client_id, |client| without(client, credential).ok_or(ClientError::NotFound)).await
    }

    /// Changes the details as they are now.
    async fn update_from(
        &self,
        client_id: &str,
        metadata: impl Fn(&Client) -> Result<ClientMetadata, ClientError>,
    ) -> Result<Client, ClientError> {
        modify(|| async {
            let before = self.get(client_id).await?;
            let change = ClientChange { metadata: metadata(&before)?, errors: Validator::new() };
            match self.update(client_id, &change, &|version| version == before.version).await {
                Ok(client) => Ok(Attempt::Done(client)),
                Err(ClientError::VersionMismatch(_)) => Ok(Attempt::Conflict),
                Err(error) => Err(error),
            }
        })
        .await
    }
}

fn with_identities(identities: Vec<FederatedIdentity>) -> ClientMetadata {
    ClientMetadata { federated_identities: Field::Present(Ok(identities)), ..ClientMetadata::default() }
}

/// The details of a client without this credential; `None` if it has no such one.
fn without(client: &Client, credential: &str) -> Option<ClientMetadata> {
    let is_other = |id: CredentialId| id.as_str() != credential;
    let mut identities = client.federated_identities.clone();
    identities.retain(|identity| is_other(CredentialId::of_identity(identity)));
    if identities.len() < client.federated_identities.len() {
        return Some(with_identities(identities));
    }
    let mut metadata = ClientMetadata::default();
    match client.key_source.as_ref()? {
        ClientKeys::JwksUri(uri) => {
            if is_other(CredentialId::of_jwks_uri(uri.as_str())) {
                return None;
            }
            metadata.jwks_uri = Field::Present(Ok(None));
        }
        ClientKeys::PublicKeyPem(uploaded) => {
            if is_other(CredentialId::of_key(&uploaded.jwk)) {
                return None;
            }
            metadata.public_key_pem = Field::Present(Ok(None));
        }
        ClientKeys::Jwks(set) => {
            let keys: Vec<_> =
                set.keys.iter().filter(|key| is_other(CredentialId::of_key(key))).cloned().collect();
            if keys.len() == set.keys.len() {
                return None;
            }
            let rest = SuppliedKeys { keys: ClientKeys::Jwks(JwkSet { keys }), ignored: Vec::new() };
            let is_empty = rest.keys.inline_keys().is_empty();
            metadata.jwks = Field::Present(Ok((!is_empty).then_some(rest)));
        }
    }
    Some(metadata)
}
