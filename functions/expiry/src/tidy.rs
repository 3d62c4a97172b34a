//! Clearing up: what a crash left half done, and secrets that ended long ago.

use crate::collect::DeadSecret;
use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::provisioning::{Provisioner, Settler};
use shared::adapters::store::Mandate;
use shared::domain::audit::Actor;
use shared::domain::ids::ClientId;

/// Who did it, in the audit trail: the job itself, under a name that no client can have.
const ACTOR: &str = "latchkey.expiry";

impl Job {
    /// Settles abandoned work in both stores.
    pub(crate) async fn sweep(&self, now: Timestamp, summary: &mut Summary) {
        let settler = Settler { store: &self.management.app.store, vault: &self.management.vault, now };
        match settler.sweep().await {
            Ok(swept) => {
                summary.settled += swept.settled;
                summary.unsettled += swept.failed;
            }
            Err(fault) => {
                tracing::warn!(cause = %fault, "unfinished work could not be listed");
                summary.unsettled += 1;
            }
        }
    }

    /// Removes secrets that ended so long ago that nobody is told any more.
    pub(crate) async fn revoke_dead(&self, dead: Vec<DeadSecret>, stop_at: Timestamp, summary: &mut Summary) {
        let Ok(actor) = ClientId::parse(ACTOR) else { return };
        for DeadSecret { account, client, secret } in dead {
            if self.now() >= stop_at {
                return;
            }
            let actor =
                Actor { client_id: actor.clone(), account_id: account.clone(), email: None, source_ip: None };
            let mandate = Mandate { actor, now: self.now(), request: None };
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
