//! Introspection of refresh tokens.

use super::introspection::{ActiveRefreshToken, InactiveReason, Introspection, load_client};
use crate::authenticated_request::AuthenticatedRequest;
use crate::grants::{originating_grant_type, subject, subject_type};
use crate::response::TokenEndpointError;
use shared::adapters::crypto::token_crypto::{family_id_of, hash_refresh_token};
use shared::app::App;
use shared::domain::client::{Client, GrantType};
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::oauth::refresh_token_family::RefreshTokenFamily;
use shared::domain::oauth::token_status::{RevocationReason, require_active_client};

/// A refresh token is active if redeeming it now would succeed. Introspection only reads: it never rotates or revokes.
pub async fn introspect_refresh_token(
    app: &App,
    request: &AuthenticatedRequest,
    token: &RefreshToken,
) -> Result<Introspection, TokenEndpointError> {
    let inactive = |reason| Ok(Introspection::Inactive(reason));
    let Some(family) = app.store.load_family(&family_id_of(token)).await? else {
        return inactive(InactiveReason::InvalidGrant(InvalidGrantReason::UnknownFamily));
    };
    let (authorization, now) = (&family.authorization, request.now());
    // Before any other read, as with an access token.
    if authorization.account_id != request.client().account_id {
        return inactive(InactiveReason::OtherAccount);
    }
    if let Err(error) = family.check(&hash_refresh_token(token), &authorization.client_id, now) {
        return inactive(InactiveReason::InvalidGrant(InvalidGrantReason::RefreshTokenFamily(error)));
    }
    let (client, consent) = tokio::try_join!(
        load_client(app, request, &authorization.client_id),
        app.store.validate_consent(authorization, request.account().end_users, now)
    )?;
    let revocation = consent.invalid().map(RevocationReason::ConsentInvalid);
    match require_active_client(client, authorization.token_generation, revocation) {
        Ok(client) => evaluate_family(app, request, &family, &client).await,
        Err(reason) => inactive(InactiveReason::Revoked(reason)),
    }
}

/// What redeeming the family's current token would grant.
async fn evaluate_family(
    app: &App,
    request: &AuthenticatedRequest,
    family: &RefreshTokenFamily,
    client: &Client,
) -> Result<Introspection, TokenEndpointError> {
    let authorization = &family.authorization;
    let needed = [GrantType::RefreshToken, originating_grant_type(authorization)];
    if !needed.iter().all(|grant_type| client.grant_types.contains(grant_type)) {
        return Ok(Introspection::Inactive(InactiveReason::GrantTypeRemoved));
    }
    let token_grant =
        match request.grant_context(app).effective_grant(authorization, client, None, None).await {
            Ok(token_grant) => token_grant,
            Err(TokenEndpointError::OAuth(_)) => {
                let reason = InactiveReason::InvalidGrant(InvalidGrantReason::NothingLeft);
                return Ok(Introspection::Inactive(reason));
            }
            Err(error @ TokenEndpointError::Backend(_)) => return Err(error),
        };
    let response = ActiveRefreshToken {
        active: true,
        client_id: client.client_id.clone(),
        sub: subject(authorization),
        subject_type: subject_type(authorization),
        scope: token_grant.scopes.to_string(),
        aud: token_grant.audience,
        iss: app.config.issuer.clone(),
        iat: family.issued_at.as_second(),
        exp: family.expires_at.as_second(),
        account_id: authorization.account_id.clone(),
    };
    Ok(Introspection::RefreshToken { family_id: family.family_id.clone(), response })
}
