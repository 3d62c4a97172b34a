//! Authorization code grant (RFC 6749 §4.1.3, RFC 7636 §4.5): the client redeems a code that stands for the consent of
//! an end user.

use super::{GrantContext, GrantOutcome, invalid_grant, subject};
use crate::response::TokenEndpointError;
use crate::token_request::AuthorizationCodeRequest;
use shared::adapters::crypto::token_crypto::{first_token, hash_code, new_family, s256_challenge};
use shared::adapters::store::RedeemOutcome;
use shared::domain::audit::Action;
use shared::domain::client::GrantType;
use shared::domain::oauth::authorization::code::{CodeError, IssuedCode, RedemptionAttempt};
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::services::client_auth::AuthenticatedClient;
use shared::services::modify::{Attempt, modify};

impl GrantContext<'_> {
    /// Redeems a code, once. Everything is checked before that, so that a mistake, a fault or another client does not use
    /// it up. A code that its own client presents again revokes the tokens that were issued for it (RFC 6749 §4.1.2).
    ///
    /// Reads the client, the code, the member and the consent; writes the code and the family in one transaction.
    pub async fn authorization_code(
        &self,
        authenticated: &AuthenticatedClient,
        request: &AuthorizationCodeRequest,
    ) -> Result<GrantOutcome, TokenEndpointError> {
        if !authenticated.may_use(GrantType::AuthorizationCode) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        let (store, digest) = (&self.app.store, hash_code(&request.code));
        let client = authenticated.client();
        // Of several requests at once, all but the first find the code redeemed at their second attempt.
        modify(|| async {
            let Some(code) = store.load_code(&digest).await? else {
                return Err(invalid_grant(InvalidGrantReason::UnknownCode));
            };
            self.record_grant_id(code.redeemed_family_id.as_ref());
            self.check_code(&code, authenticated, request).await?;
            self.ensure_stands(&code.authorization, client).await?;
            let target = request.target.as_deref();
            let token_grant = self.effective_grant(&code.authorization, client, target, None).await?;

            let refresh_token = first_token();
            let may_refresh = authenticated.may_use(GrantType::RefreshToken);
            // A family without a refresh token expires with its one access token.
            let lifetime = if may_refresh { client.refresh_token_lifetime } else { token_grant.lifetime };
            let family = new_family(&refresh_token, code.authorization.clone(), lifetime, self.now);
            match store.redeem_code_once(&digest, &code, &family).await? {
                RedeemOutcome::Redeemed => Ok(Attempt::Done(GrantOutcome {
                    token_grant,
                    sub: subject(&code.authorization),
                    family_id: Some(family.family_id),
                    refresh_token: may_refresh.then_some(refresh_token),
                })),
                RedeemOutcome::Conflict => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    /// Checks that this client can redeem the code. A replayed code revokes its family.
    async fn check_code(
        &self,
        code: &IssuedCode,
        authenticated: &AuthenticatedClient,
        request: &AuthorizationCodeRequest,
    ) -> Result<(), TokenEndpointError> {
        let attempt = RedemptionAttempt {
            client_id: &authenticated.client().client_id,
            redirect_uri: request.redirect_uri.as_deref(),
            code_challenge: &s256_challenge(&request.code_verifier),
            now: self.now,
        };
        let Err(error) = code.check(&attempt) else { return Ok(()) };
        if let CodeError::Replayed(family_id) = &error {
            self.revoke_replayed(Action::CodeReplayed, &code.authorization, family_id).await?;
        }
        Err(invalid_grant(InvalidGrantReason::Code(error)))
    }
}
