//! The first person: a member of the operator's account with every scope, by the stack's parameter or by hand.

use super::EmptyDeployment;
use super::custom_resource::{deadline, invoke_with};
use crate::support::app::ISSUER;
use crate::support::aws;
use bootstrap::{BootstrapHandler, InvocationError, handle};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use shared::app::ManagementState;
use shared::domain::account::Member;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use shared::services::console::links::{UseLinkError, redeem};
use std::collections::BTreeSet;

const ANN: &str = "ann@latchkey.example";
const BOB: &str = "bob@latchkey.example";

async fn deployment() -> (EmptyDeployment, BootstrapHandler) {
    let deployment = EmptyDeployment::new(aws::endpoint()).await.with_stack_secrets().await;
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    (deployment, handler)
}

async fn member(state: &ManagementState, email: &str) -> Option<Member> {
    let account = AccountId::parse("T00000001").unwrap();
    state.app.store.load_member(&account, &EmailAddress::parse(email).unwrap()).await.unwrap()
}

/// Runs the custom resource with this parameter.
async fn deploy(handler: &BootstrapHandler, kind: &str, operator_member: &str) -> Value {
    let change = |request: &mut Value| {
        request["ResourceProperties"]["OperatorMember"] = json!(operator_member);
    };
    invoke_with(handler, kind, change).await
}

async fn by_hand(handler: &BootstrapHandler, email: &str) -> Map<String, Value> {
    let event = json!({ "ensure": "operator", "member": email });
    handle(handler, event, deadline()).await.unwrap()
}

fn every_scope() -> BTreeSet<ManagementScope> {
    ManagementScope::ALL.iter().copied().collect()
}

#[tokio::test]
async fn parameter_makes_a_person_an_operator_and_removes_none() {
    let (deployment, handler) = deployment().await;
    let created = deploy(&handler, "Create", "").await;
    assert_eq!(created["Status"], "SUCCESS");
    let state = deployment.cold_start();
    assert_eq!(member(&state, ANN).await, None);

    let updated = deploy(&handler, "Update", "Ann@latchkey.example").await;
    let data: BTreeSet<_> = updated["Data"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        data,
        BTreeSet::from(["OperatorClientId", "OperatorSecretName"]),
        "CloudFormation gets no link"
    );
    let ann = member(&state, ANN).await.unwrap();
    assert_eq!(ann.permissions, every_scope());

    let lowered = BTreeSet::from([ManagementScope::ClientsRead]);
    let lowered = Member { permissions: lowered, version: 2, ..ann };
    let context = shared::services::audit::AuditContext::of_job(&lowered.account_id, Timestamp::now());
    let audit = context.unwrap().audit(
        &lowered.account_id,
        shared::domain::audit::Action::MemberUpdated,
        shared::domain::audit::Target::default(),
        &[],
    );
    let record = shared::adapters::store::AuditRecord { audit: &audit, idempotency_record: None };
    let _ = state.app.store.update_member(&lowered, 1, &record).await.unwrap();
    deploy(&handler, "Update", ANN).await;
    assert_eq!(member(&state, ANN).await, Some(lowered.clone()), "what exists stays as it is");
    deploy(&handler, "Update", BOB).await;
    deploy(&handler, "Update", "").await;
    assert_eq!(member(&state, ANN).await, Some(lowered));
    assert_eq!(member(&state, BOB).await.unwrap().permissions, every_scope());

    by_hand(&handler, ANN).await;
    assert_eq!(member(&state, ANN).await.unwrap().permissions, every_scope(), "by hand it comes back");
}

#[tokio::test]
async fn by_hand_a_person_gets_a_link_into_the_console() {
    let (deployment, handler) = deployment().await;
    let first = by_hand(&handler, ANN).await;
    let state = deployment.cold_start();
    let ann = member(&state, ANN).await.unwrap();
    let second = by_hand(&handler, ANN).await;
    assert_eq!(member(&state, ANN).await, Some(ann), "a repetition changes nothing");
    let expires_at: Timestamp = first["ConsoleLinkExpiresAt"].as_str().unwrap().parse().unwrap();
    let left = expires_at.duration_since(Timestamp::now());
    assert!(left > SignedDuration::from_mins(13) && left <= SignedDuration::from_mins(15), "{left:?}");
    for answer in [first, second] {
        let url = answer["ConsoleLink"].as_str().unwrap();
        let token = url.strip_prefix(&format!("{ISSUER}/console/link/")).unwrap();
        let use_it = || redeem(&state.app.store, &state.events, token, None, Timestamp::now());
        let used = use_it().await.unwrap();
        assert_eq!((used.membership.member.email.as_str(), used.to.as_str()), (ANN, "/console"));
        assert_eq!(used.scopes, every_scope());
        assert!(matches!(use_it().await, Err(UseLinkError::AlreadyUsed)));
    }
}

#[tokio::test]
async fn invalid_addresses_are_refused() {
    let (_deployment, handler) = deployment().await;
    for address in ["ann", "a/b@latchkey.example", "Ann <ann@latchkey.example>"] {
        let failed = deploy(&handler, "Create", address).await;
        assert_eq!(failed["Status"], "FAILED", "{address}");
        assert!(failed["Reason"].as_str().unwrap().contains("OperatorMember must be"), "{failed}");
        assert_eq!(
            deploy(&handler, "Delete", address).await["Status"],
            "SUCCESS",
            "the stack can be removed"
        );
        let event = json!({ "ensure": "operator", "member": address });
        let error = handle(&handler, event, deadline()).await.unwrap_err();
        assert!(matches!(error, InvocationError::Event(_)), "{error}");
    }
}
