//! What the administrators of an account set themselves: contacts, lifetimes of secrets, and how members sign in.

use super::{AccountChange, AccountError, AccountManager, Accounts};
use crate::domain::account::mail::Suppression;
use crate::domain::account::{Account, SignInMethod, SignInMethods};
use crate::domain::client::validation::MAX_CONTACTS;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::optional_change::OptionalChange;
use crate::domain::primitives::validation::Validator;
use crate::services::context::ManagementContext;

impl AccountManager<'_> {
    /// Applies the settings of a change, or returns every error of them at once.
    pub(super) fn apply_settings(
        &self,
        change: &AccountChange,
        after: &mut Account,
    ) -> Result<(), AccountError> {
        let mut checked = Validator::new();
        if let Some(contacts) = &change.contacts {
            after.contacts.clone_from(contacts);
            if contacts.len() > MAX_CONTACTS {
                checked.error("contacts", format!("must hold at most {MAX_CONTACTS} entries"));
            }
        }
        if let Some(lifetime) = &change.secret_lifetime_days {
            let before = std::mem::take(&mut after.secret_lifetime_days);
            after.secret_lifetime_days = lifetime.apply(&before);
            let errors = after.secret_lifetime_days.validate(&self.ctx.backend.policy.secret_limits);
            checked.extend(errors.into_iter().map(|error| error.nested("secret_lifetime_days")));
        }
        self.apply_sign_in_methods(change, after, &mut checked);
        if checked.is_ok() { Ok(()) } else { Err(AccountError::Invalid(checked.into_errors())) }
    }

    /// The contacts of the account that get no reminders, and why.
    pub async fn suppressed_contacts(
        &self,
        account: &Account,
    ) -> Result<Vec<(EmailAddress, Suppression)>, AccountError> {
        suppressed_contacts(&self.ctx, account).await
    }

    fn apply_sign_in_methods(&self, change: &AccountChange, after: &mut Account, checked: &mut Validator) {
        const MEMBER: &str = "sign_in_methods";
        match &change.sign_in_methods {
            OptionalChange::Keep => return,
            OptionalChange::Remove => after.sign_in_methods = SignInMethods::default(),
            OptionalChange::Set(methods) => {
                if methods.contains(SignInMethod::Provider) && !self.has_provider() {
                    checked.error(MEMBER, "must not hold provider: this site has no provider to sign in at");
                }
                after.sign_in_methods = methods.clone();
            }
        }
        // A member would close the account to themself, and could not take that back.
        let own = self.ctx.principal.account_id() == &self.account_id;
        let method = self.ctx.principal.signed_in_by().filter(|_| own);
        if method.is_some_and(|method| !after.sign_in_methods.allow(method)) {
            checked
                .error(MEMBER, "must hold the way in which you are signed in: sign in by another one first");
        }
    }
}

impl Accounts<'_> {
    /// The contacts of an account that get no reminders, and why.
    pub async fn suppressed_contacts(
        &self,
        account: &Account,
    ) -> Result<Vec<(EmailAddress, Suppression)>, AccountError> {
        suppressed_contacts(&self.ctx, account).await
    }
}

/// Without contacts nothing is read.
async fn suppressed_contacts(
    ctx: &ManagementContext<'_>,
    account: &Account,
) -> Result<Vec<(EmailAddress, Suppression)>, AccountError> {
    if account.contacts.is_empty() {
        return Ok(Vec::new());
    }
    let mail = ctx.store().load_account_mail(&account.account_id).await?;
    let suppressed = |contact: &EmailAddress| Some((contact.clone(), mail.suppression(contact, ctx.now())?));
    Ok(account.contacts.iter().filter_map(suppressed).collect())
}
