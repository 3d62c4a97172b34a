//! Trying a secret for the owner of its client: the claims of the token that it would get now, or why it would get none.

use crate::adapters::crypto::random::random_hex;
use crate::adapters::store::ResourceCatalog;
use crate::domain::account::{Account, Status};
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::client::{Client, GrantType};
use crate::domain::oauth::access_token::{AccessTokenClaims, NewAccessToken};
use crate::domain::oauth::effective_grant::{GrantDenied, Grantee, client_credentials_grant};
use crate::domain::oauth::error::{ClientAuthFailure, OAuthError};
use crate::services::client_auth::{AuthContext, ClientAuthError, PresentedSecret, verify_secret};
use crate::services::clients::{ClientError, ClientManager, ClientReader};
use crate::services::context::ManagementContext;

/// What the token endpoint would answer.
#[derive(Debug)]
pub enum SecretTrial {
    /// A token with these claims.
    Token(Box<AccessTokenClaims>),
    /// The secret is right, and people sign in through the client: it gets no tokens of its own.
    SignInOnly,
    /// The client would not be authenticated.
    Refused(ClientAuthFailure),
    /// It would be authenticated, and get no token.
    Denied(OAuthError),
}

impl ClientManager<'_> {
    /// What a program with this secret would get at the caller's address, for the first of the client's resources. Nothing is
    /// signed, and neither a use nor a refusal is noted.
    pub async fn try_secret(&self, client_id: &str, value: &str) -> Result<SecretTrial, ClientError> {
        let now = self.ctx.now();
        let known = self.load(client_id).await?;
        let account = self.account().await?;
        let Ok(secret) = ClientSecret::parse(value) else {
            return Ok(SecretTrial::Refused(ClientAuthFailure::WrongSecret));
        };
        let client = known.client.clone();
        let presented = PresentedSecret { client_id: client.client_id.clone(), secret };
        let peppers = self.ctx.backend.peppers.get(now).await?;
        match verify_secret(&presented, Some(known), &peppers, now) {
            Ok(_) => {}
            Err(ClientAuthError::Rejected { reason, .. }) => return Ok(SecretTrial::Refused(reason)),
            Err(ClientAuthError::Backend(fault)) => return Err(fault.into()),
        }
        let context =
            AuthContext { client_ip: self.ctx.audit_context.actor.source_ip, path_account: None, now };
        if let Err(reason) = context.check_access(&client) {
            return Ok(SecretTrial::Refused(reason));
        }
        if account.status == Status::Disabled {
            return Ok(SecretTrial::Refused(ClientAuthFailure::AccountDisabled));
        }
        if !client.grant_types.contains(&GrantType::ClientCredentials) {
            return Ok(SecretTrial::SignInOnly);
        }
        let catalogue = self.ctx.backend.catalog.get(now).await?.value;
        Ok(match first_token(&self.ctx, &catalogue, &client, &account) {
            Ok(claims) => SecretTrial::Token(Box::new(claims)),
            Err(denied) => SecretTrial::Denied(denied.into()),
        })
    }
}

impl ClientReader<'_> {
    /// The claims of a token that a client would get now, for the first of its resources; `None` if it gets none of its own.
    pub async fn example_token(&self, client: &Client) -> Result<Option<AccessTokenClaims>, ClientError> {
        if !client.grant_types.contains(&GrantType::ClientCredentials) {
            return Ok(None);
        }
        let account = self.ctx.account(&client.account_id).await?.ok_or(ClientError::NotFound)?;
        let catalogue = self.ctx.backend.catalog.get(self.ctx.now()).await?.value;
        Ok(first_token(&self.ctx, &catalogue, client, &account).ok())
    }
}

/// The claims of a token for the first of a client's resources. Nothing is signed.
fn first_token(
    ctx: &ManagementContext<'_>,
    catalogue: &ResourceCatalog,
    client: &Client,
    account: &Account,
) -> Result<AccessTokenClaims, GrantDenied> {
    let policy = ctx.backend.policy;
    let find = |id: &_| catalogue.resources.get(id);
    let first = client.permissions.iter().find_map(|permission| find(&permission.resource));
    let target = first.map(|resource| resource.audience.for_account(&client.account_id));
    let max_lifetime = policy.max_access_token_lifetime;
    let grantee = Grantee { client, entitlements: &account.entitlements, max_lifetime };
    let grant = client_credentials_grant(grantee, target.as_deref(), None, find)?;
    Ok(AccessTokenClaims::from(NewAccessToken {
        issuer: &policy.issuer,
        client,
        account,
        grant,
        sub: client.client_id.to_string(),
        grant_id: None,
        now: ctx.now(),
        random: &random_hex(),
    }))
}
