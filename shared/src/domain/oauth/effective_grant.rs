//! What an authorization still gives: never more than was allowed then, nor than its client holds now.

use crate::domain::client::Client;
use crate::domain::oauth::authorization_grant::AuthorizationGrant;
use crate::domain::oauth::token_grant::TokenGrant;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::resource::Resource;
use crate::domain::resource::scope::ScopeSet;

/// Why it gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantDenied {
    /// `invalid_grant`: the permission, the resource or every scope is gone.
    NothingLeft,
    /// `invalid_target` (RFC 8707 §2.2): another resource was asked for.
    InvalidTarget,
    /// `invalid_scope` (RFC 6749 §6): more was asked for than was allowed, or only what the client has lost.
    InvalidScope,
}

/// Decides what a client gets for an authorization now.
///
/// `target` can only name the one resource that it is for. `requested` can only narrow it; what was allowed and the
/// client has lost since is left out, and the answer's `scope` says so. Where scopes were allowed and none of them is
/// left, nothing is: a token without any scope could mean more to a resource than one with a few.
pub fn decide<'a>(
    authorization: &AuthorizationGrant,
    client: &Client,
    target: Option<&str>,
    requested: Option<&ScopeSet>,
    max_lifetime: u32,
    find: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<TokenGrant, GrantDenied> {
    let permission = client.permissions.iter().find(|own| own.resource == authorization.resource);
    let (Some(permission), Some(resource)) = (permission, find(&authorization.resource)) else {
        return Err(GrantDenied::NothingLeft);
    };
    let held = authorization
        .scopes
        .filtered(|scope| permission.scopes.contains(scope.as_str()) && resource.offers(scope));
    if held.is_empty() && !authorization.scopes.is_empty() {
        return Err(GrantDenied::NothingLeft);
    }
    if target.is_some_and(|wanted| !resource.is_meant_by(wanted, &client.account_id)) {
        return Err(GrantDenied::InvalidTarget);
    }
    let scopes = match requested {
        None => held,
        Some(requested) if requested.is_subset(&authorization.scopes) => {
            let narrowed = held.filtered(|scope| requested.contains(scope.as_str()));
            if narrowed.is_empty() {
                return Err(GrantDenied::InvalidScope);
            }
            narrowed
        }
        Some(_) => return Err(GrantDenied::InvalidScope),
    };
    Ok(TokenGrant::of(client, resource, scopes, max_lifetime))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::permission::Permission;
    use crate::domain::management;
    use crate::domain::primitives::display_text::Name;
    use crate::domain::primitives::ids::{AccountId, ClientId};
    use jiff::Timestamp;

    fn scopes(text: &str) -> ScopeSet {
        ScopeSet::parse(text).expect("legal")
    }

    fn resource() -> Resource {
        management::resource("https://id.example.com")
    }

    fn client(held: &str) -> Client {
        let id = ClientId::parse("c1").expect("legal");
        let account = AccountId::parse("T1").expect("legal");
        let name = Name::parse("Order sync").expect("legal");
        let permission = Permission { resource: resource().resource_id, scopes: scopes(held) };
        Client { permissions: vec![permission], ..Client::new(id, account, name, Timestamp::UNIX_EPOCH) }
    }

    fn allowed(text: &str) -> AuthorizationGrant {
        let client = client("clients:read");
        AuthorizationGrant {
            client_id: client.client_id,
            account_id: client.account_id,
            resource: resource().resource_id,
            scopes: if text.is_empty() { ScopeSet::default() } else { scopes(text) },
            consent: None,
        }
    }

    /// The scopes that are granted.
    fn left(
        allowed: &AuthorizationGrant,
        client: &Client,
        target: Option<&str>,
        requested: Option<&str>,
    ) -> Result<String, GrantDenied> {
        let (resource, requested) = (resource(), requested.map(scopes));
        let token_grant = decide(allowed, client, target, requested.as_ref(), 60, |_| Some(&resource))?;
        assert_eq!((token_grant.audience.as_str(), token_grant.lifetime), ("https://id.example.com/v1", 60));
        Ok(token_grant.scopes.to_string())
    }

    #[test]
    fn it_is_what_was_allowed_and_is_still_held() {
        let allowed = allowed("clients:read clients:manage");
        let left = |held: &str| left(&allowed, &client(held), None, None);
        assert_eq!(left("clients:read clients:manage audit:read"), Ok("clients:manage clients:read".into()));
        assert_eq!(left("clients:read"), Ok("clients:read".into()));
        assert_eq!(left("audit:read"), Err(GrantDenied::NothingLeft));
    }

    #[test]
    fn asking_narrows_it_and_never_widens_it() {
        let (allowed, client) = (allowed("clients:read clients:manage"), client("clients:read audit:read"));
        let left = |requested| left(&allowed, &client, None, Some(requested));
        assert_eq!(left("clients:read"), Ok("clients:read".into()));
        assert_eq!(left("clients:read clients:manage"), Ok("clients:read".into()));
        assert_eq!(left("clients:manage"), Err(GrantDenied::InvalidScope), "it was allowed, and is lost");
        assert_eq!(left("clients:read audit:read"), Err(GrantDenied::InvalidScope), "held, but not allowed");
    }

    #[test]
    fn a_target_names_the_resource_or_is_wrong() {
        let (allowed, client) = (allowed("clients:read"), client("clients:read"));
        for target in [None, Some("latchkey"), Some("https://id.example.com/v1")] {
            assert_eq!(left(&allowed, &client, target, None), Ok("clients:read".into()));
        }
        assert_eq!(left(&allowed, &client, Some("backoffice"), None), Err(GrantDenied::InvalidTarget));
    }

    #[test]
    fn an_authorization_without_scopes_stays_one_and_a_lost_resource_leaves_nothing() {
        let client = client("clients:read");
        assert_eq!(left(&allowed(""), &client, None, None), Ok(String::new()));
        assert_eq!(
            decide(&allowed("clients:read"), &client, None, None, 60, |_| None),
            Err(GrantDenied::NothingLeft)
        );
        let stripped = Client { permissions: Vec::new(), ..client };
        assert_eq!(left(&allowed("clients:read"), &stripped, None, None), Err(GrantDenied::NothingLeft));
    }
}
