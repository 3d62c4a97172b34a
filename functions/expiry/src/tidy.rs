//! Clearing up: what a crash left half done, and secrets that ended long ago.

use crate::collect::DeadSecret;
use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::provisioning::{MissingValues, Provisioner, Settler};
use shared::adapters::store::Mandate;

impl Job {
    /// Settles abandoned work in both stores. Returns what somebody must be told of.
    pub(crate) async fn sweep(&self, now: Timestamp, summary: &mut Summary) -> Vec<MissingValues> {
        let settler = Settler { store: &self.management.app.store, vault: &self.management.vault, now };
        match settler.sweep().await {
            Ok(swept) => {
                summary.settled += swept.settled;
                summary.unsettled += swept.failed;
                for audit in &swept.audits {
                    self.management.announce(audit).await;
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
    pub(crate) async fn revoke_dead(&self, dead: Vec<DeadSecret>, stop_at: Timestamp, summary: &mut Summary) {
        for DeadSecret { account, client, secret } in dead {
            if self.now() >= stop_at {
                return;
            }
            let Ok(mandate) = Mandate::of_job(&account, self.now()) else { return };
            let (store, vault) = (&self.management.app.store, &self.management.vault);
            let provisioner = Provisioner { store, vault, mandate: &mandate };
            let revoked = provisioner.revoke_secret(&account, &client, &secret, &|_| true).await;
            match revoked {
                Ok(Ok(entry)) => {
                    summary.removed += 1;
                    self.management.announce(&entry).await;
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
