//! Token introspection (RFC 7662): what a token of the caller's own account is worth now.

mod access_token;
mod refresh_token;

use crate::authenticated_request::{AuthenticatedRequest, ClientAuthPolicy};
use crate::error::TokenEndpointError;
use crate::response;
use crate::token_kind::{TokenKind, classify};
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use refresh_token::ActiveRefreshToken;
use serde::Serialize;
use shared::adapters::error::BackendError;
use shared::adapters::signing::InvalidToken;
use shared::app::App;
use shared::domain::client::Client;
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::domain::oauth::token_status::RevocationReason;
use shared::domain::primitives::ids::ClientId;
use std::sync::Arc;

/// `POST /oauth/introspect` and `POST /oauth/check_token`
pub async fn introspect(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let mut client_id = None;
    match answer(&app, request, &mut client_id).await {
        Ok(Introspection::Access(claims)) => {
            let (grant_id, sub) = (claims.grant_id.as_ref().map(FamilyId::as_str), &claims.sub);
            tracing::info!(client_id, active = true, jti = claims.jti, grant_id, sub, "token introspected");
            response::json(&ActiveResponse { active: true, token_type: "Bearer", claims: &claims })
        }
        Ok(Introspection::RefreshTokenRequest { grant_id, said }) => {
            let (grant_id, sub) = (grant_id.as_str(), &said.sub);
            tracing::info!(client_id, active = true, grant_id, sub, "token introspected");
            response::json(&said)
        }
        Ok(Introspection::InactiveReason(inactive)) => {
            tracing::info!(client_id, active = false, reason = inactive.as_str(), "token introspected");
            response::json(&InactiveResponse { active: false })
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
    RefreshTokenRequest {
        grant_id: FamilyId,
        said: ActiveRefreshToken,
    },
    InactiveReason(InactiveReason),
}

/// Why a token is not active. For the log only: on the wire, all are one.
enum InactiveReason {
    InvalidToken(InvalidToken),
    OtherAccount,
    RevocationReason(RevocationReason),
    /// A refresh token that would give nothing.
    GrantOutcome(InvalidGrantReason),
    /// A refresh token whose client may not use it any more.
    GrantTypeRemoved,
}

impl InactiveReason {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::InvalidToken(invalid) => invalid.as_str(),
            Self::OtherAccount => "other_account",
            Self::RevocationReason(revocation_status) => revocation_status.as_str(),
            Self::GrantOutcome(failure) => failure.as_str(),
            Self::GrantTypeRemoved => "grant_taken",
        }
    }
}

async fn answer(
    app: &App,
    request: Request<Body>,
    client_id: &mut Option<String>,
) -> Result<Introspection, TokenEndpointError> {
    let caller = AuthenticatedRequest::authenticate(
        app,
        request,
        ClientAuthPolicy::ConfidentialOnly,
        app.clock.now(),
        client_id,
    )
    .await?;
    Ok(caller.recording_use(app, decide(app, &caller)).await?)
}

async fn decide(app: &App, caller: &AuthenticatedRequest) -> Result<Introspection, BackendError> {
    match classify(app, caller.token(), caller.now()).await? {
        TokenKind::Access(claims) => access_token::decide(app, caller, claims).await,
        TokenKind::RefreshTokenRequest(token) => refresh_token::decide(app, caller, &token).await,
        TokenKind::Invalid(invalid) => {
            Ok(Introspection::InactiveReason(InactiveReason::InvalidToken(invalid)))
        }
    }
}

/// The token's client, as it is now.
async fn require_active_client(
    app: &App,
    caller: &AuthenticatedRequest,
    id: &ClientId,
) -> Result<Option<Client>, BackendError> {
    if *id == caller.client().client_id {
        // It was read a moment ago, to authenticate it.
        return Ok(Some(caller.client().clone()));
    }
    Ok(app.store.load_client(id).await?.map(|known| known.client))
}
