//! Signing people in at an OpenID Connect provider that the operator chose (OpenID Connect Core 1.0): the side of
//! the relying party.
//!
//! Always the code flow with PKCE (RFC 7636) and a nonce, as a confidential client. Of an answer nothing is
//! taken but what the provider's own signature, or its own userinfo endpoint, says of the very person who set
//! out. What it needs of the provider is fetched when it is first needed, and kept.
//!
//! Not by the crate `openidconnect`, well kept as it is: it would bring a second set of cryptography beside aws-lc, its
//! `rsa` among it (RUSTSEC-2023-0071), where signatures, keys and fetching are verified and bounded here already.

pub mod callback;
pub mod config;
pub mod metadata;
mod pending;
mod secret;
mod tokens;

pub use config::OidcConfig;
pub use pending::PendingAuthorization;

use crate::adapters::cache::{CacheEntry, TtlCache};
use crate::adapters::error::BackendError;
use crate::adapters::lambda::deadline;
use crate::adapters::remote::{FETCH_TIMEOUT, FetchError, Fetcher, JwksCache};
use crate::adapters::secrets_manager::secret_reader::SecretReader;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::sign_in::idp_error::IdpError;
use callback::CallbackError;
use jiff::{SignedDuration, Timestamp};
use metadata::ProviderMetadata;
use secret::ProviderSecret;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The provider's description of itself is fetched again after so long.
pub const METADATA_TTL: SignedDuration = SignedDuration::from_mins(60);
/// The client secret is read again after so long, as signing keys are; or when the provider refuses it.
const SECRET_TTL: SignedDuration = SignedDuration::from_mins(5);
/// How long a departure or an arrival may take. Each single request has three seconds.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);
/// What we ask to know of a person: who it is, the address, and the name.
const SCOPE: &str = "openid email profile";

/// The provider that people sign in at.
pub struct OidcClient {
    config: OidcConfig,
    fetcher: Arc<Fetcher>,
    keys: JwksCache,
    secrets: SecretReader,
    provider: TtlCache<ProviderMetadata>,
    client_secret: TtlCache<ProviderSecret>,
}

/// Who is to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Whoever the browser's user is to the provider already.
    None,
    /// Not the one who came back the last time: the provider has to ask.
    SelectAccount,
    /// The same once more, for a provider that took asking for it amiss.
    Login,
}

/// How somebody sets out to sign in.
pub struct AuthorizationRedirect {
    /// Where the browser is sent.
    pub url: String,
    /// What must be kept until they are back.
    pub pending: PendingAuthorization,
}

impl fmt::Debug for AuthorizationRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Departure").finish_non_exhaustive()
    }
}

/// What the provider sent the browser back with, apart from `state`, by which the sign-in was found. Nothing in it
/// is true yet.
#[derive(Clone, Copy)]
pub struct AuthorizationResponse<'a> {
    /// `iss` (RFC 9207 §2).
    pub iss: Option<&'a str>,
    /// What came of it.
    pub outcome: CodeOrError<'a>,
}

/// `code` or `error`.
#[derive(Clone, Copy)]
pub enum CodeOrError<'a> {
    /// `code` (RFC 6749 §4.1.2).
    Code(&'a str),
    /// `error` (RFC 6749 §4.1.2.1).
    Error(&'a str),
}

impl<'a> AuthorizationResponse<'a> {
    /// Reads the parameters, each of which must have been sent once at most.
    pub fn read(
        code: Option<&'a str>,
        error: Option<&'a str>,
        iss: Option<&'a str>,
    ) -> Result<Self, IdpError> {
        let outcome = match (code, error) {
            (Some(code), None) if !code.is_empty() => CodeOrError::Code(code),
            (None, Some(error)) => CodeOrError::Error(error),
            _ => return Err(IdpError::MalformedAnswer),
        };
        Ok(Self { iss, outcome })
    }
}

/// Who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalIdentity {
    /// The provider.
    pub issuer: String,
    /// Who it is, by the provider's own name for them: never given to anybody else there.
    pub subject: String,
    /// Their address, which the provider vouches for.
    pub email: EmailAddress,
    /// Their name, to be shown to themselves.
    pub name: Option<Name>,
}

impl OidcClient {
    /// Takes the operator's choice. Connects to nothing yet.
    #[must_use]
    pub fn new(config: OidcConfig, fetcher: Arc<Fetcher>, secrets: SecretReader) -> Self {
        Self {
            config,
            keys: JwksCache::over(Arc::clone(&fetcher)),
            fetcher,
            secrets,
            provider: TtlCache::new(METADATA_TTL),
            client_secret: TtlCache::new(SECRET_TTL),
        }
    }

