//! What a function has at hand while it answers requests.

use super::aws::AwsClients;
use super::clock::Clock;
use super::config::Config;
use crate::adapters::cache::{Cached, Cooldown, Held};
use crate::adapters::deadline;
use crate::adapters::events::Events;
use crate::adapters::fault::Fault;
use crate::adapters::outside::{Fetcher, KeySets};
use crate::adapters::peppers::Peppers;
use crate::adapters::secret_reader::SecretReader;
use crate::adapters::signing::{InvalidToken, KeyRing};
use crate::adapters::store::{Catalogue, Store};
use crate::adapters::upstream::Upstream;
use crate::adapters::vault::Vault;
use crate::domain::audit::AuditEntry;
use crate::domain::event::Event;
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

/// What every function has. It cannot read a client secret: only [`Management`] has a vault.
pub struct App {
    /// The configuration.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// DynamoDB.
    pub store: Store,
    /// Keys that clients and outside issuers publish.
    pub key_sets: KeySets,
    /// Where people sign in, if it is at an OpenID Connect provider.
    pub upstream: Option<Upstream>,
    secrets: SecretReader,
    key_ring: Cached<KeyRing>,
    unknown_keys: Cooldown,
    peppers: Cached<Peppers>,
    catalogue: Cached<Catalogue>,
}

/// What the function that manages clients has besides.
pub struct Management {
    /// What every function has.
    pub app: Arc<App>,
    /// Client secrets, recoverable.
    pub vault: Vault,
    /// Who listens.
    pub events: Events,
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
            .map(|upstream| Upstream::new(upstream, Arc::clone(&fetcher), secrets.clone()));
        Self {
            store: Store::new(aws.dynamodb(), config.tables.clone()),
            key_sets: KeySets::over(fetcher),
            upstream,
            secrets,
            key_ring: Cached::new(SECRETS_TTL),
            unknown_keys: Cooldown::new(UNKNOWN_KEY_COOLDOWN),
            peppers: Cached::new(SECRETS_TTL),
            catalogue: Cached::new(CATALOGUE_TTL),
            config,
            clock,
        }
    }

    /// Assembles a function from its environment.
    pub fn from_env() -> Result<(Self, AwsClients), super::ConfigError> {
        let config = Config::from_env()?;
        let aws = AwsClients::new(&config.aws);
        Ok((Self::new(config, &aws, Clock::System), aws))
    }

    /// The signing keys, at most five minutes old.
    pub async fn key_ring(&self, now: Timestamp) -> Result<Arc<KeyRing>, Fault> {
        self.key_ring.get(now, async || self.load_key_ring().await).await.map(|held| held.value)
    }

    /// The public keys as a JWK set (RFC 7517). Where Secrets Manager cannot be read, the last ones that were read
    /// serve for [`PUBLISHED_FOR`]; nothing but publication falls back on them, so it gives out no key that signs.
    pub async fn published_jwks(&self, now: Timestamp) -> Result<String, Fault> {
        let jwks = |ring: &KeyRing| ring.jwks().to_owned();
        let Some(last) = self.key_ring.kept(PUBLISHED_FOR, now) else {
            return self.key_ring(now).await.map(|ring| jwks(&ring));
        };
        let cause = match tokio::time::timeout(PUBLICATION_TIMEOUT, self.key_ring(now)).await {
            Ok(Ok(ring)) => return Ok(jwks(&ring)),
            Ok(Err(fault)) => fault,
            Err(elapsed) => Fault::new("reading the signing keys", elapsed),
        };
        tracing::warn!(%cause, "JWKS served from memory");
        Ok(jwks(&last))
    }

    async fn load_key_ring(&self) -> Result<KeyRing, Fault> {
        let json = self.secrets.read("reading the signing keys", &self.config.signing_keys_secret).await?;
        KeyRing::parse(&json)
    }

    /// Verifies one of our own tokens. A key that is not known may have come into the ring since it was
    /// read: then the ring is read again, but not for every token that somebody invents.
    pub async fn verify<T>(
        &self,
        now: Timestamp,
        verify: impl Fn(&KeyRing) -> Result<T, InvalidToken>,
    ) -> Result<Result<T, InvalidToken>, Fault> {
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
    pub async fn peppers(&self, now: Timestamp) -> Result<Arc<Peppers>, Fault> {
        let load = async || {
            let json = self.secrets.read("reading the peppers", &self.config.pepper_secret).await?;
            Peppers::parse(&json)
        };
        self.peppers.get(now, load).await.map(|held| held.value)
    }

    /// The catalogue with the management API in it, at most a minute old.
    pub async fn catalogue(&self, now: Timestamp) -> Result<Held<Catalogue>, Fault> {
        self.catalogue.get(now, async || self.load_catalogue().await).await
    }

    /// A catalogue newer than `seen`, for what was not in it.
    pub async fn newer_catalogue(
        &self,
        seen: &Held<Catalogue>,
        now: Timestamp,
    ) -> Result<Held<Catalogue>, Fault> {
        self.catalogue.reload(seen, now, async || self.load_catalogue().await).await
    }

    async fn load_catalogue(&self) -> Result<Catalogue, Fault> {
        let mut catalogue = self.store.load_catalogue().await?;
        let own = management::resource(&self.config.issuer);
        catalogue.resources.insert(own.resource_id.clone(), own);
        Ok(catalogue)
    }

    /// Reads what the first request needs, while Lambda still gives the function a whole processor. Where a store is slow it
    /// gives up, and the first request tries again.
    pub async fn warm_up(&self) -> Result<(), Fault> {
        deadline::within(WARM_UP_TIMEOUT, self.read_ahead()).await
    }

    async fn read_ahead(&self) -> Result<(), Fault> {
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

impl Management {
    /// Adds the vault and the bus.
    #[must_use]
    pub fn new(app: Arc<App>, aws: &AwsClients) -> Self {
        let vault = Vault::new(aws.secrets_manager(), app.config.stage.clone(), &app.config.issuer);
        let events = Events::new(&aws.eventbridge(), app.config.event_bus.clone());
        Self { app, vault, events }
    }

    /// Tells those who listen of a change that was made: at the very end, when what it says can be found in
    /// both stores, and before the answer, after which nothing runs in Lambda.
    pub async fn announce(&self, entry: &AuditEntry) {
        self.events.send(&[Event::Change(entry)]).await;
    }
}
