//! The client exchanges a refresh token for an access token and the next refresh token (RFC 6749 §6, RFC 9700
//! §4.14.2).

use super::{GrantContext, GrantOutcome, subject, to_oauth_error};
use crate::error::TokenEndpointError;
use crate::request::token_request::RefreshTokenRequest;
use shared::adapters::crypto::token_crypto::{family_id_of, hash_refresh_token, next_token, open_successor};
use shared::adapters::error::BackendError;
use shared::adapters::store::RotateOutcome;
use shared::domain::client::GrantType;
use shared::domain::oauth::authorization_grant::AuthorizationGrant;
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::oauth::refresh_token_family::{
    FamilyId, RefreshTokenError, RefreshTokenFamily, RefreshTokenState, RotatedToken,
};
use shared::services::client_auth::AuthenticatedClient;

const OP: &str = "replacing a refresh token";
/// How often a family is looked at while others replace its token too.
const ATTEMPTS: usize = 4;

impl GrantContext<'_> {
    /// Replaces a refresh token, once. Whatever can be wrong is found before that; a token that was replaced longer ago
    /// than an answer can be lost ends its family.
    ///
    /// It costs the reads of the client, the family, the member and the consent, and one conditional write.
    ///
    /// The access token is not cut to what is left of the family: like any other it lives as long as its client's
    /// tokens live, and an API that verifies it offline could not know more.
    pub(super) async fn refresh_token(
        &self,
        client: &AuthenticatedClient,
        request: &RefreshTokenRequest,
        grant_id: &mut Option<FamilyId>,
    ) -> Result<GrantOutcome, TokenEndpointError> {
        if !client.may_use(GrantType::RefreshToken) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        let (store, id) = (&self.app.store, family_id_of(&request.token));
        *grant_id = Some(id.clone());
        let family =
            store.load_family(&id).await?.ok_or_else(|| invalid_grant(InvalidGrantReason::UnknownFamily))?;
        self.standing(&family, client, &request.token).await?;
        let authorization = family.authorization.clone();
        if !client.may_use(originating_grant_type(&authorization)) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        if let Err(ended) = store.validate_consent(&authorization, self.now).await? {
            return Err(invalid_grant(InvalidGrantReason::ConsentInvalid(ended)));
        }
        let (target, requested) = (request.target.as_deref(), request.scope.as_ref());
        let token_grant = self
            .effective_grant(&authorization, client.client(), target, requested)
            .await?
            .map_err(to_oauth_error)?;
        let next = self.replace(family, client, &request.token).await?;
        let sub = subject(&authorization);
        Ok(GrantOutcome { token_grant, sub, family: Some(id), refresh_token: Some(next) })
    }

    /// The token that comes after `token`: made now, or the one that was made a moment ago.
    async fn replace(
        &self,
        mut family: RefreshTokenFamily,
        client: &AuthenticatedClient,
        token: &RefreshToken,
    ) -> Result<RefreshToken, TokenEndpointError> {
        for _ in 0..ATTEMPTS {
            if let RefreshTokenState::RecentlyRotated(replaced) =
                self.standing(&family, client, token).await?
            {
                let successor = open_successor(token, &replaced.successor);
                return successor.ok_or_else(|| BackendError::new(OP, "its successor does not open").into());
            }
            let (next, successor) = next_token(token);
            let replaced = RotatedToken { token: hash_refresh_token(token), at: self.now, successor };
            let (store, digest) = (&self.app.store, hash_refresh_token(&next));
            match store.rotate_family(&family.family_id, &replaced, &digest).await? {
                RotateOutcome::RotateOutcome => return Ok(next),
                RotateOutcome::Stale(found) => family = *found,
                RotateOutcome::Missing => return Err(invalid_grant(InvalidGrantReason::UnknownFamily)),
            }
        }
        Err(BackendError::new(OP, "others are at it all the time").into())
    }

    /// What the token is worth to this client. One that comes back ends its family.
    async fn standing<'a>(
        &self,
        family: &'a RefreshTokenFamily,
        client: &AuthenticatedClient,
        token: &RefreshToken,
    ) -> Result<RefreshTokenState<'a>, TokenEndpointError> {
        let own_id = &client.client().client_id;
        match family.check(&hash_refresh_token(token), own_id, self.now) {
            Ok(standing) => Ok(standing),
            Err(refusal) => {
                if refusal == RefreshTokenError::Reused {
                    self.app.store.revoke_family(&family.family_id, self.now).await?;
                }
                Err(invalid_grant(InvalidGrantReason::RefreshTokenFamily(refusal)))
            }
        }
    }
}

/// The grant that the family began with. A client that may not use it any more does not go on with it either; nor does
/// one that has become public go on with what it got in its own name.
pub fn originating_grant_type(authorization: &AuthorizationGrant) -> GrantType {
    match authorization.consent {
        Some(_) => GrantType::AuthorizationCode,
        None => GrantType::ClientCredentials,
    }
}

fn invalid_grant(failure: InvalidGrantReason) -> TokenEndpointError {
    OAuthError::InvalidGrant(failure).into()
}
