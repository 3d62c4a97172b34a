//! The client exchanges a refresh token for an access token and the next refresh token (RFC 6749 §6, RFC 9700
//! §4.14.2).

use super::{Counter, Grant, refused, subject};
use crate::stopped::Stopped;
use crate::token_request::Refresh;
use shared::adapters::authentication::AuthenticatedClient;
use shared::adapters::fault::Fault;
use shared::adapters::grant_secrets::{digest_of_token, family_of, next_token, open_successor};
use shared::adapters::store::Rotated;
use shared::domain::authorization::Authorization;
use shared::domain::client::GrantType;
use shared::domain::family::{Family, FamilyId, FamilyRefused, Replaced, Standing};
use shared::domain::grant_failure::GrantFailure;
use shared::domain::oauth_error::OAuthError;
use shared::domain::refresh_token::RefreshToken;

const DOING: &str = "replacing a refresh token";
/// How often a family is looked at while others replace its token too.
const ATTEMPTS: usize = 4;

impl Counter<'_> {
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
        request: &Refresh,
        grant_id: &mut Option<FamilyId>,
    ) -> Result<Grant, Stopped> {
        if !client.may_use(GrantType::RefreshToken) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        let (store, id) = (&self.app.store, family_of(&request.token));
        *grant_id = Some(id.clone());
        let family =
            store.load_family(&id).await?.ok_or_else(|| invalid_grant(GrantFailure::UnknownFamily))?;
        self.standing(&family, client, &request.token).await?;
        let authorization = family.authorization.clone();
        if !client.may_use(first_grant(&authorization)) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        if let Err(ended) = store.still_given(&authorization, self.now).await? {
            return Err(invalid_grant(GrantFailure::Ended(ended)));
        }
        let (target, asked) = (request.target.as_deref(), request.scope.as_ref());
        let granted =
            self.remainder(&authorization, client.client(), target, asked).await?.map_err(refused)?;
        let next = self.replace(family, client, &request.token).await?;
        let sub = subject(&authorization);
        Ok(Grant { granted, sub, family: Some(id), refresh_token: Some(next) })
    }

    /// The token that comes after `token`: made now, or the one that was made a moment ago.
    async fn replace(
        &self,
        mut family: Family,
        client: &AuthenticatedClient,
        token: &RefreshToken,
    ) -> Result<RefreshToken, Stopped> {
        for _ in 0..ATTEMPTS {
            if let Standing::JustReplaced(replaced) = self.standing(&family, client, token).await? {
                let successor = open_successor(token, &replaced.successor);
                return successor.ok_or_else(|| Fault::new(DOING, "its successor does not open").into());
            }
            let (next, successor) = next_token(token);
            let replaced = Replaced { token: digest_of_token(token), at: self.now, successor };
            let (store, digest) = (&self.app.store, digest_of_token(&next));
            match store.rotate_family(&family.family_id, &replaced, &digest).await? {
                Rotated::Now => return Ok(next),
                Rotated::Instead(found) => family = *found,
                Rotated::Gone => return Err(invalid_grant(GrantFailure::UnknownFamily)),
            }
        }
        Err(Fault::new(DOING, "others are at it all the time").into())
    }

    /// What the token is worth to this client. One that comes back ends its family.
    async fn standing<'a>(
        &self,
        family: &'a Family,
        client: &AuthenticatedClient,
        token: &RefreshToken,
    ) -> Result<Standing<'a>, Stopped> {
        let own_id = &client.client().client_id;
        match family.standing_of(&digest_of_token(token), own_id, self.now) {
            Ok(standing) => Ok(standing),
            Err(refusal) => {
                if refusal == FamilyRefused::Reused {
                    self.app.store.revoke_family(&family.family_id, self.now).await?;
                }
                Err(invalid_grant(GrantFailure::Family(refusal)))
            }
        }
    }
}

/// The grant that the family began with. A client that may not use it any more does not go on with it either; nor does
/// one that has become public go on with what it got in its own name.
pub fn first_grant(authorization: &Authorization) -> GrantType {
    match authorization.given_by {
        Some(_) => GrantType::AuthorizationCode,
        None => GrantType::ClientCredentials,
    }
}

fn invalid_grant(failure: GrantFailure) -> Stopped {
    OAuthError::InvalidGrant(failure).into()
}
