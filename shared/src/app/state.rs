//! What a function has at hand while it answers requests.

use crate::adapters::cache::{CacheEntry, Cooldown, TtlCache};
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::lambda::deadline;
use crate::adapters::oidc::OidcClient;
use crate::adapters::remote::{Fetcher, JwksCache};
use crate::adapters::secrets_manager::client_secret_store::ClientSecretStore;
use crate::adapters::secrets_manager::secret_reader::SecretReader;
use crate::adapters::signing::{InvalidToken, KeyRing};
use crate::adapters::store::{ResourceCatalog, Store};
use crate::app::aws::AwsClients;
use crate::app::clock::Clock;
use crate::app::config::Config;
use crate::domain::audit::AuditEntry;
use crate::domain::audit::event::DomainEvent;
use crate::domain::management;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// Signing keys and peppers are read again after so long.
const SECRETS_TTL: SignedDuration = SignedDuration::from_mins(5);
/// The public keys are published for so long after they were read, if they cannot be read again: an hour more than
/// they sign and verify.
const PUBLISHED_FOR: SignedDuration = SignedDuration::from_mins(65);
/// How long the publication of the keys waits for Secrets Manager, if it has keys to fall back on.
const PUBLICATION_TIMEOUT: Duration = Duration::from_secs(2);
/// Lambda ends an initialisation after 10 seconds, and repeats it at the expense of the first request.
const WARM_UP_TIMEOUT: Duration = Duration::from_secs(5);
/// At most once in so long, the signing keys are read again because of a token whose key is not among them:
/// anybody can invent one.
const UNKNOWN_KEY_COOLDOWN: SignedDuration = SignedDuration::from_secs(10);
/// The catalogue is read again after so long: the time in which disabling an account takes effect.
const CATALOGUE_TTL: SignedDuration = SignedDuration::from_secs(60);

/// What every function has. It cannot read a client secret: only [`ManagementState`] has a vault.
pub struct App {
    /// The configuration.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// DynamoDB.
    pub store: Store,
    /// Keys that clients and outside issuers publish.
    pub jwks_cache: JwksCache,
    /// Where people sign in, if it is at an OpenID Connect provider.
    pub upstream: Option<OidcClient>,
    secrets: SecretReader,
    key_ring: TtlCache<KeyRing>,
    unknown_keys: Cooldown,
    peppers: TtlCache<Peppers>,
    catalogue: TtlCache<ResourceCatalog>,
}

/// What the function that manages clients has besides.
pub struct ManagementState {
    /// What every function has.
    pub app: Arc<App>,
    /// Client secrets, recoverable.
    pub client_secrets: ClientSecretStore,
    /// Who listens.
    pub events: EventPublisher,
}

impl App {
    /// Assembles a function. Connects to nothing yet.
    #[must_use]
    pub fn new(config: Config, aws: &AwsClients, clock: Clock) -> Self {
        let fetcher = Arc::new(Fetcher::new(config.internet.clone()));
        let secrets = SecretReader::new(aws.secrets_manager());
        let upstream = config
            .upstream
            .clone()
            .map(|upstream| OidcClient::new(upstream, Arc::clone(&fetcher), secrets.clone()));
        Self {
            store: Store::new(aws.dynamodb(), config.tables.clone()),
            jwks_cache: JwksCache::over(fetcher),
            upstream,
            secrets,
            key_ring: TtlCache::new(SECRETS_TTL),
            unknown_keys: Cooldown::new(UNKNOWN_KEY_COOLDOWN),
            peppers: TtlCache::new(SECRETS_TTL),
            catalogue: TtlCache::new(CATALOGUE_TTL),
            config,
            clock,
        }
    }

    /// Assembles a function from its environment.
    pub fn from_env() -> Result<(Self, AwsClients), crate::app::ConfigError> {
        let config = Config::from_env()?;
        let aws = AwsClients::new(&config.aws);
        Ok((Self::new(config, &aws, Clock::System), aws))
    }

    /// The signing keys, at most five minutes old.
    pub async fn key_ring(&self, now: Timestamp) -> Result<Arc<KeyRing>, BackendError> {
        self.key_ring.get(now, async || self.load_key_ring().await).await.map(|held| held.value)
    }

