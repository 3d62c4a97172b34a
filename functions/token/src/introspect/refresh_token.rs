//! What a refresh token is worth: whether its client would get something for it now.

use super::{InactiveReason, Introspection, require_active_client};
use crate::authenticated_request::AuthenticatedRequest;
use crate::grants::{originating_grant_type, subject};
use serde::Serialize;
use shared::adapters::crypto::token_crypto::{family_id_of, hash_refresh_token};
use shared::adapters::error::BackendError;
use shared::app::App;
use shared::domain::client::{Client, GrantType};
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::oauth::refresh_token_family::RefreshTokenFamily;
use shared::domain::oauth::token_status::{self, RevocationReason};
use shared::domain::primitives::ids::{AccountId, ClientId};

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
pub async fn decide(
    app: &App,
    caller: &AuthenticatedRequest,
    token: &RefreshToken,
) -> Result<Introspection, BackendError> {
    let inactive = |why| Ok(Introspection::InactiveReason(why));
    let Some(family) = app.store.load_family(&family_id_of(token)).await? else {
        return inactive(InactiveReason::GrantOutcome(InvalidGrantReason::UnknownFamily));
    };
    let (authorization, now) = (&family.authorization, caller.now());
    // Before any other read, as with an access token.
    if authorization.account_id != caller.client().account_id {
        return inactive(InactiveReason::OtherAccount);
    }
    if let Err(refused) = family.check(&hash_refresh_token(token), &authorization.client_id, now) {
        return inactive(InactiveReason::GrantOutcome(InvalidGrantReason::RefreshTokenFamily(refused)));
    }
    let client = require_active_client(app, caller, &authorization.client_id);
    let (client, given) = tokio::try_join!(client, app.store.validate_consent(authorization, now))?;
    match token_status::require_active_client(client, given.err().map(RevocationReason::NotGiven)) {
        Ok(client) => describe(app, caller, &family, &client).await,
        Err(revocation_status) => inactive(InactiveReason::RevocationReason(revocation_status)),
    }
}

async fn describe(
    app: &App,
    caller: &AuthenticatedRequest,
    family: &RefreshTokenFamily,
    client: &Client,
) -> Result<Introspection, BackendError> {
    let authorization = &family.authorization;
    let needed = [GrantType::RefreshToken, originating_grant_type(authorization)];
    if !needed.iter().all(|grant| client.grant_types.contains(grant)) {
        return Ok(Introspection::InactiveReason(InactiveReason::GrantTypeRemoved));
    }
    let Ok(token_grant) =
        caller.grant_context(app).effective_grant(authorization, client, None, None).await?
    else {
        return Ok(Introspection::InactiveReason(InactiveReason::GrantOutcome(
            InvalidGrantReason::NothingLeft,
        )));
    };
    let said = ActiveRefreshToken {
        active: true,
        client_id: client.client_id.clone(),
        sub: subject(authorization),
        scope: token_grant.scopes.to_string(),
        aud: token_grant.audience,
        iss: app.config.issuer.clone(),
        iat: family.issued_at.as_second(),
        exp: family.expires_at.as_second(),
        account_id: authorization.account_id.clone(),
    };
    Ok(Introspection::RefreshTokenRequest { grant_id: family.family_id.clone(), said })
}
