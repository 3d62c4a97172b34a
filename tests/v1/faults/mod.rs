//! The management API while a store is out of order. Every AWS call of every kind of change is put out of order in
//! every way: the answer is a 503, or the right one; the same request sent again is carried out exactly once; and
//! both stores agree in the end.

mod kinds;

use crate::support::answer::Ask;
use crate::support::aws_proxy::AwsProxy;
use crate::support::house::TestHouse;
use crate::support::trouble::{TROUBLES, just_started, trouble};
use axum::Router;
use jiff::SignedDuration;
use kinds::{Kind, Request};
use shared::app::ManagementState;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Cases that run at the same time: most of what they do is wait, and more would not keep a request's deadline.
const AT_ONCE: usize = 40;

/// The function as Lambda starts it, and what it reaches AWS through.
async fn started(house: &TestHouse) -> (Router, AwsProxy) {
    let (app, aws, proxy) = just_started(house).await;
    (clients::router(Arc::new(ManagementState::new(app, &aws))), proxy)
}

fn ask(router: &Router, admin: &str, request: &Request, key: usize) -> Ask {
    let (method, path, body) = request;
    let ask = Ask::new(router.clone(), method, path).bearer(admin);
    let ask = if *method == "POST" { ask.header("idempotency-key", format!("key-{key}")) } else { ask };
    if body.is_null() { ask } else { ask.json(body) }
}

/// Every call that the request makes when all is well, each with how many of its operation come before.
async fn sites(house: &TestHouse, kind: Kind) -> Vec<(String, usize)> {
    let request = kind.prepare(house, 0).await;
    let (router, proxy) = started(house).await;
    let answer = ask(&router, house.admin().await, &request, 0).send().await;
    assert!(kind.answers().contains(&answer.status.as_u16()), "{kind:?}: {}", answer.text());
    let mut seen = BTreeMap::new();
    let mut number = |operation: String| {
        let count = seen.entry(operation.clone()).or_insert(0);
        *count += 1;
        (operation, *count - 1)
    };
    proxy.take_calls().into_iter().map(|call| number(call.operation)).collect()
}

/// One call is out of order, for longer than the SDK tries; then all is well, and the request is sent again.
async fn out_of_order_at(
    house: Arc<TestHouse>,
    kind: Kind,
    key: usize,
    site: (String, usize),
    name: &'static str,
) {
    let (operation, before) = site;
    let case = format!("{kind:?}, {operation} {before} {name}");
    let request = kind.prepare(&house, key).await;
    let (router, proxy) = started(&house).await;
    let send = || async { ask(&router, house.admin().await, &request, key).send().await };
    proxy.can(trouble(name, operation.leak()).after(before));
    let first = send().await;
    proxy.uncan();
    let status = first.status.as_u16();
    let unavailable = status == 503 && name != "repeated";
    assert!(unavailable || kind.answers().contains(&status), "{case}: {}", first.text());
    let again = send().await;
    assert!(kind.answers().contains(&again.status.as_u16()), "{case}, again: {}", again.text());
}

async fn out_of_order(kind: Kind) {
    let mut house = Arc::new(TestHouse::furnished().await);
    let sites = sites(&house, kind).await;
    assert!(sites.len() >= 4, "{kind:?}: {sites:?}");
    let (mut cases, at_once) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for name in TROUBLES.into_iter().chain(["repeated"]) {
        for site in &sites {
            let key = cases.len() + 1;
            let case = out_of_order_at(Arc::clone(&house), kind, key, site.clone(), name);
            let at_once = Arc::clone(&at_once);
            cases.spawn(async move {
                let _turn = at_once.acquire().await.unwrap();
                case.await;
            });
        }
    }
    cases.join_all().await;
    println!("{kind:?}: {} calls, each out of order in {} ways", sites.len(), TROUBLES.len() + 1);
    let house = Arc::get_mut(&mut house).unwrap();
    house.advance(SignedDuration::from_mins(16));
    assert_eq!(house.sweep().await.failed, 0);
    house.assert_settled().await;
}

macro_rules! kinds {
    ($($name:ident: $kind:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            out_of_order(Kind::$kind).await;
        })+
    };
}

kinds! {
    creating_a_client: CreateClient,
    creating_a_client_without_a_secret: CreateWithoutSecret,
    changing_a_client: ChangeClient,
    replacing_a_clients_permissions: ReplacePermissions,
    duplicating_a_client: Duplicate,
    enabling_a_client: Enable,
    disabling_a_client: Disable,
    deleting_a_client: DeleteClient,
    adding_a_secret: AddSecret,
    revoking_a_secret: RevokeSecret,
    revealing_a_secret: Reveal,
    creating_an_account: CreateAccount,
    disabling_an_account: DisableAccount,
    adding_a_member: AddMember,
    changing_a_member: ChangeMember,
    removing_a_member: RemoveMember,
    creating_a_resource: CreateResource,
    changing_a_resource: ChangeResource,
    deleting_a_resource: DeleteResource,
    listing_clients: ListClients,
    listing_members: ListMembers,
    listing_accounts: ListAccounts,
    reading_the_audit_trail: ReadAudit,
}
