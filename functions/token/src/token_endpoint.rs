//! The token endpoint (RFC 6749 §3.2): parse, authenticate, grant, sign, respond.

use crate::client_auth::{self, RequestOrigin};
use crate::error::TokenEndpointError;
use crate::grants::GrantContext;
use crate::issue::{self, IssuedToken};
use crate::request;
use crate::request::token_request::TokenRequest;
use crate::response;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Request;
use shared::adapters::telemetry::emf;
use shared::app::App;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::services::client_auth::AuthenticatedClient;
use std::sync::Arc;

/// `POST /oauth/token`
pub async fn token(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    answer(&app, request, None).await
}

/// `POST /v1/accounts/{account_id}/auth/token`: the same, for clients of that account only.
pub async fn account_token(
    State(app): State<Arc<App>>,
    account_id: Result<Path<String>, PathRejection>,
    request: Request<Body>,
) -> Response {
    // What cannot be decoded is no client's account.
    let account_id = account_id.map_or_else(|_| String::new(), |Path(id)| id);
    answer(&app, request, Some(&account_id)).await
}

/// How far a request came, for the log.
#[derive(Default)]
struct Trace {
    grant_type: Option<&'static str>,
    client_id: Option<String>,
    grant_id: Option<FamilyId>,
}

async fn answer(app: &App, request: Request<Body>, path_account: Option<&str>) -> Response {
    let mut trace = Trace::default();
    let source = request.extensions().get::<ClientIp>().map(|source| source.0);
    let result = exchange(app, request, RequestOrigin { source, path_account }, &mut trace).await;
    let Trace { grant_type, client_id, grant_id } = trace;
    let grant_id = grant_id.as_ref().map(FamilyId::as_str);
    count(app, grant_type, &result);
    match result {
        Ok((client, issued)) => {
            tracing::info!(
                grant_type,
                client_id,
                grant_id,
                sub = issued.sub,
                jti = issued.jti,
                aud = issued.audience,
                account_id = client.client().account_id.as_str(),
                secret_id = client.secret().map(|secret| secret.secret_id.as_str()),
                "token issued"
            );
            response::json(&issued.response)
        }
        Err(TokenEndpointError::OAuth(error)) => {
            let reason = error.reason();
            tracing::info!(grant_type, client_id, grant_id, error = error.code(), reason, "token refused");
            response::error(&error)
        }
        Err(TokenEndpointError::BackendError(fault)) => {
            tracing::error!(grant_type, client_id, grant_id, cause = %fault, "token not decided");
            response::error(&OAuthError::Unavailable)
        }
    }
}

/// Counts requests by what came of them, and by grant.
fn count(
    app: &App,
    grant_type: Option<&'static str>,
    result: &Result<(AuthenticatedClient, IssuedToken), TokenEndpointError>,
) {
    let outcome = match result {
        Ok(_) => "issued",
        Err(TokenEndpointError::OAuth(error)) => error.code(),
        Err(TokenEndpointError::BackendError(_)) => OAuthError::Unavailable.code(),
    };
    let dimensions = [("outcome", outcome), ("grant_type", grant_type.unwrap_or("none"))];
    emf::count(&app.config.stage, app.clock.now(), &dimensions, &[("token_requests", 1)]);
}

async fn exchange(
    app: &App,
    request: Request<Body>,
    origin: RequestOrigin<'_>,
    trace: &mut Trace,
) -> Result<(AuthenticatedClient, IssuedToken), TokenEndpointError> {
    let now = app.clock.now();
    let read = request::read(request).await?;
    let extract_credentials = client_auth::extract_credentials(&read.headers, &read.parameters)?;
    trace.client_id = Some(extract_credentials.client_id().to_string());
    let requested = TokenRequest::try_from(&read.parameters)?;
    trace.grant_type = Some(requested.grant_type());
    let catalogue = app.catalogue(now).await?;
    let client = client_auth::client(app, &extract_credentials, origin, &catalogue.value, now)
        .await?
        .map_err(OAuthError::InvalidClient)?;
    let grant_context = GrantContext { app, catalogue: &catalogue, now };
    let issued = issue::issue(grant_context, &client, &requested, &mut trace.grant_id).await?;
    Ok((client, issued))
}
