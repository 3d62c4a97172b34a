//! Making the vault agree with the directory.

use super::labels::{Step, next_step};
use crate::adapters::entropy::random;
use crate::adapters::fault::Fault;
use crate::adapters::store::{ClientAndSecrets, Intent, IntentRefused, Store};
use crate::adapters::vault::{Vault, Version};
use crate::domain::client::SecretStorage;
use crate::domain::ids::{ClientId, SecretId};
use jiff::{SignedDuration, Timestamp};

/// Work that began longer ago than this has been abandoned: no request lives so long.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// More steps than any state needs: beyond it, somebody else is moving labels.
const MAX_STEPS: usize = 64;
const SWEEP_BATCH: i32 = 100;

/// Makes the vault agree with the directory.
#[derive(Clone, Copy, Debug)]
pub struct Settler<'a> {
    /// The directory, which decides.
    pub store: &'a Store,
    /// The vault, which follows.
    pub vault: &'a Vault,
    /// When.
    pub now: Timestamp,
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Abandoned work that it settled.
    pub settled: usize,
    /// Abandoned work that it could not settle this time.
    pub failed: usize,
}

impl Settler<'_> {
    /// Moves the labels of one client to what the directory says, and takes off those of what is `gone`.
    ///
    /// The directory is read again before each step, so of several that settle one client at once, those
    /// that go on agree on where to; whoever changes the client meanwhile settles it after that.
    pub async fn settle(&self, client_id: &ClientId, gone: &[SecretId]) -> Result<(), Fault> {
        for _ in 0..MAX_STEPS {
            let known = self.store.load_client(client_id).await?;
            let Some(known) =
                known.filter(|known| known.client.secret_storage == SecretStorage::SecretsManager)
            else {
                return self.vault.delete(client_id).await;
            };
            let Some(versions) = self.vault.versions(client_id).await? else { return Ok(()) };
            match self.next_step(&known, &versions, gone) {
                None => return Ok(()),
                Some(Step::StoreNothing) => {
                    self.vault
                        .store_nothing(client_id, &format!("{:032x}", u128::from_be_bytes(random())))
                        .await?;
                }
                Some(Step::Move { label, from, to }) => {
                    self.vault.move_label(client_id, &label, from.as_deref(), to.as_deref()).await?;
                }
            }
        }
        Err(Fault::new("settling a client's secrets", "the labels do not come to rest"))
    }

    fn next_step(&self, known: &ClientAndSecrets, versions: &[Version], gone: &[SecretId]) -> Option<Step> {
        let newest_first = known.secrets.iter().rev();
        let live: Vec<&SecretId> =
            newest_first.filter(|secret| secret.is_live(self.now)).map(|secret| &secret.secret_id).collect();
        let abandoned = self.now.saturating_sub(STALE_AFTER).unwrap_or(Timestamp::MIN);
        next_step(versions, &live, |version, label| {
            let kept = known.secrets.iter().any(|secret| secret.secret_id.as_str() == label);
            !kept && (version.stored_at < abandoned || gone.iter().any(|id| id.as_str() == label))
        })
    }

    /// Settles all work that was abandoned. Safe to run at any time, and twice at once.
    pub async fn sweep(&self) -> Result<Swept, Fault> {
        let stale = self.now.saturating_sub(STALE_AFTER).unwrap_or(Timestamp::MIN);
        let (mut swept, mut after) = (Swept::default(), None);
        loop {
            let page = self.store.list_intents(SWEEP_BATCH, after.as_ref()).await?;
            for intent in page.items.into_iter().filter(|intent| intent.started_at < stale) {
                match self.finish(intent).await {
                    Ok(()) => swept.settled += 1,
                    Err(fault) => {
                        tracing::warn!(cause = %fault, "abandoned work could not be settled");
                        swept.failed += 1;
                    }
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(swept);
            }
        }
    }

    /// Takes over one piece of work and ends it. While it is ours, nobody makes a client of that id, so
    /// what is removed from the vault cannot be anybody's.
    async fn finish(&self, abandoned: Intent) -> Result<(), Fault> {
        let ours = Intent {
            operation: format!("{:032x}", u128::from_be_bytes(random())),
            started_at: self.now,
            request: None,
            ..abandoned.clone()
        };
        if abandoned.creation {
            if let Err(IntentRefused) = self.store.begin(&ours).await? {
                return Ok(());
            }
            self.settle(&abandoned.client_id, &[]).await?;
            self.store.end(&ours).await
        } else {
            self.settle(&abandoned.client_id, &[]).await?;
            self.store.end(&abandoned).await
        }
    }
}
