//! The result of an introspection.

use crate::authenticated_request::AuthenticatedRequest;
use serde::Serialize;
use shared::adapters::error::BackendError;
use shared::adapters::signing::InvalidToken;
use shared::app::App;
use shared::domain::client::Client;
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::domain::oauth::token_status::RevocationReason;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::sign_in::end_user::SubjectType;

/// Whether a token is active.
pub enum Introspection {
    /// An active access token.
    AccessToken(AccessTokenClaims),
    /// An active refresh token.
    RefreshToken { family_id: FamilyId, response: ActiveRefreshToken },
    /// Any other text.
    Inactive(InactiveReason),
}

/// Reason for which a token is not active, for the log. The response is the same for all.
pub enum InactiveReason {
    InvalidToken(InvalidToken),
    OtherAccount,
    Revoked(RevocationReason),
    /// A refresh token that would be rejected with `invalid_grant`.
    InvalidGrant(InvalidGrantReason),
    /// A refresh token whose client has lost the grant type.
    GrantTypeRemoved,
}

impl InactiveReason {
    /// The reason's name in the log.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::InvalidToken(invalid) => invalid.as_str(),
            Self::OtherAccount => "other_account",
            Self::Revoked(reason) => reason.as_str(),
            Self::InvalidGrant(reason) => reason.as_str(),
            Self::GrantTypeRemoved => "grant_taken",
        }
    }
}

/// Response for an active refresh token (RFC 7662 §2.2). Times are in seconds since 1970.
///
/// It has no `token_type`, which says how an access token is used (RFC 6749 §7.1), so that no resource server accepts a
/// refresh token as an access token.
#[derive(Serialize)]
pub struct ActiveRefreshToken {
    pub active: bool,
    pub client_id: ClientId,
    pub sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_type: Option<SubjectType>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scope: String,
    pub aud: String,
    pub iss: String,
    /// Issue of the family's first token.
    pub iat: i64,
    /// Expiry of the family, which a rotation does not extend.
    pub exp: i64,
    pub account_id: AccountId,
}

/// The client of a token, as it is stored now.
pub async fn load_client(
    app: &App,
    request: &AuthenticatedRequest,
    client_id: &ClientId,
) -> Result<Option<Client>, BackendError> {
    if *client_id == request.client().client_id {
        // It was read a moment ago, to authenticate it.
        return Ok(Some(request.client().clone()));
    }
    Ok(app.store.load_client(client_id).await?.map(|stored| stored.client))
}
