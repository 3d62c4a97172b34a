//! Settling what was abandoned, and recording what cannot be mended.

use super::settle::{Settled, Settler, Work};
use crate::adapters::fault::Fault;
use crate::adapters::store::{ClientAndSecrets, Intent, Mandate, Outcome, Record};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::Client;
use crate::domain::ids::SecretId;
use crate::domain::secret::Secret;

const BATCH: i32 = 100;

/// What a sweep did.
#[derive(Debug, Default)]
pub struct Swept {
    /// Abandoned work that it settled.
    pub settled: usize,
    /// Abandoned work that it could not settle this time.
    pub failed: usize,
    /// Work that is settled but for this: somebody must be told.
    pub missing: Vec<MissingValues>,
    /// Changes that it made, for those who listen.
    pub audits: Vec<AuditEntry>,
}

/// Live secrets whose stored value is gone. They go on working; what reads them from Secrets Manager does not.
#[derive(Debug)]
pub struct MissingValues {
    /// The work, which [`Store::end`](crate::adapters::store::Store::end) ends once this has been told.
    pub intent: Intent,
    /// The client.
    pub client: Client,
    /// The secrets.
    pub secrets: Vec<Secret>,
}

impl Settler<'_> {
    /// Settles all work that was abandoned. Safe to run at any time, and twice at once.
    pub async fn sweep(&self) -> Result<Swept, Fault> {
        let abandoned = self.abandoned_before();
        let (mut swept, mut after) = (Swept::default(), None);
        loop {
            let page = self.store.list_intents(BATCH, after.as_ref()).await?;
            for intent in page.items.into_iter().filter(|intent| intent.started_at < abandoned) {
                match self.sweep_one(intent, &mut swept).await {
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

    async fn sweep_one(&self, intent: Intent, swept: &mut Swept) -> Result<(), Fault> {
        let (own, absent) = self.take_over(intent).await?;
        let work = Work { own: Some(&own), minted: None, absent, records: true };
        let Settled { client, audits } = self.settle_work(&own.client_id, work).await?;
        swept.audits.extend(audits);
        if absent == super::Absent::Leave {
            return Ok(());
        }
        match client.and_then(|known| self.missing_in(known)) {
            None => self.store.end(&own).await,
            Some((client, secrets)) => {
                // Its own for a while, so that of two sweeps at once one tells.
                if own.creation || self.store.renew(&own, self.now).await? {
                    swept.missing.push(MissingValues { intent: own, client, secrets });
                }
                Ok(())
            }
        }
    }

    fn missing_in(&self, known: ClientAndSecrets) -> Option<(Client, Vec<Secret>)> {
        let ids: Vec<_> = known.client.missing_values(self.now).map(|summary| &summary.secret_id).collect();
        let is_missing = |secret: &Secret| ids.contains(&&secret.secret_id);
        let secrets: Vec<Secret> =
            known.secrets.iter().filter(|secret| is_missing(secret)).cloned().collect();
        (!secrets.is_empty()).then_some((known.client, secrets))
    }

    /// Records that a value is gone; `None` if the client has changed meanwhile, so that it must be looked at again.
    pub(super) async fn record_missing(
        &self,
        known: &ClientAndSecrets,
        secret: &SecretId,
    ) -> Result<Option<AuditEntry>, Fault> {
        let before = &known.client;
        let mut after = before.clone();
        after.mark_value_missing(secret);
        (after.version, after.updated_at) = (before.version + 1, self.now);
        let mandate = Mandate::of_job(&before.account_id, self.now)?;
        let target = Target {
            client_id: Some(before.client_id.clone()),
            secret_id: Some(secret.clone()),
            ..Target::default()
        };
        let audit = mandate.audit(&before.account_id, Action::StoredSecretMissing, target, &[]);
        let record = Record { audit: &audit, receipt: None };
        let outcome = self.store.update_client(&after, before, &record).await?;
        Ok((outcome == Outcome::Done).then_some(audit))
    }
}
