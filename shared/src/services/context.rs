//! What a use case of the management works with: the caller, the audit context of its request, and the stores.

use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::remote::JwksCache;
use crate::adapters::secrets_manager::client_secret_store::ClientSecretStore;
use crate::adapters::store::{Created, Store};
use crate::domain::account::Account;
use crate::domain::account::limits::EffectiveLimits;
use crate::domain::audit::AuditEntry;
use crate::domain::audit::event::DomainEvent;
use crate::domain::client::secret_expiry::SecretLimits;
use crate::domain::client::{SecretStorage, SecretStorageChoice};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::ids::AccountId;
use crate::services::audit::AuditContext;
use crate::services::caches::{PepperCache, ResourceCatalogCache};
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::Contention;
use crate::services::principal::{AccessError, Principal};
use crate::services::sign_in::EmailSender;
use jiff::Timestamp;
use std::sync::Arc;

/// What the deployment allows and presets for clients.
#[derive(Clone, Debug)]
pub struct ClientPolicy {
    /// The issuer of the deployment's tokens, without a trailing slash.
    pub issuer: String,
    /// The access token lifetime of new clients that name none, in seconds.
    pub default_access_token_lifetime: u32,
    /// The longest access token lifetime, in seconds.
    pub max_access_token_lifetime: u32,
    /// Where secrets of new clients are kept.
    pub secret_storage: SecretStorage,
    /// Who may say otherwise for a client.
    pub secret_storage_choice: SecretStorageChoice,
    /// The limits of accounts that have none of their own.
    pub limits: EffectiveLimits,
    /// How long secrets live.
    pub secret_limits: SecretLimits,
    /// Whether people can sign in at an upstream provider.
    pub has_provider: bool,
}

/// The stores, caches and policy of a deployment.
#[derive(Clone, Copy)]
pub struct ManagementBackend<'a> {
    /// DynamoDB.
    pub store: &'a Store,
    /// Values of client secrets in Secrets Manager.
    pub client_secrets: &'a ClientSecretStore,
    /// The event bus.
    pub events: &'a EventPublisher,
    /// The keys under which secrets are digested.
    pub peppers: &'a PepperCache,
    /// The published keys of clients and external issuers.
    pub jwks_cache: &'a Arc<JwksCache>,
    /// The resources.
    pub catalog: &'a ResourceCatalogCache,
    /// Sends e-mails; `None` if the deployment sends none.
    pub email: Option<&'a EmailSender>,
    /// The policy for clients.
    pub policy: &'a ClientPolicy,
}

/// One request of a principal.
#[derive(Clone, Copy)]
pub struct ManagementContext<'a> {
    /// The caller.
    pub principal: &'a Principal,
    /// Its actor, time and idempotency key.
    pub audit_context: &'a AuditContext,
    /// The stores.
    pub backend: ManagementBackend<'a>,
}

impl<'a> ManagementContext<'a> {
    /// The time of the request.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.audit_context.now
    }

    /// DynamoDB.
    #[must_use]
    pub fn store(&self) -> &'a Store {
        self.backend.store
    }

    /// The account of this id, if the caller holds the scope and is allowed to act there.
    pub fn authorize_account(&self, scope: ManagementScope, id: &str) -> Result<AccountId, AccessError> {
        self.principal.require_scope(scope)?;
        self.principal.resolve_account(id)
    }

    /// An account. Consistent. The caller's own was read when it was authenticated, and is not read again.
    pub async fn account(&self, id: &AccountId) -> Result<Option<Arc<Account>>, BackendError> {
        let own = self.principal.account();
        if own.account_id == *id {
            return Ok(Some(Arc::clone(own)));
        }
        Ok(self.store().load_account(id).await?.map(Arc::new))
    }

    /// Whether the account exists. The caller's own does, so it is not read.
    pub async fn account_exists(&self, account: &AccountId) -> Result<bool, BackendError> {
        let is_own = account == self.principal.account_id();
        Ok(is_own || self.store().load_account(account).await?.is_some())
    }

    /// What this request created or changed when it came first, if it is a repeat.
    pub async fn find_created(&self) -> Result<Option<Created>, IdempotencyError> {
        match &self.audit_context.request {
            None => Ok(None),
            Some(key) => key.find_created(self.store(), self.now()).await,
        }
    }

    /// The same, where the store has recognised a repeat, perhaps of a request that is a moment older.
    pub async fn require_created(&self) -> Result<Created, IdempotencyError> {
        self.find_created().await?.ok_or(IdempotencyError::Contention(Contention))
    }

    /// Publishes a change that is committed. It comes last, when both stores show the change, and before the response,
    /// after which nothing runs in Lambda.
    pub async fn publish(&self, entry: &AuditEntry) {
        self.backend.events.send(&[DomainEvent::Change(entry)]).await;
    }
}
