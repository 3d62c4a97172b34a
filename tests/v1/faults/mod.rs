//! The management API while a store is out of order. Every AWS call of every kind of change is put out of order in
//! every way: the answer is a 503, or the right one; the same request sent again is carried out exactly once; and
//! both stores agree in the end.

mod kinds;

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fault_injection::{FAULTS, cold_start, fault};
use crate::support::http::TestRequest;
use axum::Router;
use jiff::SignedDuration;
use kinds::{FaultKind, Request};
use shared::app::ManagementState;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Cases that run at the same time: most of what they do is wait, and more would not keep a request's deadline.
const AT_ONCE: usize = 40;

/// The function as Lambda starts it, and what it reaches AWS through.
async fn started(latchkey: &TestApp) -> (Router, AwsProxy) {
    let (app, aws, proxy) = cold_start(latchkey).await;
    (clients::router(Arc::new(ManagementState::new(app, &aws))), proxy)
}

fn ask(router: &Router, admin: &str, request: &Request, key: usize) -> TestRequest {
    let (method, path, body) = request;
    let ask = TestRequest::new(router.clone(), method, path).bearer(admin);
    let ask = if *method == "POST" { ask.header("idempotency-key", format!("key-{key}")) } else { ask };
    if body.is_null() { ask } else { ask.json(body) }
}

/// Every call that the request makes when all is well, each with how many of its operation come before.
async fn sites(latchkey: &TestApp, kind: FaultKind) -> Vec<(String, usize)> {
    let request = kind.prepare(latchkey, 0).await;
    let (router, proxy) = started(latchkey).await;
    let answer = ask(&router, latchkey.admin().await, &request, 0).send().await;
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
    latchkey: Arc<TestApp>,
    kind: FaultKind,
    key: usize,
    site: (String, usize),
    name: &'static str,
) {
    let (operation, before) = site;
    let case = format!("{kind:?}, {operation} {before} {name}");
    let request = kind.prepare(&latchkey, key).await;
    let (router, proxy) = started(&latchkey).await;
    let send = || async { ask(&router, latchkey.admin().await, &request, key).send().await };
    proxy.inject(fault(name, operation.leak()).after(before));
    let first = send().await;
    proxy.clear();
    let status = first.status.as_u16();
    let unavailable = status == 503 && name != "repeated";
    assert!(unavailable || kind.answers().contains(&status), "{case}: {}", first.text());
    let again = send().await;
    assert!(kind.answers().contains(&again.status.as_u16()), "{case}, again: {}", again.text());
}

async fn out_of_order(kind: FaultKind) {
    let mut latchkey = Arc::new(TestApp::with_fixtures().await);
    let sites = sites(&latchkey, kind).await;
    assert!(sites.len() >= 4, "{kind:?}: {sites:?}");
    let (mut cases, at_once) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for name in FAULTS.into_iter().chain(["repeated"]) {
        for site in &sites {
            let key = cases.len() + 1;
            let case = out_of_order_at(Arc::clone(&latchkey), kind, key, site.clone(), name);
            let at_once = Arc::clone(&at_once);
            cases.spawn(async move {
                let _turn = at_once.acquire().await.unwrap();
                case.await;
            });
        }
    }
    cases.join_all().await;
    println!("{kind:?}: {} calls, each out of order in {} ways", sites.len(), FAULTS.len() + 1);
    let latchkey = Arc::get_mut(&mut latchkey).unwrap();
    latchkey.advance(SignedDuration::from_mins(16));
    assert_eq!(latchkey.sweep().await.failed, 0);
    latchkey.assert_settled().await;
}

macro_rules! kinds {
    ($($name:ident: $kind:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            out_of_order(FaultKind::$kind).await;
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
