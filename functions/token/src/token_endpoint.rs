//! The token endpoint (RFC 6749 §3.2): parse, authenticate, grant, sign, respond.

use crate::grants::GrantContext;
use crate::openapi::schemas::{self, ClientAuthErrors};
use crate::request::{ParsedRequest, RequestOrigin, client_authenticator, extract_credentials};
use crate::request_log::RequestLog;
use crate::response::{TokenEndpointError, json};
use crate::token_request::TokenRequest;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::{Serialize, Serializer};
use shared::adapters::crypto::random::random_hex;
use shared::app::App;
use shared::domain::oauth::access_token::{AccessTokenClaims, NewAccessToken};
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::oauth::refusal::RefusalReason;
use std::sync::Arc;

/// Successful response (RFC 6749 §5.1).
#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: u32,
    #[serde(serialize_with = "serialize_exposed", skip_serializing_if = "Option::is_none")]
    refresh_token: Option<RefreshToken>,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    /// Expiry of the secret that was used (RFC 7591 §3.2.1), in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<i64>,
}

/// Writes the refresh token in plain text, which happens in this response only.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn serialize_exposed<S: Serializer>(token: &Option<RefreshToken>, serializer: S) -> Result<S::Ok, S::Error> {
    token.as_ref().map(RefreshToken::expose).serialize(serializer)
}

/// Get an access token.
#[utoipa::path(
    post, path = "/oauth/token", tag = "oauth", operation_id = "oauth_token",
    request_body(content(
        (schemas::TokenRequest = "application/x-www-form-urlencoded"), (schemas::TokenRequest = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "A token", body = schemas::TokenResponse), ClientAuthErrors)
)]
pub async fn token(
    State(app): State<Arc<App>>,
    Extension(log): Extension<RequestLog>,
    origin: RequestOrigin,
    request: ParsedRequest,
) -> Result<Response, TokenEndpointError> {
    let now = app.clock.now();

    // Parse.
    let credential = extract_credentials(&request.headers, &request.params)?;
    log.record(|fields| fields.client_id = Some(credential.client_id().to_string()));
    let token_request = TokenRequest::try_from(&request.params)?;
    log.record(|fields| fields.grant_type = Some(token_request.grant_type()));

    // Authenticate.
    let catalogue = app.catalogue(now).await?;
    let authenticator = client_authenticator(&app);
    let context = origin.auth_context(now);
    let authenticated = authenticator.authenticate(&credential, app.peppers(now), &context).await?;
    let (client, account) = (authenticated.client(), authenticated.account());
    log.record(|fields| fields.account_id = Some(client.account_id.to_string()));

    // Grant. The signing keys are read before, so that a fault there does not use up the client's code.
    let key_ring = app.key_ring(now).await?;
    let client_ip = origin.client_ip;
    let grants = GrantContext { app: &app, account, catalogue: &catalogue, now, client_ip, log: &log };
    let granted = match &token_request {
        TokenRequest::ClientCredentials(request) => grants.client_credentials(&authenticated, request).await,
        TokenRequest::AuthorizationCode(request) => grants.authorization_code(&authenticated, request).await,
        TokenRequest::RefreshToken(request) => grants.refresh_token(&authenticated, request).await,
    };
    if let Err(error) = &granted
        && let Some(reason) = RefusalReason::of_grant(error.as_oauth())
    {
        let refused = (&client.account_id, &client.client_id);
        app.refusals.note(&app.store, refused, reason, client_ip, now).await;
    }
    let grant = granted?;
    let token_grant = grant.token_grant;

    // Sign.
    let (signing_alg, lifetime) = (token_grant.token_signing_alg, token_grant.lifetime);
    let claims = AccessTokenClaims::from(NewAccessToken {
        issuer: &app.config.issuer,
        client,
        account,
        grant: token_grant,
        sub: grant.sub,
        grant_id: grant.family_id,
        now,
        random: &random_hex(),
    });
    // The write of the use, if there is one, is under way while the token is signed.
    let ((), access_token) = tokio::join!(authenticator.record_use(&authenticated, now), async {
        key_ring.active(signing_alg).sign(&claims)
    });
    let response = TokenResponse {
        access_token: access_token?,
        token_type: "Bearer",
        expires_in: lifetime,
        refresh_token: grant.refresh_token,
        scope: claims.scope,
        client_secret_expires_at: authenticated.secret().map(|secret| secret.expires_at.as_second()),
    };

    // Respond.
    log.record(|fields| {
        fields.grant_id = claims.grant_id.map(|id| id.as_str().to_owned());
        fields.sub = Some(claims.sub);
        fields.jti = Some(claims.jti);
        fields.aud = Some(claims.aud);
        fields.secret_id = authenticated.secret().map(|secret| secret.secret_id.to_string());
    });
    Ok(json(&response))
}
