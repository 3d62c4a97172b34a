//! Token introspection (RFC 7662): what a token of the caller's own account is worth now.

mod access_token;
mod refresh_token;

use crate::caller::{Caller, Heard};
use crate::presented_token::{PresentedToken, recognise};
use crate::respond;
use crate::stopped::Stopped;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use refresh_token::ActiveRefreshToken;
use serde::Serialize;
use shared::adapters::fault::Fault;
use shared::adapters::signing::InvalidToken;
use shared::assembly::App;
use shared::domain::claims::AccessTokenClaims;
use shared::domain::client::Client;
use shared::domain::family::FamilyId;
use shared::domain::grant_failure::GrantFailure;
use shared::domain::ids::ClientId;
use shared::domain::standing::Withdrawn;
use std::sync::Arc;

/// `POST /oauth/introspect` and `POST /oauth/check_token`
pub async fn introspect(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let mut client_id = None;
    match answer(&app, request, &mut client_id).await {
        Ok(Introspection::Access(claims)) => {
            let (grant_id, sub) = (claims.grant_id.as_ref().map(FamilyId::as_str), &claims.sub);
            tracing::info!(client_id, active = true, jti = claims.jti, grant_id, sub, "token introspected");
            respond::json(&ActiveResponse { active: true, token_type: "Bearer", claims: &claims })
        }
        Ok(Introspection::Refresh { grant_id, said }) => {
            let (grant_id, sub) = (grant_id.as_str(), &said.sub);
            tracing::info!(client_id, active = true, grant_id, sub, "token introspected");
            respond::json(&said)
        }
        Ok(Introspection::Inactive(inactive)) => {
            tracing::info!(client_id, active = false, reason = inactive.as_str(), "token introspected");
            respond::json(&InactiveResponse { active: false })
        }
        Err(stopped) => stopped.answer("introspection", client_id.as_deref()),
    }
}

/// What is said of an access token that counts (RFC 7662 §2.2): what it says itself.
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
    /// An access token that counts.
    Access(AccessTokenClaims),
    /// A refresh token that counts.
    Refresh {
        grant_id: FamilyId,
        said: ActiveRefreshToken,
    },
    Inactive(Inactive),
}

/// Why a token is not active. For the log only: on the wire, all are one.
enum Inactive {
    Void(InvalidToken),
    OtherAccount,
    Withdrawn(Withdrawn),
    /// A refresh token that would give nothing.
    Grant(GrantFailure),
    /// A refresh token whose client may not use it any more.
    GrantTaken,
}

impl Inactive {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Void(invalid) => invalid.as_str(),
            Self::OtherAccount => "other_account",
            Self::Withdrawn(withdrawn) => withdrawn.as_str(),
            Self::Grant(failure) => failure.as_str(),
            Self::GrantTaken => "grant_taken",
        }
    }
}

async fn answer(
    app: &App,
    request: Request<Body>,
    client_id: &mut Option<String>,
) -> Result<Introspection, Stopped> {
    let caller = Caller::admit(app, request, Heard::Proven, app.clock.now(), client_id).await?;
    Ok(caller.noting_use(app, decide(app, &caller)).await?)
}

async fn decide(app: &App, caller: &Caller) -> Result<Introspection, Fault> {
    match recognise(app, caller.token(), caller.now()).await? {
        PresentedToken::Access(claims) => access_token::decide(app, caller, claims).await,
        PresentedToken::Refresh(token) => refresh_token::decide(app, caller, &token).await,
        PresentedToken::Void(invalid) => Ok(Introspection::Inactive(Inactive::Void(invalid))),
    }
}

/// The token's client, as it is now.
async fn client_of(app: &App, caller: &Caller, id: &ClientId) -> Result<Option<Client>, Fault> {
    if *id == caller.client().client_id {
        // It was read a moment ago, to authenticate it.
        return Ok(Some(caller.client().clone()));
    }
    Ok(app.store.load_client(id).await?.map(|known| known.client))
}
