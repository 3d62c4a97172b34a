//! Clearing up: what a crash left half done, and secrets that ended long ago.

use crate::find_due::ExpiredSecret;
use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::store::AuditContext;
use shared::services::client_lifecycle::{ClientProvisioner, MissingValues, Reconciler};

impl Job {
    /// Settles abandoned work in both stores. Returns what somebody must be told of.
    pub(crate) async fn sweep(&self, now: Timestamp, summary: &mut Summary) -> Vec<MissingValues> {
        let reconciler = Reconciler {
            store: &self.management.app.store,
            client_secrets: &self.management.client_secrets,
            now,
        };
        match reconciler.sweep().await {
            Ok(swept) => {
                summary.settled += swept.settled;
                summary.unsettled += swept.failed;
                for audit in &swept.audits {
                    self.management.publish(audit).await;
                }
                swept.missing
            }
            Err(fault) => {
                tracing::warn!(cause = %fault, "unfinished work could not be listed");
                summary.unsettled += 1;
                Vec::new()
            }
        }
    }

    /// Removes secrets that ended so long ago that nobody is told any more.
    pub(crate) async fn delete_expired_secrets(
        &self,
        dead: Vec<ExpiredSecret>,
        stop_at: Timestamp,
        summary: &mut Summary,
    ) {
        for ExpiredSecret { account, client, secret } in dead {
            if self.now() >= stop_at {
                return;
            }
            let Ok(audit_context) = AuditContext::of_job(&account, self.now()) else { return };
            let (store, client_secrets) = (&self.management.app.store, &self.management.client_secrets);
            let provisioner = ClientProvisioner { store, client_secrets, audit_context: &audit_context };
            let revoked = provisioner.revoke_secret(&account, &client, &secret, &|_| true).await;
            match revoked {
                Ok(Ok(entry)) => {
                    summary.removed += 1;
                    self.management.publish(&entry).await;
                }
                Ok(Err(_)) => {}
                Err(fault) => {
                    tracing::warn!(cause = %fault, "a secret that ended long ago could not be removed");
                    summary.unsettled += 1;
                }
            }
        }
    }
}
