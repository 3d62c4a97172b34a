//! Reconciling Secrets Manager with DynamoDB.

use crate::adapters::crypto::random::random_hex;
use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::{ClientSecretStore, Version};
use crate::adapters::store::{ClientWithSecrets, Intent, Store};
use crate::domain::audit::AuditEntry;
use crate::domain::client::SecretStorage;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::{ClientId, SecretId};
use crate::services::clients::provisioning::stage_plan::{StageAction, labelled, next_action};
use crate::services::clients::provisioning::value_source::{NoValue, ValueSource};
use jiff::{SignedDuration, Timestamp};

/// An intent that is older than this is abandoned: no request runs so long. So is one that is as far ahead: the clock
/// was set back since.
pub const ABANDONED_AFTER: SignedDuration = SignedDuration::from_mins(15);

const OP: &str = "settling a client's secrets";
/// More steps than any state needs, even while others move the same labels.
const MAX_STEPS: usize = 64;

/// Moves the labels in Secrets Manager to what DynamoDB says.
#[derive(Clone, Copy, Debug)]
pub struct Reconciler<'a> {
    /// DynamoDB, which decides.
    pub store: &'a Store,
    /// Secrets Manager, which follows.
    pub client_secrets: &'a ClientSecretStore,
    /// The present time.
    pub now: Timestamp,
}

/// What happens to stored values of a client that DynamoDB does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfClientMissing {
    /// They are deleted. For a client that existed, because its id is never used again; and for one whose creation has
    /// the caller's intent.
    Delete,
    /// They stay: another request may be creating that client now.
    Leave,
}

/// How one client is reconciled.
pub(super) struct Work<'a, V> {
    /// The intent that this ends.
    pub(super) own: Option<&'a Intent>,
    /// The value of the secret of that intent.
    pub(super) source: &'a V,
    pub(super) absent: IfClientMissing,
    /// Whether a value that is lost is recorded; otherwise that is left to the sweep.
    pub(super) records: bool,
}

/// The state in which both stores agree.
#[derive(Debug, Default)]
pub(super) struct Reconciled {
    /// The client, if it exists and stores values.
    pub(super) client: Option<ClientWithSecrets>,
    /// Audit entries that were written.
    pub(super) audits: Vec<AuditEntry>,
}

impl Reconciler<'_> {
    /// Moves the labels of one client to what DynamoDB says, and removes those of secrets that are neither in DynamoDB
    /// nor being added by other requests.
    pub async fn reconcile(&self, client_id: &ClientId, absent: IfClientMissing) -> Result<(), BackendError> {
        let work = Work { own: None, source: &NoValue, absent, records: false };
        self.reconcile_intent(client_id, &work).await.map(|_| ())
    }

    /// The same, at the end of an intent.
    ///
    /// Each step reads everything again, in this order: labels, intents, client. A label is set after its intent was
    /// written, and an intent ends after DynamoDB has its outcome; so a label that neither an intent nor the client
    /// explains belongs to no secret. An intent that a sweep has taken over has its outcome too: it can no longer change
    /// DynamoDB. The age of other intents is not considered, because their requests may still be running. Several
    /// reconciliations of one client at once come to the same result.
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
                        "a secret is being added while the client stops storing values",
                    ));
                }
                if versions.is_none() {
                    return Ok(Reconciled { client: None, audits });
                }
                // This also deletes what was stored meanwhile by a client that stores values again: the next step notices.
                self.client_secrets.delete(client_id).await?;
                continue;
            }
            let versions = versions.unwrap_or_default();
            if let Some(secret) = self.missing_value(&known, &versions, &others, work.own) {
                // The labels were read first, so that a secret added since then only seems missing: it must be missing twice.
                if missed_before.replace(secret.secret_id.clone()).as_ref() == Some(&secret.secret_id) {
                    audits.extend(self.restore_or_record(&known, secret, work).await?);
                }
                continue;
            }
            match self.next_action(&known, &versions, &others) {
                None => return Ok(Reconciled { client: Some(known), audits }),
                Some(StageAction::StoreTombstone) => {
                    self.client_secrets.store_tombstone(client_id, &random_hex()).await?;
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

    /// A live secret whose value was stored and has no label, and that no other request is adding.
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

    /// Stores a missing value again if it is known; else records that it is lost, if that is allowed.
    async fn restore_or_record<V: ValueSource>(
        &self,
        known: &ClientWithSecrets,
        secret: &Secret,
        work: &Work<'_, V>,
    ) -> Result<Option<AuditEntry>, BackendError> {
        if work.source.restore(self.client_secrets, known, secret).await? {
            return Ok(None);
        }
        // Listing versions is eventually consistent.
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
        let live: Vec<_> = newest_first
            .filter(|secret| secret.is_live(self.now))
            .map(|secret| (&secret.secret_id, secret.status))
            .collect();
        next_action(versions, &labelled(versions, &live), |label| {
            known.secrets.iter().any(|secret| secret.secret_id.as_str() == label)
                || others.iter().any(|staged| staged.as_str() == label)
        })
    }

    /// Ends an intent.
    pub(super) async fn finish(&self, intent: Intent, source: &impl ValueSource) -> Result<(), BackendError> {
        let (own, absent) = self.reclaim(intent).await?;
        let work = Work { own: Some(&own), source, absent, records: false };
        self.reconcile_intent(&own.client_id, &work).await?;
        if absent == IfClientMissing::Leave { Ok(()) } else { self.store.end(&own).await }
    }

    /// Takes the intent of a creation over before it is ended, so that no other request creates a client of that id while
    /// its values are deleted. If another request has taken it over, the values stay.
    pub(super) async fn reclaim(&self, intent: Intent) -> Result<(Intent, IfClientMissing), BackendError> {
        if !intent.creation {
            return Ok((intent, IfClientMissing::Delete));
        }
        let ours = self.store.reclaim(&intent, random_hex(), self.now).await?;
        Ok(ours.map_or((intent, IfClientMissing::Leave), |ours| (ours, IfClientMissing::Delete)))
    }

    /// Whether this is further away than any request runs: in the past, or ahead of a clock that was set back.
    pub(super) fn is_long_ago(&self, at: Timestamp) -> bool {
        self.now.duration_since(at).abs() > ABANDONED_AFTER
    }
}
