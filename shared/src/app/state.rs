//! The state of a function.

use crate::adapters::cache::{CacheEntry, TtlCache};
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::email::mailer::Mailer;
use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::lambda::deadline;
use crate::adapters::oidc::OidcClient;
use crate::adapters::remote::{Fetcher, JwksCache};
use crate::adapters::secrets_manager::deployment_secret::{DeploymentSecret, VersionStages};
use crate::adapters::signing::{InvalidToken, KeyRing, VerificationKeys};
use crate::adapters::store::{ResourceCatalog, Store};
use crate::adapters::telemetry::emf;
use crate::app::aws::AwsClients;
use crate::app::clock::Clock;
use crate::app::config::Config;
use crate::app::verification::{UnknownKeys, VerifyError};
use crate::domain::primitives::display_text::Name;
use crate::services::caches::{AccountCache, LogoCache, PepperCache, ResourceCatalogCache, SECRETS_TTL};
use crate::services::client_auth::RefusalLog;
use crate::services::sign_in::{EmailSender, ResponseTiming};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// How long the public keys are published after they were read, if they cannot be read again: an hour longer than they
/// sign and verify.
const JWKS_STALE_IF_ERROR: SignedDuration = SignedDuration::from_mins(65);
/// How long a request for the JWKS waits for Secrets Manager, if there are cached keys.
const PUBLICATION_TIMEOUT: Duration = Duration::from_secs(2);
/// Lambda ends an initialisation after 10 seconds, and repeats it at the expense of the first request.
pub(super) const WARM_UP_TIMEOUT: Duration = Duration::from_secs(5);

/// The state of every function. It cannot read client secrets: only `ManagementState` has a `ClientSecretStore`.
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
    pub jwks_cache: Arc<JwksCache>,
    /// The accounts of clients.
    pub accounts: AccountCache,
    /// The refusals that this instance has noted.
    pub refusals: RefusalLog,
    /// The operator's logo.
    pub logo: Arc<LogoCache>,
    /// The OpenID Connect provider for sign-in, if one is configured.
    pub upstream: Option<OidcClient>,
    signing_keys: DeploymentSecret,
    key_ring: TtlCache<KeyRing>,
    unknown_keys: UnknownKeys,
    pub(super) peppers: PepperCache,
    pub(super) catalogue: ResourceCatalogCache,
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
            jwks_cache: Arc::new(JwksCache::of_customers(fetcher, store.clone())),
            accounts: AccountCache::new(store.clone()),
            refusals: RefusalLog::default(),
            logo: Arc::new(LogoCache::new(store.clone())),
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

    /// What sends e-mails to people; `None` if the deployment sends none. `timing` applies to requests for a code.
    #[must_use]
    pub fn email_sender(&self, aws: &AwsClients, timing: ResponseTiming) -> Option<EmailSender> {
        let (config, mail) = (&self.config, self.config.mail.as_ref()?);
        let mailer = Mailer::new(aws.ses(), mail.configuration_set.clone());
        let host = config.issuer.split_once("://").map_or(config.issuer.as_str(), |(_, host)| host);
        let console = Name::parse("API clients").unwrap_or_else(|error| unreachable!("{error}"));
        let sender = EmailSender::new(
            mailer,
            mail.sender.clone(),
            host.to_owned(),
            console,
            timing,
            config.stage.clone(),
        );
        Some(sender.with_brand(config.locale, config.brand.clone(), Arc::clone(&self.logo)))
    }

    /// The signing keys, at most five minutes old.
    pub async fn key_ring(&self, now: Timestamp) -> Result<Arc<KeyRing>, BackendError> {
        self.key_ring.get(now, async || self.load_key_ring(now).await).await.map(|entry| entry.value)
    }

    /// When the signing keys were rotated, and when they are next. Reads no key.
    pub async fn signing_key_rotation(&self) -> Result<VersionStages, BackendError> {
        self.signing_keys.labels().await
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

    /// Loads keys, as told, and what every function needs.
    pub(super) async fn read_ahead(
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
