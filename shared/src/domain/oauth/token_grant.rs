//! What a grant comes to: everything that a token for it needs to say.

use crate::domain::client::Client;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::resource::scope::ScopeSet;
use crate::domain::resource::{Resource, TokenSigningAlg};

/// What was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenGrant {
    /// The resource.
    pub resource: ResourceId,
    /// The resource's audience, for the client's account.
    pub audience: String,
    /// What the token allows.
    pub scopes: ScopeSet,
    /// How the resource wants it signed.
    pub token_signing_alg: TokenSigningAlg,
    /// Seconds.
    pub lifetime: u32,
}

impl TokenGrant {
    /// These scopes of a resource, for as long as the client and the deployment let a token live.
    #[must_use]
    pub fn of(client: &Client, resource: &Resource, scopes: ScopeSet, max_lifetime: u32) -> Self {
        Self {
            resource: resource.resource_id.clone(),
            audience: resource.audience.for_account(&client.account_id),
            scopes,
            token_signing_alg: resource.token_signing_alg,
            lifetime: client.access_token_lifetime.min(max_lifetime),
        }
    }
}
