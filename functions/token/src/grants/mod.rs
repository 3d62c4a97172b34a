//! The grants, one file for each, and what they have in common: what they need to decide, and what they decide.

mod authorization_code;
mod client_credentials;
mod refresh_token;

pub use refresh_token::originating_grant_type;

use crate::error::TokenEndpointError;
use crate::request::token_request::TokenRequest;
use jiff::Timestamp;
use shared::adapters::cache::CacheEntry;
use shared::adapters::error::BackendError;
use shared::adapters::store::ResourceCatalog;
use shared::app::App;
use shared::domain::client::Client;
use shared::domain::oauth::authorization_grant::AuthorizationGrant;
use shared::domain::oauth::effective_grant::{self, GrantDenied};
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::domain::oauth::token_grant::TokenGrant;
use shared::domain::resource::scope::ScopeSet;
use shared::services::client_auth::AuthenticatedClient;

/// What is decided with, and when.
#[derive(Clone, Copy)]
pub struct GrantContext<'a> {
    pub app: &'a App,
    pub catalogue: &'a CacheEntry<ResourceCatalog>,
    pub now: Timestamp,
}

/// What a grant came to. An access token for it is still to be signed.
pub struct GrantOutcome {
    pub token_grant: TokenGrant,
    /// Whom the token acts for.
    pub sub: String,
    /// What the token was issued from, if that can be ended as a whole: `grant_id` in the token.
    pub family: Option<FamilyId>,
    pub refresh_token: Option<RefreshToken>,
}

impl GrantContext<'_> {
    /// Carries out what was asked for, or says why not. What it is about is noted in `grant_id` as soon as it is
    /// known, for the log.
    pub async fn grant(
        &self,
        client: &AuthenticatedClient,
        request: &TokenRequest,
        grant_id: &mut Option<FamilyId>,
    ) -> Result<GrantOutcome, TokenEndpointError> {
        match request {
            TokenRequest::ClientCredentials(request) => self.client_credentials(client, request).await,
            TokenRequest::AuthorizationCode(request) => {
                self.authorization_code(client, request, grant_id).await
            }
            TokenRequest::RefreshToken(request) => self.refresh_token(client, request, grant_id).await,
        }
    }

    /// What an authorization gives its client now.
    pub async fn effective_grant(
        &self,
        authorization: &AuthorizationGrant,
        client: &Client,
        target: Option<&str>,
        requested: Option<&ScopeSet>,
    ) -> Result<Result<TokenGrant, GrantDenied>, BackendError> {
        let max_lifetime = self.app.config.max_access_token_lifetime;
        let attempt = |catalogue: &ResourceCatalog| {
            let find = |id: &_| catalogue.resources.get(id);
            effective_grant::decide(authorization, client, target, requested, max_lifetime, find)
        };
        let resource = self.catalogue.value.resources.get(&authorization.resource);
        if resource.is_some_and(|resource| authorization.scopes.is_subset(&resource.scope_names())) {
            return Ok(attempt(&self.catalogue.value));
        }
        // What is missing may have been made since the catalogue was read.
        Ok(attempt(&self.app.refresh_catalogue(self.catalogue, self.now).await?.value))
    }
}

/// Whom a token of an authorization acts for.
pub fn subject(authorization: &AuthorizationGrant) -> String {
    authorization
        .consent
        .as_ref()
        .map_or_else(|| authorization.client_id.to_string(), |given| given.person.sub.to_string())
}

fn to_oauth_error(nothing: GrantDenied) -> OAuthError {
    match nothing {
        GrantDenied::NothingLeft => OAuthError::InvalidGrant(InvalidGrantReason::NothingLeft),
        GrantDenied::InvalidTarget => OAuthError::InvalidTarget("the authorization is for another resource"),
        GrantDenied::InvalidScope => {
            OAuthError::InvalidScope("not all of these scopes were authorized, or none is held any more")
        }
    }
}
