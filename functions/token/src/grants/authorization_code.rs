//! A person has let the client act for them, and the client redeems the code that says so (RFC 6749 §4.1.3, RFC 7636
//! §4.5).

use super::{Counter, Grant, refused, subject};
use crate::stopped::Stopped;
use crate::token_request::CodeRedemption;
use shared::adapters::authentication::AuthenticatedClient;
use shared::adapters::entropy::random;
use shared::adapters::fault::Fault;
use shared::adapters::grant_secrets::{challenge_of, digest_of_code, first_token, new_family};
use shared::adapters::store::Redeemed;
use shared::domain::authorization_code::{self, CodeRefused, IssuedCode};
use shared::domain::client::GrantType;
use shared::domain::family::FamilyId;
use shared::domain::grant_failure::GrantFailure;
use shared::domain::oauth_error::OAuthError;
use std::time::Duration;

/// How often a code is looked at while others are at it too. Who was slower finds it redeemed at the second look.
const ATTEMPTS: usize = 6;

impl Counter<'_> {
    /// Redeems a code, once. Whatever can be wrong is found before that, so that a mistake, a fault or a stranger
    /// spends nothing; a code that its own client presents again ends what came of it.
    ///
    /// It costs the reads of the client, the code, the member and the consent, and one transaction over the code and the
    /// family.
    pub(super) async fn authorization_code(
        &self,
        client: &AuthenticatedClient,
        request: &CodeRedemption,
        grant_id: &mut Option<FamilyId>,
    ) -> Result<Grant, Stopped> {
        if !client.may_use(GrantType::AuthorizationCode) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        let (store, digest) = (&self.app.store, digest_of_code(&request.code));
        let own = client.client();
        for _ in 0..ATTEMPTS {
            let Some(code) = store.load_code(&digest).await? else {
                return Err(invalid_grant(GrantFailure::UnknownCode));
            };
            grant_id.clone_from(&code.redeemed_as);
            self.check(&code, client, request).await?;
            if let Err(ended) = store.still_given(&code.authorization, self.now).await? {
                return Err(invalid_grant(GrantFailure::Ended(ended)));
            }
            let target = request.target.as_deref();
            let granted = self.remainder(&code.authorization, own, target, None).await?.map_err(refused)?;

            let first = first_token();
            let refreshes = client.may_use(GrantType::RefreshToken);
            let lifetime = if refreshes { own.refresh_token_lifetime } else { granted.lifetime };
            let family = new_family(&first, code.authorization.clone(), lifetime, self.now);
            match store.redeem_code_once(&digest, &code, &family).await? {
                Redeemed::Now => {
                    let (sub, family) = (subject(&code.authorization), Some(family.family_id));
                    return Ok(Grant { granted, sub, family, refresh_token: refreshes.then_some(first) });
                }
                Redeemed::Contended => pause().await,
            }
        }
        Err(Fault::new("redeeming an authorization code", "others are at it all the time").into())
    }

    async fn check(
        &self,
        code: &IssuedCode,
        client: &AuthenticatedClient,
        request: &CodeRedemption,
    ) -> Result<(), Stopped> {
        let redemption = authorization_code::Redemption {
            client_id: &client.client().client_id,
            redirect_uri: request.redirect_uri.as_deref(),
            code_challenge: &challenge_of(&request.code_verifier),
            now: self.now,
        };
        let Err(refusal) = code.check(&redemption) else { return Ok(()) };
        if let CodeRefused::Replayed(family) = &refusal {
            self.app.store.revoke_family(family, self.now).await?;
        }
        Err(invalid_grant(GrantFailure::Code(refusal)))
    }
}

/// Lets whoever else is at it finish: a few milliseconds, for each another few.
async fn pause() {
    let [jitter]: [u8; 1] = random();
    tokio::time::sleep(Duration::from_millis(5 + u64::from(jitter) / 8)).await;
}

fn invalid_grant(failure: GrantFailure) -> Stopped {
    OAuthError::InvalidGrant(failure).into()
}
