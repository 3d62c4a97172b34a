//! Validated authorization requests (RFC 6749 §4.1.1, RFC 8707 §2.1).

use crate::domain::account::Entitlements;
use crate::domain::client::{Client, GrantType};
use crate::domain::management;
use crate::domain::oauth::authorization::pkce::CodeChallenge;
use crate::domain::oauth::effective_grant::{Candidate, ResourceSelectionError, select_resource};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::redirect_uri::ResolvedRedirectUri;
use crate::domain::resource::Resource;
use crate::domain::resource::scope::ScopeSet;
use serde::{Deserialize, Serialize};

/// The longest `state`, in bytes.
const MAX_STATE: usize = 4_096;
/// The longest `state` in the query of the redirect. API Gateway takes at most 10,240 bytes of headers, of which
/// `Location` is one, and of a request line with its headers.
const MAX_ENCODED_STATE: usize = 6_144;

/// Whether a `state` can be stored and returned to the client.
pub fn state_fits(state: &str) -> bool {
    let encoded = form_urlencoded::byte_serialize(state.as_bytes()).map(str::len).sum::<usize>();
    state.len() <= MAX_STATE && encoded <= MAX_ENCODED_STATE
}

/// A validated authorization request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// The client.
    pub client_id: ClientId,
    /// The account of that client.
    pub account_id: AccountId,
    /// The redirect URI.
    pub redirect: ResolvedRedirectUri,
    /// Whether the request had a `redirect_uri`, so that the token request must have it too (RFC 6749 §4.1.3).
    #[serde(rename = "redirect_named")]
    pub redirect_uri_present: bool,
    /// `state`, returned to the client unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The requested resource.
    pub resource: ResourceId,
    /// The requested scopes.
    pub scopes: ScopeSet,
    /// The challenge (RFC 7636 §4.3).
    pub code_challenge: CodeChallenge,
    /// `login_hint` (OpenID Connect Core 1.0 §3.1.2.1): the address that the sign-in page is filled in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<EmailAddress>,
    /// `prompt=consent` (OpenID Connect Core 1.0 §3.1.2.1): the consent page is shown although a consent is remembered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prompt_consent: bool,
    /// `ui_locales` (OpenID Connect Core 1.0 §3.1.2.1): languages that the pages may be in, in the order of preference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ui_locales: Option<String>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// Why a client may not make a request. For its developer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationDenied {
    /// `unauthorized_client`.
    Grant,
    /// `invalid_target`: it has no permission for the resource, or named none and has several.
    Target(&'static str),
    /// `invalid_scope`: it has no permission for all requested scopes.
    Scope,
}

/// Resolves the resource and scopes of an authorization request.
///
/// `target` names a resource by its audience, or else by its id; without it, the client's only resource is used. The client
/// must have a permission for all requested scopes; if none are requested, it gets all. The management API is excluded: it
/// can be used only by clients that act for themselves.
pub fn resolve_request<'a>(
    client: &Client,
    entitlements: &Entitlements,
    target: Option<&str>,
    requested: Option<&ScopeSet>,
    find: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<(ResourceId, ScopeSet), AuthorizationDenied> {
    if !client.grant_types.contains(&GrantType::AuthorizationCode) {
        return Err(AuthorizationDenied::Grant);
    }
    let candidates: Vec<_> = client
        .permissions
        .iter()
        .filter(|permission| permission.resource.as_str() != management::RESOURCE_ID)
        .filter_map(|permission| Candidate::new(permission, find(&permission.resource)?, entitlements))
        .collect();
    let selected = select_resource(&candidates, &client.account_id, target).map_err(|reason| {
        AuthorizationDenied::Target(match reason {
            ResourceSelectionError::NoPermissions => "the client has no permissions in the name of people",
            ResourceSelectionError::NotPermitted => {
                "the client has no permission for this resource in the name of people"
            }
            ResourceSelectionError::Ambiguous => "the client has several resources: say which with resource",
        })
    })?;
    let scopes = selected.select_scopes(requested).ok_or(AuthorizationDenied::Scope)?;
    Ok((selected.resource.resource_id.clone(), scopes))
}

