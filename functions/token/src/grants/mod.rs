//! The grants (RFC 6749 §1.3), one file for each, and what they share.

mod authorization_code;
mod client_credentials;
mod refresh_token;

use crate::request_log::RequestLog;
use crate::response::TokenEndpointError;
use jiff::Timestamp;
use shared::adapters::cache::CacheEntry;
use shared::adapters::error::BackendError;
use shared::adapters::store::{ConsentStatus, ResourceCatalog};
use shared::app::App;
use shared::domain::account::Account;
use shared::domain::audit::{Action, Actor, Target};
use shared::domain::client::{Client, GrantType};
use shared::domain::oauth::authorization_grant::AuthorizationGrant;
use shared::domain::oauth::effective_grant::{self, Grantee, TokenGrant};
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::domain::resource::scope::ScopeSet;
use shared::domain::sign_in::end_user::SubjectType;
use shared::services::audit::AuditContext;
use shared::services::audit::security_events::SecurityEvents;
use std::net::IpAddr;

/// Inputs that all grants share.
#[derive(Clone, Copy)]
pub struct GrantContext<'a> {
    pub app: &'a App,
    /// The client's account.
    pub account: &'a Account,
    pub catalogue: &'a CacheEntry<ResourceCatalog>,
    pub now: Timestamp,
    pub client_ip: Option<IpAddr>,
    pub log: &'a RequestLog,
}

/// Result of a grant, from which an access token is signed.
pub struct GrantOutcome {
    pub token_grant: TokenGrant,
    /// `sub` of the token.
    pub sub: String,
    /// The family that the token is of, by which it can be revoked: `grant_id` of the token.
    pub family_id: Option<FamilyId>,
    pub refresh_token: Option<RefreshToken>,
}

impl GrantContext<'_> {
    fn grantee<'a>(&'a self, client: &'a Client) -> Grantee<'a> {
        let max_lifetime = self.app.config.max_access_token_lifetime;
        Grantee { client, entitlements: &self.account.entitlements, max_lifetime }
    }

    /// What an earlier authorization still grants to its client.
    pub async fn effective_grant(
        &self,
        authorization: &AuthorizationGrant,
        client: &Client,
        target: Option<&str>,
        requested: Option<&ScopeSet>,
    ) -> Result<TokenGrant, TokenEndpointError> {
        let evaluate = |catalogue: &ResourceCatalog| {
            let find = |id: &_| catalogue.resources.get(id);
            effective_grant::effective_grant(authorization, self.grantee(client), target, requested, find)
        };
        let resource = self.catalogue.value.resources.get(&authorization.resource);
        if resource.is_some_and(|resource| authorization.scopes.is_subset(&resource.scope_names())) {
            return Ok(evaluate(&self.catalogue.value)?);
        }
        // The resource or a scope may have been created since the catalogue was read.
        let newer = self.app.refresh_catalogue(self.catalogue, self.now).await?;
        Ok(evaluate(&newer.value)?)
    }

    /// Checks that the authorization still stands: that the client's tokens were not all revoked since, and that the end
    /// user's consent, if it is by one, is valid.
    async fn ensure_stands(
        &self,
        authorization: &AuthorizationGrant,
        client: &Client,
    ) -> Result<(), TokenEndpointError> {
        if authorization.token_generation < client.token_generation {
            return Err(invalid_grant(InvalidGrantReason::ClientTokensRevoked));
        }
        match self.app.store.validate_consent(authorization, self.account.end_users, self.now).await? {
            ConsentStatus::Valid => Ok(()),
            ConsentStatus::Invalid(reason) => Err(invalid_grant(InvalidGrantReason::ConsentInvalid(reason))),
        }
    }

    /// Revokes the family of a code or refresh token that was presented again, and records that once: two parties hold
    /// what only one should.
    async fn revoke_replayed(
        &self,
        action: Action,
        authorization: &AuthorizationGrant,
        family_id: &FamilyId,
    ) -> Result<(), BackendError> {
        if !self.app.store.revoke_family(family_id, self.now).await? {
            return Ok(());
        }
        let (client_id, account_id) = (&authorization.client_id, &authorization.account_id);
        let target = Target {
            client_id: Some(client_id.clone()),
            email: authorization.consent.as_ref().map(|consent| consent.person.email.clone()),
            subject_type: subject_type(authorization),
            grant_id: Some(family_id.clone()),
            ..Target::default()
        };
        let actor = Actor::of_client(client_id.clone(), account_id.clone(), self.client_ip);
        let context = AuditContext { actor, now: self.now, request: None };
        let entry = context.audit(account_id, action, target, &[]);
        SecurityEvents { store: &self.app.store, events: &self.app.events }.record(&entry).await;
        Ok(())
    }

    fn record_grant_id(&self, family_id: Option<&FamilyId>) {
        self.log.record(|fields| fields.grant_id = family_id.map(|id| id.as_str().to_owned()));
    }
}

/// `sub` of a token of this authorization: the end user, or the client that acts on its own behalf.
pub fn subject(authorization: &AuthorizationGrant) -> String {
    match &authorization.consent {
        Some(consent) => consent.person.sub.to_string(),
        None => authorization.client_id.to_string(),
    }
}

/// What the subject of a person is; `None` if the client acts on its own behalf.
pub fn subject_type(authorization: &AuthorizationGrant) -> Option<SubjectType> {
    authorization.consent.as_ref().map(|consent| consent.person.sub.subject_type())
}

/// The grant type by which an authorization began. A client that loses it can no longer use refresh tokens of that
/// authorization; nor can a client that became public, if it began with client credentials.
pub fn originating_grant_type(authorization: &AuthorizationGrant) -> GrantType {
    match authorization.consent {
        Some(_) => GrantType::AuthorizationCode,
        None => GrantType::ClientCredentials,
    }
}

fn invalid_grant(reason: InvalidGrantReason) -> TokenEndpointError {
    OAuthError::InvalidGrant(reason).into()
}
