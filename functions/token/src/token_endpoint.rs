//! The token endpoint (RFC 6749 §3.2): parse, authenticate, grant, sign, respond.

use crate::authenticate::{self, Origin};
use crate::grants::Counter;
use crate::issue::{self, Issued};
use crate::request;
use crate::respond;
use crate::stopped::Stopped;
use crate::token_request::TokenRequest;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Request;
use shared::adapters::authentication::AuthenticatedClient;
use shared::adapters::metrics;
use shared::assembly::App;
use shared::domain::family::FamilyId;
use shared::domain::oauth_error::OAuthError;
use shared::wire::source::SourceAddress;
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

async fn answer(app: &App, request: Request<Body>, account_path: Option<&str>) -> Response {
    let mut trace = Trace::default();
    let source = request.extensions().get::<SourceAddress>().map(|source| source.0);
    let result = exchange(app, request, Origin { source, account_path }, &mut trace).await;
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
            respond::json(&issued.response)
        }
        Err(Stopped::Refused(error)) => {
            let reason = error.reason();
            tracing::info!(grant_type, client_id, grant_id, error = error.code(), reason, "token refused");
            respond::error(&error)
        }
        Err(Stopped::Fault(fault)) => {
            tracing::error!(grant_type, client_id, grant_id, cause = %fault, "token not decided");
            respond::error(&OAuthError::Unavailable)
        }
    }
}

/// Counts requests by what came of them, and by grant.
fn count(
    app: &App,
    grant_type: Option<&'static str>,
    result: &Result<(AuthenticatedClient, Issued), Stopped>,
) {
    let outcome = match result {
        Ok(_) => "issued",
        Err(Stopped::Refused(error)) => error.code(),
        Err(Stopped::Fault(_)) => OAuthError::Unavailable.code(),
    };
    let dimensions = [("outcome", outcome), ("grant_type", grant_type.unwrap_or("none"))];
    metrics::count(&app.config.stage, app.clock.now(), &dimensions, &[("token_requests", 1)]);
}

async fn exchange(
    app: &App,
    request: Request<Body>,
    origin: Origin<'_>,
    trace: &mut Trace,
) -> Result<(AuthenticatedClient, Issued), Stopped> {
    let now = app.clock.now();
    let read = request::read(request).await?;
    let presented = authenticate::presented(&read.headers, &read.parameters)?;
    trace.client_id = Some(presented.client_id().to_string());
    let asked = TokenRequest::try_from(&read.parameters)?;
    trace.grant_type = Some(asked.grant_type());
    let catalogue = app.catalogue(now).await?;
    let client = authenticate::client(app, &presented, origin, &catalogue.value, now)
        .await?
        .map_err(OAuthError::InvalidClient)?;
    let counter = Counter { app, catalogue: &catalogue, now };
    let issued = issue::issue(counter, &client, &asked, &mut trace.grant_id).await?;
    Ok((client, issued))
}
