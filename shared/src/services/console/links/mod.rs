//! Console links: a holder of `members:manage` issues one, and its reader uses it once.

mod redeem;

pub use redeem::{LinkPreview, RedeemedLink, UseLinkError, peek, redeem};

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::crypto::random::random;
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome};
use crate::domain::account::{Member, Status};
use crate::domain::audit::event::DomainEvent;
use crate::domain::audit::{Action, Target};
use crate::domain::console::link::{ConsoleLink, ConsoleLinkToken, LIFETIME};
use crate::domain::console::path::ConsolePath;
use crate::domain::console::session::AuthenticationMethod;
use crate::domain::management::{ManagementScope, OPERATOR_ACCOUNT};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::rate_limit::{Counter, RateLimit, RateLimitDecision};
use crate::services::audit::AuditContext;
use crate::services::context::ManagementContext;
use crate::services::modify::{Attempt, Contention, modify};
use crate::services::principal::AccessError;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::fmt;

/// Links for one member in an hour.
const PER_MEMBER: RateLimit = RateLimit::hourly("console_links_of_member", 60);
/// Links for all members of an account in an hour.
const PER_ACCOUNT: RateLimit = RateLimit::hourly("console_links_of_account", 1_000);

/// The console links of one account, for a caller that is allowed to issue them.
pub struct ConsoleLinks<'a> {
    ctx: ManagementContext<'a>,
    account_id: AccountId,
}

/// A link that was issued. It can be used once, by any holder: its `Debug` is redacted.
pub struct IssuedLink {
    /// The link.
    pub url: String,
    /// It can be used until then.
    pub expires_at: Timestamp,
}

impl fmt::Debug for IssuedLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedLink").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Why no link is issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueLinkError {
    /// The caller is not allowed to do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The account does not exist.
    #[error("the account does not exist")]
    NotFound,
    /// The account has no member of this address.
    #[error("the account has no such member")]
    NoSuchMember,
    /// The account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The members of the account sign in at the provider only.
    #[error("the account allows no links")]
    LinksNotAllowed,
    /// There were too many links in this hour. More are possible after so many seconds.
    #[error("too many links in this hour")]
    RateLimited(i64),
    /// Too many requests change the member.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// A link to issue.
#[derive(Debug)]
pub struct NewLink<'a> {
    /// The member as it was read.
    pub member: &'a Member,
    /// The page that it leads to.
    pub to: ConsolePath,
    /// The scopes of the issuer.
    pub scopes: BTreeSet<ManagementScope>,
    /// How long it can be used.
    pub lifetime: SignedDuration,
}

impl<'a> ConsoleLinks<'a> {
    /// For holders of `members:manage` in the account; in the operator's account for operators.
    pub fn authorize(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, AccessError> {
        let account_id = ctx.authorize_account(ManagementScope::MembersManage, account_id)?;
        if account_id.as_str() == OPERATOR_ACCOUNT && !ctx.principal.is_operator() {
            return Err(AccessError::OperatorLink);
        }
        Ok(Self { ctx, account_id })
    }

    /// Issues a link for a member that holds no scope which the caller lacks.
    pub async fn issue(&self, email: &EmailAddress, to: &ConsolePath) -> Result<IssuedLink, IssueLinkError> {
        let account = self.ctx.account(&self.account_id).await?.ok_or(IssueLinkError::NotFound)?;
        if account.status == Status::Disabled {
            return Err(IssueLinkError::AccountDisabled);
        }
        if !account.sign_in_methods.allow(AuthenticationMethod::Link) {
            return Err(IssueLinkError::LinksNotAllowed);
        }
        let member = self.load(email).await?;
        self.ctx.principal.ensure_covers_member(&member)?;
        self.count(&member).await?;
        modify(|| async {
            let member = self.load(email).await?;
            self.ctx.principal.ensure_covers_member(&member)?;
            let new = NewLink {
                member: &member,
                to: to.clone(),
                scopes: self.ctx.principal.scopes().clone(),
                lifetime: LIFETIME,
            };
            let issuer = &self.ctx.backend.policy.issuer;
            let (store, events) = (self.ctx.store(), self.ctx.backend.events);
            issue_link(store, events, issuer, new, self.ctx.audit_context).await
        })
        .await
    }

    async fn load(&self, email: &EmailAddress) -> Result<Member, IssueLinkError> {
        let member = self.ctx.store().load_member(&self.account_id, email).await?;
        member.ok_or(IssueLinkError::NoSuchMember)
    }

    async fn count(&self, member: &Member) -> Result<(), IssueLinkError> {
        let counters = counters(&self.account_id, &member.email);
        match self.ctx.store().check_rate_limits(&counters, self.ctx.now()).await? {
            RateLimitDecision::Allowed => Ok(()),
            RateLimitDecision::RetryAfter(seconds) => Err(IssueLinkError::RateLimited(seconds)),
        }
    }
}

/// What a link for a member is counted against.
#[must_use]
pub fn counters(account: &AccountId, email: &EmailAddress) -> [Counter; 2] {
    [
        Counter { limit: PER_MEMBER, key: format!("{account}/{}", email.as_str()) },
        Counter { limit: PER_ACCOUNT, key: account.to_string() },
    ]
}

/// Issues a link, if the member is as it was read and its account is active.
pub async fn issue_link(
    store: &Store,
    events: &EventPublisher,
    issuer: &str,
    new: NewLink<'_>,
    audit_context: &AuditContext,
) -> Result<Attempt<IssuedLink>, IssueLinkError> {
    let (member, now) = (new.member, audit_context.now);
    let expires_at = now.saturating_add(new.lifetime).unwrap_or(Timestamp::MAX);
    let link = ConsoleLink {
        account_id: member.account_id.clone(),
        email: member.email.clone(),
        sub: subject_of_member(member).sub,
        to: new.to,
        scopes: new.scopes,
        issued_by: audit_context.actor.clone(),
        expires_at,
        used_at: None,
        unknown: UnknownAttributes::default(),
    };
    let token = ConsoleLinkToken::from_random_bytes(random());
    let audit = audit_context.audit(&member.account_id, Action::ConsoleLinkCreated, target(&link), &[]);
    let record = AuditRecord { audit: &audit, idempotency_record: None };
    match store.issue_console_link(&digest(&token), &link, member, &record).await? {
        WriteOutcome::Committed => {
            events.send(&[DomainEvent::Change(&audit)]).await;
            let url = format!("{issuer}/console/link/{}", token.expose());
            Ok(Attempt::Done(IssuedLink { url, expires_at }))
        }
        WriteOutcome::Rejected(WriteConflict::AccountInactive) => Err(IssueLinkError::AccountDisabled),
        WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
    }
}

/// The digest under which a link is stored.
fn digest(token: &ConsoleLinkToken) -> String {
    sha256_hex(&[b"console link", token.expose().as_bytes()])
}

fn target(link: &ConsoleLink) -> Target {
    Target { email: Some(link.email.clone()), ..Target::default() }
}
