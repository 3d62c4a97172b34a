//! Making the vault agree with the directory.

use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::{ClientSecretStore, Version};
use crate::adapters::store::{ClientWithSecrets, Intent, Store};
use crate::domain::audit::AuditEntry;
use crate::domain::client::SecretStorage;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::{ClientId, SecretId};
use crate::services::client_lifecycle::operation_id;
use crate::services::client_lifecycle::stage_plan::{StageAction, next_action};
use crate::services::client_lifecycle::value_source::{NoValue, ValueSource};
use jiff::{SignedDuration, Timestamp};

/// Work that began longer ago than this has been abandoned: no request lives so long. Nor does one begin so far
/// ahead, unless the clock has been set back since.
pub const ABANDONED_AFTER: SignedDuration = SignedDuration::from_mins(15);

const OP: &str = "settling a client's secrets";
/// More steps than any state needs, even while others move the same labels.
const MAX_STEPS: usize = 64;

/// Makes the vault agree with the directory.
#[derive(Clone, Copy, Debug)]
pub struct Reconciler<'a> {
    /// The directory, which decides.
    pub store: &'a Store,
    /// The vault, which follows.
    pub client_secrets: &'a ClientSecretStore,
    /// When.
    pub now: Timestamp,
}

/// What becomes of the vault's entry for a client that is not in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfClientMissing {
    /// It goes. Right for a client that was there, because its id is never used again; and for one whose
    /// making is under our intent.
    Delete,
    /// It stays: somebody else may be making that client at this moment.
    Leave,
}

/// What is known, and what is to be done, while one client is settled.
pub(super) struct Work<'a, V> {
    /// The work that this ends.
    pub(super) own: Option<&'a Intent>,
    /// Who may still hold the value of the secret that it made.
    pub(super) source: &'a V,
    pub(super) absent: IfClientMissing,
    /// Whether a value that is gone for good is recorded; otherwise that is left to the sweep.
    pub(super) records: bool,
}

/// What was found when both stores agreed.
#[derive(Debug, Default)]
pub(super) struct Reconciled {
    /// The client, where it is there and stores secrets.
    pub(super) client: Option<ClientWithSecrets>,
    /// What was recorded on the way.
    pub(super) audits: Vec<AuditEntry>,
}

