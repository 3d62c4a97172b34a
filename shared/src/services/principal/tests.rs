//! Scope rules of both kinds of principals.

use super::*;
use crate::domain::account::Member;
use crate::domain::console::session::{AuthenticationMethod, ConsoleSession, SessionLifetime};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::scope::Scope;
use jiff::Timestamp;

use ManagementScope::{AccountsManage, ClientsManage, MembersManage};

fn permission(resource: &str, scopes: &[ManagementScope]) -> Permission {
    let scopes = scopes.iter().map(|scope| Scope::parse(scope.as_str()).expect("legal"));
    Permission {
        resource: ResourceId::parse(resource).expect("legal"),
        scopes: scopes.collect(),
        unknown: UnknownAttributes::default(),
    }
}

fn client(id: &str, account: &str, scopes: &[ManagementScope]) -> Client {
    let id = ClientId::parse(id).expect("legal");
    let account = AccountId::parse(account).expect("legal");
    let client = Client::new(id, account, Name::parse("c").expect("legal"), Timestamp::UNIX_EPOCH);
    Client { permissions: vec![permission("latchkey", scopes)], ..client }
}

fn account() -> Account {
    let id = AccountId::parse("T1").expect("legal");
    Account::new(id, Name::parse("One").expect("legal"), Timestamp::UNIX_EPOCH)
}

/// A client and a member of `T1` with the same scopes.
fn principals(scopes: &[ManagementScope]) -> [Principal; 2] {
    let member = Member {
        account_id: AccountId::parse("T1").expect("legal"),
        email: EmailAddress::parse("ann@acme.example").expect("legal"),
        sub: None,
        token_generation: 0,
        name: Name::parse("Ann").expect("legal"),
        permissions: scopes.iter().copied().collect(),
        external_identity: None,
        mail: true,
        locale: None,
        invited_until: None,
        last_signed_in_at: None,
        pending_email: None,
        calendar_feeds: Vec::new(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        version: 1,
        unknown: UnknownAttributes::default(),
    };
    let scopes: BTreeSet<_> = scopes.iter().copied().collect();
    let client = Box::new(client("caller", "T1", &[]));
    let account = Arc::new(account());
    let (lifetime, now) = (SessionLifetime::default(), Timestamp::UNIX_EPOCH);
    let method = AuthenticationMethod::EmailCode;
    let session = ConsoleSession::begin("s".to_owned(), member.email.clone(), method, lifetime, now);
    [
        Principal::Client(ClientPrincipal { client, account: Arc::clone(&account), scopes }),
        Principal::member(&member, account, &session),
    ]
}

#[test]
fn a_scope_is_required() {
    for principal in principals(&[ClientsManage]) {
        assert_eq!(principal.require_scope(ClientsManage), Ok(()));
        let missing = AccessError::InsufficientScope(MembersManage);
        assert_eq!(principal.require_scope(MembersManage), Err(missing));
    }
}

#[test]
fn only_an_operator_acts_in_other_accounts() {
    for principal in principals(&[ClientsManage]) {
        assert_eq!(principal.resolve_account("T1").as_ref(), Ok(principal.account_id()));
        for id in ["T2", "", "not/an/id"] {
            assert_eq!(principal.resolve_account(id), Err(AccessError::AccountNotFound), "{id}");
        }
    }
    for principal in principals(&[AccountsManage]) {
        assert!(principal.is_operator());
        assert!(principal.resolve_account("T2").is_ok());
    }
}

#[test]
fn a_client_with_more_scopes_is_out_of_reach() {
    for principal in principals(&[ClientsManage]) {
        assert_eq!(principal.ensure_scopes_cover(&client("c", "T1", &[ClientsManage])), Ok(()));
        let more = client("c", "T1", &[ClientsManage, MembersManage]);
        assert_eq!(principal.ensure_scopes_cover(&more), Err(AccessError::ScopesExceedCaller));
    }
}

#[test]
fn only_held_scopes_are_granted_and_present_ones_stay() {
    let (one, two) = ([permission("latchkey", &[MembersManage])], [permission("latchkey", &[ClientsManage])]);
    for principal in principals(&[ClientsManage]) {
        assert_eq!(principal.ensure_may_grant(&[], &two), Ok(()));
        assert_eq!(principal.ensure_may_grant(&[], &one), Err(AccessError::GrantToClient));
        assert_eq!(principal.ensure_may_grant(&one, &one), Ok(()));
        let of_another_resource = [permission("other", &[MembersManage])];
        assert_eq!(principal.ensure_may_grant(&[], &of_another_resource), Ok(()));
    }
}

#[test]
fn a_client_does_not_change_itself() {
    let [as_client, as_member] = principals(&[ClientsManage]);
    let same = client("caller", "T1", &[]);
    assert_eq!(as_client.ensure_not_self(&same), Err(AccessError::SelfChange));
    assert_eq!(as_client.ensure_not_self(&client("other", "T1", &[])), Ok(()));
    assert_eq!(as_member.ensure_not_self(&same), Ok(()));
}

#[test]
fn an_actor_names_the_client_and_the_person() {
    let [as_client, as_member] = principals(&[]);
    let actor = as_client.actor(None).expect("an actor");
    assert_eq!((actor.client_id.as_ref().map(ClientId::as_str), actor.email), (Some("caller"), None));
    assert_eq!(actor.system, None);
    let actor = as_member.actor(None).expect("an actor");
    assert_eq!(actor.client_id.as_ref().map(ClientId::as_str), Some("latchkey.console"));
    assert_eq!(actor.system, Some(System::Console.into()));
    assert_eq!(actor.email.expect("a person").as_str(), "ann@acme.example");
    assert_ne!(as_client.key(), as_member.key());
}
