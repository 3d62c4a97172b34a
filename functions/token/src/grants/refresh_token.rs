//! Refresh token grant (RFC 6749 §6, RFC 9700 §4.14.2): the client exchanges a refresh token for an access token and the
//! next refresh token.

use super::{GrantContext, GrantOutcome, invalid_grant, originating_grant_type, subject};
use crate::response::TokenEndpointError;
use crate::token_request::RefreshTokenRequest;
use shared::adapters::crypto::token_crypto::{family_id_of, hash_refresh_token, next_token, open_successor};
use shared::adapters::error::BackendError;
use shared::adapters::store::RotateOutcome;
use shared::domain::audit::Action;
use shared::domain::client::GrantType;
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::oauth::refresh_token_family::{
    RefreshTokenError, RefreshTokenFamily, RefreshTokenState, RotatedToken,
};
use shared::services::client_auth::AuthenticatedClient;

const OP: &str = "replacing a refresh token";
/// Attempts at a family whose token other requests are replacing too.
const ATTEMPTS: usize = 4;

impl GrantContext<'_> {
    /// Replaces a refresh token, once. Everything is checked before that. A token that was replaced longer ago than a
    /// lost response explains revokes its family.
    ///
    /// Reads the client, the family, the member and the consent; makes one conditional write.
    ///
    /// The access token can outlive the family: like any other it lives as long as its client's access tokens do, and an
    /// API that verifies it offline could not know more.
    pub async fn refresh_token(
        &self,
        authenticated: &AuthenticatedClient,
        request: &RefreshTokenRequest,
    ) -> Result<GrantOutcome, TokenEndpointError> {
        if !authenticated.may_use(GrantType::RefreshToken) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        let family_id = family_id_of(&request.token);
        self.record_grant_id(Some(&family_id));
        let Some(family) = self.app.store.load_family(&family_id).await? else {
            return Err(invalid_grant(InvalidGrantReason::UnknownFamily));
        };
        self.check_token(&family, authenticated, &request.token).await?;
        let authorization = family.authorization.clone();
        if !authenticated.may_use(originating_grant_type(&authorization)) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        self.ensure_stands(&authorization, authenticated.client()).await?;
        let (target, requested) = (request.target.as_deref(), request.scope.as_ref());
        let token_grant =
            self.effective_grant(&authorization, authenticated.client(), target, requested).await?;
        let next = self.rotate(family, authenticated, &request.token).await?;
        let sub = subject(&authorization);
        Ok(GrantOutcome { token_grant, sub, family_id: Some(family_id), refresh_token: Some(next) })
    }

    /// The successor of `token`: a new one, or the one that was issued for it a moment ago.
    async fn rotate(
        &self,
        mut family: RefreshTokenFamily,
        authenticated: &AuthenticatedClient,
        token: &RefreshToken,
    ) -> Result<RefreshToken, TokenEndpointError> {
        for _ in 0..ATTEMPTS {
            match self.check_token(&family, authenticated, token).await? {
                RefreshTokenState::Current => {}
                RefreshTokenState::RecentlyRotated(rotated) => {
                    let successor = open_successor(token, &rotated.successor);
                    return successor
                        .ok_or_else(|| BackendError::new(OP, "its successor does not open").into());
                }
            }
            let (next, successor) = next_token(token);
            let rotated = RotatedToken { token: hash_refresh_token(token), at: self.now, successor };
            let next_digest = hash_refresh_token(&next);
            match self.app.store.rotate_family(&family, &rotated, &next_digest).await? {
                RotateOutcome::Rotated => return Ok(next),
                RotateOutcome::Stale(newer) => family = *newer,
                RotateOutcome::Missing => return Err(invalid_grant(InvalidGrantReason::UnknownFamily)),
            }
        }
        Err(BackendError::new(OP, "conflicts with other requests").into())
    }

    /// Checks that this client can use the token. A reused token revokes its family.
    async fn check_token<'a>(
        &self,
        family: &'a RefreshTokenFamily,
        authenticated: &AuthenticatedClient,
        token: &RefreshToken,
    ) -> Result<RefreshTokenState<'a>, TokenEndpointError> {
        let client_id = &authenticated.client().client_id;
        match family.check(&hash_refresh_token(token), client_id, self.now) {
            Ok(state) => Ok(state),
            Err(error) => {
                if error == RefreshTokenError::Reused {
                    let action = Action::RefreshTokenReused;
                    self.revoke_replayed(action, &family.authorization, &family.family_id).await?;
                }
                Err(invalid_grant(InvalidGrantReason::RefreshTokenFamily(error)))
            }
        }
    }
}
