//! Accounts: created by operators, changed by them and, within limits, by their own administrators.

mod across;
mod create;
mod delete;
mod export;
mod mail;
mod revoke_tokens;
mod settings;
mod update;

pub use across::{AccountList, ClientEndingSoon, EndingAccount, FoundAccount, NeedingAccount};
pub use create::CreateAccount;
pub use export::{ExportPage, ExportedClient};
pub use mail::{MailDelivery, MailError, SuppressedAddresses};
pub use revoke_tokens::AccountTokens;
pub use update::AccountChange;

use crate::adapters::error::BackendError;
use crate::adapters::store::{Cursor, Page, Store};
use crate::domain::account::limits::{EffectiveLimits, Usage};
use crate::domain::account::{Account, AccountClaims, ClaimsPatch, Entitlement, Entitlements};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::validation::FieldError;
use crate::services::context::ManagementContext;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Contention, VersionMismatch};
use crate::services::principal::AccessError;

/// The accounts of a deployment, for operators.
pub struct Accounts<'a> {
    ctx: ManagementContext<'a>,
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
    /// The input is not valid.
    #[error("the account is not valid")]
    Invalid(Vec<FieldError>),
    /// The caller would disable its own account.
    #[error("an account cannot disable itself")]
    SelfDisable,
    /// The caller would delete its own account.
    #[error("an account cannot delete itself")]
    SelfDelete,
    /// The account has clients or members, and was not disabled for long enough.
    #[error("the account is in use")]
    InUse,
    /// It is the operator's account, which stays enabled.
    #[error("the account is the operator's")]
    OperatorAccount,
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

    /// All accounts, a page at a time.
    pub async fn list(&self, limit: i32, after: Option<&Cursor>) -> Result<Page<Account>, AccountError> {
        Ok(self.ctx.store().list_accounts(limit, after).await?)
    }

    /// The limits of an account, and how much of them it uses.
    pub async fn usage(&self, account: &Account) -> Result<(EffectiveLimits, Usage), AccountError> {
        usage(&self.ctx, account).await
    }

    /// How many different recipients the account's e-mails have had on this day (UTC).
    pub async fn mail_recipients_today(&self, account: &Account) -> Result<u64, AccountError> {
        Ok(self.ctx.store().count_recipients(&account.account_id, self.ctx.now()).await?)
    }
}

/// One account, for operators and for its own administrators.
pub struct AccountManager<'a> {
    ctx: ManagementContext<'a>,
    account_id: AccountId,
}

impl<'a> AccountManager<'a> {
    /// For operators, and for holders of `members:manage` in the account.
    pub fn authorize(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, AccessError> {
        if !ctx.principal.is_operator() {
            ctx.principal.require_scope(ManagementScope::MembersManage)?;
        }
        let account_id = ctx.principal.resolve_account(account_id)?;
        Ok(Self { ctx, account_id })
    }

    /// The account.
    pub async fn get(&self) -> Result<Account, AccountError> {
        load(self.ctx.store(), &self.account_id).await
    }

    /// Whether people can sign in at an upstream provider.
    #[must_use]
    pub fn has_provider(&self) -> bool {
        self.ctx.backend.policy.has_provider
    }

    /// The limits of the account, and how much of them it uses.
    pub async fn usage(&self, account: &Account) -> Result<(EffectiveLimits, Usage), AccountError> {
        usage(&self.ctx, account).await
    }

    /// How many different recipients the account's e-mails have had on this day (UTC).
    pub async fn mail_recipients_today(&self) -> Result<u64, AccountError> {
        Ok(self.ctx.store().count_recipients(&self.account_id, self.ctx.now()).await?)
    }
}

/// The limits of an account, and how much of them it uses.
async fn usage(
    ctx: &ManagementContext<'_>,
    account: &Account,
) -> Result<(EffectiveLimits, Usage), AccountError> {
    let limits = ctx.backend.policy.limits.with(&account.limits);
    Ok((limits, ctx.store().usage(&account.account_id).await?))
}

async fn load(store: &Store, id: &AccountId) -> Result<Account, AccountError> {
    store.load_account(id).await?.ok_or(AccountError::NotFound)
}

/// New entitlements, validated against the resources as they are stored; `present` ones stay.
async fn resolve_entitlements(
    store: &Store,
    new: Vec<Entitlement>,
    present: &Entitlements,
) -> Result<Entitlements, AccountError> {
    let catalogue = store.load_catalogue().await?;
    Entitlements::resolve(new, present, |id| catalogue.resources.get(id)).map_err(|errors| {
        AccountError::Invalid(errors.into_iter().map(|error| error.nested("entitlements")).collect())
    })
}

fn patch_claims(present: &AccountClaims, patch: &ClaimsPatch) -> Result<AccountClaims, AccountError> {
    present.patched(patch).map_err(|errors| {
        AccountError::Invalid(errors.into_iter().map(|error| error.nested("claims")).collect())
    })
}
