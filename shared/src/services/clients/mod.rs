//! The life of a client: create, read, change, duplicate, disable and delete it, its secrets and the consents given to it.

mod attention;
mod consents;
mod create;
mod delete;
mod duplicate;
mod error;
mod keys;
mod metadata;
mod permissions;
pub mod provisioning;
mod read;
mod secrets;
mod status;
mod templates;
mod update;

pub use attention::AttentionInputs;
pub use create::{CreateClient, CreateClientOutput};
pub use delete::Dependents;
pub use error::ClientError;
pub use keys::SuppliedKeys;
pub use keys::checks::lookup_counter;
pub use metadata::{ClientChange, ClientMetadata};
pub use provisioning::{
    ABANDONED_AFTER, AddSecretError, AddSecretInput, AddSecretOutput, ClientProvisioner, CreateClientError,
    DeleteError, IfClientMissing, MissingValues, NewSecret, Reconciler, SecretOptions, SweepSummary,
    generate_secret,
};
pub use read::{
    AttentionFilter, ClientFilter, ClientList, ClientOrder, ClientReader, EXPIRY_COLUMNS, Expiries, Expiry,
    ExpiryQuery, ExpiryState, InvalidLastDate, LastUsedFilter, MAX_EXPIRY_CLIENTS, MAX_SORTED, NextReminder,
    SignInMeans, last_date,
};
pub use secrets::{AddSecret, AddSecretResult, SecretChange, SecretRequest, SecretRevealer, SecretTrial};
pub use templates::{
    TemplateError, TemplateInput, TemplateReader, TemplateRules, Templates, template_faults,
};

use crate::adapters::error::BackendError;
use crate::adapters::store::{ClientWithSecrets, Store};
use crate::domain::account::Account;
use crate::domain::audit::Target;
use crate::domain::client::Client;
use crate::domain::client::secret_expiry::SecretLimits;
use crate::domain::management::{self, ManagementScope};
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::services::context::ManagementContext;
use crate::services::principal::AccessError;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The clients of one account, for a caller that is allowed to change them.
pub struct ClientManager<'a> {
    ctx: ManagementContext<'a>,
    account_id: AccountId,
    /// What a request reads once; `None` if the account does not exist.
    account: OnceCell<Option<Arc<Account>>>,
}

impl<'a> ClientManager<'a> {
    /// For holders of `clients:manage` in the account.
    pub fn authorize(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, AccessError> {
        let account_id = ctx.authorize_account(ManagementScope::ClientsManage, account_id)?;
        Ok(Self { ctx, account_id, account: OnceCell::new() })
    }

    /// The account, as it was when this request read it first. What depends on its status is decided by the condition of
    /// the write.
    async fn account(&self) -> Result<Arc<Account>, ClientError> {
        let account = self.account.get_or_try_init(|| self.ctx.account(&self.account_id)).await?;
        account.clone().ok_or(ClientError::NotFound)
    }

    /// How long new secrets of the account live.
    async fn secret_limits(&self) -> Result<SecretLimits, ClientError> {
        Ok(self.account().await?.secret_lifetime_days.within(self.ctx.backend.policy.secret_limits))
    }

    /// One client.
    pub async fn get(&self, id: &str) -> Result<Client, ClientError> {
        Ok(self.load(id).await?.client)
    }

    async fn load(&self, id: &str) -> Result<ClientWithSecrets, ClientError> {
        load(self.ctx.store(), &self.account_id, id).await
    }

    /// A client that the caller is allowed to change: another one than itself, with no scopes that the caller lacks.
    async fn load_changeable(&self, id: &str) -> Result<Client, ClientError> {
        let client = self.load(id).await?.client;
        self.ctx.principal.ensure_not_self(&client)?;
        self.ctx.principal.ensure_scopes_cover(&client)?;
        Ok(client)
    }

    /// Fails for the client that the bootstrap created for the operator: the last way into a deployment.
    fn ensure_not_operators(client: &Client) -> Result<(), ClientError> {
        if client.client_id.as_str() == management::OPERATOR_CLIENT {
            Err(ClientError::OperatorClient)
        } else {
            Ok(())
        }
    }

    fn provisioner(&self) -> ClientProvisioner<'a> {
        ClientProvisioner {
            store: self.ctx.backend.store,
            client_secrets: self.ctx.backend.client_secrets,
            audit_context: self.ctx.audit_context,
        }
    }

    /// Completes in Secrets Manager what the first of several equal requests may have left: its function may have ended
    /// before the labels were moved. A fault is left to the sweep.
    async fn reconcile_after_replay(&self, client_id: &ClientId) {
        let reconciler = Reconciler {
            store: self.ctx.backend.store,
            client_secrets: self.ctx.backend.client_secrets,
            now: self.ctx.now(),
        };
        if let Err(fault) = reconciler.reconcile(client_id, IfClientMissing::Delete).await {
            tracing::warn!(cause = %fault, "left to the sweep");
        }
    }
}

/// A client of the account. One of another account is not found.
async fn load(store: &Store, account: &AccountId, id: &str) -> Result<ClientWithSecrets, ClientError> {
    let id = ClientId::parse(id).map_err(|_| ClientError::NotFound)?;
    load_own(store, account, &id).await?.ok_or(ClientError::NotFound)
}

async fn load_own(
    store: &Store,
    account: &AccountId,
    id: &ClientId,
) -> Result<Option<ClientWithSecrets>, BackendError> {
    let known = store.load_client(id).await?;
    Ok(known.filter(|known| known.client.account_id == *account))
}

/// The target of an audit entry about a client.
fn target(client: &Client) -> Target {
    Target { client_id: Some(client.client_id.clone()), ..Target::default() }
}
