//! A person has let the client act for them, and the client redeems the code that says so (RFC 6749 §4.1.3, RFC 7636
//! §4.5).

use super::{GrantContext, GrantOutcome, subject, to_oauth_error};
use crate::error::TokenEndpointError;
use crate::request::token_request::AuthorizationCodeRequest;
use shared::adapters::crypto::random::random;
use shared::adapters::crypto::token_crypto::{first_token, hash_code, new_family, s256_challenge};
use shared::adapters::error::BackendError;
use shared::adapters::store::RedeemOutcome;
use shared::domain::client::GrantType;
use shared::domain::oauth::authorization::code::{self, CodeError, IssuedCode};
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::services::client_auth::AuthenticatedClient;
use std::time::Duration;

/// How often a code is looked at while others are at it too. Who was slower finds it redeemed at the second look.
const ATTEMPTS: usize = 6;

impl GrantContext<'_> {
    /// Redeems a code, once. Whatever can be wrong is found before that, so that a mistake, a fault or a stranger
    /// spends nothing; a code that its own client presents again ends what came of it.
    ///
    /// It costs the reads of the client, the code, the member and the consent, and one transaction over the code and the
    /// family.
    pub(super) async fn authorization_code(
        &self,
        client: &AuthenticatedClient,
        request: &AuthorizationCodeRequest,
        grant_id: &mut Option<FamilyId>,
    ) -> Result<GrantOutcome, TokenEndpointError> {
        if !client.may_use(GrantType::AuthorizationCode) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        let (store, digest) = (&self.app.store, hash_code(&request.code));
        let own = client.client();
        for _ in 0..ATTEMPTS {
            let Some(code) = store.load_code(&digest).await? else {
                return Err(invalid_grant(InvalidGrantReason::UnknownCode));
            };
            grant_id.clone_from(&code.redeemed_family_id);
            self.check(&code, client, request).await?;
            if let Err(ended) = store.validate_consent(&code.authorization, self.now).await? {
                return Err(invalid_grant(InvalidGrantReason::ConsentInvalid(ended)));
            }
            let target = request.target.as_deref();
            let token_grant = self
                .effective_grant(&code.authorization, own, target, None)
                .await?
                .map_err(to_oauth_error)?;

            let first = first_token();
            let refreshes = client.may_use(GrantType::RefreshToken);
            let lifetime = if refreshes { own.refresh_token_lifetime } else { token_grant.lifetime };
            let family = new_family(&first, code.authorization.clone(), lifetime, self.now);
            match store.redeem_code_once(&digest, &code, &family).await? {
                RedeemOutcome::Redeemed => {
                    let (sub, family) = (subject(&code.authorization), Some(family.family_id));
                    return Ok(GrantOutcome {
                        token_grant,
                        sub,
                        family,
                        refresh_token: refreshes.then_some(first),
                    });
                }
                RedeemOutcome::Conflict => pause().await,
            }
        }
        Err(BackendError::new("redeeming an authorization code", "others are at it all the time").into())
    }

    async fn check(
        &self,
        code: &IssuedCode,
        client: &AuthenticatedClient,
        request: &AuthorizationCodeRequest,
    ) -> Result<(), TokenEndpointError> {
        let redemption = code::RedemptionAttempt {
            client_id: &client.client().client_id,
            redirect_uri: request.redirect_uri.as_deref(),
            code_challenge: &s256_challenge(&request.code_verifier),
            now: self.now,
        };
        let Err(refusal) = code.check(&redemption) else { return Ok(()) };
        if let CodeError::Replayed(family) = &refusal {
            self.app.store.revoke_family(family, self.now).await?;
        }
        Err(invalid_grant(InvalidGrantReason::Code(refusal)))
    }
}

/// Lets whoever else is at it finish: a few milliseconds, for each another few.
async fn pause() {
    let [jitter]: [u8; 1] = random();
    tokio::time::sleep(Duration::from_millis(5 + u64::from(jitter) / 8)).await;
}

fn invalid_grant(failure: InvalidGrantReason) -> TokenEndpointError {
    OAuthError::InvalidGrant(failure).into()
}