impl AuthorizationRequest {
    /// Whether the client, as it and its account are now, may still make this request.
    pub fn still_allowed<'a>(
        &self,
        client: &Client,
        entitlements: &Entitlements,
        find: impl Fn(&ResourceId) -> Option<&'a Resource>,
    ) -> Result<(), AuthorizationDenied> {
        let (target, scopes) = (Some(self.resource.as_str()), Some(&self.scopes));
        resolve_request(client, entitlements, target, scopes, find).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::permission::Permission;
    use crate::domain::primitives::display_text::{Description, Name};
    use crate::domain::resource::scope::Scope;
    use crate::domain::resource::{AccountAccess, Audience, ScopeDefinition, ServiceLabel, TokenSigningAlg};
    use jiff::Timestamp;

    fn scopes(text: &str) -> ScopeSet {
        ScopeSet::parse(text).expect("legal")
    }

    fn resource(id: &str) -> Resource {
        let offered = |name| ScopeDefinition {
            name: Scope::parse(name).expect("legal"),
            description: Description::default(),
            restricted: false,
            implies: ScopeSet::default(),
            unknown: UnknownAttributes::default(),
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
            account_access: AccountAccess::All,
            documentation_url: None,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            version: 1,
            unknown: UnknownAttributes::default(),
        }
    }

    fn client(permissions: &[(&str, &str)]) -> Client {
        let id = ClientId::parse("c1").expect("legal");
        let account = AccountId::parse("T1").expect("legal");
        let name = Name::parse("Order sync").expect("legal");
        let permission = |(id, held): &(&str, &str)| Permission {
            resource: ResourceId::parse(id).expect("legal"),
            scopes: scopes(held),
            unknown: UnknownAttributes::default(),
        };
        Client {
            grant_types: vec![GrantType::AuthorizationCode],
            permissions: permissions.iter().map(permission).collect(),
            ..Client::new(id, account, name, Timestamp::UNIX_EPOCH)
        }
    }

    fn resolve(
        client: &Client,
        target: Option<&str>,
        requested: Option<&str>,
    ) -> Result<(String, String), AuthorizationDenied> {
        let all = ["orders", "other", "latchkey"].map(resource);
        let find = |id: &ResourceId| all.iter().find(|resource| resource.resource_id == *id);
        let requested = requested.map(scopes);
        resolve_request(client, &Entitlements::default(), target, requested.as_ref(), find)
            .map(|(id, scopes)| (id.to_string(), scopes.to_string()))
    }

    #[test]
    fn the_only_resource_and_all_scopes_are_the_default() {
        let client = client(&[("orders", "a b c"), ("latchkey", "a")]);
        assert_eq!(
            resolve(&client, None, None),
            Ok(("orders".into(), "a b".into())),
            "c is not offered any more"
        );
        assert_eq!(
            resolve(&client, Some("https://orders.example"), Some("b")),
            Ok(("orders".into(), "b".into()))
        );
    }

    #[test]
    fn requests_without_permission_are_denied() {
        let two = client(&[("orders", "a"), ("other", "a"), ("latchkey", "a")]);
        let is_target_error =
            |result: Result<_, AuthorizationDenied>| matches!(result, Err(AuthorizationDenied::Target(_)));
        assert!(is_target_error(resolve(&two, None, None)), "one of two");
        assert!(is_target_error(resolve(&two, Some("latchkey"), None)), "the management API");
        assert!(is_target_error(resolve(&client(&[]), None, None)));
        assert_eq!(resolve(&two, Some("orders"), Some("b")), Err(AuthorizationDenied::Scope));
        let other_grant = Client { grant_types: vec![GrantType::ClientCredentials], ..two };
        assert_eq!(resolve(&other_grant, Some("orders"), None), Err(AuthorizationDenied::Grant));
    }
}
