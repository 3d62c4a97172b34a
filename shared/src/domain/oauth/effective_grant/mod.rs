//! What an access token may carry: one resource, and those of its scopes that the client holds now (RFC 6749 §3.3,
//! RFC 8707 §2).

#[cfg(test)]
mod tests;

use crate::domain::client::Client;
use crate::domain::client::permission::Permission;
use crate::domain::oauth::authorization_grant::AuthorizationGrant;
use crate::domain::oauth::error::OAuthError;
use crate::domain::oauth::invalid_grant::InvalidGrantReason;
use crate::domain::primitives::ids::{AccountId, ResourceId};
use crate::domain::resource::scope::ScopeSet;
use crate::domain::resource::{Resource, TokenSigningAlg};

/// Contents of an access token that follow from the grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenGrant {
    /// The resource.
    pub resource: ResourceId,
    /// The resource's audience, for the client's account.
    pub audience: String,
    /// The scopes.
    pub scopes: ScopeSet,
    /// The algorithm that the resource expects.
    pub token_signing_alg: TokenSigningAlg,
    /// Seconds.
    pub lifetime: u32,
}

impl TokenGrant {
    /// Grants these scopes of a resource. `max_lifetime` is the deployment's limit, in seconds.
    fn new(client: &Client, resource: &Resource, scopes: ScopeSet, max_lifetime: u32) -> Self {
        Self {
            resource: resource.resource_id.clone(),
            audience: resource.audience.for_account(&client.account_id),
            scopes,
            token_signing_alg: resource.token_signing_alg,
            lifetime: client.access_token_lifetime.min(max_lifetime),
        }
    }
}

/// Reason for which a grant yields no token. The texts are `error_description`s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantDenied {
    /// `invalid_grant`: the permission, the resource or every scope of an earlier authorization is gone.
    NothingLeft,
    /// `invalid_target` (RFC 8707 §2).
    InvalidTarget(&'static str),
    /// `invalid_scope` (RFC 6749 §5.2).
    InvalidScope(&'static str),
}

impl From<GrantDenied> for OAuthError {
    fn from(denied: GrantDenied) -> Self {
        match denied {
            GrantDenied::NothingLeft => Self::InvalidGrant(InvalidGrantReason::NothingLeft),
            GrantDenied::InvalidTarget(description) => Self::InvalidTarget(description),
            GrantDenied::InvalidScope(description) => Self::InvalidScope(description),
        }
    }
}

/// Reason for which no resource could be selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceSelectionError {
    /// The client holds no permission.
    NoPermissions,
    /// The client holds no permission for the requested resource.
    NotPermitted,
    /// The request names no resource, and the client holds permissions for several.
    Ambiguous,
}

/// Selects the one resource that a request is for, among those that the client has permissions for.
///
/// `target` is the `resource` or `audience` of the request: an audience or, if it is none, a resource id. Without
/// it, the only candidate is selected.
pub fn select_resource<'c, 'r>(
    candidates: &[(&'c Permission, &'r Resource)],
    account: &AccountId,
    target: Option<&str>,
) -> Result<(&'c Permission, &'r Resource), ResourceSelectionError> {
    let Some(target) = target else {
        return match candidates {
            [only] => Ok(*only),
            [] => Err(ResourceSelectionError::NoPermissions),
            _ => Err(ResourceSelectionError::Ambiguous),
        };
    };
    candidates
        .iter()
        .find(|(_, resource)| resource.audience.is_for(account, target))
        // An id of one resource may be the audience of another, which then takes precedence.
        .or_else(|| candidates.iter().find(|(_, resource)| resource.resource_id.as_str() == target))
        .copied()
        .ok_or(ResourceSelectionError::NotPermitted)
}

/// The requested scopes of a permission, all of them if none are requested; `None` if one of them is not available. A
/// scope that the resource no longer offers is available to no client.
#[must_use]
pub fn select_scopes(
    permission: &Permission,
    resource: &Resource,
    requested: Option<&ScopeSet>,
) -> Option<ScopeSet> {
    let available = permission.scopes.filtered(|scope| resource.offers(scope));
    match requested {
        None => Some(available),
        Some(requested) => requested.is_subset(&available).then(|| requested.clone()),
    }
}

/// Grant of a client that acts on its own behalf (RFC 6749 §4.4).
pub fn client_credentials_grant<'a>(
    client: &Client,
    target: Option<&str>,
    requested: Option<&ScopeSet>,
    max_lifetime: u32,
    find_resource: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<TokenGrant, GrantDenied> {
    let held: Vec<_> = client
        .permissions
        .iter()
        .filter_map(|permission| Some((permission, find_resource(&permission.resource)?)))
        .collect();
    let (permission, resource) = select_resource(&held, &client.account_id, target).map_err(|reason| {
        GrantDenied::InvalidTarget(match reason {
            ResourceSelectionError::NoPermissions => "the client has no permissions",
            ResourceSelectionError::NotPermitted => "the client has no permission for this resource",
            ResourceSelectionError::Ambiguous => "the client has several resources: say which with resource",
        })
    })?;
    let scopes = select_scopes(permission, resource, requested)
        .ok_or(GrantDenied::InvalidScope("the client was not granted all of these scopes"))?;
    Ok(TokenGrant::new(client, resource, scopes, max_lifetime))
}

/// What an earlier authorization still grants: never more than was authorized, and never more than the client holds
/// now.
///
/// `target` can only name the resource that was authorized. `requested` can only narrow the scopes (RFC 6749 §6);
/// scopes that the client has lost since are left out.
pub fn effective_grant<'a>(
    authorization: &AuthorizationGrant,
    client: &Client,
    target: Option<&str>,
    requested: Option<&ScopeSet>,
    max_lifetime: u32,
    find_resource: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<TokenGrant, GrantDenied> {
    let authorized = &authorization.scopes;
    let permission = client.permissions.iter().find(|held| held.resource == authorization.resource);
    let (Some(permission), Some(resource)) = (permission, find_resource(&authorization.resource)) else {
        return Err(GrantDenied::NothingLeft);
    };
    let remaining =
        authorized.filtered(|scope| permission.scopes.contains(scope.as_str()) && resource.offers(scope));
    // A token without any scope could mean more to a resource than one with a few.
    if remaining.is_empty() && !authorized.is_empty() {
        return Err(GrantDenied::NothingLeft);
    }
    select_resource(&[(permission, resource)], &client.account_id, target)
        .map_err(|_| GrantDenied::InvalidTarget("the authorization is for another resource"))?;
    let scopes = match requested {
        None => remaining,
        Some(requested) => {
            let narrowed = remaining.filtered(|scope| requested.contains(scope.as_str()));
            if narrowed.is_empty() || !requested.is_subset(authorized) {
                return Err(GrantDenied::InvalidScope(
                    "not all of these scopes were authorized, or none is held any more",
                ));
            }
            narrowed
        }
    };
    Ok(TokenGrant::new(client, resource, scopes, max_lifetime))
}
