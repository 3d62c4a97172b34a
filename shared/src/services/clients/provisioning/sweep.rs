//! Completing or undoing abandoned intents, and recording values that are lost.

use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, ClientWithSecrets, Intent, WriteOutcome};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::SecretId;
use crate::services::audit::AuditContext;
use crate::services::clients::provisioning::reconcile::{IfClientMissing, Reconciled, Reconciler, Work};
use crate::services::clients::provisioning::value_source::NoValue;

const BATCH: i32 = 100;

/// Result of a sweep.
#[derive(Debug, Default)]
pub struct SweepSummary {
    /// How many abandoned intents it ended.
    pub settled: usize,
    /// How many it could not end this time.
    pub failed: usize,
    /// Lost values that people must be notified of before their intent is ended.
    pub missing: Vec<MissingValues>,
    /// Changes that it made, to be published.
    pub audits: Vec<AuditEntry>,
}

/// Live secrets whose stored value is lost. They still work; workloads cannot read them from Secrets Manager.
#[derive(Debug)]
pub struct MissingValues {
    /// The intent, which [`Store::end`](crate::adapters::store::Store::end) ends once the notice is sent.
    pub intent: Intent,
    /// The client.
    pub client: Client,
    /// The secrets.
    pub secrets: Vec<Secret>,
}

impl SweepSummary {
    fn note_failure(&mut self, fault: &BackendError) {
        tracing::warn!(cause = %fault, "abandoned intent could not be ended");
        self.failed += 1;
    }
}

impl Reconciler<'_> {
    /// Ends all abandoned intents. Safe to run at any time, and several times at once.
    ///
    /// By the clock it is uncertain whether an intent is abandoned, so it is taken over first: if its request is still
    /// running, that request's transaction was either committed before, or is rejected.
    pub async fn sweep(&self) -> Result<SweepSummary, BackendError> {
        let (mut swept, mut taken_over) = (SweepSummary::default(), Vec::new());
        // All are taken over first: an intent of the same client that is in progress prevents the end of another.
        for intent in self.abandoned().await? {
            match self.take_over(intent).await {
                Ok(intent) => taken_over.extend(intent),
                Err(fault) => swept.note_failure(&fault),
            }
        }
        for intent in taken_over {
            match self.sweep_one(intent, &mut swept).await {
                Ok(()) => swept.settled += 1,
                Err(fault) => swept.note_failure(&fault),
            }
        }
        Ok(swept)
    }

    async fn abandoned(&self) -> Result<Vec<Intent>, BackendError> {
        let (mut abandoned, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.list_intents(BATCH, after.as_ref()).await?;
            let is_abandoned = |intent: &Intent| intent.taken_over || self.is_long_ago(intent.started_at);
            abandoned.extend(page.items.into_iter().filter(is_abandoned));
            after = page.next;
            if after.is_none() {
                return Ok(abandoned);
            }
        }
    }

    /// `None` if the intent has ended meanwhile. That of a creation is taken over when it is ended.
    async fn take_over(&self, intent: Intent) -> Result<Option<Intent>, BackendError> {
        if intent.creation || intent.taken_over {
            return Ok(Some(intent));
        }
        self.store.take_over(&intent).await
    }

    async fn sweep_one(&self, intent: Intent, swept: &mut SweepSummary) -> Result<(), BackendError> {
        let (own, absent) = self.reclaim(intent).await?;
        let work = Work { own: Some(&own), source: &NoValue, absent, records: true };
        let Reconciled { client, audits } = self.reconcile_intent(&own.client_id, &work).await?;
        swept.audits.extend(audits);
        if absent == IfClientMissing::Leave {
            return Ok(());
        }
        let Some((client, secrets)) = client.and_then(|known| self.missing_in(known)) else {
            return self.store.end(&own).await;
        };
        if self.may_report(&own).await? {
            swept.missing.push(MissingValues { intent: own, client, secrets });
        }
        Ok(())
    }

    /// Of several sweeps at once, one reports: it keeps the intent until that is abandoned again.
    async fn may_report(&self, own: &Intent) -> Result<bool, BackendError> {
        if own.creation {
            // `reclaim` has just made it this sweep's own.
            return Ok(true);
        }
        Ok(self.is_long_ago(own.started_at) && self.store.renew(own, self.now).await?)
    }

    fn missing_in(&self, known: ClientWithSecrets) -> Option<(Client, Vec<Secret>)> {
        let ids: Vec<_> = known.client.missing_values(self.now).map(|summary| &summary.secret_id).collect();
        let is_missing = |secret: &Secret| ids.contains(&&secret.secret_id);
        let secrets: Vec<Secret> =
            known.secrets.iter().filter(|secret| is_missing(secret)).cloned().collect();
        (!secrets.is_empty()).then_some((known.client, secrets))
    }

    /// Records that a value is lost; `None` if the client has changed meanwhile and must be read again.
    pub(super) async fn record_missing(
        &self,
        known: &ClientWithSecrets,
        secret: &SecretId,
    ) -> Result<Option<AuditEntry>, BackendError> {
        let before = &known.client;
        let mut after = before.clone();
        after.mark_value_missing(secret);
        (after.version, after.updated_at) = (before.version + 1, self.now);
        let audit_context = AuditContext::of_job(&before.account_id, self.now)?;
        let target = Target {
            client_id: Some(before.client_id.clone()),
            secret_id: Some(secret.clone()),
            ..Target::default()
        };
        let audit = audit_context.audit(&before.account_id, Action::StoredSecretMissing, target, &[]);
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        let outcome = self.store.update_client(&after, before, &record).await?;
        Ok((outcome == WriteOutcome::Committed).then_some(audit))
    }
}
