//! The change of a member's address: the new mailbox has to confirm it, by a link that works once.

use super::{MailOutcome, MemberChange, MemberError, Members, NotSentReason};
use crate::adapters::crypto::mail_link::{open_email_change, seal_email_change};
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::random::random_hex;
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::email::member_notice::MemberNotice;
use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, Membership, PersonRemoval, WriteConflict, WriteOutcome};
use crate::domain::account::invitation::{
    EMAIL_CHANGE_VALID_FOR, EMAIL_CHANGES, EmailChangeLink, PendingEmail,
};
use crate::domain::account::{Account, Member, Status};
use crate::domain::audit::event::DomainEvent;
use crate::domain::audit::{Action, ChangedMember, System, Target};
use crate::domain::primitives::email::EmailAddress;
use crate::services::audit::AuditContext;
use crate::services::audit::changes;
use crate::services::audit::security_events::SecurityEvents;
use crate::services::modify::{Attempt, Contention, modify};
use crate::services::sign_in::EmailSender;
use jiff::Timestamp;
use std::net::IpAddr;

impl Members<'_> {
    /// The address that a change is about, if it is another one that no member of the account has.
    pub(super) async fn requested_email(
        &self,
        id: &str,
        change: &MemberChange,
    ) -> Result<Option<PendingEmail>, MemberError> {
        let Some(email) = &change.email else { return Ok(None) };
        let email: EmailAddress = email.clone().into();
        let member = self.get(id).await?;
        self.ctx.principal.ensure_covers_member(&member)?;
        if member.email == email {
            return Ok(None);
        }
        if self.ctx.store().load_member(&self.account_id, &email).await?.is_some() {
            return Err(MemberError::AlreadyExists);
        }
        self.count_mail(EMAIL_CHANGES, &email).await?;
        let now = self.ctx.now();
        let expires_at = now.saturating_add(EMAIL_CHANGE_VALID_FOR).unwrap_or(now);
        Ok(Some(PendingEmail { email, change_id: random_hex(), expires_at }))
    }

    /// Sends the link to the new address of a member.
    pub(super) async fn send_email_change(&self, member: &Member, pending: &PendingEmail) -> MailOutcome {
        let unavailable = MailOutcome::NotSent(NotSentReason::Unavailable);
        let Ok(account) = self.account().await else { return unavailable };
        let Ok(peppers) = self.ctx.backend.peppers.get(self.ctx.now()).await else { return unavailable };
        let link = EmailChangeLink {
            account_id: member.account_id.clone(),
            email: member.email.clone(),
            change_id: pending.change_id.clone(),
            sub: Some(subject_of_member(member).sub),
        };
        let token = seal_email_change(&peppers, &link);
        let link = format!("{}/console/email/{token}", self.ctx.backend.policy.issuer);
        let notice = MemberNotice::ConfirmEmail { link: &link, until: pending.expires_at };
        self.send_limited(&account, &pending.email, member.locale, notice).await
    }
}

/// The reader of a new mailbox, who confirms it.
pub struct EmailConfirmation<'a> {
    /// Where members are, and the event bus.
    pub security: SecurityEvents<'a>,
    /// The keys of the link.
    pub peppers: &'a Peppers,
    /// Sends the notice to the former address; `None` if the deployment sends no e-mails.
    pub sender: Option<&'a EmailSender>,
    /// The address of the browser.
    pub source_ip: Option<IpAddr>,
    /// The time of the request.
    pub now: Timestamp,
}

/// A change of address that can be confirmed.
#[derive(Debug)]
pub struct PendingMove {
    /// The account.
    pub account: Account,
    /// The member.
    pub member: Member,
    /// The new address.
    pub email: EmailAddress,
}

/// Why an address is not confirmed.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmEmailError {
    /// The link is none, was used or replaced, or has expired.
    #[error("the link can no longer be used")]
    Unusable,
    /// Another member has the address meanwhile.
    #[error("another member has the address")]
    AddressTaken,
    /// The account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// Too many requests change the member.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// Sends the notice to the former address of a member. Returns whether another attempt would be of no use.
pub async fn tell_former_address(
    sender: Option<&EmailSender>,
    account: &Account,
    member: &Member,
    former: &EmailAddress,
    now: Timestamp,
) -> bool {
    let Some(sender) = sender else { return true };
    let notice = MemberNotice::EmailChanged { email: &member.email };
    let sent = sender.send_member_notice(account, former, member.locale, notice, now).await;
    !matches!(sent, MailOutcome::NotSent(NotSentReason::QuotaReserved | NotSentReason::Unavailable))
}

