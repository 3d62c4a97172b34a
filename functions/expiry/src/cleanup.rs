//! Cleanup: changes that a crash has interrupted, and secrets that expired long ago.

use crate::reminders::find_due::ExpiredSecret;
use crate::{Job, Summary};
use jiff::Timestamp;
use shared::services::audit::AuditContext;
use shared::services::clients::{ClientProvisioner, DeleteError, MissingValues, Reconciler};
use shared::services::modify::ANY_VERSION;

impl Job {
    /// Completes or undoes interrupted changes in both stores. Returns the live secrets whose stored value is missing.
    pub(crate) async fn sweep(&self, now: Timestamp, summary: &mut Summary) -> Vec<MissingValues> {
        let reconciler = Reconciler {
            store: &self.management.app.store,
            client_secrets: &self.management.client_secrets,
            now,
        };
        match reconciler.sweep().await {
            Ok(swept) => {
                summary.reconciled += swept.settled;
                summary.cleanup_failed += swept.failed;
                for audit in &swept.audits {
                    self.management.publish(audit).await;
                }
                swept.missing
            }
            Err(error) => {
                tracing::warn!(cause = %error, "interrupted changes could not be listed");
                summary.cleanup_failed += 1;
                Vec::new()
            }
        }
    }

    /// Deletes secrets that are past their notice window.
    pub(crate) async fn delete_expired_secrets(
        &self,
        expired: Vec<ExpiredSecret>,
        stop_at: Timestamp,
        summary: &mut Summary,
    ) {
        for ExpiredSecret { account_id, client_id, secret_id } in expired {
            if self.now() >= stop_at {
                return;
            }
            let Ok(audit_context) = AuditContext::of_job(&account_id, self.now()) else { return };
            let (store, client_secrets) = (&self.management.app.store, &self.management.client_secrets);
            let provisioner = ClientProvisioner { store, client_secrets, audit_context: &audit_context };
            let revoked = provisioner.revoke_secret(&account_id, &client_id, &secret_id, ANY_VERSION).await;
            match revoked {
                Ok(entry) => {
                    summary.removed += 1;
                    self.management.publish(&entry).await;
                }
                Err(DeleteError::NotFound | DeleteError::VersionMismatch(_) | DeleteError::Contention(_)) => {
                }
                Err(DeleteError::Backend(error)) => {
                    tracing::warn!(cause = %error, "expired secret could not be deleted");
                    summary.cleanup_failed += 1;
                }
            }
        }
    }
}
