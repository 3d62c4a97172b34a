//! `{"ensure": "operator"}` brings back what was disabled or deleted of the operator; an update of the stack does not.

use super::{EmptyDeployment, client_secret};
use crate::support::aws;
use aws_sdk_dynamodb::types::AttributeValue;
use bootstrap::{BootstrapHandler, handle};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::services::principal::management_scopes;

const CLIENT: (&str, &str) = ("CLIENT#latchkey-operator", "CLIENT");
const ACCOUNT: (&str, &str) = ("ACCOUNT#T00000001", "ACCOUNT");

async fn deployed() -> EmptyDeployment {
    let deployment = EmptyDeployment::new(aws::endpoint()).await.with_stack_secrets().await;
    deployment.bootstrap().await.unwrap();
    deployment
}

impl EmptyDeployment {
    /// Invokes the function as an operator does.
    async fn ensure_operator(&self) {
        let handler = BootstrapHandler::new(Ok(self.config.clone()));
        let deadline = Timestamp::now().checked_add(SignedDuration::from_mins(3)).unwrap();
        handle(&handler, json!({ "ensure": "operator" }), deadline).await.unwrap();
    }

    async fn set(&self, (pk, sk): (&str, &str), attribute: &str, value: AttributeValue) {
        let update = self.aws.dynamodb().update_item().table_name(&self.config.tables.directory);
        let update = update.key("pk", AttributeValue::S(pk.to_owned()));
        let update = update.key("sk", AttributeValue::S(sk.to_owned()));
        let update = update.update_expression("SET #attribute = :value");
        let update = update.expression_attribute_names("#attribute", attribute);
        update.expression_attribute_values(":value", value).send().await.unwrap();
    }

    async fn operator(&self) -> Client {
        let id = ClientId::parse("latchkey-operator").unwrap();
        self.cold_start().app.store.load_client(&id).await.unwrap().expect("the operator's client").client
    }

    async fn account_status(&self) -> Status {
        let id = AccountId::parse("T00000001").unwrap();
        self.cold_start().app.store.load_account(&id).await.unwrap().expect("the operator's account").status
    }
}

#[tokio::test]
async fn disabled_operator_comes_back() {
    let deployment = deployed().await;
    let disabled = || AttributeValue::S("disabled".to_owned());
    deployment.set(CLIENT, "status", disabled()).await;
    deployment.set(ACCOUNT, "status", disabled()).await;
    deployment.bootstrap().await.unwrap();
    assert_eq!(
        deployment.operator().await.status,
        Status::Disabled,
        "an update of the stack changes nothing"
    );
    deployment.ensure_operator().await;
    assert_eq!(deployment.operator().await.status, Status::Active);
    assert_eq!(deployment.account_status().await, Status::Active);
}

#[tokio::test]
async fn lost_right_comes_back_and_others_stay() {
    let deployment = deployed().await;
    let scopes = |texts: &[&str]| {
        AttributeValue::L(texts.iter().map(|text| AttributeValue::S((*text).to_owned())).collect())
    };
    let permission = |scopes| {
        let resource = AttributeValue::S("latchkey".to_owned());
        AttributeValue::L(vec![AttributeValue::M(
            [("resource".to_owned(), resource), ("scopes".to_owned(), scopes)].into(),
        )])
    };
    deployment.set(CLIENT, "permissions", permission(scopes(&["accounts:manage", "clients:read"]))).await;
    deployment.ensure_operator().await;
    assert_eq!(
        management_scopes(&deployment.operator().await.permissions).len(),
        2,
        "chosen by the operator"
    );
    deployment.set(CLIENT, "permissions", permission(scopes(&["clients:read"]))).await;
    deployment.ensure_operator().await;
    assert_eq!(management_scopes(&deployment.operator().await.permissions).len(), 7);
}

#[tokio::test]
async fn deleted_operator_comes_back_with_another_secret() {
    let deployment = deployed().await;
    let before = deployment.values().await;
    let management = deployment.cold_start();
    let id = ClientId::parse("latchkey-operator").unwrap();
    let account = AccountId::parse("T00000001").unwrap();
    let audit_context = shared::services::audit::AuditContext::of_job(&account, Timestamp::now()).unwrap();
    let provisioner = shared::services::clients::ClientProvisioner {
        store: &management.app.store,
        client_secrets: &management.client_secrets,
        audit_context: &audit_context,
    };
    provisioner.delete_client(&account, &id, &|_| true).await.unwrap();
    let error = deployment.bootstrap().await.unwrap_err().to_string();
    assert!(error.contains(r#"{"ensure": "operator"}"#), "{error}");
    deployment.ensure_operator().await;
    let after = deployment.values().await;
    assert_ne!(client_secret(&after["operator"]), client_secret(&before["operator"]));
    assert_eq!(deployment.operator_secrets().await, 1);
    assert_eq!(deployment.operator().await.status, Status::Active);
}
