//! The client acts in its own name (RFC 6749 §4.4).

use super::{GrantContext, GrantOutcome};
use crate::error::TokenEndpointError;
use crate::request::token_request::ClientCredentialsRequest;
use shared::adapters::crypto::token_crypto::{first_token, new_family};
use shared::adapters::error::BackendError;
use shared::adapters::store::ResourceCatalog;
use shared::domain::client::{Client, GrantType};
use shared::domain::oauth::authorization_grant::AuthorizationGrant;
use shared::domain::oauth::client_credentials::{Denied, decide};
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::token_grant::TokenGrant;
use shared::services::client_auth::AuthenticatedClient;

impl GrantContext<'_> {
    /// A token for what the client holds; and, if its `grant_types` say so, a refresh token for the same, which
    /// RFC 6749 §4.4.3 advises against and some vendors' clients expect.
    pub(super) async fn client_credentials(
        &self,
        client: &AuthenticatedClient,
        request: &ClientCredentialsRequest,
    ) -> Result<GrantOutcome, TokenEndpointError> {
        if !client.may_use(GrantType::ClientCredentials) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        let own = client.client();
        let token_grant = self.grant_permissions(own, request).await?.map_err(|denied| match denied {
            Denied::Target(why) => OAuthError::InvalidTarget(why),
            Denied::Scope => OAuthError::InvalidScope("the client was not granted all of these scopes"),
        })?;
        let sub = own.client_id.to_string();
        if !client.may_use(GrantType::RefreshToken) {
            return Ok(GrantOutcome { token_grant, sub, family: None, refresh_token: None });
        }
        let authorization = AuthorizationGrant {
            client_id: own.client_id.clone(),
            account_id: own.account_id.clone(),
            resource: token_grant.resource.clone(),
            scopes: token_grant.scopes.clone(),
            consent: None,
        };
        let first = first_token();
        let family = new_family(&first, authorization, own.refresh_token_lifetime, self.now);
        self.app.store.start_family(&family).await?;
        Ok(GrantOutcome { token_grant, sub, family: Some(family.family_id), refresh_token: Some(first) })
    }

    async fn grant_permissions(
        &self,
        client: &Client,
        request: &ClientCredentialsRequest,
    ) -> Result<Result<TokenGrant, Denied>, BackendError> {
        let max_lifetime = self.app.config.max_access_token_lifetime;
        let attempt = |catalogue: &ResourceCatalog| {
            let find = |id: &_| catalogue.resources.get(id);
            decide(client, request.target.as_deref(), request.scope.as_ref(), max_lifetime, find)
        };
        let first = attempt(&self.catalogue.value);
        let known = client.permissions.iter().all(|own| self.catalogue.value.knows(&own.resource));
        if first.is_ok() && known {
            return Ok(first);
        }
        // What is missing may have been made since the catalogue was read.
        Ok(attempt(&self.app.refresh_catalogue(self.catalogue, self.now).await?.value))
    }
}
