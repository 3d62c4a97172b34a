//! Changing an account.

use crate::adapters::store::{AuditRecord, UpdateAccount, WriteOutcome};
use crate::domain::account::limits::LimitsChange;
use crate::domain::account::{
    Account, AccountClaims, ClaimsPatch, EndUserPolicy, Entitlement, SecretLifetimeChange, SignInMethods,
    Status,
};
use crate::domain::audit::{Action, ChangedMember, Target};
use crate::domain::management;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::field_error::FieldError;
use crate::domain::primitives::language::Language;
use crate::domain::primitives::optional_change::OptionalChange;
use crate::services::accounts::{AccountError, AccountManager, load, patch_claims, resolve_entitlements};
use crate::services::audit::changes;
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};
use crate::services::principal::AccessError;
use jiff::Timestamp;

/// A change of an account. Absent members stay as they are. Some are for operators only.
#[derive(Debug, Default)]
pub struct AccountChange {
    /// The new name.
    pub account_name: Option<Name>,
    /// The new status.
    pub status: Option<Status>,
    /// All entitlements from now on.
    pub entitlements: Option<Vec<Entitlement>>,
    /// The change of its claims.
    pub claims: OptionalChange<ClaimsPatch>,
    /// Who may sign in to its clients from now on.
    pub end_users: Option<EndUserPolicy>,
    /// The language of its e-mails from now on.
    pub locale: OptionalChange<Language>,
    /// The new limits.
    pub limits: Option<LimitsChange>,
    /// All recipients of the reminders about its clients, from now on.
    pub contacts: Option<Vec<EmailAddress>>,
    /// How long its new secrets live from now on.
    pub secret_lifetime_days: Option<SecretLifetimeChange>,
    /// How its members may sign in to the console from now on.
    pub sign_in_methods: OptionalChange<SignInMethods>,
}

impl AccountManager<'_> {
    /// Changes the account, if it is at an expected version.
    pub async fn update(
        &self,
        change: &AccountChange,
        expected: VersionPredicate<'_>,
    ) -> Result<Account, AccountError> {
        self.ensure_may_change(change)?;
        let (id, principal) = (&self.account_id, self.ctx.principal);
        if change.status == Some(Status::Disabled) && id == principal.account_id() {
            return Err(AccountError::SelfDisable);
        }
        if change.status == Some(Status::Disabled) && id.as_str() == management::OPERATOR_ACCOUNT {
            return Err(AccountError::OperatorAccount);
        }
        if change.end_users == Some(EndUserPolicy::Anyone) && id.as_str() == management::OPERATOR_ACCOUNT {
            return Err(AccountError::Invalid(vec![FieldError::new(
                "end_users",
                "must be \"members\": the operator's account is for its members only",
            )]));
        }
        modify(|| async {
            let before = load(self.ctx.store(), id).await?;
            ensure_version(expected, before.version)?;
            let mut after = before.clone();
            after.account_name = change.account_name.clone().unwrap_or(after.account_name);
            after.status = change.status.unwrap_or(after.status);
            if let Some(new) = change.entitlements.clone() {
                after.entitlements =
                    resolve_entitlements(self.ctx.store(), new, &before.entitlements).await?;
            }
            after.claims = match &change.claims {
                OptionalChange::Keep => after.claims,
                OptionalChange::Remove => AccountClaims::default(),
                OptionalChange::Set(patch) => patch_claims(&before.claims, patch)?,
            };
            after.end_users = change.end_users.unwrap_or(after.end_users);
            after.locale = change.locale.clone().apply(after.locale);
            after.disabled_at = disabled_at(&before, after.status, self.ctx.now());
            if let Some(limits) = &change.limits {
                after.limits = limits.apply(&before.limits);
            }
            self.apply_settings(change, &mut after)?;
            let changed = changed_members(&before, &after);
            if changed.is_empty() {
                return Ok(Attempt::Done(before));
            }
            (after.version, after.updated_at) = (before.version + 1, self.ctx.now());
            let audit = self
                .ctx
                .audit_context
                .audit(id, Action::AccountUpdated, Target::default(), &changed)
                .with_changes(changes::of_account(&before, &after));
            let name_before = &before.account_name;
            let update = UpdateAccount { account: &after, expected_version: before.version, name_before };
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().update_account(&update, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, after))
        })
        .await
    }

    fn ensure_may_change(&self, change: &AccountChange) -> Result<(), AccessError> {
        let for_operators = [
            ("status", change.status.is_some()),
            ("entitlements", change.entitlements.is_some()),
            ("claims", change.claims != OptionalChange::Keep),
            ("end_users", change.end_users.is_some()),
            ("limits", change.limits.is_some()),
        ];
        match for_operators.into_iter().find(|(_, is_set)| *is_set) {
            Some((member, _)) => self.ctx.principal.require_operator(member),
            None => Ok(()),
        }
    }
}

/// When an account was disabled, if its status is that now.
fn disabled_at(before: &Account, status: Status, now: Timestamp) -> Option<Timestamp> {
    match (before.status, status) {
        (_, Status::Active) => None,
        (Status::Active, Status::Disabled) => Some(now),
        (Status::Disabled, Status::Disabled) => before.disabled_at,
    }
}

fn changed_members(before: &Account, after: &Account) -> Vec<ChangedMember> {
    let mut changed = Vec::new();
    changed.extend((after.account_name != before.account_name).then_some(ChangedMember::AccountName));
    changed.extend((after.status != before.status).then_some(ChangedMember::Status));
    changed.extend((after.entitlements != before.entitlements).then_some(ChangedMember::Entitlements));
    changed.extend((after.claims != before.claims).then_some(ChangedMember::Claims));
    changed.extend((after.end_users != before.end_users).then_some(ChangedMember::EndUsers));
    changed.extend((after.locale != before.locale).then_some(ChangedMember::Locale));
    changed.extend((after.limits != before.limits).then_some(ChangedMember::Limits));
    changed.extend((after.contacts != before.contacts).then_some(ChangedMember::Contacts));
    changed.extend(
        (after.secret_lifetime_days != before.secret_lifetime_days)
            .then_some(ChangedMember::SecretLifetimeDays),
    );
    changed.extend((after.sign_in_methods != before.sign_in_methods).then_some(ChangedMember::SignInMethods));
    changed
}
