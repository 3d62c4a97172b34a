//! Using a console link: a look at it changes nothing, and of several uses one succeeds.

use super::{digest, target};
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::store::{AuditRecord, Membership, Store, WriteConflict, WriteOutcome};
use crate::domain::account::{Account, SignInMethods, Status};
use crate::domain::audit::event::DomainEvent;
use crate::domain::audit::{Action, Actor, Change, ChangedMember, System};
use crate::domain::console::link::{ConsoleLink, ConsoleLinkToken, LinkState};
use crate::domain::console::path::ConsolePath;
use crate::domain::console::session::AuthenticationMethod;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::email::EmailAddress;
use crate::services::audit::AuditContext;
use crate::services::modify::{Attempt, Contention, modify};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What the page of a link shows before it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkPreview {
    /// The member that it signs in.
    pub email: EmailAddress,
    /// The member's account.
    pub account: Account,
}

/// A link that was used by this request. It is the proof of a sign-in (`amr` `link`).
#[derive(Debug)]
pub struct RedeemedLink {
    /// The member that it signs in, and the account.
    pub membership: Membership,
    /// The most scopes that the session has, whatever the member is granted later: those of the issuer.
    pub scopes: BTreeSet<ManagementScope>,
    /// The page that it leads to.
    pub to: ConsolePath,
    /// The issuer.
    pub issued_by: Actor,
}

/// Why a link cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UseLinkError {
    /// There is no such link, or it was deleted after it expired.
    #[error("the link does not exist")]
    NotFound,
    /// It was used.
    #[error("the link was used before")]
    AlreadyUsed,
    /// It has expired.
    #[error("the link has expired")]
    Expired,
    /// The person is no longer the member that it was issued for.
    #[error("the member was removed")]
    MemberRemoved,
    /// The account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The account no longer allows links. Its members sign in in these ways.
    #[error("the account allows no links")]
    LinksNotAllowed(SignInMethods),
    /// Too many requests change the member.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// The person and the account of a link that can be used. The link stays as it is.
pub async fn peek(store: &Store, token: &str, now: Timestamp) -> Result<LinkPreview, UseLinkError> {
    let token = ConsoleLinkToken::parse(token).map_err(|_| UseLinkError::NotFound)?;
    let (link, membership) = load(store, &digest(&token), now).await?;
    Ok(LinkPreview { email: link.email, account: membership.account })
}

/// Uses a link. Of several calls at once, one succeeds; the member and the account are checked in the same transaction.
pub async fn redeem(
    store: &Store,
    events: &EventPublisher,
    token: &str,
    source_ip: Option<IpAddr>,
    now: Timestamp,
) -> Result<RedeemedLink, UseLinkError> {
    let token = ConsoleLinkToken::parse(token).map_err(|_| UseLinkError::NotFound)?;
    let digest = digest(&token);
    modify(|| async {
        let (link, membership) = load(store, &digest, now).await?;
        let mut context = AuditContext::of_system(System::Console, &link.account_id, now)?;
        (context.actor.email, context.actor.source_ip) = (Some(link.email.clone()), source_ip);
        let audit = context
            .audit(&link.account_id, Action::ConsoleLinkUsed, target(&link), &[])
            .with_changes(vec![issued_by(&link)]);
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        let used = ConsoleLink { used_at: Some(now), ..link };
        match store.redeem_console_link_once(&digest, &used, &membership.member, &record).await? {
            WriteOutcome::Committed => {
                events.send(&[DomainEvent::Change(&audit)]).await;
                let ConsoleLink { scopes, to, issued_by, .. } = used;
                Ok(Attempt::Done(RedeemedLink { membership, scopes, to, issued_by }))
            }
            WriteOutcome::Rejected(WriteConflict::Superseded) => Err(UseLinkError::AlreadyUsed),
            // The next attempt reads what has changed.
            WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
        }
    })
    .await
}

/// A link that can be used, with its member and account as they are now.
async fn load(
    store: &Store,
    digest: &str,
    now: Timestamp,
) -> Result<(ConsoleLink, Membership), UseLinkError> {
    let link = store.load_console_link(digest).await?.ok_or(UseLinkError::NotFound)?;
    match link.state(now) {
        LinkState::Usable => {}
        LinkState::Used => return Err(UseLinkError::AlreadyUsed),
        LinkState::Expired => return Err(UseLinkError::Expired),
    }
    let membership = store.load_account_and_member(&link.account_id, &link.email).await?;
    let is_same = |found: &Membership| subject_of_member(&found.member).sub == link.sub;
    let membership = membership.filter(is_same).ok_or(UseLinkError::MemberRemoved)?;
    match membership.account.status {
        Status::Active if membership.account.sign_in_methods.allow(AuthenticationMethod::Link) => {
            Ok((link, membership))
        }
        Status::Active => Err(UseLinkError::LinksNotAllowed(membership.account.sign_in_methods)),
        Status::Disabled => Err(UseLinkError::AccountDisabled),
    }
}

/// The issuer, for the audit entry, whose actor is the member.
fn issued_by(link: &ConsoleLink) -> Change {
    let Actor { client_id, email, .. } = &link.issued_by;
    let person = email.as_ref().map(|email| json!(email.as_str()));
    let new = person.or_else(|| client_id.as_ref().map(|id| json!(id.as_str())));
    Change { member: ChangedMember::IssuedBy.into(), old: Value::Null, new: new.unwrap_or_default() }
}
