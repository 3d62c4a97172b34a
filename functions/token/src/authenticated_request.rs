//! Extractor of the introspection and revocation endpoints: a request about a token, with its client authenticated as at
//! the token endpoint.

use crate::grants::GrantContext;
use crate::request::{ParsedRequest, RequestOrigin, client_authenticator, extract_credentials};
use crate::request_log::RequestLog;
use crate::response::TokenEndpointError;
use axum::extract::{FromRequest, FromRequestParts, Request};
use jiff::Timestamp;
use shared::adapters::cache::CacheEntry;
use shared::adapters::store::ResourceCatalog;
use shared::app::App;
use shared::domain::account::Account;
use shared::domain::client::Client;
use shared::domain::oauth::error::{ClientAuthFailure, OAuthError};
use shared::services::client_auth::AuthenticatedClient;
use shared::wire::params::OAuthParams;
use std::net::IpAddr;
use std::sync::Arc;

/// The parameter that both RFC 7662 §2.1 and RFC 7009 §2.1 require.
const TOKEN: &str = "token";

/// Whether an endpoint accepts public clients (RFC 6749 §2.1). The router sets it for each route, as an extension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAuthPolicy {
    /// Public clients are accepted too.
    AllowPublic,
    /// Only clients that authenticate are accepted.
    #[default]
    ConfidentialOnly,
}

/// A request about a token, and its client, which is authenticated or public.
pub struct AuthenticatedRequest {
    client: AuthenticatedClient,
    params: OAuthParams,
    catalogue: CacheEntry<ResourceCatalog>,
    now: Timestamp,
    client_ip: Option<IpAddr>,
    log: RequestLog,
}

impl FromRequest<Arc<App>> for AuthenticatedRequest {
    type Rejection = TokenEndpointError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, TokenEndpointError> {
        let now = app.clock.now();
        let (mut parts, body) = request.into_parts();
        let log = parts.extensions.get::<RequestLog>().cloned().unwrap_or_default();
        let policy = parts.extensions.get::<ClientAuthPolicy>().copied().unwrap_or_default();
        let Ok(origin) = RequestOrigin::from_request_parts(&mut parts, app).await;
        let ParsedRequest { headers, params } =
            ParsedRequest::from_request(Request::from_parts(parts, body), app).await?;

        let credential = extract_credentials(&headers, &params)?;
        log.record(|fields| fields.client_id = Some(credential.client_id().to_string()));
        if params.get(TOKEN).is_none() {
            return Err(OAuthError::InvalidRequest("token is missing").into());
        }
        let catalogue = app.catalogue(now).await?;
        let context = origin.auth_context(now);
        let client = client_authenticator(app).authenticate(&credential, app.peppers(now), &context).await?;
        log.record(|fields| fields.account_id = Some(client.client().account_id.to_string()));
        if policy == ClientAuthPolicy::ConfidentialOnly && client.is_public() {
            return Err(OAuthError::InvalidClient(ClientAuthFailure::PublicClient).into());
        }
        Ok(Self { client, params, catalogue, now, client_ip: origin.client_ip, log })
    }
}

impl AuthenticatedRequest {
    /// The client, as it is stored now.
    pub fn client(&self) -> &Client {
        self.client.client()
    }

    /// The client's account, at most a minute old.
    pub fn account(&self) -> &Account {
        self.client.account()
    }

    /// The token, which can be any text. `token_type_hint` is ignored: the kind of a token follows from the token, and a
    /// hint may be wrong (RFC 7009 §2.1, RFC 7662 §2.1).
    pub fn token(&self) -> &str {
        self.params.get(TOKEN).unwrap_or_default()
    }

    /// Inputs for evaluating a grant.
    pub fn grant_context<'a>(&'a self, app: &'a App) -> GrantContext<'a> {
        GrantContext {
            app,
            account: self.account(),
            catalogue: &self.catalogue,
            now: self.now,
            client_ip: self.client_ip,
            log: &self.log,
        }
    }

    /// Time of the request.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Address of the caller, if known.
    pub fn client_ip(&self) -> Option<IpAddr> {
        self.client_ip
    }

    /// The fields of the request's log event.
    pub fn log(&self) -> &RequestLog {
        &self.log
    }

    /// Runs `work` and records at the same time that the client's credential was used. A resource server may use its
    /// credential for nothing else, and the date tells its owner whether the old one can be removed after a rotation.
    pub async fn recording_use<T>(&self, app: &App, work: impl Future<Output = T>) -> T {
        let authenticator = client_authenticator(app);
        let ((), result) = tokio::join!(authenticator.record_use(&self.client, self.now), work);
        result
    }
}
