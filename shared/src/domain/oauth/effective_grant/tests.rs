//! Tests of what a grant yields.

use super::*;
use crate::domain::management;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::ClientId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::Audience;
use jiff::Timestamp;

const AUDIENCE: &str = "https://id.example.com/v1";

fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).expect("legal")
}

fn resource() -> Resource {
    management::resource("https://id.example.com")
}

fn renamed_resource(id: &str) -> Resource {
    Resource { resource_id: ResourceId::parse(id).expect("legal"), ..resource() }
}

fn permission(resource: &Resource, held: &str) -> Permission {
    Permission {
        resource: resource.resource_id.clone(),
        scopes: scopes(held),
        unknown: UnknownAttributes::default(),
    }
}

fn client(held: &str) -> Client {
    let id = ClientId::parse("c1").expect("legal");
    let account = AccountId::parse("T1").expect("legal");
    let name = Name::parse("Order sync").expect("legal");
    let permissions = vec![permission(&resource(), held)];
    Client { permissions, ..Client::new(id, account, name, Timestamp::UNIX_EPOCH) }
}

fn authorized(text: &str) -> AuthorizationGrant {
    let client = client("clients:read");
    AuthorizationGrant {
        client_id: client.client_id,
        account_id: client.account_id,
        resource: resource().resource_id,
        scopes: if text.is_empty() { ScopeSet::default() } else { scopes(text) },
        consent: None,
        unknown: UnknownAttributes::default(),
    }
}

/// The scopes that an authorization still grants.
fn remaining(
    authorization: &AuthorizationGrant,
    client: &Client,
    target: Option<&str>,
    requested: Option<&str>,
) -> Result<String, GrantDenied> {
    let (resource, requested) = (resource(), requested.map(scopes));
    let granted =
        effective_grant(authorization, client, target, requested.as_ref(), 60, |_| Some(&resource))?;
    assert_eq!((granted.audience.as_str(), granted.lifetime), (AUDIENCE, 60));
    Ok(granted.scopes.to_string())
}

#[test]
fn only_authorized_scopes_that_are_still_held_remain() {
    let authorization = authorized("clients:read clients:manage");
    let remaining = |held: &str| remaining(&authorization, &client(held), None, None);
    assert_eq!(remaining("clients:read clients:manage audit:read"), Ok("clients:manage clients:read".into()));
    assert_eq!(remaining("clients:read"), Ok("clients:read".into()));
    assert_eq!(remaining("audit:read"), Err(GrantDenied::NothingLeft));
}

#[test]
fn requested_scopes_narrow_and_never_widen() {
    let (authorization, client) =
        (authorized("clients:read clients:manage"), client("clients:read audit:read"));
    let remaining = |requested| remaining(&authorization, &client, None, Some(requested));
    let is_invalid = |requested| matches!(remaining(requested), Err(GrantDenied::InvalidScope(_)));
    assert_eq!(remaining("clients:read"), Ok("clients:read".into()));
    assert_eq!(remaining("clients:read clients:manage"), Ok("clients:read".into()));
    assert!(is_invalid("clients:manage"), "authorized, but no longer held");
    assert!(is_invalid("clients:read audit:read"), "held, but not authorized");
}

#[test]
fn target_must_name_the_authorized_resource() {
    let (authorization, client) = (authorized("clients:read"), client("clients:read"));
    for target in [None, Some("latchkey"), Some(AUDIENCE)] {
        assert_eq!(remaining(&authorization, &client, target, None), Ok("clients:read".into()));
    }
    assert!(matches!(
        remaining(&authorization, &client, Some("backoffice"), None),
        Err(GrantDenied::InvalidTarget(_))
    ));
}

#[test]
fn grant_without_scopes_stays_and_lost_resource_leaves_nothing() {
    let client = client("clients:read");
    assert_eq!(remaining(&authorized(""), &client, None, None), Ok(String::new()));
    assert_eq!(
        effective_grant(&authorized("clients:read"), &client, None, None, 60, |_| None),
        Err(GrantDenied::NothingLeft)
    );
    let stripped = Client { permissions: Vec::new(), ..client };
    assert_eq!(remaining(&authorized("clients:read"), &stripped, None, None), Err(GrantDenied::NothingLeft));
}

#[test]
fn only_candidate_is_selected_without_target() {
    let (first, second) = (renamed_resource("first"), renamed_resource("second"));
    let (held_first, held_second) = (permission(&first, "a"), permission(&second, "a"));
    let account = AccountId::parse("T1").expect("legal");
    let both = [(&held_first, &first), (&held_second, &second)];
    assert_eq!(select_resource(&both[..1], &account, None), Ok(both[0]));
    assert_eq!(select_resource(&both, &account, None), Err(ResourceSelectionError::Ambiguous));
    assert_eq!(select_resource(&[], &account, None), Err(ResourceSelectionError::NoPermissions));
    assert_eq!(select_resource(&both, &account, Some("second")), Ok(both[1]));
    assert_eq!(select_resource(&both, &account, Some("third")), Err(ResourceSelectionError::NotPermitted));
}

#[test]
fn audience_takes_precedence_over_resource_id() {
    let (named_so, meant) = (renamed_resource("orders"), renamed_resource("other"));
    let meant = Resource { audience: Audience::parse("orders").expect("legal"), ..meant };
    let (held_named_so, held_meant) = (permission(&named_so, "a"), permission(&meant, "a"));
    let account = AccountId::parse("T1").expect("legal");
    let both = [(&held_named_so, &named_so), (&held_meant, &meant)];
    assert_eq!(select_resource(&both, &account, Some("orders")), Ok(both[1]));
}

#[test]
fn scopes_that_are_not_offered_are_not_selected() {
    let resource = resource();
    let held = permission(&resource, "clients:read no:longer");
    let selected = |requested: Option<&str>| {
        let requested = requested.map(scopes);
        select_scopes(&held, &resource, requested.as_ref()).map(|scopes| scopes.to_string())
    };
    assert_eq!(selected(None), Some("clients:read".into()));
    assert_eq!(selected(Some("clients:read")), Some("clients:read".into()));
    assert_eq!(selected(Some("no:longer")), None, "held, but not offered");
    assert_eq!(selected(Some("audit:read")), None, "offered, but not held");
}

#[test]
fn client_credentials_grant_is_limited_to_permissions() {
    let (resource, client) = (resource(), client("clients:read audit:read"));
    let granted = |target, requested: Option<&str>| {
        let requested = requested.map(scopes);
        client_credentials_grant(&client, target, requested.as_ref(), 60, |_| Some(&resource))
    };
    let grant = granted(None, None).expect("the client's only resource");
    assert_eq!((grant.audience.as_str(), grant.lifetime), (AUDIENCE, 60));
    assert_eq!(grant.scopes, scopes("audit:read clients:read"));
    assert_eq!(granted(Some(AUDIENCE), Some("audit:read")).expect("held").scopes, scopes("audit:read"));
    assert!(matches!(granted(None, Some("clients:manage")), Err(GrantDenied::InvalidScope(_))));
    assert!(matches!(granted(Some("backoffice"), None), Err(GrantDenied::InvalidTarget(_))));
    let missing = client_credentials_grant(&client, None, None, 60, |_| None);
    assert_eq!(missing, Err(GrantDenied::InvalidTarget("the client has no permissions")));
}
