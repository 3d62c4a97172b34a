//! What an access token is worth.

use super::{InactiveReason, Introspection, require_active_client};
use crate::authenticated_request::AuthenticatedRequest;
use shared::adapters::error::BackendError;
use shared::app::App;
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::oauth::token_status;

/// It counts while its client may act, and neither it nor what it was issued from was withdrawn.
pub async fn decide(
    app: &App,
    caller: &AuthenticatedRequest,
    claims: AccessTokenClaims,
) -> Result<Introspection, BackendError> {
    // Before any read: how long the answer takes says nothing about what has become of another's token.
    if claims.account_id != caller.client().account_id {
        return Ok(Introspection::InactiveReason(InactiveReason::OtherAccount));
    }
    let client = require_active_client(app, caller, &claims.client_id);
    let (client, revocation_status) =
        tokio::try_join!(client, app.store.revocation_status(&claims, caller.now()))?;
    Ok(match token_status::require_active_client(client, revocation_status) {
        Ok(_) => Introspection::Access(claims),
        Err(revocation_status) => {
            Introspection::InactiveReason(InactiveReason::RevocationReason(revocation_status))
        }
    })
}
