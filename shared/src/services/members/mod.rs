//! Members of an account and their permissions.

mod add;
mod administrators;
mod change;
mod effects;
mod email_change;
pub mod feeds;
mod invite;
mod mail;
mod own_mail;
pub mod recipients;
mod revoke_tokens;
mod sign_in;

pub use add::AddedMember;
pub use administrators::administrators_of;
pub use change::UpdatedMember;
pub use effects::{LossPolicy, Losses, is_reminded};
pub use email_change::{ConfirmEmailError, EmailConfirmation, PendingMove, tell_former_address};
pub use mail::{MailOutcome, NotSentReason};
pub use own_mail::update_own_mail;
pub use sign_in::{MemberSignIn, NotedSignIn, note_sign_in};

use crate::adapters::error::BackendError;
use crate::adapters::store::{AccountMail, Cursor, Page};
use crate::domain::account::limits::LimitReached;
use crate::domain::account::{Account, Member};
use crate::domain::audit::Target;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::{EmailAddress, PathSafeEmail};
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::language::Language;
use crate::domain::primitives::optional_change::OptionalChange;
use crate::domain::sign_in::end_user::Subject;
use crate::services::context::ManagementContext;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Contention, VersionMismatch};
use crate::services::principal::AccessError;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The members of one account, for a caller that is allowed to manage them.
pub struct Members<'a> {
    ctx: ManagementContext<'a>,
    account_id: AccountId,
}

/// A new member.
#[derive(Debug)]
pub struct AddMember {
    /// The member's address.
    pub email: PathSafeEmail,
    /// The member's name.
    pub name: Name,
    /// The management scopes that the member gets.
    pub permissions: BTreeSet<ManagementScope>,
    /// Whether the member gets reminders.
    pub mail: bool,
    /// The language of the member's e-mails; absent: the account's.
    pub locale: Option<Language>,
    /// Whether they get an e-mail, and are removed again unless they sign in within seven days.
    pub invite: bool,
}

/// A change of a member. Absent members stay as they are.
#[derive(Debug, Default)]
pub struct MemberChange {
    /// The new name.
    pub name: Option<Name>,
    /// All management scopes that the member has from now on.
    pub permissions: Option<BTreeSet<ManagementScope>>,
    /// Whether the member gets reminders from now on.
    pub mail: Option<bool>,
    /// The language of the member's e-mails from now on.
    pub locale: OptionalChange<Language>,
    /// Whether the next sign-in at the upstream provider pins another identity. For operators only: an administrator of the
    /// account could otherwise hand a member's place to another person.
    pub unpin: bool,
    /// The new address, once its mailbox has confirmed it.
    pub email: Option<PathSafeEmail>,
    /// Whether an address that waits to be confirmed is given up.
    pub drop_pending_email: bool,
}

/// Why a request on members fails.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// The caller is not allowed to do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The account or the member does not exist.
    #[error("the member does not exist")]
    NotFound,
    /// The account has a member of this address.
    #[error("the member exists")]
    AlreadyExists,
    /// The member is not invited: they have signed in, or were added without an invitation.
    #[error("the member is not invited")]
    NotInvited,
    /// The address got as many e-mails today as it may; one is possible again after so many seconds.
    #[error("too many e-mails to the address")]
    RateLimited(i64),
    /// The account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// Afterwards no member would be reminded, or none could manage members, and the caller wants no such change.
    #[error("the account would lose what only the member is")]
    Losses(Losses),
    /// The account has as many members as it may have.
    #[error(transparent)]
    LimitReached(LimitReached),
    /// The caller expects another version.
    #[error(transparent)]
    VersionMismatch(#[from] VersionMismatch),
    /// The idempotency key is not usable.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// Too many requests change the member.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl<'a> Members<'a> {
    /// For holders of `members:manage` in the account.
    pub fn authorize(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, AccessError> {
        let account_id = ctx.authorize_account(ManagementScope::MembersManage, account_id)?;
        Ok(Self { ctx, account_id })
    }

    /// The members in the order of their addresses, a page at a time.
    pub async fn list(&self, limit: i32, after: Option<&Cursor>) -> Result<Page<Member>, MemberError> {
        if !self.ctx.account_exists(&self.account_id).await? {
            return Err(MemberError::NotFound);
        }
        Ok(self.ctx.store().list_members(&self.account_id, limit, after).await?)
    }

    /// Which members the account's reminders do not reach. To be read before a change: after it, a fault would hide what was
    /// done.
    pub async fn mail(&self) -> Result<AccountMail, MemberError> {
        Ok(self.ctx.store().load_account_mail(&self.account_id).await?)
    }

    /// The member with this address or `sub`.
    pub async fn get(&self, id: &str) -> Result<Member, MemberError> {
        if let Ok(email) = EmailAddress::parse(id) {
            return self.load(&self.account_id, &email).await;
        }
        let sub = Subject::parse(id).map_err(|_| MemberError::NotFound)?;
        let found = self.ctx.store().find_member(&self.account_id, &sub).await?;
        found.ok_or(MemberError::NotFound)
    }

    /// The account.
    async fn account(&self) -> Result<Arc<Account>, MemberError> {
        self.ctx.account(&self.account_id).await?.ok_or(MemberError::NotFound)
    }

    async fn load(&self, account: &AccountId, email: &EmailAddress) -> Result<Member, MemberError> {
        self.ctx.store().load_member(account, email).await?.ok_or(MemberError::NotFound)
    }
}

fn target(member: &Member) -> Target {
    Target { email: Some(member.email.clone()), ..Target::default() }
}
