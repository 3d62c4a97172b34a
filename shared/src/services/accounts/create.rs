//! Creating an account.

use crate::adapters::crypto::random::random;
use crate::adapters::store::{AuditRecord, Created, WriteConflict, WriteOutcome};
use crate::domain::account::{Account, AccountClaims, ClaimsPatch, Entitlement, Entitlements};
use crate::domain::audit::{Action, Target};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::AccountId;
use crate::services::accounts::{AccountError, Accounts, load, patch_claims, resolve_entitlements};
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Attempt, modify};

/// A new account.
#[derive(Debug)]
pub struct CreateAccount {
    /// A random id if absent.
    pub account_id: Option<AccountId>,
    /// Its name.
    pub account_name: Name,
    /// What it may give its clients; nothing but what all accounts may if absent.
    pub entitlements: Vec<Entitlement>,
    /// Claims of its access tokens.
    pub claims: ClaimsPatch,
}

impl Accounts<'_> {
    /// Creates an account.
    pub async fn create(&self, new: CreateAccount) -> Result<Account, AccountError> {
        if let Some(created) = self.ctx.find_created().await? {
            return self.replayed(created).await;
        }
        let (now, audit_context, store) = (self.ctx.now(), self.ctx.audit_context, self.ctx.store());
        let none = Entitlements::default();
        let entitlements = if new.entitlements.is_empty() {
            none
        } else {
            resolve_entitlements(store, new.entitlements, &none).await?
        };
        let claims = patch_claims(&AccountClaims::default(), &new.claims)?;
        modify(|| async {
            let id = new.account_id.clone().unwrap_or_else(|| AccountId::from_random_bytes(random()));
            let account = Account {
                entitlements: entitlements.clone(),
                claims: claims.clone(),
                ..Account::new(id, new.account_name.clone(), now)
            };
            let id = &account.account_id;
            let audit = audit_context.audit(id, Action::AccountCreated, Target::default(), &[]);
            let idempotency_record =
                audit_context.idempotency_record(Created::Account { account_id: id.clone() });
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match store.create_account(&account, &record).await? {
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

    async fn replayed(&self, created: Created) -> Result<Account, AccountError> {
        let Created::Account { account_id } = created else {
            return Err(IdempotencyError::KeyReused.into());
        };
        load(self.ctx.store(), &account_id).await
    }
}
