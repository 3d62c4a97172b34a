//! The state of a function.

use crate::adapters::cache::{CacheEntry, TtlCache};
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::lambda::deadline;
use crate::adapters::oidc::OidcClient;
use crate::adapters::remote::{Fetcher, JwksCache};
use crate::adapters::secrets_manager::client_secret_store::ClientSecretStore;
use crate::adapters::secrets_manager::deployment_secret::DeploymentSecret;
use crate::adapters::signing::{InvalidToken, KeyRing, VerificationKeys};
use crate::adapters::store::{ResourceCatalog, Store};
use crate::adapters::telemetry::emf;
use crate::app::aws::AwsClients;
use crate::app::clock::Clock;
use crate::app::config::Config;
use crate::app::verification::{UnknownKeys, VerificationKeysCache, VerifyError};
use crate::domain::audit::AuditEntry;
use crate::domain::audit::event::DomainEvent;
use crate::services::caches::{AccountCache, PepperCache, ResourceCatalogCache, SECRETS_TTL};
use crate::services::client_auth::RefusalLog;
use crate::services::context::{ClientPolicy, ManagementBackend};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// How long the public keys are published after they were read, if they cannot be read again: an hour longer than they
/// sign and verify.
const JWKS_STALE_IF_ERROR: SignedDuration = SignedDuration::from_mins(65);
/// How long a request for the JWKS waits for Secrets Manager, if there are cached keys.
const PUBLICATION_TIMEOUT: Duration = Duration::from_secs(2);
/// Lambda ends an initialisation after 10 seconds, and repeats it at the expense of the first request.
const WARM_UP_TIMEOUT: Duration = Duration::from_secs(5);

/// The state of every function. It cannot read client secrets: only [`ManagementState`] has a [`ClientSecretStore`].
pub struct App {
    /// The configuration.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// DynamoDB.
    pub store: Store,
    /// The event bus.
    pub events: EventPublisher,
    /// The published keys of clients and external issuers.
    pub jwks_cache: JwksCache,
    /// The accounts of clients.
    pub accounts: AccountCache,
    /// The refusals that this instance has noted.
    pub refusals: RefusalLog,
    /// The OpenID Connect provider for sign-in, if one is configured.
    pub upstream: Option<OidcClient>,
    signing_keys: DeploymentSecret,
    key_ring: TtlCache<KeyRing>,
    unknown_keys: UnknownKeys,
    peppers: PepperCache,
    catalogue: ResourceCatalogCache,
}

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
}

impl App {
    /// Builds the state. Connects to nothing yet.
    #[must_use]
    pub fn new(config: Config, aws: &AwsClients, clock: Clock) -> Self {
        let fetcher = Arc::new(Fetcher::new(config.internet.clone()));
        let secrets_manager = aws.secrets_manager();
        let secret = |id: &String| DeploymentSecret::new(secrets_manager.clone(), id.clone());
        let upstream = config.upstream.as_ref().map(|upstream| {
            OidcClient::new(upstream.clone(), Arc::clone(&fetcher), secret(&upstream.client_secret))
        });
        let store = Store::new(aws.dynamodb(), config.tables.clone(), config.audit_retention);
        Self {
            events: EventPublisher::new(&aws.eventbridge(), config.event_bus.clone()),
            jwks_cache: JwksCache::of_customers(fetcher, store.clone()),
            accounts: AccountCache::new(store.clone()),
            refusals: RefusalLog::default(),
            upstream,
            signing_keys: secret(&config.signing_keys_secret),
            key_ring: TtlCache::new(SECRETS_TTL),
            unknown_keys: UnknownKeys::default(),
            peppers: PepperCache::new(secret(&config.pepper_secret)),
            catalogue: ResourceCatalogCache::new(store.clone(), config.issuer.clone()),
            store,
            config,
            clock,
        }
    }

    /// Builds the state from environment variables.
    pub fn from_env() -> Result<(Self, AwsClients), crate::app::ConfigError> {
        let config = Config::from_env()?;
        let aws = AwsClients::new(&config.aws);
        Ok((Self::new(config, &aws, Clock::System), aws))
    }

    /// The signing keys, at most five minutes old.
    pub async fn key_ring(&self, now: Timestamp) -> Result<Arc<KeyRing>, BackendError> {
        self.key_ring.get(now, async || self.load_key_ring(now).await).await.map(|entry| entry.value)
    }

