//! The caller of an endpoint that is asked about a token: read, find the credentials, look the client up,
//! decide. It authenticates exactly as at the token endpoint, and fails as it does there.

use crate::client_auth::{self, RequestOrigin};
use crate::error::TokenEndpointError;
use crate::grants::GrantContext;
use crate::last_used;
use crate::request;
use axum::body::Body;
use http::Request;
use jiff::Timestamp;
use shared::adapters::cache::CacheEntry;
use shared::adapters::store::ResourceCatalog;
use shared::app::App;
use shared::domain::client::Client;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::oauth::error::{ClientAuthFailure, OAuthError};
use shared::services::client_auth::AuthenticatedClient;
use shared::wire::params::OAuthParams;

/// The parameter that both RFC 7662 §2.1 and RFC 7009 §2.1 require.
const TOKEN: &str = "token";

/// Who is heard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ClientAuthPolicy {
    /// Every client.
    AllowPublic,
    /// Those that prove who they are: whoever has a token could say that they are a public client, and learn what
    /// it is worth (RFC 7662 §2.1).
    ConfidentialOnly,
}

/// Somebody who has said, as well as they can, who they are, and the request that they did it in.
pub struct AuthenticatedRequest {
    client: AuthenticatedClient,
    parameters: OAuthParams,
    catalogue: CacheEntry<ResourceCatalog>,
    now: Timestamp,
}

impl AuthenticatedRequest {
    /// Reads the request and authenticates its client. As soon as the client is known, though not
    /// authenticated, its id is noted in `client_id`, for the log.
    pub async fn authenticate(
        app: &App,
        request: Request<Body>,
        heard: ClientAuthPolicy,
        now: Timestamp,
        client_id: &mut Option<String>,
    ) -> Result<Self, TokenEndpointError> {
        let source = request.extensions().get::<ClientIp>().map(|source| source.0);
        let read = request::read(request).await?;
        let extract_credentials = client_auth::extract_credentials(&read.headers, &read.parameters)?;
        *client_id = Some(extract_credentials.client_id().to_string());
        if read.parameters.get(TOKEN).is_none() {
            return Err(OAuthError::InvalidRequest("token is missing").into());
        }
        let catalogue = app.catalogue(now).await?;
        let origin = RequestOrigin { source, path_account: None };
        let client = client_auth::client(app, &extract_credentials, origin, &catalogue.value, now)
            .await?
            .map_err(OAuthError::InvalidClient)?;
        if heard == ClientAuthPolicy::ConfidentialOnly && client.is_public() {
            return Err(OAuthError::InvalidClient(ClientAuthFailure::PublicClient).into());
        }
        Ok(Self { client, parameters: read.parameters, catalogue, now })
    }

    /// The client, as it is now.
    pub fn client(&self) -> &Client {
        self.client.client()
    }

    /// What it asks about, which may be any text. `token_type_hint` is not looked at: what a token is can
    /// be told from itself, and a hint may be wrong (RFC 7009 §2.1, RFC 7662 §2.1).
    pub fn token(&self) -> &str {
        self.parameters.get(TOKEN).unwrap_or_default()
    }

    /// What a grant would be decided with, here and now.
    pub fn grant_context<'a>(&'a self, app: &'a App) -> GrantContext<'a> {
        GrantContext { app, catalogue: &self.catalogue, now: self.now }
    }

    /// When it asks.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Does what was asked, and notes beside it that the client's credential is in use: whoever rotates it
    /// goes by that, and a resource server may never use its own for anything else.
    pub async fn recording_use<T>(&self, app: &App, work: impl Future<Output = T>) -> T {
        let note = last_used::record_use(app, &self.client, self.now);
        let ((), done) = tokio::join!(note, work);
        done
    }
}
