//! The secrets of a client: add, change, pause, revoke, reveal.

mod pause;
mod trial;
mod update;

pub use trial::SecretTrial;
pub use update::SecretChange;

use crate::adapters::secrets_manager::client_secret_store::RevealError;
use crate::adapters::store::Created;
use crate::domain::audit::{Action, Target};
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::client::secret::Secret;
use crate::domain::client::secret_expiry::FullDate;
use crate::domain::client::secret_expiry::{self, SecretLimits};
use crate::domain::client::secret_rotation::ReplacePolicy;
use crate::domain::client::{Client, SecretDisplay};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Label;
use crate::domain::primitives::ids::{AccountId, SecretId};
use crate::domain::primitives::json_members::JsonMembers;
use crate::domain::primitives::validation::{FieldError, FromJson, Validator};
use crate::services::clients::{
    AddSecretError, AddSecretInput, ClientError, ClientManager, NewSecret, SecretOptions, load,
};
use crate::services::context::ManagementContext;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::VersionPredicate;
use crate::services::principal::AccessError;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

/// Error of a label that would make a client too large.
pub(super) const NO_ROOM_FOR_LABEL: &str =
    "is too long for this client, whose metadata and labels are limited together: leave it out";

/// Reads secret values back, for a caller that is allowed to.
pub struct SecretRevealer<'a> {
    ctx: ManagementContext<'a>,
    account_id: AccountId,
}

/// Options of a new secret as the caller sent them.
#[derive(Clone, Debug, Default)]
pub struct SecretRequest {
    /// The last day on which it works; the default of the account or the deployment if absent.
    pub expires_on: Option<Date>,
    /// Whether reminders are sent; true if absent.
    pub remind: Option<bool>,
    /// What people call it.
    pub label: Option<Label>,
}

/// A new secret for a client.
#[derive(Debug)]
pub struct AddSecret {
    /// Its options.
    pub options: SecretRequest,
    /// Which secrets it replaces.
    pub replace: Option<ReplacePolicy>,
    /// Errors found while the input was read.
    pub errors: Validator,
}

/// A secret that was added by this request.
#[derive(Debug)]
pub enum AddSecretResult {
    /// Now, with its value.
    New(Client, NewSecret),
    /// Before, by an equal request. The value is not shown again.
    Replayed(Client, Secret),
}

impl FromJson for SecretRequest {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let members = JsonMembers::of(value, "expires_on, remind and label")?;
        let mut checked = Validator::new();
        checked.extend(members.unknown(&["expires_on", "remind", "label"]));
        let expires_on = checked.optional("expires_on", members.field::<FullDate>("expires_on"));
        let remind = checked.optional("remind", members.field("remind"));
        let label = checked.optional("label", members.field("label"));
        let options = Self { expires_on: expires_on.map(|date| date.0), remind, label };
        if checked.is_ok() { Ok(options) } else { Err(checked.into_errors()) }
    }
}

impl SecretRequest {
    /// The options within the account's limits. `path` names the member of a bad date.
    pub(super) fn options(
        self,
        limits: SecretLimits,
        path: &str,
        now: Timestamp,
        checked: &mut Validator,
    ) -> Option<SecretOptions> {
        match limits.expires_on(self.expires_on, now) {
            Ok(date) => Some(SecretOptions {
                expires_at: secret_expiry::expires_at(date),
                remind: self.remind.unwrap_or(true),
                label: self.label,
            }),
            Err(error) => {
                checked.extend([FieldError::new(path, error.to_string())]);
                None
            }
        }
    }
}

