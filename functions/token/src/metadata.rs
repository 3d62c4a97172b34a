//! Discovery: the server's metadata (RFC 8414, OpenID Connect Discovery) and its public keys (RFC 7517).

use crate::openapi::schemas::{JwkSet, OAuthError};
use crate::response::TokenEndpointError;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, header};
use serde::Serialize;
use shared::app::App;
use shared::domain::client::{AuthMethod, GrantType};
use shared::domain::jose::algorithm::JwsAlgorithm;
use shared::domain::oauth::authorization::pkce;
use shared::domain::oauth::openid_scopes::published_scopes;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Five minutes: a rotation publishes a key a whole period before its first use.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, max-age=300");

#[derive(Serialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    jwks_uri: String,
    grant_types_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    token_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    introspection_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    revocation_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    code_challenge_methods_supported: [&'static str; 1],
    /// RFC 9207.
    authorization_response_iss_parameter_supported: bool,
    /// Java's libraries refuse `/.well-known/openid-configuration` without it. It says nothing about ID tokens, and no member
    /// that does is here, because there are none.
    subject_types_supported: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes_supported: Option<BTreeSet<String>>,
    service_documentation: String,
}

/// Read the metadata (RFC 8414).
#[utoipa::path(
    get, path = "/.well-known/oauth-authorization-server", tag = "oauth", operation_id = "oauth_metadata",
    security(()),
    responses((status = 200, description = "The metadata of RFC 8414 §2", body = Object))
)]
pub async fn metadata(State(app): State<Arc<App>>) -> Response {
    let issuer = &app.config.issuer;
    let auth_methods: Vec<_> = AuthMethod::ALL.iter().map(|method| method.as_str()).collect();
    let confidential_auth_methods =
        AuthMethod::ALL.iter().filter(|method| !method.is_public()).map(|method| method.as_str()).collect();
    let signing_algs: Vec<_> = JwsAlgorithm::ALL.iter().map(|alg| alg.as_str()).collect();
    let metadata = Metadata {
        issuer: issuer.clone(),
        authorization_endpoint: format!("{issuer}/oauth/authorize"),
        token_endpoint: format!("{issuer}/oauth/token"),
        introspection_endpoint: format!("{issuer}/oauth/introspect"),
        revocation_endpoint: format!("{issuer}/oauth/revoke"),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        grant_types_supported: GrantType::ALL.iter().map(|grant| grant.as_str()).collect(),
        token_endpoint_auth_methods_supported: auth_methods.clone(),
        introspection_endpoint_auth_methods_supported: confidential_auth_methods,
        revocation_endpoint_auth_methods_supported: auth_methods,
        token_endpoint_auth_signing_alg_values_supported: signing_algs.clone(),
        introspection_endpoint_auth_signing_alg_values_supported: signing_algs.clone(),
        revocation_endpoint_auth_signing_alg_values_supported: signing_algs,
        response_types_supported: ["code"],
        response_modes_supported: ["query"],
        code_challenge_methods_supported: [pkce::METHOD],
        authorization_response_iss_parameter_supported: true,
        subject_types_supported: ["public"],
        scopes_supported: scopes_supported(&app).await,
        service_documentation: format!("{issuer}/openapi.json"),
    };
    public_json(serde_json::to_string(&metadata).unwrap_or_default())
}

/// The scopes that every account may use; absent while the resources cannot be read, because verifiers need the rest of the
/// document whatever happens.
async fn scopes_supported(app: &App) -> Option<BTreeSet<String>> {
    match app.catalogue(app.clock.now()).await {
        Ok(catalogue) => Some(published_scopes(catalogue.value.resources.values())),
        Err(cause) => {
            tracing::warn!(%cause, "metadata without scopes");
            None
        }
    }
}

/// Read the keys that verify tokens (RFC 7517).
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "oauth", operation_id = "oauth_jwks",
    security(()),
    responses(
        (status = 200, description = "The keys, cacheable for 5 minutes", body = JwkSet),
        (status = 503, description = "A store failed: try again after `Retry-After`", body = OAuthError)
    )
)]
pub async fn jwks(State(app): State<Arc<App>>) -> Result<Response, TokenEndpointError> {
    Ok(public_json(app.published_jwks(app.clock.now()).await?))
}

fn public_json(body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, CACHE_CONTROL);
    response
}
