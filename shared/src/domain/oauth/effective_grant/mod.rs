//! What an access token may carry: one resource, and those of its scopes that the client holds now (RFC 6749 §3.3,
//! RFC 8707 §2).

#[cfg(test)]
mod tests;

use crate::domain::account::Entitlements;
use crate::domain::client::Client;
use crate::domain::client::permission::Permission;
use crate::domain::oauth::authorization_grant::AuthorizationGrant;
use crate::domain::oauth::error::OAuthError;
use crate::domain::oauth::invalid_grant::InvalidGrantReason;
use crate::domain::oauth::openid_scopes::without_ignored;
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

/// Who a token is for, and what bounds it.
#[derive(Clone, Copy, Debug)]
pub struct Grantee<'a> {
    /// The client.
    pub client: &'a Client,
    /// What the client's account is entitled to.
    pub entitlements: &'a Entitlements,
    /// The longest lifetime of an access token in this deployment, in seconds.
    pub max_lifetime: u32,
}

/// A resource that a client may use now, and which of its scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<'r> {
    /// The resource.
    pub resource: &'r Resource,
    /// The scopes of the client's permission that the resource offers and the account is entitled to.
    pub scopes: ScopeSet,
}

impl<'r> Candidate<'r> {
    /// What remains of a permission; `None` if the account may not use the resource, or if no scope remains.
    #[must_use]
    pub fn new(permission: &Permission, resource: &'r Resource, entitlements: &Entitlements) -> Option<Self> {
        let scopes = permission.scopes.intersection(&entitlements.permitted_scopes(resource)?);
        // A token without any scope could mean more to a resource than one with a few.
        let is_nothing_left = scopes.is_empty() && !permission.scopes.is_empty();
        (!is_nothing_left).then_some(Self { resource, scopes })
    }

    /// The requested scopes with those that they imply, or all if none are requested; `None` if one of them is not
    /// available.
    #[must_use]
    pub fn select_scopes(&self, requested: Option<&ScopeSet>) -> Option<ScopeSet> {
        match without_ignored(requested, self.resource) {
            None => Some(self.scopes.clone()),
            Some(requested) => requested
                .is_subset(&self.scopes)
                .then(|| self.resource.with_implied(&requested).intersection(&self.scopes)),
        }
    }
}

impl TokenGrant {
    fn new(grantee: Grantee<'_>, resource: &Resource, scopes: ScopeSet) -> Self {
        let Grantee { client, max_lifetime, .. } = grantee;
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

/// Selects the one resource that a request is for, among those that the client may use.
///
/// `target` is the `resource` or `audience` of the request: an audience or, if it is none, a resource id. Without
/// it, the only candidate is selected.
pub fn select_resource<'c, 'r>(
    candidates: &'c [Candidate<'r>],
    account: &AccountId,
    target: Option<&str>,
) -> Result<&'c Candidate<'r>, ResourceSelectionError> {
    let Some(target) = target else {
        return match candidates {
            [only] => Ok(only),
            [] => Err(ResourceSelectionError::NoPermissions),
            _ => Err(ResourceSelectionError::Ambiguous),
        };
    };
    candidates
        .iter()
        .find(|candidate| candidate.resource.audience.is_for(account, target))
        // An id of one resource may be the audience of another, which then takes precedence.
        .or_else(|| candidates.iter().find(|candidate| candidate.resource.resource_id.as_str() == target))
        .ok_or(ResourceSelectionError::NotPermitted)
}

/// Grant of a client that acts on its own behalf (RFC 6749 §4.4).
pub fn client_credentials_grant<'a>(
    grantee: Grantee<'_>,
    target: Option<&str>,
    requested: Option<&ScopeSet>,
    find_resource: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<TokenGrant, GrantDenied> {
    let Grantee { client, entitlements, .. } = grantee;
    let candidates: Vec<_> = client
        .permissions
        .iter()
        .filter_map(|permission| {
            Candidate::new(permission, find_resource(&permission.resource)?, entitlements)
        })
        .collect();
    let selected = select_resource(&candidates, &client.account_id, target).map_err(|reason| {
        GrantDenied::InvalidTarget(match reason {
            ResourceSelectionError::NoPermissions => "the client has no permissions",
            ResourceSelectionError::NotPermitted => "the client has no permission for this resource",
            ResourceSelectionError::Ambiguous => "the client has several resources: say which with resource",
        })
    })?;
    let scopes = selected
        .select_scopes(requested)
        .ok_or(GrantDenied::InvalidScope("the client was not granted all of these scopes"))?;
    Ok(TokenGrant::new(grantee, selected.resource, scopes))
}

/// What an earlier authorization still grants: never more than was authorized, and never more than the client may use
/// now.
///
/// `target` can only name the resource that was authorized. `requested` can only narrow the scopes (RFC 6749 §6).
/// Scopes that the client has lost since are left out, also if they are requested; scopes that its account has lost are
/// an error if they are.
pub fn effective_grant<'a>(
    authorization: &AuthorizationGrant,
    grantee: Grantee<'_>,
    target: Option<&str>,
    requested: Option<&ScopeSet>,
    find_resource: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<TokenGrant, GrantDenied> {
    let Grantee { client, entitlements, .. } = grantee;
    let authorized = &authorization.scopes;
    let permission = client.permissions.iter().find(|held| held.resource == authorization.resource);
    let (Some(permission), Some(resource)) = (permission, find_resource(&authorization.resource)) else {
        return Err(GrantDenied::NothingLeft);
    };
    let candidate = Candidate::new(permission, resource, entitlements).ok_or(GrantDenied::NothingLeft)?;
    let remaining = authorized.intersection(&candidate.scopes);
    if remaining.is_empty() && !authorized.is_empty() {
        return Err(GrantDenied::NothingLeft);
    }
    select_resource(&[candidate], &client.account_id, target)
        .map_err(|_| GrantDenied::InvalidTarget("the authorization is for another resource"))?;
    let scopes = match without_ignored(requested, resource) {
        None => remaining,
        Some(requested) => {
            let narrowed = resource.with_implied(&requested).intersection(&remaining);
            let permitted = entitlements.permitted_scopes(resource).unwrap_or_default();
            let lost_by_account = requested.intersection(&resource.scope_names()).difference(&permitted);
            if narrowed.is_empty() || !requested.is_subset(authorized) || !lost_by_account.is_empty() {
                return Err(GrantDenied::InvalidScope(
                    "not all of these scopes were authorized, or none is held any more",
                ));
            }
            narrowed
        }
    };
    Ok(TokenGrant::new(grantee, resource, scopes))
}
