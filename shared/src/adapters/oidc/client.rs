//! The relying party: its state, and the authorization request.

use crate::adapters::cache::{CacheEntry, TtlCache};
use crate::adapters::error::BackendError;
use crate::adapters::oidc::config::OidcConfig;
use crate::adapters::oidc::fetching::{bounded, fetched};
use crate::adapters::oidc::metadata::ProviderMetadata;
use crate::adapters::oidc::pending::PendingAuthorization;
use crate::adapters::oidc::secret::ProviderSecret;
use crate::adapters::remote::{FetchError, Fetcher, JwksCache};
use crate::adapters::secrets_manager::deployment_secret::DeploymentSecret;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::sync::Arc;
use url::Url;

/// How long the provider's metadata is cached.
pub const METADATA_TTL: SignedDuration = SignedDuration::from_mins(60);
/// How long the client secret is cached, as signing keys are. It is read again when the provider rejects it.
const SECRET_TTL: SignedDuration = SignedDuration::from_mins(5);
/// The requested scope: subject, address and name.
const SCOPE: &str = "openid email profile";

/// The relying party at one provider.
pub struct OidcClient {
    pub(super) config: OidcConfig,
    pub(super) fetcher: Arc<Fetcher>,
    pub(super) keys: JwksCache,
    stored_secret: DeploymentSecret,
    provider: TtlCache<ProviderMetadata>,
    client_secret: TtlCache<ProviderSecret>,
}

/// `prompt` of the authorization request (OpenID Connect Core 1.0 §3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// No prompt: the provider may use its own session.
    None,
    /// The end user chooses another account. `login` where the provider announces that it supports only that.
    SelectAccount,
    /// The end user signs in again: for a provider that rejects `select_account`.
    Login,
}

/// The redirect to the provider.
pub struct AuthorizationRedirect {
    /// The URL of the authorization request.
    pub url: String,
    /// The state that the callback needs.
    pub pending: PendingAuthorization,
}

impl fmt::Debug for AuthorizationRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRedirect").finish_non_exhaustive()
    }
}

impl OidcClient {
    /// A client of the configured provider, whose client secret is `stored_secret`. Connects to nothing yet.
    #[must_use]
    pub fn new(config: OidcConfig, fetcher: Arc<Fetcher>, stored_secret: DeploymentSecret) -> Self {
        Self {
            config,
            keys: JwksCache::of_operator(Arc::clone(&fetcher)),
            fetcher,
            stored_secret,
            provider: TtlCache::new(METADATA_TTL),
            client_secret: TtlCache::new(SECRET_TTL),
        }
    }

    /// The authorization request (OpenID Connect Core 1.0 §3.1.2.1), and the state that the callback needs.
    ///
    /// `state` comes back in the callback: it must identify the pending authorization, be bound to this browser, and be
    /// of no use to another one. `redirect_uri` must be registered at the provider.
    pub async fn authorization_url(
        &self,
        state: &str,
        redirect_uri: &str,
        prompt: Prompt,
        now: Timestamp,
    ) -> Result<AuthorizationRedirect, BackendError> {
        const OP: &str = "starting a sign-in at the provider";
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
        let prompt = match prompt {
            Prompt::None => None,
            Prompt::SelectAccount => Some(provider.select_account_prompt),
            Prompt::Login => Some("login"),
        };
        if let Some(prompt) = prompt {
            url.query_pairs_mut().append_pair("prompt", prompt);
        }
        Ok(AuthorizationRedirect { url: url.into(), pending })
    }

    /// The provider's metadata, at most an hour old.
    pub(super) async fn provider(&self, now: Timestamp) -> Result<Arc<ProviderMetadata>, BackendError> {
        const OP: &str = "reading the sign-in provider's description";
        let issuer = &self.config.issuer;
        let load = async || {
            let description = fetched(OP, self.fetcher.get_from(&issuer.configuration_url(), None)).await?;
            ProviderMetadata::read(&description, issuer).map_err(|error| BackendError::new(OP, error))
        };
        self.provider.get(now, load).await.map(|entry| entry.value)
    }

    /// The client secret, at most five minutes old.
    pub(super) async fn client_secret(
        &self,
        now: Timestamp,
    ) -> Result<CacheEntry<ProviderSecret>, BackendError> {
        self.client_secret.get(now, async || self.load_client_secret().await).await
    }

    /// A client secret newer than `seen`, which the provider rejected: it may have been replaced since.
    pub(super) async fn newer_client_secret(
        &self,
        seen: &CacheEntry<ProviderSecret>,
        now: Timestamp,
    ) -> Result<CacheEntry<ProviderSecret>, BackendError> {
        self.client_secret.reload(seen, now, async || self.load_client_secret().await).await
    }

    async fn load_client_secret(&self) -> Result<ProviderSecret, BackendError> {
        const OP: &str = "reading the client secret for the sign-in provider";
        let text = self.stored_secret.read(OP).await?;
        ProviderSecret::parse(&text).map_err(|error| BackendError::new(OP, error))
    }
}
