//! What all changes in both stores have in common: the intent at the beginning and the reconciliation at the end.

use crate::adapters::crypto::random::random_hex;
use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::ClientSecretStore;
use crate::adapters::store::{BeginOutcome, Intent, Store};
use crate::domain::client::{Client, SecretStorage};
use crate::domain::primitives::ids::{ClientId, SecretId};
use crate::services::audit::AuditContext;
use crate::services::clients::provisioning::reconcile::Reconciler;
use crate::services::clients::provisioning::value_source::ValueSource;

/// Changes clients in both stores.
#[derive(Clone, Copy, Debug)]
pub struct ClientProvisioner<'a> {
    /// DynamoDB.
    pub store: &'a Store,
    /// Values of client secrets in Secrets Manager.
    pub client_secrets: &'a ClientSecretStore,
    /// The request that makes the changes.
    pub audit_context: &'a AuditContext,
}

/// Whether Secrets Manager takes part in changes of this client.
pub(super) fn uses_secrets_manager(client: &Client) -> bool {
    client.secret_storage == SecretStorage::SecretsManager
}

impl ClientProvisioner<'_> {
    fn reconciler(&self) -> Reconciler<'_> {
        Reconciler { store: self.store, client_secrets: self.client_secrets, now: self.audit_context.now }
    }

    pub(super) fn intent(&self, client_id: &ClientId, creation: bool, staged: Option<&SecretId>) -> Intent {
        Intent {
            operation: random_hex(),
            client_id: client_id.clone(),
            started_at: self.audit_context.now,
            creation,
            staged: staged.cloned(),
            request: self.audit_context.request.as_ref().map(|request| request.key_digest.clone()),
            taken_over: false,
        }
    }

    /// Records the beginning of a change of an existing client; `None` if Secrets Manager takes no part in it.
    pub(super) async fn begin(
        &self,
        client: &Client,
        staged: Option<&SecretId>,
    ) -> Result<Option<Intent>, BackendError> {
        if !uses_secrets_manager(client) {
            return Ok(None);
        }
        let intent = self.intent(&client.client_id, false, staged);
        match self.store.begin(&intent).await? {
            BeginOutcome::Begun => Ok(Some(intent)),
            BeginOutcome::Conflict => {
                Err(BackendError::new("recording the start of a change", "its operation id is not unique"))
            }
        }
    }

    /// Ends a change that was committed or rejected. A fault is only logged: the outcome stays, and the sweep completes
    /// the rest. The secret of the change, if it has one, is stored again if Secrets Manager lacks it.
    pub(super) async fn finish_intent(&self, intent: Option<Intent>, source: &impl ValueSource) {
        let Some(intent) = intent else { return };
        let client_id = intent.client_id.clone();
        if let Err(fault) = self.reconciler().finish(intent, source).await {
            tracing::warn!(client_id = client_id.as_str(), cause = %fault, "left to the sweep");
        }
    }
}
