//! A client and its secrets.

use crate::domain::client::Client;
use crate::domain::client::secret::Secret;

/// A client and its secrets: one read of its partition.
#[derive(Clone, Debug)]
pub struct ClientWithSecrets {
    /// The client.
    pub client: Client,
    /// Its secrets, oldest first. An expired one may still be among them.
    pub secrets: Vec<Secret>,
}

impl ClientWithSecrets {
    /// The client and one of its secrets.
    #[must_use]
    pub fn into_secret(self, id: &str) -> Option<(Client, Secret)> {
        let secret = self.secrets.into_iter().find(|secret| secret.secret_id.as_str() == id)?;
        Some((self.client, secret))
    }
}
