//! What a refresh token is worth: whether its client would get something for it now.

use super::{Inactive, Introspection, client_of};
use crate::caller::Caller;
use crate::grants::{first_grant, subject};
use serde::Serialize;
use shared::adapters::fault::Fault;
use shared::adapters::grant_secrets::{digest_of_token, family_of};
use shared::assembly::App;
use shared::domain::client::{Client, GrantType};
use shared::domain::family::Family;
use shared::domain::grant_failure::GrantFailure;
use shared::domain::ids::{AccountId, ClientId};
use shared::domain::refresh_token::RefreshToken;
use shared::domain::standing::{self, Withdrawn};

/// What is said of a refresh token that counts (RFC 7662 §2.2). There is no `token_type`: that says how an access
/// token is used (RFC 6749 §7.1), and this is none; no API that asks may take it for one. Instants are in seconds since
/// 1970.
#[derive(Serialize)]
pub struct ActiveRefreshToken {
    active: bool,
    client_id: ClientId,
    pub sub: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    aud: String,
    iss: String,
    /// When the family's first token was issued.
    iat: i64,
    /// When the family ends, however often its token is replaced.
    exp: i64,
    account_id: AccountId,
}

/// It counts while all that it would be asked for when it is used still stands. A question is no use: it neither
/// replaces the token nor ends anything.
pub async fn decide(app: &App, caller: &Caller, token: &RefreshToken) -> Result<Introspection, Fault> {
    let inactive = |why| Ok(Introspection::Inactive(why));
    let Some(family) = app.store.load_family(&family_of(token)).await? else {
        return inactive(Inactive::Grant(GrantFailure::UnknownFamily));
    };
    let (authorization, now) = (&family.authorization, caller.now());
    // Before any other read, as with an access token.
    if authorization.account_id != caller.client().account_id {
        return inactive(Inactive::OtherAccount);
    }
    if let Err(refused) = family.standing_of(&digest_of_token(token), &authorization.client_id, now) {
        return inactive(Inactive::Grant(GrantFailure::Family(refused)));
    }
    let client = client_of(app, caller, &authorization.client_id);
    let (client, given) = tokio::try_join!(client, app.store.still_given(authorization, now))?;
    match standing::client_of(client, given.err().map(Withdrawn::NotGiven)) {
        Ok(client) => describe(app, caller, &family, &client).await,
        Err(withdrawn) => inactive(Inactive::Withdrawn(withdrawn)),
    }
}

async fn describe(
    app: &App,
    caller: &Caller,
    family: &Family,
    client: &Client,
) -> Result<Introspection, Fault> {
    let authorization = &family.authorization;
    let needed = [GrantType::RefreshToken, first_grant(authorization)];
    if !needed.iter().all(|grant| client.grant_types.contains(grant)) {
        return Ok(Introspection::Inactive(Inactive::GrantTaken));
    }
    let Ok(granted) = caller.counter(app).remainder(authorization, client, None, None).await? else {
        return Ok(Introspection::Inactive(Inactive::Grant(GrantFailure::NothingLeft)));
    };
    let said = ActiveRefreshToken {
        active: true,
        client_id: client.client_id.clone(),
        sub: subject(authorization),
        scope: granted.scopes.to_string(),
        aud: granted.audience,
        iss: app.config.issuer.clone(),
        iat: family.issued_at.as_second(),
        exp: family.expires_at.as_second(),
        account_id: authorization.account_id.clone(),
    };
    Ok(Introspection::Refresh { grant_id: family.family_id.clone(), said })
}
