//! The state of the functions that manage clients.

use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::lambda::deadline;
use crate::adapters::secrets_manager::client_secret_store::ClientSecretStore;
use crate::adapters::secrets_manager::deployment_secret::DeploymentSecret;
use crate::adapters::signing::{InvalidToken, VerificationKeys};
use crate::app::aws::AwsClients;
use crate::app::config::Config;
use crate::app::state::{App, WARM_UP_TIMEOUT};
use crate::app::verification::{VerificationKeysCache, VerifyError};
use crate::domain::audit::AuditEntry;
use crate::domain::audit::event::DomainEvent;
use crate::domain::signing_keys::published::PublishedKey;
use crate::services::context::{ClientPolicy, ManagementBackend};
use crate::services::sign_in::{EmailSender, ResponseTiming};
use jiff::Timestamp;
use std::sync::Arc;

/// The state of the functions that manage clients.
pub struct ManagementState {
    /// The state of every function.
    pub app: Arc<App>,
    /// The stored client secrets.
    pub client_secrets: ClientSecretStore,
    /// The event bus.
    pub events: EventPublisher,
    /// The keys that verify access tokens. The functions that manage clients cannot read those that sign them.
    verification_keys: VerificationKeysCache,
    policy: ClientPolicy,
    email: Option<EmailSender>,
}

impl ManagementState {
    /// Adds the client-secret store and the event bus.
    #[must_use]
    pub fn new(app: Arc<App>, aws: &AwsClients) -> Self {
        let Config { stage, issuer, extra_tags, secrets_kms_key, .. } = &app.config;
        let client_secrets = ClientSecretStore::new(
            aws.secrets_manager(),
            stage.clone(),
            issuer,
            extra_tags.clone(),
            secrets_kms_key.clone(),
        );
        let events = app.events.clone();
        let policy = ClientPolicy {
            issuer: app.config.issuer.clone(),
            default_access_token_lifetime: app.config.default_access_token_lifetime,
            max_access_token_lifetime: app.config.max_access_token_lifetime,
            secret_storage: app.config.secret_storage,
            secret_storage_choice: app.config.secret_storage_choice,
            limits: app.config.account_limits,
            secret_limits: app.config.secret_limits,
            has_provider: app.config.upstream.is_some(),
        };
        let keys = DeploymentSecret::new(aws.secrets_manager(), app.config.verification_keys_secret.clone());
        let verification_keys = VerificationKeysCache::new(keys);
        let email = app.email_sender(aws, ResponseTiming::Immediate);
        Self { app, client_secrets, events, verification_keys, policy, email }
    }

    /// Verifies an access token of this server by `verify`, with the public keys.
    pub fn verify<T>(
        &self,
        now: Timestamp,
        verify: impl Fn(&VerificationKeys) -> Result<T, InvalidToken>,
    ) -> impl Future<Output = Result<T, VerifyError>> {
        self.verification_keys.verify(now, verify)
    }

    /// What is known of the keys that are published. None of them can sign.
    pub async fn published_keys(&self) -> Result<Vec<PublishedKey>, BackendError> {
        self.verification_keys.published().await
    }

    /// Loads what the first request needs, as [`App::warm_up`] does.
    pub async fn warm_up(&self) -> Result<(), BackendError> {
        let now = self.app.clock.now();
        let keys = async { self.verification_keys.get(now).await.map(|_| ()) };
        deadline::within(WARM_UP_TIMEOUT, self.app.read_ahead(keys, now)).await
    }

    /// What the use cases of the management work on.
    #[must_use]
    pub fn backend(&self) -> ManagementBackend<'_> {
        ManagementBackend {
            store: &self.app.store,
            client_secrets: &self.client_secrets,
            events: &self.events,
            peppers: &self.app.peppers,
            jwks_cache: &self.app.jwks_cache,
            catalog: &self.app.catalogue,
            email: self.email.as_ref(),
            policy: &self.policy,
        }
    }

    /// What sends e-mails; `None` if the deployment sends none.
    #[must_use]
    pub fn email(&self) -> Option<&EmailSender> {
        self.email.as_ref()
    }

    /// Publishes a change as an event. Called when the change is in both stores, and before the response, after which
    /// nothing runs in Lambda.
    pub async fn publish(&self, entry: &AuditEntry) {
        self.events.send(&[DomainEvent::Change(entry)]).await;
    }
}