    /// The public keys as a JWK set (RFC 7517). Where Secrets Manager cannot be read, the last ones that were read
    /// serve for [`PUBLISHED_FOR`]; nothing but publication falls back on them, so it gives out no key that signs.
    pub async fn published_jwks(&self, now: Timestamp) -> Result<String, BackendError> {
        let jwks = |ring: &KeyRing| ring.jwks().to_owned();
        let Some(last) = self.key_ring.kept(PUBLISHED_FOR, now) else {
            return self.key_ring(now).await.map(|ring| jwks(&ring));
        };
        let cause = match tokio::time::timeout(PUBLICATION_TIMEOUT, self.key_ring(now)).await {
            Ok(Ok(ring)) => return Ok(jwks(&ring)),
            Ok(Err(fault)) => fault,
            Err(elapsed) => BackendError::new("reading the signing keys", elapsed),
        };
        tracing::warn!(%cause, "JWKS served from memory");
        Ok(jwks(&last))
    }

    async fn load_key_ring(&self) -> Result<KeyRing, BackendError> {
        let json = self.secrets.read("reading the signing keys", &self.config.signing_keys_secret).await?;
        KeyRing::parse(&json)
    }

    /// Verifies one of our own tokens. A key that is not known may have come into the ring since it was
    /// read: then the ring is read again, but not for every token that somebody invents.
    pub async fn verify<T>(
        &self,
        now: Timestamp,
        verify: impl Fn(&KeyRing) -> Result<T, InvalidToken>,
    ) -> Result<Result<T, InvalidToken>, BackendError> {
        let load = async || self.load_key_ring().await;
        let held = self.key_ring.get(now, load).await?;
        match verify(&held.value) {
            Err(InvalidToken::UnknownKey) if self.unknown_keys.permits(now) => {
                let newer = self.key_ring.reload(&held, now, load).await?;
                Ok(verify(&newer.value))
            }
            decided => Ok(decided),
        }
    }

    /// The peppers, at most five minutes old.
    pub async fn peppers(&self, now: Timestamp) -> Result<Arc<Peppers>, BackendError> {
        let load = async || {
            let json = self.secrets.read("reading the peppers", &self.config.pepper_secret).await?;
            Peppers::parse(&json)
        };
        self.peppers.get(now, load).await.map(|held| held.value)
    }

    /// The catalogue with the management API in it, at most a minute old.
    pub async fn catalogue(&self, now: Timestamp) -> Result<CacheEntry<ResourceCatalog>, BackendError> {
        self.catalogue.get(now, async || self.load_catalogue().await).await
    }

    /// A catalogue newer than `seen`, for what was not in it.
    pub async fn refresh_catalogue(
        &self,
        seen: &CacheEntry<ResourceCatalog>,
        now: Timestamp,
    ) -> Result<CacheEntry<ResourceCatalog>, BackendError> {
        self.catalogue.reload(seen, now, async || self.load_catalogue().await).await
    }

    async fn load_catalogue(&self) -> Result<ResourceCatalog, BackendError> {
        let mut catalogue = self.store.load_catalogue().await?;
        let own = management::resource(&self.config.issuer);
        catalogue.resources.insert(own.resource_id.clone(), own);
        Ok(catalogue)
    }

    /// Reads what the first request needs, while Lambda still gives the function a whole processor. Where a store is slow it
    /// gives up, and the first request tries again.
    pub async fn warm_up(&self) -> Result<(), BackendError> {
        deadline::within(WARM_UP_TIMEOUT, self.read_ahead()).await
    }

    async fn read_ahead(&self) -> Result<(), BackendError> {
        let now = self.clock.now();
        // One after the other, over one connection: a second one's handshake takes longer than the wait.
        let secrets = async {
            let keys = self.key_ring(now).await;
            keys.and(self.peppers(now).await.map(|_| ()))
        };
        let (secrets, catalogue) = tokio::join!(secrets, self.catalogue(now));
        secrets.and(catalogue.map(|_| ()))
    }
}

impl ManagementState {
    /// Adds the vault and the bus.
    #[must_use]
    pub fn new(app: Arc<App>, aws: &AwsClients) -> Self {
        let client_secrets =
            ClientSecretStore::new(aws.secrets_manager(), app.config.stage.clone(), &app.config.issuer);
        let events = EventPublisher::new(&aws.eventbridge(), app.config.event_bus.clone());
        Self { app, client_secrets, events }
    }

    /// Tells those who listen of a change that was made: at the very end, when what it says can be found in
    /// both stores, and before the answer, after which nothing runs in Lambda.
    pub async fn publish(&self, entry: &AuditEntry) {
        self.events.send(&[DomainEvent::Change(entry)]).await;
    }
}
