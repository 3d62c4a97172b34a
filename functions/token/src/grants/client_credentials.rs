//! Client credentials grant (RFC 6749 §4.4): the client acts on its own behalf.

use super::{GrantContext, GrantOutcome};
use crate::response::TokenEndpointError;
use crate::token_request::ClientCredentialsRequest;
use shared::adapters::crypto::token_crypto::{first_token, new_family};
use shared::adapters::store::{ResourceCatalog, StartOutcome};
use shared::domain::client::{Client, GrantType};
use shared::domain::oauth::authorization_grant::AuthorizationGrant;
use shared::domain::oauth::effective_grant::{TokenGrant, client_credentials_grant};
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::refresh_token_family::MAX_LIVE_OF_CLIENT_CREDENTIALS;
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::services::client_auth::AuthenticatedClient;

impl GrantContext<'_> {
    /// Grants what the client has permissions for. A client that has the refresh token grant gets a refresh token too,
    /// which RFC 6749 §4.4.3 advises against and some vendors' clients expect, while it has less than 20 live ones for the
    /// resource.
    pub async fn client_credentials(
        &self,
        authenticated: &AuthenticatedClient,
        request: &ClientCredentialsRequest,
    ) -> Result<GrantOutcome, TokenEndpointError> {
        if !authenticated.may_use(GrantType::ClientCredentials) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        let client = authenticated.client();
        let token_grant = self.grant_permissions(client, request).await?;
        let sub = client.client_id.to_string();
        if !authenticated.may_use(GrantType::RefreshToken) {
            return Ok(GrantOutcome { token_grant, sub, family_id: None, refresh_token: None });
        }
        let authorization = AuthorizationGrant {
            client_id: client.client_id.clone(),
            account_id: client.account_id.clone(),
            resource: token_grant.resource.clone(),
            scopes: token_grant.scopes.clone(),
            consent: None,
            token_generation: client.token_generation,
            unknown: UnknownAttributes::default(),
        };
        let refresh_token = first_token();
        let family = new_family(&refresh_token, authorization, client.refresh_token_lifetime, self.now);
        match self.app.store.start_family(&family, MAX_LIVE_OF_CLIENT_CREDENTIALS).await? {
            StartOutcome::Started => Ok(GrantOutcome {
                token_grant,
                sub,
                family_id: Some(family.family_id),
                refresh_token: Some(refresh_token),
            }),
            StartOutcome::LimitReached => {
                tracing::info!(client_id = client.client_id.as_str(), "no refresh token: too many are live");
                Ok(GrantOutcome { token_grant, sub, family_id: None, refresh_token: None })
            }
        }
    }

    async fn grant_permissions(
        &self,
        client: &Client,
        request: &ClientCredentialsRequest,
    ) -> Result<TokenGrant, TokenEndpointError> {
        let (target, requested) = (request.target.as_deref(), request.scope.as_ref());
        let evaluate = |catalogue: &ResourceCatalog| {
            let find = |id: &_| catalogue.resources.get(id);
            client_credentials_grant(self.grantee(client), target, requested, find)
        };
        let catalogue = &self.catalogue.value;
        let is_complete = client.permissions.iter().all(|permission| catalogue.knows(&permission.resource));
        match evaluate(catalogue) {
            Ok(token_grant) if is_complete => Ok(token_grant),
            // A resource or a scope may have been created since the catalogue was read.
            Ok(_) | Err(_) => {
                let newer = self.app.refresh_catalogue(self.catalogue, self.now).await?;
                Ok(evaluate(&newer.value)?)
            }
        }
    }
}
