//! Changing a client's secrets in two stores as if they were one.
//!
//! The order is always the same: an intent, the vault (under a label that no workload looks at), one
//! transaction in the directory, then [`Reconciler::reconcile`] moves the vault's labels to what the directory
//! says, and the intent is removed. The directory decides; killed at any step, a sweep settles the rest.

pub mod add_secret;
mod create;
mod reconcile;
mod remove;
pub mod stage_plan;
mod sweep;
mod value_source;

pub use add_secret::{AddSecretError, AddSecretInput, AddSecretOutput};
pub use create::CreateClientError;
pub use reconcile::{ABANDONED_AFTER, IfClientMissing, Reconciler};
pub use remove::{DeleteError, VersionPredicate};
pub use sweep::{MissingValues, SweepSummary};

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::random::{random, random_hex};
use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::ClientSecretStore;
use crate::adapters::store::{AuditContext, Intent, Store};
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::client::secret::Secret;
use crate::domain::client::{Client, SecretDisplay, SecretStorage, SecretSummary, StoredValue};
use crate::domain::primitives::ids::{ClientId, SecretId};
use jiff::Timestamp;
use value_source::ValueSource;

/// When a secret ends, and whether anybody is told before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretOptions {
    /// It works while `now < expires_at`.
    pub expires_at: Timestamp,
    /// Whether reminders are sent.
    pub remind: bool,
}

/// A new secret, with its value for the one time that it is known.
#[derive(Debug)]
pub struct NewSecret {
    /// What is kept.
    pub secret: Secret,
    /// What is shown to its owner.
    pub value: ClientSecret,
}

impl NewSecret {
    /// What the item of a client with this storage says of it.
    #[must_use]
    pub fn summary(&self, storage: SecretStorage) -> SecretSummary {
        let is_stored = storage == SecretStorage::SecretsManager;
        SecretSummary {
            secret_id: self.secret.secret_id.clone(),
            expires_at: self.secret.expires_at,
            stored_value: is_stored.then_some(StoredValue::Present),
        }
    }
}

/// Makes a secret for a client.
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

/// Makes changes that concern both stores, on somebody's behalf.
#[derive(Clone, Copy, Debug)]
pub struct ClientProvisioner<'a> {
    /// The directory.
    pub store: &'a Store,
    /// The vault.
    pub client_secrets: &'a ClientSecretStore,
    /// On whose behalf.
    pub audit_context: &'a AuditContext,
}

/// A new id for a piece of work, or a request token.
fn operation_id() -> String {
    random_hex()
}

/// How often a change is tried again that met another one.
const ATTEMPTS: u32 = 12;

impl ClientProvisioner<'_> {
    fn reconciler(&self) -> Reconciler<'_> {
        Reconciler { store: self.store, client_secrets: self.client_secrets, now: self.audit_context.now }
    }

    fn intent(&self, client_id: &ClientId, creation: bool, staged: Option<&SecretId>) -> Intent {
        Intent {
            operation: operation_id(),
            client_id: client_id.clone(),
            started_at: self.audit_context.now,
            creation,
            staged: staged.cloned(),
            request: self.audit_context.request.as_ref().map(|request| request.key_digest.clone()),
            taken_over: false,
        }
    }

    /// Begins work on a client that is there, if the vault has a part in it.
    async fn begin(
        &self,
        client: &Client,
        staged: Option<&SecretId>,
    ) -> Result<Option<Intent>, BackendError> {
        match client.secret_storage {
            SecretStorage::DigestOnly => Ok(None),
            SecretStorage::SecretsManager => {
                let intent = self.intent(&client.client_id, false, staged);
                match self.store.begin(&intent).await? {
                    Ok(()) => Ok(Some(intent)),
                    Err(_) => Err(BackendError::new(
                        "recording the start of a change",
                        "its operation id is not unique",
                    )),
                }
            }
        }
    }

    /// Ends work that was carried out or refused. A fault here is only logged: what was decided stays, and
    /// the sweep comes back to the rest. The secret that it made, if any, is stored again should it be gone.
    async fn finish_intent(&self, intent: Option<Intent>, source: &impl ValueSource) {
        let Some(intent) = intent else { return };
        let client_id = intent.client_id.clone();
        if let Err(fault) = self.reconciler().finish(intent, source).await {
            tracing::warn!(client_id = client_id.as_str(), cause = %fault, "left to the sweep");
        }
    }

    /// Waits a moment before a change that met another is tried again, longer each time.
    async fn backoff(attempt: u32) {
        let [jitter]: [u8; 1] = random();
        let millis = u64::from(jitter) / 4 + 10 * u64::from(attempt);
        tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
    }
}
