//! What happens for an authenticated client: the grant, its token, and the note that it was used.

use crate::error::TokenEndpointError;
use crate::grants::{GrantContext, GrantOutcome};
use crate::last_used;
use crate::request::token_request::TokenRequest;
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use shared::adapters::crypto::random::random_hex;
use shared::adapters::error::BackendError;
use shared::adapters::signing::KeyRing;
use shared::app::App;
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::services::client_auth::AuthenticatedClient;

/// A successful answer (RFC 6749 §5.1).
#[derive(Debug, Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u32,
    #[serde(serialize_with = "exposed", skip_serializing_if = "Option::is_none")]
    refresh_token: Option<RefreshToken>,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    /// When the secret that was used ends (RFC 7591 §3.2.1), in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<i64>,
}

/// The one place that a refresh token is for.
#[expect(clippy::ref_option, reason = "serde hands it over so")]
fn exposed<S: Serializer>(token: &Option<RefreshToken>, to: S) -> Result<S::Ok, S::Error> {
    token.as_ref().map(RefreshToken::expose).serialize(to)
}

/// The token as the log knows it.
pub struct IssuedToken {
    pub response: TokenResponse,
    pub jti: String,
    pub audience: String,
    pub sub: String,
}

/// Grants what was asked for, or says why not.
pub async fn issue(
    grant_context: GrantContext<'_>,
    client: &AuthenticatedClient,
    request: &TokenRequest,
    grant_id: &mut Option<FamilyId>,
) -> Result<IssuedToken, TokenEndpointError> {
    let GrantContext { app, now, .. } = grant_context;
    // Before anything is spent: a ring that cannot be read costs nobody their code.
    let ring = app.key_ring(now).await?;
    let grant = grant_context.grant(client, request, grant_id).await?;
    grant_id.clone_from(&grant.family);
    let ((), issued) =
        tokio::join!(last_used::record_use(app, client, now), async { sign(app, client, grant, &ring, now) });
    Ok(issued?)
}

fn sign(
    app: &App,
    client: &AuthenticatedClient,
    grant: GrantOutcome,
    ring: &KeyRing,
    now: Timestamp,
) -> Result<IssuedToken, BackendError> {
    let (secret, client) = (client.secret(), client.client());
    let (token_grant, issued_at) = (grant.token_grant, now.as_second());
    let claims = AccessTokenClaims {
        iss: app.config.issuer.clone(),
        sub: grant.sub,
        aud: token_grant.audience,
        exp: issued_at + i64::from(token_grant.lifetime),
        iat: issued_at,
        nbf: issued_at,
        jti: random_hex(),
        client_id: client.client_id.clone(),
        scope: token_grant.scopes.to_string(),
        account_id: client.account_id.clone(),
        grant_id: grant.family,
    };
    let response = TokenResponse {
        access_token: ring.active(token_grant.token_signing_alg).sign(&claims)?,
        token_type: "Bearer",
        expires_in: token_grant.lifetime,
        refresh_token: grant.refresh_token,
        scope: claims.scope,
        client_secret_expires_at: secret.map(|secret| secret.expires_at.as_second()),
    };
    Ok(IssuedToken { response, jti: claims.jti, audience: claims.aud, sub: claims.sub })
}