impl EmailConfirmation<'_> {
    /// What a link is for. Changes nothing.
    pub async fn peek(&self, token: &str) -> Result<PendingMove, ConfirmEmailError> {
        match self.pending(token).await {
            Err(ConfirmEmailError::Unusable) => Ok(self.moved(token).await?.0),
            pending => pending,
        }
    }

    async fn pending(&self, token: &str) -> Result<PendingMove, ConfirmEmailError> {
        let link = open_email_change(self.peppers, token).ok_or(ConfirmEmailError::Unusable)?;
        let found = self.security.store.load_account_and_member(&link.account_id, &link.email).await?;
        let Membership { account, member } = found.ok_or(ConfirmEmailError::Unusable)?;
        let pending = member.pending_email(self.now).filter(|pending| pending.change_id == link.change_id);
        let email = pending.ok_or(ConfirmEmailError::Unusable)?.email.clone();
        if account.status == Status::Disabled {
            return Err(ConfirmEmailError::AccountDisabled);
        }
        Ok(PendingMove { account, member, email })
    }

    /// What a link has done already, while the former address has not got its notice: a person who got no response uses it again.
    async fn moved(&self, token: &str) -> Result<(PendingMove, PersonRemoval), ConfirmEmailError> {
        let link = open_email_change(self.peppers, token).ok_or(ConfirmEmailError::Unusable)?;
        let (store, sub) = (self.security.store, link.sub.ok_or(ConfirmEmailError::Unusable)?);
        let removal = store.person_removal(&link.account_id, &sub).await?;
        let removal = removal.filter(|removal| removal.change_id.as_ref() == Some(&link.change_id));
        let removal = removal.ok_or(ConfirmEmailError::Unusable)?;
        let email = removal.moved_to.clone().ok_or(ConfirmEmailError::Unusable)?;
        let found = store.load_account_and_member(&link.account_id, &email).await?;
        let Membership { account, member } = found.ok_or(ConfirmEmailError::Unusable)?;
        Ok((PendingMove { account, member, email }, removal))
    }

    /// Gives the member the new address. What acts for the former one ends: sessions, tokens and consents.
    pub async fn confirm(&self, token: &str) -> Result<Member, ConfirmEmailError> {
        let (PendingMove { account, member, .. }, removal) = match self.move_member(token).await {
            Err(ConfirmEmailError::Unusable) => self.moved(token).await?,
            moved => moved?,
        };
        // The address is changed, whatever comes of the notice: the job sends it then.
        let is_told = tell_former_address(self.sender, &account, &member, &removal.address, self.now).await;
        if is_told && let Err(cause) = self.security.store.note_former_address_told(&removal).await {
            tracing::warn!(%cause, "the notice to a former address could not be noted");
        }
        Ok(member)
    }

    async fn move_member(&self, token: &str) -> Result<(PendingMove, PersonRemoval), ConfirmEmailError> {
        modify(|| async {
            let PendingMove { account, member: before, email } = self.pending(token).await?;
            let after = Member {
                email: email.clone(),
                sub: Some(subject_of_member(&before).sub),
                token_generation: before.token_generation + 1,
                pending_email: None,
                // Their URLs hold the address before.
                calendar_feeds: Vec::new(),
                invited_until: None,
                version: before.version + 1,
                updated_at: self.now,
                ..before.clone()
            };
            match self.store(&before, &after).await? {
                WriteOutcome::Committed => {
                    let removal = PersonRemoval::of(&before, Some(&email));
                    Ok(Attempt::Done((PendingMove { account, member: after, email }, removal)))
                }
                WriteOutcome::Rejected(WriteConflict::AlreadyExists) => Err(ConfirmEmailError::AddressTaken),
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    async fn store(&self, before: &Member, after: &Member) -> Result<WriteOutcome, BackendError> {
        let SecurityEvents { store, events } = self.security;
        let mut context = AuditContext::of_system(System::Console, &after.account_id, self.now)?;
        context.actor.email = Some(after.email.clone());
        context.actor.source_ip = self.source_ip;
        let target = Target { email: Some(after.email.clone()), ..Target::default() };
        let audit = context
            .audit(&after.account_id, Action::MemberEmailChanged, target, &[ChangedMember::Email])
            .with_changes(changes::of_member(Some(before), Some(after)));
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        let outcome = store.move_member(before, after, &record).await?;
        if outcome == WriteOutcome::Committed {
            events.send(&[DomainEvent::Change(&audit)]).await;
        }
        Ok(outcome)
    }
}
