//! Token introspection (RFC 7662): what a token of the caller's own account is worth now.

use crate::caller::Caller;
use crate::presented_token::{PresentedToken, recognise};
use crate::respond;
use crate::stopped::Stopped;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use serde::Serialize;
use shared::adapters::fault::Fault;
use shared::adapters::signing::InvalidToken;
use shared::assembly::App;
use shared::domain::claims::AccessTokenClaims;
use shared::domain::client::Client;
use shared::domain::standing::{self, Withdrawn};
use std::sync::Arc;

/// `POST /oauth/introspect` and `POST /oauth/check_token`
pub async fn introspect(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let mut client_id = None;
    match answer(&app, request, &mut client_id).await {
        Ok(Introspection::Active(claims)) => {
            tracing::info!(client_id, active = true, jti = claims.jti, "token introspected");
            respond::json(&ActiveResponse { active: true, token_type: "Bearer", claims: &claims })
        }
        Ok(Introspection::Inactive(inactive)) => {
            tracing::info!(client_id, active = false, reason = inactive.as_str(), "token introspected");
            respond::json(&InactiveResponse { active: false })
        }
        Err(stopped) => stopped.answer("introspection", client_id.as_deref()),
    }
}

/// What is said of a token that counts (RFC 7662 §2.2): what it says itself.
#[derive(Serialize)]
struct ActiveResponse<'a> {
    active: bool,
    token_type: &'static str,
    #[serde(flatten)]
    claims: &'a AccessTokenClaims,
}

/// What is said of any other: never why, nor anything else that the caller does not know.
#[derive(Serialize)]
struct InactiveResponse {
    active: bool,
}

enum Introspection {
    Active(AccessTokenClaims),
    Inactive(Inactive),
}

/// Why a token is not active. For the log only: on the wire, all are one.
enum Inactive {
    Void(InvalidToken),
    OtherAccount,
    Withdrawn(Withdrawn),
}

impl Inactive {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Void(invalid) => invalid.as_str(),
            Self::OtherAccount => "other_account",
            Self::Withdrawn(withdrawn) => withdrawn.as_str(),
        }
    }
}

async fn answer(
    app: &App,
    request: Request<Body>,
    client_id: &mut Option<String>,
) -> Result<Introspection, Stopped> {
    let caller = Caller::admit(app, request, app.clock.now(), client_id).await?;
    Ok(caller.noting_use(app, decide(app, &caller)).await?)
}

async fn decide(app: &App, caller: &Caller) -> Result<Introspection, Fault> {
    let claims = match recognise(app, caller.token(), caller.now()).await? {
        PresentedToken::Access(claims) => claims,
        PresentedToken::Void(invalid) => return Ok(Introspection::Inactive(Inactive::Void(invalid))),
    };
    // Before any read: how long the answer takes says nothing about what has become of another's token.
    if claims.account_id != caller.client().account_id {
        return Ok(Introspection::Inactive(Inactive::OtherAccount));
    }
    let client = client_of(app, caller, &claims);
    let (client, is_revoked) = tokio::try_join!(client, app.store.is_revoked(&claims.jti))?;
    Ok(match standing::client_of(client, is_revoked) {
        Ok(_) => Introspection::Active(claims),
        Err(withdrawn) => Introspection::Inactive(Inactive::Withdrawn(withdrawn)),
    })
}

/// The token's client, as it is now.
async fn client_of(app: &App, caller: &Caller, claims: &AccessTokenClaims) -> Result<Option<Client>, Fault> {
    if claims.client_id == caller.client().client_id {
        // It was read a moment ago, to authenticate it.
        return Ok(Some(caller.client().clone()));
    }
    Ok(app.store.load_client(&claims.client_id).await?.map(|known| known.client))
}