impl Reconciler<'_> {
    /// Moves the labels of one client to what the directory says, and takes off those of secrets that are neither in the
    /// directory nor being added by others.
    pub async fn reconcile(&self, client_id: &ClientId, absent: IfClientMissing) -> Result<(), BackendError> {
        let work = Work { own: None, source: &NoValue, absent, records: false };
        self.reconcile_intent(client_id, &work).await.map(|_| ())
    }

    /// The same, as the end of some work.
    ///
    /// Before each step everything is read again, in this order: labels, unfinished work, directory. A
    /// label belongs to work that began before it, and work ends after the directory has its outcome; so
    /// what neither shows is nobody's. Work that a sweep has taken over has had its outcome too: it can change the
    /// directory no more. How old work is says nothing here, because its request may still be running.
    /// Of several that settle one client at once, those that go on agree.
    pub(super) async fn reconcile_intent<V: ValueSource>(
        &self,
        client_id: &ClientId,
        work: &Work<'_, V>,
    ) -> Result<Reconciled, BackendError> {
        let (mut audits, mut missed_before) = (Vec::new(), None);
        for _ in 0..MAX_STEPS {
            let versions = self.client_secrets.versions(client_id).await?;
            let others = self.staged_by_others(client_id, work.own).await?;
            let Some(known) = self.store.load_client(client_id).await? else {
                if versions.is_none() || work.absent == IfClientMissing::Leave {
                    return Ok(Reconciled { client: None, audits });
                }
                self.client_secrets.delete(client_id).await?;
                continue;
            };
            if known.client.secret_storage == SecretStorage::DigestOnly {
                if !others.is_empty() {
                    return Err(BackendError::new(
                        OP,
                        "a secret is being added while the client leaves the vault",
                    ));
                }
                if versions.is_none() {
                    return Ok(Reconciled { client: None, audits });
                }
                // What was stored meanwhile for a client that has come back goes with it: the next round finds that out.
                self.client_secrets.delete(client_id).await?;
                continue;
            }
            let versions = versions.unwrap_or_default();
            if let Some(secret) = self.missing_value(&known, &versions, &others, work.own) {
                // The labels were read first: a secret that was added since then is not missing.
                if missed_before.replace(secret.secret_id.clone()).as_ref() == Some(&secret.secret_id) {
                    audits.extend(self.restore_or_record(&known, secret, work).await?);
                }
                continue;
            }
            match self.next_action(&known, &versions, &others) {
                None => return Ok(Reconciled { client: Some(known), audits }),
                Some(StageAction::StoreTombstone) => {
                    self.client_secrets.store_tombstone(client_id, &operation_id()).await?
                }
                Some(StageAction::Move { label, from, to }) => {
                    self.client_secrets.move_stage(client_id, &label, from.as_deref(), to.as_deref()).await?;
                }
            }
        }
        Err(BackendError::new(OP, "the labels do not come to rest"))
    }

    async fn staged_by_others(
        &self,
        client_id: &ClientId,
        own: Option<&Intent>,
    ) -> Result<Vec<SecretId>, BackendError> {
        let others =
            self.store.intents_of(client_id).await?.into_iter().filter(|intent| {
                !intent.taken_over && own.is_none_or(|own| own.operation != intent.operation)
            });
        Ok(others.filter_map(|intent| intent.staged).collect())
    }

    /// A live secret whose value was stored and is not shown, and that no other work is adding.
    fn missing_value<'b>(
        &self,
        known: &'b ClientWithSecrets,
        versions: &[Version],
        others: &[SecretId],
        own: Option<&Intent>,
    ) -> Option<&'b Secret> {
        let own = own?;
        let is_shown = |id: &SecretId| {
            versions.iter().any(|version| version.labels.iter().any(|label| label == id.as_str()))
        };
        known.secrets.iter().filter(|secret| secret.is_live(self.now)).find(|secret| {
            let id = &secret.secret_id;
            let was_stored = known.client.expects_value_of(id) || own.staged.as_ref() == Some(id);
            was_stored && !is_shown(id) && !others.contains(id)
        })
    }

    /// Stores a missing value again where it is still known; else records that it is gone, if this work may.
    async fn restore_or_record<V: ValueSource>(
        &self,
        known: &ClientWithSecrets,
        secret: &Secret,
        work: &Work<'_, V>,
    ) -> Result<Option<AuditEntry>, BackendError> {
        if work.source.restore(self.client_secrets, known, secret).await? {
            return Ok(None);
        }
        // A list may lag behind what was stored a moment ago.
        if !work.records || !self.is_long_ago(secret.created_at) {
            return Err(BackendError::new(OP, "Secrets Manager does not show the value of a live secret"));
        }
        self.record_missing(known, &secret.secret_id).await
    }

    fn next_action(
        &self,
        known: &ClientWithSecrets,
        versions: &[Version],
        others: &[SecretId],
    ) -> Option<StageAction> {
        let newest_first = known.secrets.iter().rev();
        let live: Vec<&SecretId> =
            newest_first.filter(|secret| secret.is_live(self.now)).map(|secret| &secret.secret_id).collect();
        next_action(versions, &live, |label| {
            known.secrets.iter().any(|secret| secret.secret_id.as_str() == label)
                || others.iter().any(|staged| staged.as_str() == label)
        })
    }

    /// Ends one piece of work.
    pub(super) async fn finish(&self, intent: Intent, source: &impl ValueSource) -> Result<(), BackendError> {
        let (own, absent) = self.reclaim(intent).await?;
        let work = Work { own: Some(&own), source, absent, records: false };
        self.reconcile_intent(&own.client_id, &work).await?;
        if absent == IfClientMissing::Leave { Ok(()) } else { self.store.end(&own).await }
    }

    /// The making of a client is taken over before it is ended: while it is ours, nobody else makes a client of that id, so
    /// what is removed from the vault is nobody's. Where somebody else has taken it over, it stays theirs.
    pub(super) async fn reclaim(&self, intent: Intent) -> Result<(Intent, IfClientMissing), BackendError> {
        if !intent.creation {
            return Ok((intent, IfClientMissing::Delete));
        }
        let ours = self.store.reclaim(&intent, operation_id(), self.now).await?;
        Ok(ours.map_or((intent, IfClientMissing::Leave), |ours| (ours, IfClientMissing::Delete)))
    }

    /// Whether this is further away than any request lives: in the past, or ahead of a clock that has been set back.
    pub(super) fn is_long_ago(&self, at: Timestamp) -> bool {
        self.now.duration_since(at).abs() > ABANDONED_AFTER
    }
}
