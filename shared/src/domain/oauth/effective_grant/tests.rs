//! Tests of what a grant yields.

use super::*;
use crate::domain::management;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::ClientId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::scope::Scope;
use crate::domain::resource::{AccountAccess, Audience, ScopeDefinition};
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
        token_generation: 0,
        unknown: UnknownAttributes::default(),
    }
}

static NO_ENTITLEMENTS: std::sync::LazyLock<Entitlements> = std::sync::LazyLock::new(Entitlements::default);

fn grantee(client: &Client) -> Grantee<'_> {
    Grantee { client, entitlements: &NO_ENTITLEMENTS, max_lifetime: 60 }
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
        effective_grant(authorization, grantee(client), target, requested.as_ref(), |_| Some(&resource))?;
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
        effective_grant(&authorized("clients:read"), grantee(&client), None, None, |_| None),
        Err(GrantDenied::NothingLeft)
    );
    let stripped = Client { permissions: Vec::new(), ..client };
    assert_eq!(remaining(&authorized("clients:read"), &stripped, None, None), Err(GrantDenied::NothingLeft));
}

#[test]
fn only_candidate_is_selected_without_target() {
    let (first, second) = (renamed_resource("first"), renamed_resource("second"));
    let both = [&first, &second].map(|resource| Candidate { resource, scopes: scopes("a") });
    let account = AccountId::parse("T1").expect("legal");
    assert_eq!(select_resource(&both[..1], &account, None), Ok(&both[0]));
    assert_eq!(select_resource(&both, &account, None), Err(ResourceSelectionError::Ambiguous));
    assert_eq!(select_resource(&[], &account, None), Err(ResourceSelectionError::NoPermissions));
    assert_eq!(select_resource(&both, &account, Some("second")), Ok(&both[1]));
    assert_eq!(select_resource(&both, &account, Some("third")), Err(ResourceSelectionError::NotPermitted));
}

#[test]
fn audience_takes_precedence_over_resource_id() {
    let (named_so, meant) = (renamed_resource("orders"), renamed_resource("other"));
    let meant = Resource { audience: Audience::parse("orders").expect("legal"), ..meant };
    let both = [&named_so, &meant].map(|resource| Candidate { resource, scopes: scopes("a") });
    let account = AccountId::parse("T1").expect("legal");
    assert_eq!(select_resource(&both, &account, Some("orders")), Ok(&both[1]));
}

#[test]
fn scopes_that_are_not_offered_are_not_selected() {
    let resource = resource();
    let held = permission(&resource, "clients:read no:longer");
    let candidate = Candidate::new(&held, &resource, &Entitlements::default()).expect("one scope");
    let selected = |requested: Option<&str>| {
        let requested = requested.map(scopes);
        candidate.select_scopes(requested.as_ref()).map(|scopes| scopes.to_string())
    };
    assert_eq!(selected(None), Some("clients:read".into()));
    assert_eq!(selected(Some("clients:read")), Some("clients:read".into()));
    assert_eq!(selected(Some("no:longer")), None, "held, but not offered");
    assert_eq!(selected(Some("audit:read")), None, "offered, but not held");
    let lost = permission(&resource, "no:longer");
    assert_eq!(Candidate::new(&lost, &resource, &Entitlements::default()), None, "nothing remains");
}

/// A resource with `read`, `write` (implies it), and the restricted `admin` (implies `write`).
fn orders(account_access: AccountAccess) -> Resource {
    let base = resource();
    let scope = |name, restricted, implies: &[&str]| ScopeDefinition {
        name: Scope::parse(name).expect("legal"),
        restricted,
        implies: implies.iter().map(|name| Scope::parse(name).expect("legal")).collect(),
        ..base.scopes[0].clone()
    };
    Resource {
        resource_id: ResourceId::parse("orders").expect("legal"),
        scopes: vec![
            scope("read", false, &[]),
            scope("write", false, &["read"]),
            scope("admin", true, &["write"]),
        ],
        account_access,
        ..base
    }
}

