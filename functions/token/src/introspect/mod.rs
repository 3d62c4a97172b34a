//! Token introspection (RFC 7662): the state of a token of the caller's own account.

mod access_token;
mod introspection;
mod refresh_token;

use crate::authenticated_request::AuthenticatedRequest;
use crate::openapi::schemas::{self, ClientAuthErrors, TokenParams};
use crate::request_log::RequestLog;
use crate::response::{TokenEndpointError, json};
use crate::token_kind::{TokenKind, classify};
use access_token::introspect_access_token;
use axum::extract::State;
use axum::response::Response;
use introspection::{InactiveReason, Introspection};
use refresh_token::introspect_refresh_token;
use serde::Serialize;
use shared::app::App;
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::domain::sign_in::end_user::{Subject, SubjectType};
use std::sync::Arc;

/// Introspect a token of the caller's account.
#[utoipa::path(
    post, path = "/oauth/introspect", tag = "oauth", operation_id = "oauth_introspect",
    request_body(content(
        (TokenParams = "application/x-www-form-urlencoded"), (TokenParams = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "The state of the token", body = schemas::Introspection), ClientAuthErrors)
)]
pub async fn introspect(
    State(app): State<Arc<App>>,
    request: AuthenticatedRequest,
) -> Result<Response, TokenEndpointError> {
    let introspection = request.recording_use(&app, introspect_token(&app, &request)).await?;
    record(request.log(), &introspection);
    Ok(match &introspection {
        Introspection::AccessToken(claims) => {
            let subject = Subject::parse(&claims.sub).ok();
            let subject_type = subject.map(|subject| subject.subject_type());
            json(&ActiveAccessToken { active: true, token_type: "Bearer", subject_type, claims })
        }
        Introspection::RefreshToken { response, .. } => json(response),
        Introspection::Inactive(_) => json(&InactiveToken { active: false }),
    })
}

/// Response for an active access token (RFC 7662 §2.2): the token's own claims, and what its subject is if that is a person.
#[derive(Serialize)]
struct ActiveAccessToken<'a> {
    active: bool,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_type: Option<SubjectType>,
    #[serde(flatten)]
    claims: &'a AccessTokenClaims,
}

/// Response for any other token: no reason, and nothing that the caller does not know.
#[derive(Serialize)]
struct InactiveToken {
    active: bool,
}

fn record(log: &RequestLog, introspection: &Introspection) {
    log.record(|fields| match introspection {
        Introspection::AccessToken(claims) => {
            fields.active = Some(true);
            fields.jti = Some(claims.jti.clone());
            fields.grant_id = claims.grant_id.as_ref().map(FamilyId::to_string);
            fields.sub = Some(claims.sub.clone());
        }
        Introspection::RefreshToken { family_id, response } => {
            fields.active = Some(true);
            fields.grant_id = Some(family_id.to_string());
            fields.sub = Some(response.sub.clone());
        }
        Introspection::Inactive(reason) => {
            fields.active = Some(false);
            fields.reason = Some(reason.as_str());
        }
    });
}

async fn introspect_token(
    app: &App,
    request: &AuthenticatedRequest,
) -> Result<Introspection, TokenEndpointError> {
    match classify(app, request.token(), request.now()).await? {
        TokenKind::Access(claims) => introspect_access_token(app, request, *claims).await,
        TokenKind::Refresh(token) => introspect_refresh_token(app, request, &token).await,
        TokenKind::Invalid(invalid) => Ok(Introspection::Inactive(InactiveReason::InvalidToken(invalid))),
    }
}
