//! Generating a client secret.

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::random::random;
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::client::secret::{Secret, SecretStatus};
use crate::domain::client::{Client, SecretDisplay, SecretStorage, SecretSummary, StoredValue};
use crate::domain::primitives::display_text::Label;
use crate::domain::primitives::ids::SecretId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use jiff::Timestamp;

/// Options of a new secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretOptions {
    /// It works while `now < expires_at`.
    pub expires_at: Timestamp,
    /// Whether reminders are sent.
    pub remind: bool,
    /// What people call it.
    pub label: Option<Label>,
}

/// A new secret and its value, which is known only now.
#[derive(Debug)]
pub struct NewSecret {
    /// The record.
    pub secret: Secret,
    /// The value.
    pub value: ClientSecret,
}

impl NewSecret {
    /// The summary in the item of a client with this storage.
    #[must_use]
    pub fn summary(&self, storage: SecretStorage) -> SecretSummary {
        let is_stored = storage == SecretStorage::SecretsManager;
        SecretSummary {
            secret_id: self.secret.secret_id.clone(),
            expires_at: self.secret.expires_at,
            status: self.secret.status,
            label: self.secret.label.clone(),
            stored_value: is_stored.then_some(StoredValue::Present),
            unknown: UnknownAttributes::default(),
        }
    }
}

/// Generates a secret for a client.
#[must_use]
pub fn generate_secret(
    client: &Client,
    terms: SecretOptions,
    peppers: &Peppers,
    now: Timestamp,
) -> NewSecret {
    let secret_id = SecretId::from_random_bytes(random());
    let value = ClientSecret::from_random_bytes(random());
    let secret = Secret {
        digest: peppers.digest(&client.client_id, &secret_id, &value),
        paused_digest: None,
        status: SecretStatus::Active,
        label: terms.label,
        lookup: Some(peppers.lookup(&value)),
        secret_id,
        hint: value.hint(),
        created_at: now,
        expires_at: terms.expires_at,
        remind: terms.remind,
        revealable: client.secret_display == SecretDisplay::OnRequest,
        last_used_on: None,
        tried_on: None,
        said: None,
    };
    NewSecret { secret, value }
}