impl ClientManager<'_> {
    /// Adds a secret, beside the present ones or in their place.
    pub async fn add_secret(&self, client_id: &str, new: AddSecret) -> Result<AddSecretResult, ClientError> {
        if let Some(created) = self.ctx.find_created().await? {
            return self.replayed_secret(created).await;
        }
        let now = self.ctx.now();
        let mut checked = new.errors;
        let limits = self.secret_limits().await?;
        let options = new.options.options(limits, "expires_on", now, &mut checked);
        let (Some(options), true) = (options, checked.is_ok()) else {
            return Err(ClientError::Invalid(checked.into_errors()));
        };
        let client = self.load(client_id).await?.client;
        self.ctx.principal.ensure_scopes_cover(&client)?;
        self.ctx.principal.ensure_networks_cover(&client)?;
        if !client.token_endpoint_auth_method.takes_secrets() {
            return Err(ClientError::TakesNoSecrets);
        }
        if options.label.as_ref().is_some_and(|label| !client.has_room_for(label)) {
            return Err(ClientError::Invalid(vec![FieldError::new("label", NO_ROOM_FOR_LABEL)]));
        }
        let input = AddSecretInput {
            account_id: &self.account_id,
            client_id: &client.client_id,
            terms: options,
            replace: new.replace.as_ref(),
        };
        let peppers = self.ctx.backend.peppers.get(now).await?;
        match self.provisioner().add_secret(&input, &peppers).await {
            Ok(added) => {
                self.ctx.publish(&added.audit).await;
                Ok(AddSecretResult::New(added.client, added.new_secret))
            }
            Err(AddSecretError::Replayed) => self.replayed_secret(self.ctx.require_created().await?).await,
            Err(AddSecretError::NotFound) => Err(ClientError::NotFound),
            Err(AddSecretError::Rotation(error)) => Err(ClientError::Rotation(error)),
            Err(AddSecretError::Contention(contention)) => Err(contention.into()),
            Err(AddSecretError::Backend(fault)) => Err(fault.into()),
        }
    }

    async fn replayed_secret(&self, created: Created) -> Result<AddSecretResult, ClientError> {
        let Created::Secret { client_id, secret_id } = created else {
            return Err(IdempotencyError::KeyReused.into());
        };
        let known = self.ctx.store().load_client(&client_id).await?.ok_or(ClientError::NotFound)?;
        self.reconcile_after_replay(&client_id).await;
        let secret = known.secrets.into_iter().find(|secret| secret.secret_id == secret_id);
        secret.map(|secret| AddSecretResult::Replayed(known.client, secret)).ok_or(ClientError::NotFound)
    }

    /// Revokes a secret at once, if the client is at an expected version. The last one can be revoked too.
    pub async fn revoke_secret(
        &self,
        client_id: &str,
        secret_id: &str,
        expected: VersionPredicate<'_>,
    ) -> Result<(), ClientError> {
        let client = self.load(client_id).await?.client;
        self.ctx.principal.ensure_scopes_cover(&client)?;
        let secret_id = SecretId::parse(secret_id).map_err(|_| ClientError::NotFound)?;
        let provisioner = self.provisioner();
        let audit =
            provisioner.revoke_secret(&self.account_id, &client.client_id, &secret_id, expected).await?;
        self.ctx.publish(&audit).await;
        Ok(())
    }
}

impl<'a> SecretRevealer<'a> {
    /// For holders of `secrets:reveal` in the account.
    pub fn authorize(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, AccessError> {
        let account_id = ctx.authorize_account(ManagementScope::SecretsReveal, account_id)?;
        Ok(Self { ctx, account_id })
    }

    /// The value of a secret that was created while its client's `secret_display` was `on_request`. The audit entry is
    /// written first.
    pub async fn reveal(&self, client_id: &str, secret_id: &str) -> Result<ClientSecret, ClientError> {
        let known = load(self.ctx.store(), &self.account_id, client_id).await?;
        self.ctx.principal.ensure_scopes_cover(&known.client)?;
        self.ctx.principal.ensure_networks_cover(&known.client)?;
        let secret = known.secrets.iter().find(|secret| secret.secret_id.as_str() == secret_id);
        let secret = secret.ok_or(ClientError::NotFound)?;
        if !secret.revealable || known.client.secret_display == SecretDisplay::Once {
            return Err(ClientError::NotRevealable);
        }
        let target = Target {
            client_id: Some(known.client.client_id.clone()),
            secret_id: Some(secret.secret_id.clone()),
            hint: Some(secret.hint.clone()),
            ..Target::default()
        };
        let entry = self.ctx.audit_context.audit(&self.account_id, Action::SecretRevealed, target, &[]);
        self.ctx.store().append_audit(&entry).await?;
        self.ctx.publish(&entry).await;
        let revealed = self.ctx.backend.client_secrets.reveal(&known.client.client_id, &secret.secret_id);
        revealed.await.map_err(|error| match error {
            RevealError::NotStored => ClientError::NotRevealable,
            RevealError::Backend(fault) => fault.into(),
        })
    }
}
