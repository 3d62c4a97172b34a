//! The client acts in its own name (RFC 6749 §4.4).

use super::{Counter, Grant};
use crate::stopped::Stopped;
use crate::token_request::ClientCredentials;
use shared::adapters::authentication::AuthenticatedClient;
use shared::adapters::fault::Fault;
use shared::adapters::grant_secrets::{first_token, new_family};
use shared::adapters::store::Catalogue;
use shared::domain::authorization::Authorization;
use shared::domain::client::{Client, GrantType};
use shared::domain::client_credentials::{Denied, decide};
use shared::domain::granted::Granted;
use shared::domain::oauth_error::OAuthError;

impl Counter<'_> {
    /// A token for what the client holds; and, if its `grant_types` say so, a refresh token for the same, which
    /// RFC 6749 §4.4.3 advises against and some vendors' clients expect.
    pub(super) async fn client_credentials(
        &self,
        client: &AuthenticatedClient,
        request: &ClientCredentials,
    ) -> Result<Grant, Stopped> {
        if !client.may_use(GrantType::ClientCredentials) {
            return Err(OAuthError::UnauthorizedClient.into());
        }
        let own = client.client();
        let granted = self.held_by(own, request).await?.map_err(|denied| match denied {
            Denied::Target(why) => OAuthError::InvalidTarget(why),
            Denied::Scope => OAuthError::InvalidScope("the client was not granted all of these scopes"),
        })?;
        let sub = own.client_id.to_string();
        if !client.may_use(GrantType::RefreshToken) {
            return Ok(Grant { granted, sub, family: None, refresh_token: None });
        }
        let authorization = Authorization {
            client_id: own.client_id.clone(),
            account_id: own.account_id.clone(),
            resource: granted.resource.clone(),
            scopes: granted.scopes.clone(),
            given_by: None,
        };
        let first = first_token();
        let family = new_family(&first, authorization, own.refresh_token_lifetime, self.now);
        self.app.store.start_family(&family).await?;
        Ok(Grant { granted, sub, family: Some(family.family_id), refresh_token: Some(first) })
    }

    async fn held_by(
        &self,
        client: &Client,
        request: &ClientCredentials,
    ) -> Result<Result<Granted, Denied>, Fault> {
        let max_lifetime = self.app.config.max_access_token_lifetime;
        let attempt = |catalogue: &Catalogue| {
            let find = |id: &_| catalogue.resources.get(id);
            decide(client, request.target.as_deref(), request.scope.as_ref(), max_lifetime, find)
        };
        let first = attempt(&self.catalogue.value);
        let known = client.permissions.iter().all(|own| self.catalogue.value.knows(&own.resource));
        if first.is_ok() && known {
            return Ok(first);
        }
        // What is missing may have been made since the catalogue was read.
        Ok(attempt(&self.app.newer_catalogue(self.catalogue, self.now).await?.value))
    }
}
