//! What an access token is worth.

use super::{Inactive, Introspection, client_of};
use crate::caller::Caller;
use shared::adapters::fault::Fault;
use shared::assembly::App;
use shared::domain::claims::AccessTokenClaims;
use shared::domain::standing;

/// It counts while its client may act, and neither it nor what it was issued from was withdrawn.
pub async fn decide(app: &App, caller: &Caller, claims: AccessTokenClaims) -> Result<Introspection, Fault> {
    // Before any read: how long the answer takes says nothing about what has become of another's token.
    if claims.account_id != caller.client().account_id {
        return Ok(Introspection::Inactive(Inactive::OtherAccount));
    }
    let client = client_of(app, caller, &claims.client_id);
    let (client, withdrawn) = tokio::try_join!(client, app.store.withdrawn(&claims, caller.now()))?;
    Ok(match standing::client_of(client, withdrawn) {
        Ok(_) => Introspection::Access(claims),
        Err(withdrawn) => Introspection::Inactive(Inactive::Withdrawn(withdrawn)),
    })
}
