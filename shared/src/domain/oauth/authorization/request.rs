//! What a client asks a person for (RFC 6749 §4.1.1, RFC 8707 §2.1), once it is known that it may ask.

use crate::domain::client::permission::Permission;
use crate::domain::client::{Client, GrantType};
use crate::domain::management;
use crate::domain::oauth::authorization::pkce::CodeChallenge;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use crate::domain::redirect_uri::ResolvedRedirectUri;
use crate::domain::resource::Resource;
use crate::domain::resource::scope::ScopeSet;
use serde::{Deserialize, Serialize};

/// The longest `state`, in bytes: it is kept, and has to fit into a redirect.
pub const MAX_STATE: usize = 2_048;

/// A request that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client_id: ClientId,
    /// The account of that client.
    pub account_id: AccountId,
    /// Where the browser goes back to.
    pub redirect: ResolvedRedirectUri,
    /// Whether the request named it, so that the redemption must (RFC 6749 §4.1.3).
    pub redirect_named: bool,
    /// `state`: the client's own, given back as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The one resource.
    pub resource: ResourceId,
    /// What is asked for there.
    pub scopes: ScopeSet,
    /// RFC 7636 §4.3.
    pub code_challenge: CodeChallenge,
}

/// Why a client may not ask that. For its developer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationDenied {
    /// `unauthorized_client`.
    Grant,
    /// `invalid_target`: it holds no such resource, or did not say which of several.
    Target(&'static str),
    /// `invalid_scope`: more than was granted to it.
    Scope,
}

/// What the client may ask of a person: which resource, and which scopes of it.
///
/// `target` names a resource by its audience or else by its id; without it, a client with one resource asks for that
/// one. All asked scopes must be granted to the client; none asked means all. The management API is not to be had
/// so: whoever manages does it with a client of their own.
pub fn resolve_request<'a>(
    client: &Client,
    target: Option<&str>,
    requested: Option<&ScopeSet>,
    find: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<(ResourceId, ScopeSet), AuthorizationDenied> {
    if !client.grant_types.contains(&GrantType::AuthorizationCode) {
        return Err(AuthorizationDenied::Grant);
    }
    let held: Vec<(&Permission, &Resource)> = client
        .permissions
        .iter()
        .filter(|own| own.resource.as_str() != management::RESOURCE_ID)
        .filter_map(|own| Some((own, find(&own.resource)?)))
        .collect();
    let (permission, resource) = match target {
        Some(wanted) => held
            .iter()
            .find(|(_, resource)| resource.audience.is_for(&client.account_id, wanted))
            .or_else(|| held.iter().find(|(_, resource)| resource.resource_id.as_str() == wanted))
            .ok_or(AuthorizationDenied::Target(
                "the client has no permission for this resource in the name of people",
            ))?,
        None => match held.as_slice() {
            [only] => only,
            [] => {
                return Err(AuthorizationDenied::Target(
                    "the client has no permissions in the name of people",
                ));
            }
            _ => {
                return Err(AuthorizationDenied::Target(
                    "the client has several resources: say which with resource",
                ));
            }
        },
    };
    let available = permission.scopes.filtered(|scope| resource.offers(scope));
    let scopes = match requested {
        None => available,
        Some(requested) if requested.is_subset(&available) => requested.clone(),
        Some(_) => return Err(AuthorizationDenied::Scope),
    };
    Ok((resource.resource_id.clone(), scopes))
}

impl AuthorizationRequest {
    /// Whether the client may still ask that, as it is now.
    pub fn still_allowed<'a>(
        &self,
        client: &Client,
        find: impl Fn(&ResourceId) -> Option<&'a Resource>,
    ) -> Result<(), AuthorizationDenied> {
        resolve_request(client, Some(self.resource.as_str()), Some(&self.scopes), find).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::primitives::display_text::{Description, Name};
    use crate::domain::resource::scope::Scope;
    use crate::domain::resource::{Audience, ScopeDefinition, ServiceLabel, TokenSigningAlg};
    use jiff::Timestamp;

    fn scopes(text: &str) -> ScopeSet {
        ScopeSet::parse(text).expect("legal")
    }

    fn resource(id: &str) -> Resource {
        let offered = |name| ScopeDefinition {
            name: Scope::parse(name).expect("legal"),
            description: Description::default(),
        };
        Resource {
            resource_id: ResourceId::parse(id).expect("legal"),
            resource_name: Name::parse("Any").expect("legal"),
            audience: Audience::parse(&format!("https://{id}.example")).expect("legal"),
            service: ServiceLabel::parse(id).expect("legal"),
            stage: ServiceLabel::parse("production").expect("legal"),
            scopes: ["a", "b"].map(offered).into(),
            default_scopes: ScopeSet::default(),
            token_signing_alg: TokenSigningAlg::RS256,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            version: 1,
        }
    }

    fn client(permissions: &[(&str, &str)]) -> Client {
        let id = ClientId::parse("c1").expect("legal");
        let account = AccountId::parse("T1").expect("legal");
        let name = Name::parse("Order sync").expect("legal");
        let permission = |(id, held): &(&str, &str)| Permission {
            resource: ResourceId::parse(id).expect("legal"),
            scopes: scopes(held),
        };
        Client {
            grant_types: vec![GrantType::AuthorizationCode],
            permissions: permissions.iter().map(permission).collect(),
            ..Client::new(id, account, name, Timestamp::UNIX_EPOCH)
        }
    }

    fn ask(
        client: &Client,
        target: Option<&str>,
        requested: Option<&str>,
    ) -> Result<(String, String), AuthorizationDenied> {
        let all = ["orders", "other", "latchkey"].map(resource);
        let find = |id: &ResourceId| all.iter().find(|resource| resource.resource_id == *id);
        let requested = requested.map(scopes);
        resolve_request(client, target, requested.as_ref(), find)
            .map(|(id, scopes)| (id.to_string(), scopes.to_string()))
    }

    #[test]
    fn the_only_resource_is_meant_and_none_asked_means_all() {
        let client = client(&[("orders", "a b c"), ("latchkey", "a")]);
        assert_eq!(
            ask(&client, None, None),
            Ok(("orders".into(), "a b".into())),
            "c is not offered any more"
        );
        assert_eq!(
            ask(&client, Some("https://orders.example"), Some("b")),
            Ok(("orders".into(), "b".into()))
        );
    }

    #[test]
    fn what_it_may_not_ask() {
        let two = client(&[("orders", "a"), ("other", "a"), ("latchkey", "a")]);
        let target =
            |answer: Result<_, AuthorizationDenied>| matches!(answer, Err(AuthorizationDenied::Target(_)));
        assert!(target(ask(&two, None, None)), "one of two");
        assert!(target(ask(&two, Some("latchkey"), None)), "the management API");
        assert!(target(ask(&client(&[]), None, None)));
        assert_eq!(ask(&two, Some("orders"), Some("b")), Err(AuthorizationDenied::Scope));
        let other_grant = Client { grant_types: vec![GrantType::ClientCredentials], ..two };
        assert_eq!(ask(&other_grant, Some("orders"), None), Err(AuthorizationDenied::Grant));
    }
}
