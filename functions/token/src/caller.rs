//! The caller of an endpoint that is asked about a token: read, find the credentials, look the client up,
//! decide. It authenticates exactly as at the token endpoint, and fails as it does there.

use crate::authenticate::{self, Origin};
use crate::grants::Counter;
use crate::request;
use crate::stopped::Stopped;
use crate::usage;
use axum::body::Body;
use http::Request;
use jiff::Timestamp;
use shared::adapters::authentication::AuthenticatedClient;
use shared::adapters::cache::Held;
use shared::adapters::store::Catalogue;
use shared::assembly::App;
use shared::domain::client::Client;
use shared::domain::oauth_error::{AuthenticationFailure, OAuthError};
use shared::wire::parameters::Parameters;
use shared::wire::source::SourceAddress;

/// The parameter that both RFC 7662 §2.1 and RFC 7009 §2.1 require.
const TOKEN: &str = "token";

/// Who is heard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Every client.
    All,
    /// Those that prove who they are: whoever has a token could say that they are a public client, and learn what
    /// it is worth (RFC 7662 §2.1).
    Proven,
}

/// Somebody who has said, as well as they can, who they are, and the request that they did it in.
pub struct Caller {
    client: AuthenticatedClient,
    parameters: Parameters,
    catalogue: Held<Catalogue>,
    now: Timestamp,
}

impl Caller {
    /// Reads the request and authenticates its client. As soon as the client is known, though not
    /// authenticated, its id is noted in `client_id`, for the log.
    pub async fn admit(
        app: &App,
        request: Request<Body>,
        heard: Heard,
        now: Timestamp,
        client_id: &mut Option<String>,
    ) -> Result<Self, Stopped> {
        let source = request.extensions().get::<SourceAddress>().map(|source| source.0);
        let read = request::read(request).await?;
        let presented = authenticate::presented(&read.headers, &read.parameters)?;
        *client_id = Some(presented.client_id().to_string());
        if read.parameters.get(TOKEN).is_none() {
            return Err(OAuthError::InvalidRequest("token is missing").into());
        }
        let catalogue = app.catalogue(now).await?;
        let origin = Origin { source, account_path: None };
        let client = authenticate::client(app, &presented, origin, &catalogue.value, now)
            .await?
            .map_err(OAuthError::InvalidClient)?;
        if heard == Heard::Proven && client.is_public() {
            return Err(OAuthError::InvalidClient(AuthenticationFailure::PublicClient).into());
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
    pub fn counter<'a>(&'a self, app: &'a App) -> Counter<'a> {
        Counter { app, catalogue: &self.catalogue, now: self.now }
    }

    /// When it asks.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Does what was asked, and notes beside it that the client's credential is in use: whoever rotates it
    /// goes by that, and a resource server may never use its own for anything else.
    pub async fn noting_use<T>(&self, app: &App, work: impl Future<Output = T>) -> T {
        let note = usage::note_use(app, &self.client, self.now);
        let ((), done) = tokio::join!(note, work);
        done
    }
}
