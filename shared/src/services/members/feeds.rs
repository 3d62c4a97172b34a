//! Calendars of what ends, each at a URL that only its maker knows.
//!
//! The URL has, encrypted, account and address of its maker and 256 random bits, whose digest the member keeps. It ends with the
//! digest, with the member, and with the right to read clients.

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::random::random;
use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, Membership, Store, WriteOutcome};
use crate::domain::account::{CalendarFeed, MAX_CALENDAR_FEEDS, Member, Status};
use crate::domain::audit::{Action, Change, ChangedMember, Target};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::services::context::ManagementContext;
use crate::services::modify::{Attempt, Contention, modify};
use crate::services::principal::AccessError;
use serde::{Deserialize, Serialize};

/// Associated data of a URL.
const AAD: &str = "calendar feed";

/// How many of the last characters of a URL are kept. They are a part of what authenticates the rest.
const HINT_LENGTH: usize = 5;

/// What a URL has.
#[derive(Serialize, Deserialize)]
struct FeedToken {
    account_id: AccountId,
    email: EmailAddress,
    /// The random part, in hex.
    key: String,
}

/// Why a calendar is not made or ended.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The caller is not allowed to.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// There is no such member, or calendar.
    #[error("the calendar does not exist")]
    NotFound,
    /// The member has as many as there may be.
    #[error("the member has enough calendars")]
    Enough,
    /// They are not those that the person knows of.
    #[error("the member's calendars have changed")]
    Outdated,
    /// Too many requests change the member.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// The calendars of the member who makes the request, in their own account.
pub struct OwnFeeds<'a> {
    ctx: ManagementContext<'a>,
    email: &'a EmailAddress,
}

impl<'a> OwnFeeds<'a> {
    /// For members who may read clients.
    pub fn authorize(ctx: ManagementContext<'a>, email: &'a EmailAddress) -> Result<Self, AccessError> {
        ctx.principal.require_scope(ManagementScope::ClientsRead)?;
        Ok(Self { ctx, email })
    }

    /// For a member who ends calendars: that takes no right.
    #[must_use]
    pub const fn to_end(ctx: ManagementContext<'a>, email: &'a EmailAddress) -> Self {
        Self { ctx, email }
    }

    /// Makes a calendar beside so many that the person knows of. Returns the last segment of its URL, which is not kept, and
    /// the member's calendars with it. A request that is sent twice makes one.
    pub async fn add(
        &self,
        peppers: &Peppers,
        known: usize,
    ) -> Result<(String, Vec<CalendarFeed>), FeedError> {
        let key = hex::encode(random::<32>());
        let digest = digest(&key);
        let token =
            FeedToken { account_id: self.ctx.principal.account_id().clone(), email: self.email.clone(), key };
        let token = peppers.seal(AAD, &serde_json::to_vec(&token).unwrap_or_default());
        let hint = token.get(token.len().saturating_sub(HINT_LENGTH)..).map(str::to_owned);
        let feed = CalendarFeed { digest, hint, created_at: self.ctx.now() };
        let change = self.change(|feeds| {
            if feeds.len() != known {
                return Err(FeedError::Outdated);
            }
            if feeds.len() >= MAX_CALENDAR_FEEDS {
                return Err(FeedError::Enough);
            }
            feeds.push(feed.clone());
            Ok(())
        });
        Ok((token, change.await?))
    }

    /// Ends a calendar.
    pub async fn end(&self, digest: &str) -> Result<(), FeedError> {
        self.change(|feeds| {
            let before = feeds.len();
            feeds.retain(|feed| feed.digest != digest);
            if feeds.len() < before { Ok(()) } else { Err(FeedError::NotFound) }
        })
        .await
        .map(|_| ())
    }

    async fn change(
        &self,
        change: impl Fn(&mut Vec<CalendarFeed>) -> Result<(), FeedError>,
    ) -> Result<Vec<CalendarFeed>, FeedError> {
        let (store, account) = (self.ctx.store(), self.ctx.principal.account_id());
        modify(|| async {
            let before = store.load_member(account, self.email).await?.ok_or(FeedError::NotFound)?;
            let mut after = before.clone();
            change(&mut after.calendar_feeds)?;
            (after.version, after.updated_at) = (before.version + 1, self.ctx.now());
            let target = Target { email: Some(self.email.clone()), ..Target::default() };
            let changed = ChangedMember::CalendarFeeds;
            let change = Change {
                member: changed.into(),
                old: before.calendar_feeds.len().into(),
                new: after.calendar_feeds.len().into(),
            };
            let audit_context = self.ctx.audit_context;
            let audit = audit_context.audit(account, Action::MemberUpdated, target, &[changed]);
            let audit = audit.with_changes(vec![change]);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = store.update_member(&after, before.version, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, after.calendar_feeds))
        })
        .await
    }
}

/// The member whose calendar a URL is, and the account; `None` if the URL is none, or is not valid any more. The same is read
/// in each case.
pub async fn open_feed(
    store: &Store,
    peppers: &Peppers,
    token: &str,
) -> Result<Option<Membership>, BackendError> {
    const OP: &str = "reading a calendar";
    let opened: Option<FeedToken> =
        peppers.open(AAD, token).and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let is_opened = opened.is_some();
    let wanted = match opened {
        Some(token) => token,
        None => FeedToken {
            account_id: AccountId::parse("none").map_err(|error| BackendError::new(OP, error))?,
            email: EmailAddress::parse("none@none.invalid").map_err(|error| BackendError::new(OP, error))?,
            key: String::new(),
        },
    };
    let digest = digest(&wanted.key);
    let found = store.load_account_and_member(&wanted.account_id, &wanted.email).await?;
    Ok(found.filter(|Membership { account, member }| {
        is_opened && account.status == Status::Active && is_valid(member, &digest)
    }))
}

fn is_valid(member: &Member, digest: &str) -> bool {
    member.permissions.contains(&ManagementScope::ClientsRead)
        && member.calendar_feeds.iter().any(|feed| feed.digest == digest)
}

fn digest(key: &str) -> String {
    sha256_hex(&[key.as_bytes()])
}
