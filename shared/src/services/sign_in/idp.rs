//! Identifying a person at the upstream OpenID Connect provider.

use crate::adapters::crypto::aead;
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::error::BackendError;
use crate::adapters::oidc::{
    AuthorizationResponse, CallbackError, ExternalIdentity, OidcClient, PendingAuthorization, Prompt,
};
use crate::domain::sign_in::idp_error::IdpError;
use crate::domain::sign_in::{SignInId, Step};
use jiff::Timestamp;

/// Relying party of the upstream provider.
#[derive(Clone, Copy)]
pub struct IdpSignIn<'a> {
    /// The provider.
    pub client: &'a OidcClient,
    /// Redirect URI that is registered at the provider.
    pub redirect_uri: &'a str,
    /// Their sealing key encrypts the pending authorization.
    pub peppers: &'a Peppers,
}

/// Redirect to the provider.
#[derive(Debug)]
pub struct IdpRedirect {
    /// Authorization URL.
    pub url: String,
    /// Pending authorization, encrypted for this sign-in.
    pub sealed: String,
}

/// Answer of the provider about the person.
#[derive(Debug)]
pub enum IdpOutcome {
    /// The provider authenticated this person.
    Identified(ExternalIdentity),
    /// The provider refused, or its response was not accepted.
    Rejected(IdpError),
}

impl IdpRedirect {
    /// The step at which the sign-in waits for the provider's response.
    #[must_use]
    pub fn into_step(self) -> (String, Step) {
        (self.url, Step::AwaitIdp { sealed: self.sealed })
    }
}

impl IdpSignIn<'_> {
    /// Prepares a redirect to the provider. `state` is the id of the sign-in, which is of no use without the cookie of the
    /// browser that started it.
    pub async fn start(
        &self,
        id: &SignInId,
        prompt: Prompt,
        now: Timestamp,
    ) -> Result<IdpRedirect, BackendError> {
        const OP: &str = "leaving for the sign-in provider";
        let redirect = self.client.authorization_url(id.as_str(), self.redirect_uri, prompt, now).await?;
        let pending = serde_json::to_vec(&redirect.pending).map_err(|error| BackendError::new(OP, error))?;
        let sealed = aead::seal(self.peppers.sealing_key(), &aad(id), &pending);
        Ok(IdpRedirect { url: redirect.url, sealed })
    }

    /// Evaluates the provider's response. The caller makes sure that a sign-in gets here once: it replaces the step that
    /// holds `sealed` before.
    pub async fn finish(
        &self,
        id: &SignInId,
        sealed: &str,
        response: Result<AuthorizationResponse<'_>, IdpError>,
        now: Timestamp,
    ) -> Result<IdpOutcome, BackendError> {
        let pending = aead::open(self.peppers.sealing_key(), &aad(id), sealed)
            .and_then(|plain| serde_json::from_slice::<PendingAuthorization>(&plain).ok());
        let (pending, response) = match (pending, response) {
            (Some(pending), Ok(response)) => (pending, response),
            (_, Err(error)) => return Ok(IdpOutcome::Rejected(error)),
            // The pepper was replaced since the sign-in started.
            (None, Ok(_)) => return Ok(IdpOutcome::Rejected(IdpError::InvalidResponse)),
        };
        match self.client.exchange(response, &pending, self.redirect_uri, now).await {
            Ok(identity) => Ok(IdpOutcome::Identified(identity)),
            Err(CallbackError::Idp(error)) => Ok(IdpOutcome::Rejected(error)),
            Err(CallbackError::Backend(error)) => Err(error),
        }
    }
}

/// Associated data of a pending authorization.
fn aad(id: &SignInId) -> String {
    format!("upstream sign-in {id}")
}
