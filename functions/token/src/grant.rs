//! What happens for an authenticated client: the grant, its token, and the note that it was used.

use crate::request::TokenRequest;
use crate::usage;
use jiff::Timestamp;
use serde::Serialize;
use shared::adapters::authentication::AuthenticatedClient;
use shared::adapters::cache::Held;
use shared::adapters::entropy::random;
use shared::adapters::fault::Fault;
use shared::adapters::signing::KeyRing;
use shared::adapters::store::Catalogue;
use shared::assembly::App;
use shared::domain::claims::AccessTokenClaims;
use shared::domain::client::GrantType;
use shared::domain::client_credentials::{Denied, Granted, decide};
use shared::domain::oauth_error::OAuthError;

/// A successful answer (RFC 6749 §5.1).
#[derive(Debug, Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u32,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    /// When the secret that was used ends (RFC 7591 §3.2.1), in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<i64>,
}

/// The token as the log knows it.
pub struct Issued {
    pub response: TokenResponse,
    pub jti: String,
    pub audience: String,
}

/// Grants what was asked for, or says why not.
pub async fn issue(
    app: &App,
    client: &AuthenticatedClient,
    request: &TokenRequest,
    catalogue: &Held<Catalogue>,
    now: Timestamp,
) -> Result<Result<Issued, OAuthError>, Fault> {
    let TokenRequest::ClientCredentials { target, scope } = request;
    if !client.client().grant_types.contains(&GrantType::ClientCredentials) {
        return Ok(Err(OAuthError::UnauthorizedClient));
    }
    let attempt = |catalogue: &Catalogue| {
        let find = |id: &_| catalogue.resources.get(id);
        decide(client.client(), target.as_deref(), scope.as_ref(), app.config.max_access_token_lifetime, find)
    };
    let permissions = &client.client().permissions;
    let first = attempt(&catalogue.value);
    let decided = if first.is_ok() && permissions.iter().all(|own| catalogue.value.knows(&own.resource)) {
        first
    } else {
        // What is missing may have been made since the catalogue was read.
        attempt(&app.newer_catalogue(catalogue, now).await?.value)
    };
    let granted = match decided {
        Ok(granted) => granted,
        Err(Denied::Target(why)) => return Ok(Err(OAuthError::InvalidTarget(why))),
        Err(Denied::Scope) => {
            return Ok(Err(OAuthError::InvalidScope("the client was not granted all of these scopes")));
        }
    };
    let ring = app.key_ring(now).await?;
    let ((), issued) =
        tokio::join!(usage::note_use(app, client, now), async { sign(app, client, granted, &ring, now) });
    issued.map(Ok)
}

fn sign(
    app: &App,
    client: &AuthenticatedClient,
    granted: Granted,
    ring: &KeyRing,
    now: Timestamp,
) -> Result<Issued, Fault> {
    let (secret, client) = (client.secret(), client.client());
    let issued_at = now.as_second();
    let claims = AccessTokenClaims {
        iss: app.config.issuer.clone(),
        sub: client.client_id.to_string(),
        aud: granted.audience,
        exp: issued_at + i64::from(granted.lifetime),
        iat: issued_at,
        nbf: issued_at,
        jti: format!("{:032x}", u128::from_be_bytes(random())),
        client_id: client.client_id.clone(),
        scope: granted.scopes.to_string(),
        account_id: client.account_id.clone(),
    };
    let response = TokenResponse {
        access_token: ring.active(granted.token_signing_alg).sign(&claims)?,
        token_type: "Bearer",
        expires_in: granted.lifetime,
        scope: claims.scope,
        client_secret_expires_at: secret.map(|secret| secret.expires_at.as_second()),
    };
    Ok(Issued { response, jti: claims.jti, audience: claims.aud })
}
