//! The management API while a store fails. For every kind of request, each of its AWS calls fails in each way:
//! the response is a 503 or the right one, the same request sent again is executed exactly once, and both
//! stores agree in the end.

mod kinds;

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario, FaultSite};
use crate::support::fault_injection::{FAULTS, cold_start};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::{TestRequest, TestResponse};
use axum::Router;
use jiff::SignedDuration;
use kinds::{FaultKind, Request};
use serde_json::json;
use shared::app::ManagementState;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Cases that run concurrently. They mostly wait; more would exceed the deadline of a request.
const CONCURRENT_CASES: usize = 40;
/// The same where each changes a resource, one after the other.
const CONCURRENT_CHANGES_OF_RESOURCES: usize = 4;
/// The same where each changes the numbers of the account.
const CONCURRENT_COUNTED_CHANGES: usize = 12;

/// The function after a cold start, and the proxy through which it calls AWS.
async fn function_after_cold_start(latchkey: &TestApp) -> (Router, AwsProxy) {
    let (app, aws, proxy) = cold_start(latchkey).await;
    (clients::router(Arc::new(ManagementState::new(app, &aws))), proxy)
}

fn test_request(router: &Router, admin: &str, request: &Request, key: usize) -> TestRequest {
    let (method, path, body) = request;
    let built = TestRequest::new(router.clone(), method, path).bearer(admin);
    let built = if *method == "POST" { built.header("idempotency-key", format!("key-{key}")) } else { built };
    if body.is_null() { built } else { built.json(body) }
}

/// Every AWS call of the request when none fails, each with the number of earlier calls of its operation.
async fn call_sites(latchkey: &TestApp, kind: FaultKind) -> Vec<FaultSite> {
    let request = kind.prepare(latchkey, 0).await;
    let (router, proxy) = function_after_cold_start(latchkey).await;
    let response = test_request(&router, latchkey.admin().await, &request, 0).send().await;
    assert!(kind.final_statuses().contains(&response.status.as_u16()), "{kind:?}: {}", response.text());
    let mut seen = BTreeMap::new();
    let mut number = |operation: String| {
        let count = seen.entry(operation.clone()).or_insert(0);
        *count += 1;
        FaultSite { purpose: "management", operation: operation.leak(), before: *count - 1 }
    };
    proxy.take_calls().into_iter().map(|call| number(call.operation)).collect()
}

/// A request of the management API: each of its calls fails for longer than the SDK retries.
struct ManagementRequest {
    latchkey: Arc<TestApp>,
    kind: FaultKind,
}

impl FaultScenario for ManagementRequest {
    type Prepared = (Router, Request, usize);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Self::Prepared {
        let key = case.number + 1;
        let request = self.kind.prepare(&self.latchkey, key).await;
        let state = ManagementState::new(Arc::clone(&case.app), &case.aws);
        (clients::router(Arc::new(state)), request, key)
    }

    async fn act(&self, (router, request, key): &Self::Prepared) -> TestResponse {
        test_request(router, self.latchkey.admin().await, request, *key).send().await
    }

    async fn check_rejected(&self, case: &FaultCase, _: &Self::Prepared, response: TestResponse) {
        let status = response.status.as_u16();
        let unavailable = status == 503 && case.fault != "repeated";
        let kind = self.kind;
        assert!(
            unavailable || kind.final_statuses().contains(&status),
            "{kind:?}, {case}: {}",
            response.text()
        );
    }

    async fn check_recovered(&self, case: &FaultCase, _: &Self::Prepared, response: TestResponse) {
        let (kind, status) = (self.kind, response.status.as_u16());
        assert!(kind.final_statuses().contains(&status), "{kind:?}, {case}, again: {}", response.text());
    }
}

async fn fail_every_call_site(kind: FaultKind) {
    let latchkey = TestApp::with_fixtures().await;
    let limits =
        json!({ "limits": { "clients": 10_000, "members": 10_000, "mail_recipients_per_day": 10_000 } });
    latchkey.patch(&format!("/v1/accounts/{ACCOUNT}"), &limits).await.expect(200);
    let mut latchkey = Arc::new(latchkey);
    let sites = call_sites(&latchkey, kind).await;
    assert!(sites.len() >= 4, "{kind:?}: {sites:?}");
    let mut matrix = FaultMatrix::new(sites.clone());
    matrix.faults.push("repeated");
    matrix.at_once = match kind {
        kind if kind.changes_resources() => CONCURRENT_CHANGES_OF_RESOURCES,
        kind if kind.is_counted() => CONCURRENT_COUNTED_CHANGES,
        _ => CONCURRENT_CASES,
    };
    let cases = matrix.run(ManagementRequest { latchkey: Arc::clone(&latchkey), kind }).await;
    assert_eq!(cases, sites.len() * (FAULTS.len() + 1));
    println!("{kind:?}: {} calls, each with {} faults", sites.len(), FAULTS.len() + 1);
    let latchkey = Arc::get_mut(&mut latchkey).unwrap();
    latchkey.advance(SignedDuration::from_mins(16));
    assert_eq!(latchkey.sweep().await.failed, 0);
    latchkey.inspect().assert_settled().await;
}

macro_rules! kinds {
    ($($name:ident: $kind:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            fail_every_call_site(FaultKind::$kind).await;
        })+
    };
}

kinds! {
    client_creation_tolerates_faults: CreateClient,
    creation_without_secret_tolerates_faults: CreateWithoutSecret,
    client_update_tolerates_faults: ChangeClient,
    permission_replacement_tolerates_faults: ReplacePermissions,
    client_duplication_tolerates_faults: Duplicate,
    client_enabling_tolerates_faults: Enable,
    client_disabling_tolerates_faults: Disable,
    client_deletion_tolerates_faults: DeleteClient,
    secret_addition_tolerates_faults: AddSecret,
    secret_revocation_tolerates_faults: RevokeSecret,
    secret_reveal_tolerates_faults: Reveal,
    account_creation_tolerates_faults: CreateAccount,
    account_disabling_tolerates_faults: DisableAccount,
    member_addition_tolerates_faults: AddMember,
    invitation_tolerates_faults: InviteMember,
    repeated_invitation_tolerates_faults: InviteAgain,
    request_of_another_address_tolerates_faults: RequestAddress,
    member_update_tolerates_faults: ChangeMember,
    member_removal_tolerates_faults: RemoveMember,
    console_link_tolerates_faults: IssueConsoleLink,
    resource_creation_tolerates_faults: CreateResource,
    resource_update_tolerates_faults: ChangeResource,
    resource_deletion_tolerates_faults: DeleteResource,
    client_list_tolerates_faults: ListClients,
    member_list_tolerates_faults: ListMembers,
    account_list_tolerates_faults: ListAccounts,
    audit_trail_tolerates_faults: ReadAudit,
}
