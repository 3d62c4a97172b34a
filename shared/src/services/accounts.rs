//! Accounts: created and changed by operators.

use crate::adapters::crypto::random::random;
use crate::adapters::error::BackendError;
use crate::adapters::store::{
    AuditRecord, Created, Cursor, Page, Store, UpdateAccount, WriteConflict, WriteOutcome,
};
use crate::domain::account::{Account, Status};
use crate::domain::audit::{Action, Target};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::services::context::ManagementContext;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{
    Attempt, Contention, VersionMismatch, VersionPredicate, ensure_version, modify,
};
use crate::services::principal::AccessError;

/// The accounts of a deployment, for a caller that is allowed to manage them.
pub struct Accounts<'a> {
    ctx: ManagementContext<'a>,
}

/// A new account.
#[derive(Debug)]
pub struct CreateAccount {
    /// A random id if absent.
    pub account_id: Option<AccountId>,
    /// Its name.
    pub account_name: Name,
}

/// A change of an account. Absent members stay as they are.
#[derive(Debug)]
pub struct AccountChange {
    /// The new name.
    pub account_name: Option<Name>,
    /// The new status.
    pub status: Option<Status>,
}

/// Why a request on accounts fails.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The caller is not allowed to do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The account does not exist.
    #[error("the account does not exist")]
    NotFound,
    /// Another account has the id.
    #[error("the account id is taken")]
    IdTaken,
    /// The caller would disable its own account.
    #[error("an account cannot disable itself")]
    SelfDisable,
    /// The caller expects another version.
    #[error(transparent)]
    VersionMismatch(#[from] VersionMismatch),
    /// The idempotency key is not usable.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// Too many requests change the account.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// Why nothing can be created in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InactiveAccount {
    NotFound,
    Disabled,
}

/// Reads why the store found an account not active.
pub(super) async fn inactive_account(store: &Store, id: &AccountId) -> Result<InactiveAccount, BackendError> {
    let account = store.load_account(id).await?;
    Ok(account.map_or(InactiveAccount::NotFound, |_| InactiveAccount::Disabled))
}

impl<'a> Accounts<'a> {
    /// For holders of `accounts:manage`.
    pub fn authorize(ctx: ManagementContext<'a>) -> Result<Self, AccessError> {
        ctx.principal.require_scope(ManagementScope::AccountsManage)?;
        Ok(Self { ctx })
    }

    /// Creates an account.
    pub async fn create(&self, new: CreateAccount) -> Result<Account, AccountError> {
        if let Some(created) = self.ctx.find_created().await? {
            return self.replayed(created).await;
        }
        let (now, audit_context) = (self.ctx.now(), self.ctx.audit_context);
        modify(|| async {
            let account = Account {
                account_id: new.account_id.clone().unwrap_or_else(|| AccountId::from_random_bytes(random())),
                account_name: new.account_name.clone(),
                status: Status::Active,
                created_at: now,
                updated_at: now,
                version: 1,
                unknown: UnknownAttributes::default(),
            };
            let id = &account.account_id;
            let audit = audit_context.audit(id, Action::AccountCreated, Target::default(), &[]);
            let idempotency_record =
                audit_context.idempotency_record(Created::Account { account_id: id.clone() });
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match self.ctx.store().create_account(&account, &record).await? {
                WriteOutcome::Committed => {
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done(account))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    let created = self.ctx.require_created().await?;
                    self.replayed(created).await.map(Attempt::Done)
                }
                WriteOutcome::Rejected(WriteConflict::AlreadyExists) if new.account_id.is_some() => {
                    Err(AccountError::IdTaken)
                }
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    /// All accounts, a page at a time.
    pub async fn list(&self, limit: i32, after: Option<&Cursor>) -> Result<Page<Account>, AccountError> {
        Ok(self.ctx.store().list_accounts(limit, after).await?)
    }

    /// One account.
    pub async fn get(&self, id: &str) -> Result<Account, AccountError> {
        self.load(&self.ctx.principal.resolve_account(id)?).await
    }

    /// Changes an account, if it is at an expected version.
    pub async fn update(
        &self,
        id: &str,
        change: &AccountChange,
        expected: VersionPredicate<'_>,
    ) -> Result<Account, AccountError> {
        let id = self.ctx.principal.resolve_account(id)?;
        if change.status == Some(Status::Disabled) && id == *self.ctx.principal.account_id() {
            return Err(AccountError::SelfDisable);
        }
        modify(|| async {
            let before = self.load(&id).await?;
            ensure_version(expected, before.version)?;
            let mut after = before.clone();
            after.account_name = change.account_name.clone().unwrap_or(after.account_name);
            after.status = change.status.unwrap_or(after.status);
            let changed = changed_members(&before, &after);
            if changed.is_empty() {
                return Ok(Attempt::Done(before));
            }
            (after.version, after.updated_at) = (before.version + 1, self.ctx.now());
            let audit =
                self.ctx.audit_context.audit(&id, Action::AccountUpdated, Target::default(), &changed);
            let update = UpdateAccount { account: &after, expected_version: before.version };
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().update_account(&update, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, after))
        })
        .await
    }

    async fn replayed(&self, created: Created) -> Result<Account, AccountError> {
        let Created::Account { account_id } = created else {
            return Err(IdempotencyError::KeyReused.into());
        };
        self.load(&account_id).await
    }

    async fn load(&self, id: &AccountId) -> Result<Account, AccountError> {
        self.ctx.store().load_account(id).await?.ok_or(AccountError::NotFound)
    }
}

fn changed_members(before: &Account, after: &Account) -> Vec<&'static str> {
    let mut changed = Vec::new();
    changed.extend((after.account_name != before.account_name).then_some("account_name"));
    changed.extend((after.status != before.status).then_some("status"));
    changed
}
