//! Signing people in at an OpenID Connect provider that the operator chose (OpenID Connect Core 1.0): the side of
//! the relying party.
//!
//! Always the code flow with PKCE (RFC 7636) and a nonce, as a confidential client. Of an answer nothing is
//! taken but what the provider's own signature, or its own userinfo endpoint, says of the very person who set
//! out. What it needs of the provider is fetched when it is first needed, and kept.
//!
//! Not by the crate `openidconnect`, well kept as it is: it would bring a second set of cryptography beside aws-lc, its
//! `rsa` among it (RUSTSEC-2023-0071), where signatures, keys and fetching are verified and bounded here already.

mod arrival;
mod pending;
mod provider;
mod secret;
mod settings;
mod tokens;

pub use pending::PendingSignIn;
pub use settings::UpstreamConfig;

use super::cache::{Cached, Held};
use super::deadline;
use super::fault::Fault;
use super::outside::{FetchError, Fetcher, KeySets, WITHIN};
use super::secret_reader::SecretReader;
use crate::domain::email::EmailAddress;
use crate::domain::text::Name;
use crate::domain::upstream_refused::UpstreamRefused;
use arrival::Stop;
use jiff::{SignedDuration, Timestamp};
use provider::Provider;
use secret::ProviderSecret;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The provider's description of itself is fetched again after so long.
pub const DESCRIPTION_TTL: SignedDuration = SignedDuration::from_mins(60);
/// The client secret is read again after so long, as signing keys are; or when the provider refuses it.
const SECRET_TTL: SignedDuration = SignedDuration::from_mins(5);
/// How long a departure or an arrival may take. Each single request has three seconds.
const TOGETHER: Duration = Duration::from_secs(10);
/// What we ask to know of a person: who it is, the address, and the name.
const SCOPE: &str = "openid email profile";

/// The provider that people sign in at.
pub struct Upstream {
    config: UpstreamConfig,
    fetcher: Arc<Fetcher>,
    keys: KeySets,
    secrets: SecretReader,
    provider: Cached<Provider>,
    client_secret: Cached<ProviderSecret>,
}

/// Who is to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Whoever the browser's user is to the provider already.
    Anybody,
    /// Not the one who came back the last time: the provider has to ask.
    Another,
    /// The same once more, for a provider that took asking for it amiss.
    AnotherByLogin,
}

/// How somebody sets out to sign in.
pub struct Departure {
    /// Where the browser is sent.
    pub url: String,
    /// What must be kept until they are back.
    pub pending: PendingSignIn,
}

impl fmt::Debug for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Departure").finish_non_exhaustive()
    }
}

/// What the provider sent the browser back with, apart from `state`, by which the sign-in was found. Nothing in it
/// is true yet.
#[derive(Clone, Copy)]
pub struct UpstreamAnswer<'a> {
    /// `iss` (RFC 9207 §2).
    pub iss: Option<&'a str>,
    /// What came of it.
    pub outcome: Outcome<'a>,
}

/// `code` or `error`.
#[derive(Clone, Copy)]
pub enum Outcome<'a> {
    /// `code` (RFC 6749 §4.1.2).
    Code(&'a str),
    /// `error` (RFC 6749 §4.1.2.1).
    Error(&'a str),
}

impl<'a> UpstreamAnswer<'a> {
    /// Reads the parameters, each of which must have been sent once at most.
    pub fn read(
        code: Option<&'a str>,
        error: Option<&'a str>,
        iss: Option<&'a str>,
    ) -> Result<Self, UpstreamRefused> {
        let outcome = match (code, error) {
            (Some(code), None) if !code.is_empty() => Outcome::Code(code),
            (None, Some(error)) => Outcome::Error(error),
            _ => return Err(UpstreamRefused::MalformedAnswer),
        };
        Ok(Self { iss, outcome })
    }
}

/// Who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamIdentity {
    /// The provider.
    pub issuer: String,
    /// Who it is, by the provider's own name for them: never given to anybody else there.
    pub subject: String,
    /// Their address, which the provider vouches for.
    pub email: EmailAddress,
    /// Their name, to be shown to themselves.
    pub name: Option<Name>,
}

impl Upstream {
    /// Takes the operator's choice. Connects to nothing yet.
    #[must_use]
    pub fn new(config: UpstreamConfig, fetcher: Arc<Fetcher>, secrets: SecretReader) -> Self {
        Self {
            config,
            keys: KeySets::over(Arc::clone(&fetcher)),
            fetcher,
            secrets,
            provider: Cached::new(DESCRIPTION_TTL),
            client_secret: Cached::new(SECRET_TTL),
        }
    }