    /// Where to send a browser to sign in (OpenID Connect Core 1.0 §3.1.2.1), and what to keep meanwhile.
    ///
    /// `state` comes back with the browser: it must lead to what is kept, be of no use to anybody else, and be
    /// bound to this browser. `redirect_uri` must be registered at the provider.
    pub async fn authorization_url(
        &self,
        state: &str,
        redirect_uri: &str,
        whom: Prompt,
        now: Timestamp,
    ) -> Result<AuthorizationRedirect, BackendError> {
        const OP: &str = "sending somebody to sign in upstream";
        let provider = bounded(OP, self.provider(now)).await??;
        let pending = PendingAuthorization::begin();
        let mut url = Url::parse(provider.authorization_endpoint.as_str())
            .map_err(|_| BackendError::new(OP, FetchError::Url))?;
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
            Prompt::None => None,
            Prompt::SelectAccount => Some(provider.prompt_for_another),
            Prompt::Login => Some("login"),
        };
        if let Some(prompt) = prompt {
            url.query_pairs_mut().append_pair("prompt", prompt);
        }
        Ok(AuthorizationRedirect { url: url.into(), pending })
    }

    /// Who has come back, or why they are nobody. `redirect_uri` is the one that they set out with.
    ///
    /// The caller sees to it that a sign-in arrives once: what was kept of it is deleted before this is called.
    /// A fault is the provider's or Secrets Manager's: nothing is known of the person, who may start again.
    pub async fn exchange(
        &self,
        answer: AuthorizationResponse<'_>,
        pending: &PendingAuthorization,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Result<Result<ExternalIdentity, IdpError>, BackendError> {
        const OP: &str = "signing somebody in upstream";
        match bounded(OP, self.identify(answer, pending, redirect_uri, now)).await? {
            Ok(identity) => Ok(Ok(identity)),
            Err(CallbackError::Rejected(refused)) => Ok(Err(refused)),
            Err(CallbackError::Backend(fault)) => Err(fault),
        }
    }

    /// The provider's endpoints, at most an hour old.
    async fn provider(&self, now: Timestamp) -> Result<Arc<ProviderMetadata>, BackendError> {
        const OP: &str = "reading the sign-in provider's description";
        let issuer = &self.config.issuer;
        let load = async || {
            let description = fetched(OP, self.fetcher.get_from(&issuer.configuration_url(), None)).await?;
            ProviderMetadata::read(&description, issuer).map_err(|error| BackendError::new(OP, error))
        };
        self.provider.get(now, load).await.map(|held| held.value)
    }

    /// The client secret, at most five minutes old.
    async fn client_secret(&self, now: Timestamp) -> Result<CacheEntry<ProviderSecret>, BackendError> {
        self.client_secret.get(now, async || self.load_client_secret().await).await
    }

    /// A client secret newer than `seen`, which the provider did not take: it may have been replaced since.
    async fn newer_client_secret(
        &self,
        seen: &CacheEntry<ProviderSecret>,
        now: Timestamp,
    ) -> Result<CacheEntry<ProviderSecret>, BackendError> {
        self.client_secret.reload(seen, now, async || self.load_client_secret().await).await
    }

    async fn load_client_secret(&self) -> Result<ProviderSecret, BackendError> {
        const OP: &str = "reading the client secret for the sign-in provider";
        let text = self.secrets.read(OP, &self.config.client_secret).await?;
        ProviderSecret::parse(&text).map_err(|error| BackendError::new(OP, error))
    }
}

async fn bounded<T>(operation: &'static str, future: impl Future<Output = T>) -> Result<T, BackendError> {
    tokio::time::timeout(deadline::at_most(TOTAL_TIMEOUT), future)
        .await
        .map_err(|_| BackendError::new(operation, FetchError::TooSlow))
}

/// What one request fetches, within its time.
async fn fetched<T>(
    operation: &'static str,
    fetching: impl Future<Output = Result<T, FetchError>>,
) -> Result<T, BackendError> {
    let result = tokio::time::timeout(deadline::at_most(FETCH_TIMEOUT), fetching)
        .await
        .unwrap_or(Err(FetchError::TooSlow));
    result.map_err(|error| BackendError::new(operation, error))
}
