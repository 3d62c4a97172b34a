//! Withdrawing a consent that a person gave to a client.

use crate::adapters::store::{AuditRecord, WriteOutcome};
use crate::domain::audit::{Action, Target};
use crate::domain::sign_in::end_user::{Subject, SubjectType};
use crate::services::clients::{ClientError, ClientManager};
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};

impl ClientManager<'_> {
    /// Withdraws a person's consent, if the client is at an expected version.
    pub async fn withdraw_consent(
        &self,
        client_id: &str,
        sub: &str,
        expected: VersionPredicate<'_>,
    ) -> Result<(), ClientError> {
        let client = self.load(client_id).await?.client;
        self.ctx.principal.ensure_scopes_cover(&client)?;
        ensure_version(expected, client.version)?;
        let sub = Subject::parse(sub).map_err(|_| ClientError::NotFound)?;
        let (store, now) = (self.ctx.store(), self.ctx.now());
        modify(|| async {
            let consent = store.load_consent(&client.client_id, &sub).await?;
            let consent = consent.filter(|consent| consent.is_live(now)).ok_or(ClientError::NotFound)?;
            let target = Target {
                client_id: Some(consent.client_id.clone()),
                email: Some(consent.email.clone()),
                subject_type: Some(sub.subject_type()),
                ..Target::default()
            };
            // Of an end user nothing is left; of a member, the job deletes it with the member.
            if sub.subject_type() == SubjectType::EndUser {
                store.forget_families(&sub, Some(&client.client_id)).await?;
            }
            let audit = self.ctx.audit_context.audit(&self.account_id, Action::ConsentWithdrawn, target, &[]);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = store.withdraw_consent(&consent, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, ()))
        })
        .await
    }
}