    /// Where to send a browser to sign in (OpenID Connect Core 1.0 §3.1.2.1), and what to keep meanwhile.
    ///
    /// `state` comes back with the browser: it must lead to what is kept, be of no use to anybody else, and be
    /// bound to this browser. `redirect_uri` must be registered at the provider.
    pub async fn depart(
        &self,
        state: &str,
        redirect_uri: &str,
        whom: Whom,
        now: Timestamp,
    ) -> Result<Departure, Fault> {
        const DOING: &str = "sending somebody to sign in upstream";
        let provider = bounded(DOING, self.provider(now)).await??;
        let pending = PendingSignIn::begin();
        let mut url = Url::parse(provider.authorization_endpoint.as_str())
            .map_err(|_| Fault::new(DOING, FetchError::Url))?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", SCOPE)
            .append_pair("state", state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &pending.code_challenge())
            .append_pair("code_challenge_method", "S256");
        let prompt = match whom {
            Whom::Anybody => None,
            Whom::Another => Some(provider.prompt_for_another),
            Whom::AnotherByLogin => Some("login"),
        };
        if let Some(prompt) = prompt {
            url.query_pairs_mut().append_pair("prompt", prompt);
        }
        Ok(Departure { url: url.into(), pending })
    }

    /// Who has come back, or why they are nobody. `redirect_uri` is the one that they set out with.
    ///
    /// The caller sees to it that a sign-in arrives once: what was kept of it is deleted before this is called.
    /// A fault is the provider's or Secrets Manager's: nothing is known of the person, who may start again.
    pub async fn arrive(
        &self,
        answer: UpstreamAnswer<'_>,
        pending: &PendingSignIn,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Result<Result<UpstreamIdentity, UpstreamRefused>, Fault> {
        const DOING: &str = "signing somebody in upstream";
        match bounded(DOING, self.identify(answer, pending, redirect_uri, now)).await? {
            Ok(identity) => Ok(Ok(identity)),
            Err(Stop::Refused(refused)) => Ok(Err(refused)),
            Err(Stop::Fault(fault)) => Err(fault),
        }
    }

    /// The provider's endpoints, at most an hour old.
    async fn provider(&self, now: Timestamp) -> Result<Arc<Provider>, Fault> {
        const DOING: &str = "reading the sign-in provider's description";
        let issuer = &self.config.issuer;
        let load = async || {
            let description =
                fetched(DOING, self.fetcher.get_from(&issuer.configuration_url(), None)).await?;
            Provider::read(&description, issuer).map_err(|error| Fault::new(DOING, error))
        };
        self.provider.get(now, load).await.map(|held| held.value)
    }

    /// The client secret, at most five minutes old.
    async fn client_secret(&self, now: Timestamp) -> Result<Held<ProviderSecret>, Fault> {
        self.client_secret.get(now, async || self.load_client_secret().await).await
    }

    /// A client secret newer than `seen`, which the provider did not take: it may have been replaced since.
    async fn newer_client_secret(
        &self,
        seen: &Held<ProviderSecret>,
        now: Timestamp,
    ) -> Result<Held<ProviderSecret>, Fault> {
        self.client_secret.reload(seen, now, async || self.load_client_secret().await).await
    }

    async fn load_client_secret(&self) -> Result<ProviderSecret, Fault> {
        const DOING: &str = "reading the client secret for the sign-in provider";
        let text = self.secrets.read(DOING, &self.config.client_secret).await?;
        ProviderSecret::parse(&text).map_err(|error| Fault::new(DOING, error))
    }
}

async fn bounded<T>(doing: &'static str, future: impl Future<Output = T>) -> Result<T, Fault> {
    tokio::time::timeout(deadline::at_most(TOGETHER), future)
        .await
        .map_err(|_| Fault::new(doing, FetchError::TooSlow))
}

/// What one request fetches, within its time.
async fn fetched<T>(
    doing: &'static str,
    fetching: impl Future<Output = Result<T, FetchError>>,
) -> Result<T, Fault> {
    let result =
        tokio::time::timeout(deadline::at_most(WITHIN), fetching).await.unwrap_or(Err(FetchError::TooSlow));
    result.map_err(|error| Fault::new(doing, error))
}