#[test]
fn scopes_without_entitlement_are_not_granted() {
    let resource = orders(AccountAccess::All);
    let client =
        Client { permissions: vec![permission(&resource, "admin read write")], ..client("clients:read") };
    let granted = |requested: Option<&str>| {
        let requested = requested.map(scopes);
        let granted =
            client_credentials_grant(grantee(&client), None, requested.as_ref(), |_| Some(&resource));
        granted.map(|granted| granted.scopes.to_string())
    };
    assert_eq!(granted(None), Ok("read write".into()));
    assert!(matches!(granted(Some("admin")), Err(GrantDenied::InvalidScope(_))));
    assert_eq!(granted(Some("write")), Ok("read write".into()), "implied scopes stand in tokens");
    assert_eq!(granted(Some("read")), Ok("read".into()));

    let only_admin = Client { permissions: vec![permission(&resource, "admin")], ..client.clone() };
    let granted = client_credentials_grant(grantee(&only_admin), None, None, |_| Some(&resource));
    assert!(matches!(granted, Err(GrantDenied::InvalidTarget(_))), "nothing remains of the permission");
}

#[test]
fn resource_without_entitlement_is_not_permitted() {
    let resource = orders(AccountAccess::Entitled);
    let client = Client { permissions: vec![permission(&resource, "read")], ..client("clients:read") };
    let find = |_: &ResourceId| Some(&resource);
    for target in [None, Some("orders"), Some(AUDIENCE)] {
        let granted = client_credentials_grant(grantee(&client), target, None, find);
        assert!(matches!(granted, Err(GrantDenied::InvalidTarget(_))), "{target:?}");
    }
    let authorization = AuthorizationGrant { resource: resource.resource_id.clone(), ..authorized("read") };
    let authorization = AuthorizationGrant { scopes: scopes("read"), ..authorization };
    assert_eq!(
        effective_grant(&authorization, grantee(&client), None, None, find),
        Err(GrantDenied::NothingLeft)
    );
}

#[test]
fn scope_lost_by_the_account_is_invalid_only_if_requested() {
    let resource = orders(AccountAccess::All);
    let client =
        Client { permissions: vec![permission(&resource, "admin read write")], ..client("clients:read") };
    let authorization =
        AuthorizationGrant { resource: resource.resource_id.clone(), ..authorized("admin read") };
    let remaining = |requested: Option<&str>| {
        let requested = requested.map(scopes);
        let find = |_: &ResourceId| Some(&resource);
        let granted = effective_grant(&authorization, grantee(&client), None, requested.as_ref(), find);
        granted.map(|granted| granted.scopes.to_string())
    };
    assert_eq!(remaining(None), Ok("read".into()));
    assert_eq!(remaining(Some("read")), Ok("read".into()));
    assert!(matches!(remaining(Some("admin read")), Err(GrantDenied::InvalidScope(_))));
}

#[test]
fn client_credentials_grant_is_limited_to_permissions() {
    let (resource, client) = (resource(), client("clients:read audit:read"));
    let granted = |target, requested: Option<&str>| {
        let requested = requested.map(scopes);
        client_credentials_grant(grantee(&client), target, requested.as_ref(), |_| Some(&resource))
    };
    let grant = granted(None, None).expect("the client's only resource");
    assert_eq!((grant.audience.as_str(), grant.lifetime), (AUDIENCE, 60));
    assert_eq!(grant.scopes, scopes("audit:read clients:read"));
    assert_eq!(granted(Some(AUDIENCE), Some("audit:read")).expect("held").scopes, scopes("audit:read"));
    assert!(matches!(granted(None, Some("clients:manage")), Err(GrantDenied::InvalidScope(_))));
    assert!(matches!(granted(Some("backoffice"), None), Err(GrantDenied::InvalidTarget(_))));
    let missing = client_credentials_grant(grantee(&client), None, None, |_| None);
    assert_eq!(missing, Err(GrantDenied::InvalidTarget("the client has no permissions")));
}
