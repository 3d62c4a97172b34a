//! Who gets no reminders of an account: readers who stopped them, and addresses that they did not reach.

use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome};
use crate::domain::account::mail::{MailRecipient, Suppression, SuppressionReason};
use crate::domain::audit::event::DomainEvent;
use crate::domain::audit::{Action, AuditEntry, Change, ChangedMember, System, Target};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::services::accounts::AccountError;
use crate::services::audit::AuditContext;
use crate::services::context::ManagementContext;
use crate::services::modify::{Attempt, Contention, modify};
use crate::services::principal::AccessError;
use jiff::Timestamp;
use std::net::IpAddr;

/// Changes that are made without a caller of the management API: by a reader through the link in an e-mail, and by the delivery
/// of e-mails.
#[derive(Clone, Copy, Debug)]
pub struct MailDelivery<'a> {
    /// The store.
    pub store: &'a Store,
    /// Where the changes are published.
    pub events: &'a EventPublisher,
    /// The current time.
    pub now: Timestamp,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Too many requests change it.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl MailDelivery<'_> {
    /// Stops the reminders to a recipient, who asks for it from this address. Done twice, it is done once.
    pub async fn stop(&self, recipient: &MailRecipient, source_ip: Option<IpAddr>) -> Result<(), MailError> {
        let suppression = Suppression { reason: SuppressionReason::Stopped, since: self.now };
        let mut context = self.context(&recipient.account_id)?;
        (context.actor.email, context.actor.source_ip) = (Some(recipient.email.clone()), source_ip);
        let audit = entry(&context, recipient, Action::MailStopped);
        self.suppress(recipient, suppression, &audit).await.map(|_| ())
    }

    /// Sends reminders to a recipient again who has stopped them. Done twice, it is done once.
    pub async fn resume(
        &self,
        recipient: &MailRecipient,
        source_ip: Option<IpAddr>,
    ) -> Result<(), MailError> {
        let mut context = self.context(&recipient.account_id)?;
        (context.actor.email, context.actor.source_ip) = (Some(recipient.email.clone()), source_ip);
        let audit = entry(&context, recipient, Action::MailResumed);
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        modify(|| async {
            match self.store.resume_stopped_mail(recipient, &record).await? {
                WriteOutcome::Committed => {
                    self.events.send(&[DomainEvent::Change(&audit)]).await;
                    Ok(Attempt::Done(()))
                }
                WriteOutcome::Rejected(WriteConflict::VersionMismatch) => Ok(Attempt::Done(())),
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    /// Sends no more reminders to an address that an e-mail did not reach, or whose reader complained. Whether this is news.
    pub async fn suppress_undelivered(
        &self,
        recipient: &MailRecipient,
        reason: SuppressionReason,
    ) -> Result<bool, MailError> {
        let context = self.context(&recipient.account_id)?;
        let change = Change {
            member: ChangedMember::Reason.into(),
            old: None::<&str>.into(),
            new: reason.as_str().into(),
        };
        let audit = entry(&context, recipient, Action::MailSuppressed).with_changes(vec![change]);
        self.suppress(recipient, Suppression { reason, since: self.now }, &audit).await
    }

    async fn suppress(
        &self,
        recipient: &MailRecipient,
        suppression: Suppression,
        audit: &AuditEntry,
    ) -> Result<bool, MailError> {
        let record = AuditRecord { audit, idempotency_record: None };
        modify(|| async {
            match self.store.suppress_mail(recipient, &suppression, &record).await? {
                WriteOutcome::Committed => {
                    self.events.send(&[DomainEvent::Change(audit)]).await;
                    Ok(Attempt::Done(true))
                }
                WriteOutcome::Rejected(WriteConflict::AlreadyExists) => Ok(Attempt::Done(false)),
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    fn context(&self, account: &AccountId) -> Result<AuditContext, BackendError> {
        AuditContext::of_system(System::Mail, account, self.now)
    }
}

fn entry(context: &AuditContext, recipient: &MailRecipient, action: Action) -> AuditEntry {
    let target = Target { email: Some(recipient.email.clone()), ..Target::default() };
    context.audit(&recipient.account_id, action, target, &[])
}

/// Addresses that get no reminders of one account, for operators.
pub struct SuppressedAddresses<'a> {
    ctx: ManagementContext<'a>,
    account_id: AccountId,
}

impl<'a> SuppressedAddresses<'a> {
    /// For holders of `accounts:manage`: SES keeps a list of its own, which an address has to be taken off too.
    pub fn authorize(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, AccessError> {
        let account_id = ctx.authorize_account(ManagementScope::AccountsManage, account_id)?;
        Ok(Self { ctx, account_id })
    }

    /// Allows reminders to an address again, whatever kept them from it.
    pub async fn lift(&self, email: &str) -> Result<(), AccountError> {
        let email = EmailAddress::parse(email).map_err(|_| AccountError::NotFound)?;
        let recipient = MailRecipient { account_id: self.account_id.clone(), email };
        modify(|| async {
            let mail = self.ctx.store().load_account_mail(&self.account_id).await?;
            if mail.suppression(&recipient.email, self.ctx.now()).is_none() {
                return Err(AccountError::NotFound);
            }
            let audit = entry(self.ctx.audit_context, &recipient, Action::MailResumed);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().lift_suppression(&recipient, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, ()))
        })
        .await
    }
}
