//! A client and its secrets.

use crate::adapters::error::BackendError;
use crate::adapters::store::{Store, item, keys};
use crate::domain::client::Client;
use crate::domain::client::credential::CredentialId;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::ClientId;
use std::collections::BTreeMap;

/// A client and its secrets: one read of its partition.
#[derive(Clone, Debug)]
pub struct ClientWithSecrets {
    /// The client.
    pub client: Client,
    /// Its secrets, oldest first. An expired one may still be among them.
    pub secrets: Vec<Secret>,
}

impl ClientWithSecrets {
    /// A client and the items of its secrets. What is stored of the secrets with the client is filled in.
    pub(super) fn new(client: Client, mut secrets: Vec<Secret>) -> Self {
        secrets.sort_by(|a, b| (a.created_at, &a.secret_id).cmp(&(b.created_at, &b.secret_id)));
        for secret in &mut secrets {
            let mut summaries = client.secrets.iter();
            let summary = summaries.find(|summary| summary.secret_id == secret.secret_id);
            secret.label = summary.and_then(|summary| summary.label.clone());
            let recorded = client.last_uses.get(&CredentialId::of_secret(&secret.secret_id));
            secret.last_used_on = secret.last_used_on.max(recorded.copied());
        }
        Self { client, secrets }
    }

    /// The client and one of its secrets.
    #[must_use]
    pub fn into_secret(self, id: &str) -> Option<(Client, Secret)> {
        let secret = self.secrets.into_iter().find(|secret| secret.secret_id.as_str() == id)?;
        Some((self.client, secret))
    }
}

impl Store {
    /// The clients of these ids that exist, without their secrets: one read for 100 clients.
    pub async fn load_clients(&self, ids: &[ClientId]) -> Result<Vec<Client>, BackendError> {
        const OP: &str = "reading clients";
        let wanted: Vec<_> = ids.iter().map(keys::client).collect();
        let found = self.load_batch(OP, &self.tables.directory, &wanted).await?;
        found.into_iter().map(|found| item::read(OP, found)).collect()
    }

    /// These clients with their secrets, in the same order: one read for 100 secrets. Secrets that were deleted since the
    /// clients were read are not among them.
    pub async fn load_secrets_of(
        &self,
        clients: Vec<Client>,
    ) -> Result<Vec<ClientWithSecrets>, BackendError> {
        const OP: &str = "reading the secrets of clients";
        let of = |client: &Client| {
            let ids =
                client.secrets.iter().map(|summary| keys::secret(&client.client_id, &summary.secret_id));
            ids.collect::<Vec<_>>()
        };
        let wanted: Vec<_> = clients.iter().flat_map(of).collect();
        let mut secrets: BTreeMap<ClientId, Vec<Secret>> = BTreeMap::new();
        for found in self.load_batch(OP, &self.tables.directory, &wanted).await? {
            let client = keys::parse_client(item::string(&found, "pk"), item::string(&found, "sk"));
            let client = client.ok_or_else(|| BackendError::new(OP, "an item is no secret"))?;
            secrets.entry(client).or_default().push(item::read(OP, found)?);
        }
        let with_secrets = |client: Client| {
            let secrets = secrets.remove(&client.client_id).unwrap_or_default();
            ClientWithSecrets::new(client, secrets)
        };
        Ok(clients.into_iter().map(with_secrets).collect())
    }
}
