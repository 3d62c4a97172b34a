//! The grants, one file for each, and what they have in common: what they need to decide, and what they decide.

mod authorization_code;
mod client_credentials;
mod refresh_token;

pub use refresh_token::first_grant;

use crate::stopped::Stopped;
use crate::token_request::TokenRequest;
use jiff::Timestamp;
use shared::adapters::authentication::AuthenticatedClient;
use shared::adapters::cache::Held;
use shared::adapters::fault::Fault;
use shared::adapters::store::Catalogue;
use shared::assembly::App;
use shared::domain::authorization::Authorization;
use shared::domain::client::Client;
use shared::domain::family::FamilyId;
use shared::domain::grant_failure::GrantFailure;
use shared::domain::granted::Granted;
use shared::domain::oauth_error::OAuthError;
use shared::domain::refresh_token::RefreshToken;
use shared::domain::remainder::{self, Nothing};
use shared::domain::scope::ScopeSet;

/// What is decided with, and when.
#[derive(Clone, Copy)]
pub struct Counter<'a> {
    pub app: &'a App,
    pub catalogue: &'a Held<Catalogue>,
    pub now: Timestamp,
}

/// What a grant came to. An access token for it is still to be signed.
pub struct Grant {
    pub granted: Granted,
    /// Whom the token acts for.
    pub sub: String,
    /// What the token was issued from, if that can be ended as a whole: `grant_id` in the token.
    pub family: Option<FamilyId>,
    pub refresh_token: Option<RefreshToken>,
}

impl Counter<'_> {
    /// Carries out what was asked for, or says why not. What it is about is noted in `grant_id` as soon as it is
    /// known, for the log.
    pub async fn grant(
        &self,
        client: &AuthenticatedClient,
        request: &TokenRequest,
        grant_id: &mut Option<FamilyId>,
    ) -> Result<Grant, Stopped> {
        match request {
            TokenRequest::ClientCredentials(request) => self.client_credentials(client, request).await,
            TokenRequest::AuthorizationCode(request) => {
                self.authorization_code(client, request, grant_id).await
            }
            TokenRequest::RefreshToken(request) => self.refresh_token(client, request, grant_id).await,
        }
    }

    /// What an authorization gives its client now.
    pub async fn remainder(
        &self,
        authorization: &Authorization,
        client: &Client,
        target: Option<&str>,
        asked: Option<&ScopeSet>,
    ) -> Result<Result<Granted, Nothing>, Fault> {
        let max_lifetime = self.app.config.max_access_token_lifetime;
        let attempt = |catalogue: &Catalogue| {
            let find = |id: &_| catalogue.resources.get(id);
            remainder::decide(authorization, client, target, asked, max_lifetime, find)
        };
        let resource = self.catalogue.value.resources.get(&authorization.resource);
        if resource.is_some_and(|resource| authorization.scopes.is_subset(&resource.scope_names())) {
            return Ok(attempt(&self.catalogue.value));
        }
        // What is missing may have been made since the catalogue was read.
        Ok(attempt(&self.app.newer_catalogue(self.catalogue, self.now).await?.value))
    }
}

/// Whom a token of an authorization acts for.
pub fn subject(authorization: &Authorization) -> String {
    authorization
        .given_by
        .as_ref()
        .map_or_else(|| authorization.client_id.to_string(), |given| given.person.sub.to_string())
}

fn refused(nothing: Nothing) -> OAuthError {
    match nothing {
        Nothing::Left => OAuthError::InvalidGrant(GrantFailure::NothingLeft),
        Nothing::There => OAuthError::InvalidTarget("the authorization is for another resource"),
        Nothing::OfThese => {
            OAuthError::InvalidScope("not all of these scopes were authorized, or none is held any more")
        }
    }
}