    /// The public keys as a JWK set (RFC 7517). If Secrets Manager cannot be read, the last keys are published for
    /// [`JWKS_STALE_IF_ERROR`]. They are used for nothing else, so that no stale key signs or verifies.
    pub async fn published_jwks(&self, now: Timestamp) -> Result<String, BackendError> {
        let jwks = |ring: &KeyRing| ring.jwks().to_owned();
        let Some(last) = self.key_ring.kept(JWKS_STALE_IF_ERROR, now) else {
            return self.key_ring(now).await.map(|ring| jwks(&ring));
        };
        let cause = match tokio::time::timeout(PUBLICATION_TIMEOUT, self.key_ring(now)).await {
            Ok(Ok(ring)) => return Ok(jwks(&ring)),
            Ok(Err(failure)) => failure,
            Err(elapsed) => BackendError::new("reading the signing keys", elapsed),
        };
        tracing::warn!(%cause, "JWKS served from memory");
        Ok(jwks(&last.value))
    }

    /// Reads the ring, and records its age as a metric: a rotation that does not happen is no error anywhere.
    async fn load_key_ring(&self, now: Timestamp) -> Result<KeyRing, BackendError> {
        let json = self.signing_keys.read("reading the signing keys").await?;
        let ring = KeyRing::parse(&json)?;
        if let Some(days) = ring.newest_key_age_days(now) {
            emf::record(&self.config.stage, now, &[], &[("signing_key_age_days", days)]);
        }
        Ok(ring)
    }

    /// Verifies an access token of this server by `verify`, with the keys of the ring. For an unknown key the ring is read
    /// again.
    pub async fn verify<T>(
        &self,
        now: Timestamp,
        verify: impl Fn(&VerificationKeys) -> Result<T, InvalidToken>,
    ) -> Result<T, VerifyError> {
        let load = async || self.load_key_ring(now).await;
        let cached = self.key_ring.get(now, load).await?;
        let verified = verify(cached.value.verification_keys());
        if self.unknown_keys.cause_reload(&verified, now) {
            let newer = self.key_ring.reload(&cached, now, load).await?;
            return Ok(verify(newer.value.verification_keys())?);
        }
        Ok(verified?)
    }

    /// The peppers, at most five minutes old.
    pub fn peppers(&self, now: Timestamp) -> impl Future<Output = Result<Arc<Peppers>, BackendError>> + Send {
        self.peppers.get(now)
    }

    /// The catalogue with the management API in it, at most a minute old; while it cannot be read, ten minutes.
    pub fn catalogue(
        &self,
        now: Timestamp,
    ) -> impl Future<Output = Result<CacheEntry<ResourceCatalog>, BackendError>> + Send {
        self.catalogue.get(now)
    }

    /// A catalogue newer than `seen`, for a resource or scope that is not in it; `seen` itself if another was read for this
    /// reason a moment ago.
    pub fn refresh_catalogue(
        &self,
        seen: &CacheEntry<ResourceCatalog>,
        now: Timestamp,
    ) -> impl Future<Output = Result<CacheEntry<ResourceCatalog>, BackendError>> + Send {
        self.catalogue.refresh(seen, now)
    }

    /// Loads what the first request needs during initialisation, when Lambda grants the function a whole processor. If a
    /// store is slow, it fails, and the first request loads it again.
    pub async fn warm_up(&self) -> Result<(), BackendError> {
        let now = self.clock.now();
        let keys = async { self.key_ring(now).await.map(|_| ()) };
        deadline::within(WARM_UP_TIMEOUT, self.read_ahead(keys, now)).await
    }

    async fn read_ahead(
        &self,
        keys: impl Future<Output = Result<(), BackendError>>,
        now: Timestamp,
    ) -> Result<(), BackendError> {
        // Sequential, over one connection: the handshake of a second one takes longer than the wait.
        let secrets = async {
            let keys = keys.await;
            keys.and(self.peppers(now).await.map(|_| ()))
        };
        let (secrets, catalogue) = tokio::join!(secrets, self.catalogue(now));
        secrets.and(catalogue.map(|_| ()))
    }
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
            max_access_token_lifetime: app.config.max_access_token_lifetime,
            secret_storage: app.config.secret_storage,
            secret_limits: app.config.secret_limits,
        };
        let keys = DeploymentSecret::new(aws.secrets_manager(), app.config.verification_keys_secret.clone());
        let verification_keys = VerificationKeysCache::new(keys);
        Self { app, client_secrets, events, verification_keys, policy }
    }

    /// Verifies an access token of this server by `verify`, with the public keys.
    pub fn verify<T>(
        &self,
        now: Timestamp,
        verify: impl Fn(&VerificationKeys) -> Result<T, InvalidToken>,
    ) -> impl Future<Output = Result<T, VerifyError>> {
        self.verification_keys.verify(now, verify)
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
            catalog: &self.app.catalogue,
            policy: &self.policy,
        }
    }

    /// Publishes a change as an event. Called when the change is in both stores, and before the response, after which
    /// nothing runs in Lambda.
    pub async fn publish(&self, entry: &AuditEntry) {
        self.events.send(&[DomainEvent::Change(entry)]).await;
    }
}
