//! Making the vault agree with the directory.

use super::labels::{Step, next_step};
use super::operation_id;
use crate::adapters::fault::Fault;
use crate::adapters::store::{ClientAndSecrets, Intent, Store};
use crate::adapters::vault::{Vault, Version};
use crate::domain::client::SecretStorage;
use crate::domain::ids::{ClientId, SecretId};
use jiff::{SignedDuration, Timestamp};

/// Work that began longer ago than this has been abandoned: no request lives so long. Nor does one begin so far
/// ahead, unless the clock has been set back since.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_mins(15);

const DOING: &str = "settling a client's secrets";
/// More steps than any state needs, even while others move the same labels.
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

/// What becomes of the vault's entry for a client that is not in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It goes. Right for a client that was there, because its id is never used again; and for one whose
    /// making is under our intent.
    Delete,
    /// It stays: somebody else may be making that client at this moment.
    Leave,
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Abandoned work that it settled.
    pub settled: usize,
    /// Abandoned work that it could not settle this time.
    pub failed: usize,
}

impl Swept {
    fn note_failure(&mut self, fault: &Fault) {
        tracing::warn!(cause = %fault, "abandoned work could not be settled");
        self.failed += 1;
    }
}

impl Settler<'_> {
    /// Moves the labels of one client to what the directory says, and takes off those of secrets that
    /// are neither in the directory nor being added by others. `own` is the work that this ends.
    ///
    /// Before each step everything is read again, in this order: labels, unfinished work, directory. A
    /// label belongs to work that began before it, and work ends after the directory has its outcome; so
    /// what neither shows is nobody's. Work that a sweep has taken over has had its outcome too: it can change the
    /// directory no more. How old work is says nothing here, because its request may still be running.
    /// Of several that settle one client at once, those that go on agree.
    pub async fn settle(
        &self,
        client_id: &ClientId,
        own: Option<&Intent>,
        absent: Absent,
    ) -> Result<(), Fault> {
        for _ in 0..MAX_STEPS {
            let versions = self.vault.versions(client_id).await?;
            let others = self.staged_by_others(client_id, own).await?;
            let Some(known) = self.store.load_client(client_id).await? else {
                return self.clear(client_id, versions.is_some() && absent == Absent::Delete).await;
            };
            if known.client.secret_storage == SecretStorage::DigestOnly {
                if !others.is_empty() {
                    return Err(Fault::new(
                        DOING,
                        "a secret is being added while the client leaves the vault",
                    ));
                }
                return self.clear(client_id, versions.is_some()).await;
            }
            let versions = versions.unwrap_or_default();
            self.surely_shown(&known, &versions, own)?;
            match self.next_step(&known, &versions, &others) {
                None => return Ok(()),
                Some(Step::StoreNothing) => self.vault.store_nothing(client_id, &operation_id()).await?,
                Some(Step::Move { label, from, to }) => {
                    self.vault.move_label(client_id, &label, from.as_deref(), to.as_deref()).await?;
                }
            }
        }
        Err(Fault::new(DOING, "the labels do not come to rest"))
    }

    async fn clear(&self, client_id: &ClientId, delete: bool) -> Result<(), Fault> {
        if delete { self.vault.delete(client_id).await } else { Ok(()) }
    }

    async fn staged_by_others(
        &self,
        client_id: &ClientId,
        own: Option<&Intent>,
    ) -> Result<Vec<SecretId>, Fault> {
        let others =
            self.store.intents_of(client_id).await?.into_iter().filter(|intent| {
                !intent.taken_over && own.is_none_or(|own| own.operation != intent.operation)
            });
        Ok(others.filter_map(|intent| intent.staged).collect())
    }

    /// What was just stored and is live must be there: if the list does not show it, the list is not the
    /// latest, and nothing may be concluded from it.
    fn surely_shown(
        &self,
        known: &ClientAndSecrets,
        versions: &[Version],
        own: Option<&Intent>,
    ) -> Result<(), Fault> {
        let Some(staged) = own.and_then(|own| own.staged.as_ref()) else { return Ok(()) };
        let live = known.secrets.iter().any(|secret| secret.secret_id == *staged && secret.is_live(self.now));
        let shown =
            versions.iter().any(|version| version.labels.iter().any(|label| label == staged.as_str()));
        if live && !shown {
            return Err(Fault::new(DOING, "the vault does not show what was just stored"));
        }
        Ok(())
    }

    fn next_step(&self, known: &ClientAndSecrets, versions: &[Version], others: &[SecretId]) -> Option<Step> {
        let newest_first = known.secrets.iter().rev();
        let live: Vec<&SecretId> =
            newest_first.filter(|secret| secret.is_live(self.now)).map(|secret| &secret.secret_id).collect();
        next_step(versions, &live, |label| {
            known.secrets.iter().any(|secret| secret.secret_id.as_str() == label)
                || others.iter().any(|staged| staged.as_str() == label)
        })
    }

    /// Settles all work that was abandoned. Safe to run at any time, and twice at once.
    ///
    /// Whether work is abandoned is a guess by the clock, so it is taken over before anything is concluded from
    /// it: if its request is still running, that request's transaction either came before, or is refused.
    pub async fn sweep(&self) -> Result<Swept, Fault> {
        let (mut swept, mut taken_over) = (Swept::default(), Vec::new());
        // All of it first: to settle one piece of work, no other of the same client may be under way.
        for intent in self.abandoned().await? {
            match self.take_over(intent).await {
                Ok(intent) => taken_over.extend(intent),
                Err(fault) => swept.note_failure(&fault),
            }
        }
        for intent in taken_over {
            match self.finish(intent).await {
                Ok(()) => swept.settled += 1,
                Err(fault) => swept.note_failure(&fault),
            }
        }
        Ok(swept)
    }

    async fn abandoned(&self) -> Result<Vec<Intent>, Fault> {
        let (mut abandoned, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.list_intents(SWEEP_BATCH, after.as_ref()).await?;
            abandoned.extend(page.items.into_iter().filter(|intent| self.is_abandoned(intent)));
            after = page.next;
            if after.is_none() {
                return Ok(abandoned);
            }
        }
    }

    /// `None` if the work has ended meanwhile. The making of a client is taken over by [`Self::finish`].
    async fn take_over(&self, intent: Intent) -> Result<Option<Intent>, Fault> {
        if intent.creation || intent.taken_over {
            return Ok(Some(intent));
        }
        self.store.take_over(&intent).await
    }

    fn is_abandoned(&self, intent: &Intent) -> bool {
        intent.taken_over || self.now.duration_since(intent.started_at).abs() > STALE_AFTER
    }

    /// Ends one piece of work. The making of a client is taken over first: while it is ours, nobody else
    /// makes a client of that id, so what is removed from the vault is nobody's.
    pub(super) async fn finish(&self, intent: Intent) -> Result<(), Fault> {
        let ours = if intent.creation {
            match self.store.reclaim(&intent, operation_id(), self.now).await? {
                Some(ours) => ours,
                None => return self.settle(&intent.client_id, Some(&intent), Absent::Leave).await,
            }
        } else {
            intent
        };
        self.settle(&ours.client_id, Some(&ours), Absent::Delete).await?;
        self.store.end(&ours).await
    }
}
