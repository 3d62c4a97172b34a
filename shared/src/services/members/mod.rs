//! Members of an account and their permissions.

mod change;
pub mod recipients;
mod revoke_tokens;

use crate::adapters::crypto::random::random;
use crate::adapters::error::BackendError;
use crate::adapters::store::{AccountMail, AuditRecord, Created, Cursor, Page, WriteConflict, WriteOutcome};
use crate::domain::account::Member;
use crate::domain::account::limits::LimitReached;
use crate::domain::audit::{Action, Target};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::{EmailAddress, PathSafeEmail};
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::language::Language;
use crate::domain::primitives::optional_change::OptionalChange;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::end_user::Subject;
use crate::services::accounts::{InactiveAccount, inactive_account};
use crate::services::audit::changes;
use crate::services::context::ManagementContext;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Attempt, Contention, VersionMismatch, modify};
use crate::services::principal::AccessError;
use std::collections::BTreeSet;

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
}

/// A change of a member. Absent members stay as they are.
#[derive(Debug)]
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
    /// The account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
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

    /// Adds a member. The caller grants only permissions that it may grant.
    pub async fn add(&self, new: AddMember) -> Result<Member, MemberError> {
        if let Some(created) = self.ctx.find_created().await? {
            return self.replayed(created).await;
        }
        if !self.ctx.principal.may_grant(&new.permissions) {
            return Err(AccessError::GrantToMember.into());
        }
        let limit = self.member_limit().await?;
        let member = Member {
            account_id: self.account_id.clone(),
            email: new.email.into(),
            sub: Some(Subject::from_random_bytes(random())),
            token_generation: 0,
            name: new.name,
            permissions: new.permissions,
            external_identity: None,
            mail: new.mail,
            locale: new.locale,
            created_at: self.ctx.now(),
            updated_at: self.ctx.now(),
            version: 1,
            unknown: UnknownAttributes::default(),
        };
        let (account_id, audit_context) = (&self.account_id, self.ctx.audit_context);
        let audit = audit_context
            .audit(account_id, Action::MemberAdded, target(&member), &[])
            .with_changes(changes::of_member(None, Some(&member)));
        let created = Created::Member { account_id: account_id.clone(), email: member.email.clone() };
        let idempotency_record = audit_context.idempotency_record(created);
        modify(|| async {
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match self.ctx.store().add_member(&member, limit, &record).await? {
                WriteOutcome::Committed => {
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done(member.clone()))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    let created = self.ctx.require_created().await?;
                    self.replayed(created).await.map(Attempt::Done)
                }
                WriteOutcome::Rejected(WriteConflict::AlreadyExists) => Err(MemberError::AlreadyExists),
                WriteOutcome::Rejected(WriteConflict::LimitReached) => {
                    // Also if the numbers are not stored, as for older accounts: now they are.
                    if self.ctx.store().usage(account_id).await?.members < u64::from(limit) {
                        return Ok(Attempt::Conflict);
                    }
                    Err(MemberError::LimitReached(LimitReached::Members(limit)))
                }
                WriteOutcome::Rejected(WriteConflict::AccountInactive) => {
                    Err(match inactive_account(self.ctx.store(), account_id).await? {
                        InactiveAccount::NotFound => MemberError::NotFound,
                        InactiveAccount::Disabled => MemberError::AccountDisabled,
                    })
                }
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
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

    /// The most members that the account may have.
    async fn member_limit(&self) -> Result<u32, MemberError> {
        let account = self.ctx.account(&self.account_id).await?.ok_or(MemberError::NotFound)?;
        Ok(self.ctx.backend.policy.limits.with(&account.limits).members)
    }

    async fn replayed(&self, created: Created) -> Result<Member, MemberError> {
        let Created::Member { account_id, email } = created else {
            return Err(IdempotencyError::KeyReused.into());
        };
        self.load(&account_id, &email).await
    }

    async fn load(&self, account: &AccountId, email: &EmailAddress) -> Result<Member, MemberError> {
        self.ctx.store().load_member(account, email).await?.ok_or(MemberError::NotFound)
    }
}

fn target(member: &Member) -> Target {
    Target { email: Some(member.email.clone()), ..Target::default() }
}
