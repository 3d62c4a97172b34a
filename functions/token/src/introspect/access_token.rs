//! Introspection of access tokens.

use super::introspection::{InactiveReason, Introspection, load_client};
use crate::authenticated_request::AuthenticatedRequest;
use crate::response::TokenEndpointError;
use shared::app::App;
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::oauth::token_generation;
use shared::domain::oauth::token_status::require_active_client;

/// An access token is active while its client is, and neither it nor its family has been revoked.
pub async fn introspect_access_token(
    app: &App,
    request: &AuthenticatedRequest,
    claims: AccessTokenClaims,
) -> Result<Introspection, TokenEndpointError> {
    // Before any read, so that the response time tells nothing about the state of another account's token.
    if claims.account_id != request.client().account_id {
        return Ok(Introspection::Inactive(InactiveReason::OtherAccount));
    }
    let (client, revocation) = tokio::try_join!(
        load_client(app, request, &claims.client_id),
        app.store.revocation_status(&claims, request.account().end_users, request.now())
    )?;
    Ok(match require_active_client(client, token_generation::of_jti(&claims.jti), revocation) {
        Ok(_) => Introspection::AccessToken(claims),
        Err(reason) => Introspection::Inactive(InactiveReason::Revoked(reason)),
    })
}
