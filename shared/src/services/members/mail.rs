//! E-mails to members about their membership: limited for each address and account, and never from what is kept of SES's quota
//! for codes to sign in with.

use super::{MemberError, Members};
use crate::adapters::crypto::random::random_hex;
use crate::adapters::email::frame::MailFrame;
use crate::adapters::email::mailer::{DeliveryGuarantee, OutgoingEmail, SendResult};
use crate::adapters::email::member_notice::{MemberEmail, MemberNotice};
use crate::adapters::error::BackendError;
use crate::adapters::store::AdmitOutcome;
use crate::domain::account::invitation::invitations;
use crate::domain::account::{Account, Member};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::language::Language;
use crate::domain::sign_in::rate_limit::{Counter, RateLimit, RateLimitDecision};
use crate::services::sign_in::EmailSender;
use crate::texts::Texts;
use jiff::Timestamp;
use std::time::Duration;
use strum::IntoStaticStr;
use tokio::time::timeout;

/// How long a request waits for SES.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What became of an e-mail to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailOutcome {
    /// SES has accepted it.
    Sent,
    /// It was not sent.
    NotSent(NotSentReason),
}

/// Why an e-mail was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum NotSentReason {
    /// The deployment sends no e-mails.
    NotConfigured,
    /// An e-mail to the address came back, or its reader stopped the account's e-mails.
    AddressSuppressed,
    /// The address got as many today as it may.
    DailyLimit,
    /// The account has written to as many people today as it may.
    RecipientLimit,
    /// What is left of SES's quota is kept for codes to sign in with.
    QuotaReserved,
    /// SES rejects the address or the message.
    Rejected,
    /// A store or SES does not answer.
    Unavailable,
}

impl NotSentReason {
    /// The name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Members<'_> {
    /// Counts an e-mail to an address of this account, before anything is changed.
    pub(super) async fn count_mail(&self, limit: RateLimit, to: &EmailAddress) -> Result<(), MemberError> {
        match self.ctx.store().check_rate_limit(&self.counter(limit, to), self.ctx.now()).await? {
            RateLimitDecision::Allowed => Ok(()),
            RateLimitDecision::RetryAfter(seconds) => Err(MemberError::RateLimited(seconds)),
        }
    }

    pub(super) fn counter(&self, limit: RateLimit, to: &EmailAddress) -> Counter {
        Counter { limit, key: format!("{} {to}", self.account_id) }
    }

    /// Sends the invitation of a new member.
    pub(super) async fn send_invitation(&self, account: &Account, member: &Member) -> MailOutcome {
        match self.count_mail(invitations(member.created_at, self.ctx.now()), &member.email).await {
            Ok(()) => self.send_counted_invitation(account, member).await,
            Err(MemberError::RateLimited(_)) => MailOutcome::NotSent(NotSentReason::DailyLimit),
            Err(cause) => unavailable(&cause),
        }
    }

    /// The same, if it is counted already.
    pub(super) async fn send_counted_invitation(&self, account: &Account, member: &Member) -> MailOutcome {
        let link = format!("{}/console/accounts/{}", self.ctx.backend.policy.issuer, self.account_id);
        let until = member.invited_until.unwrap_or(self.ctx.now());
        let inviter = self.ctx.principal.inviter();
        let notice = MemberNotice::Invitation { inviter, link: &link, until };
        self.send_limited(account, &member.email, member.locale, notice).await
    }

    /// Sends an e-mail that counts among those of the account's day.
    pub(super) async fn send_limited(
        &self,
        account: &Account,
        to: &EmailAddress,
        locale: Option<Language>,
        notice: MemberNotice<'_>,
    ) -> MailOutcome {
        let Some(sender) = self.ctx.backend.email else {
            return MailOutcome::NotSent(NotSentReason::NotConfigured);
        };
        match self.admit(sender, account, to).await {
            Ok(None) => sender.send_member_notice(account, to, locale, notice, self.ctx.now()).await,
            Ok(Some(reason)) => MailOutcome::NotSent(reason),
            Err(cause) => unavailable(&cause),
        }
    }

    /// Why no e-mail goes to an address now; `None` if one does, which is counted.
    async fn admit(
        &self,
        sender: &EmailSender,
        account: &Account,
        to: &EmailAddress,
    ) -> Result<Option<NotSentReason>, BackendError> {
        let (store, now) = (self.ctx.store(), self.ctx.now());
        let known = store.load_account_mail(&self.account_id).await?;
        if known.suppression(to, now).is_some() {
            return Ok(Some(NotSentReason::AddressSuppressed));
        }
        if !sender.leaves_quota_for_codes(now).await {
            return Ok(Some(NotSentReason::QuotaReserved));
        }
        let limit = self.ctx.backend.policy.limits.with(&account.limits).mail_recipients_per_day;
        Ok(match store.admit_recipient(&self.account_id, to, limit, now).await? {
            AdmitOutcome::Admitted => None,
            AdmitOutcome::LimitReached(_) => Some(NotSentReason::RecipientLimit),
        })
    }
}

fn unavailable(cause: &dyn std::error::Error) -> MailOutcome {
    tracing::warn!(%cause, "mail to a member not sent");
    MailOutcome::NotSent(NotSentReason::Unavailable)
}

impl EmailSender {
    /// Sends an e-mail about a membership, in the language of the member, else the account, else the deployment. A failure is
    /// logged.
    pub(super) async fn send_member_notice(
        &self,
        account: &Account,
        to: &EmailAddress,
        locale: Option<Language>,
        notice: MemberNotice<'_>,
        now: Timestamp,
    ) -> MailOutcome {
        let texts = Texts::of(locale.or(account.locale).unwrap_or(self.locale));
        let logo = self.logo(now).await;
        let message = MemberEmail {
            frame: MailFrame {
                texts,
                brand: &self.brand,
                logo: logo.as_ref().and_then(|logo| logo.for_mail()),
            },
            from: &self.from,
            to,
            account_id: &account.account_id,
            account_name: &account.account_name,
            notice,
            now,
            message_id: &random_hex(),
        };
        let mime = match message.mime() {
            Ok(mime) => mime,
            Err(cause) => return unavailable(&cause),
        };
        let email = OutgoingEmail {
            from: &self.from,
            to,
            account_id: Some(&account.account_id),
            mime,
            delivery: DeliveryGuarantee::AtLeastOnce,
        };
        match timeout(TIMEOUT, self.mailer.send(email)).await {
            Ok(SendResult::Accepted) => MailOutcome::Sent,
            Ok(SendResult::QuotaExceeded) => MailOutcome::NotSent(NotSentReason::QuotaReserved),
            Ok(SendResult::Rejected(text) | SendResult::AllRejected(text)) => {
                // SES may repeat the address, which is not logged.
                let cause = text.replace(to.as_str(), "the recipient");
                tracing::warn!(cause, "mail to a member rejected");
                MailOutcome::NotSent(NotSentReason::Rejected)
            }
            Ok(SendResult::Unknown(cause)) => unavailable(&cause),
            Err(elapsed) => unavailable(&elapsed),
        }
    }
}
