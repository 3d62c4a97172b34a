//! The operator's account and client cannot be disabled or deleted by mistake, and no operator removes itself.

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use serde_json::json;

const OPERATOR_ACCOUNT: &str = "/v1/accounts/T00000001";
const OPERATOR_CLIENT: &str = "/v1/accounts/T00000001/clients/latchkey-operator";

/// Another operator with every scope, in an account of its own.
async fn other_operator(latchkey: &TestApp) -> (TestClient, String) {
    latchkey.fixtures().account("T2").await;
    let scopes = [&super::ALL_BUT_OPERATOR[..], &["accounts:manage"]].concat();
    latchkey.fixtures().administrator("T2", &scopes).await
}

#[tokio::test]
async fn operators_account_and_client_stay() {
    let latchkey = TestApp::new().await;
    let (_, token) = other_operator(&latchkey).await;
    for (method, path, body, problem) in [
        ("PATCH", OPERATOR_ACCOUNT.to_owned(), json!({ "status": "disabled" }), "operator_account"),
        ("POST", format!("{OPERATOR_CLIENT}/disable"), json!({}), "operator_client"),
        ("DELETE", OPERATOR_CLIENT.to_owned(), json!({}), "operator_client"),
        ("PUT", format!("{OPERATOR_CLIENT}/permissions"), json!({ "permissions": [] }), "operator_client"),
    ] {
        let response = latchkey.request(method, &path).bearer(&token).json(&body).send().await.expect(409);
        assert_eq!(response.problem(), problem, "{method} {path}");
    }
    latchkey.get(OPERATOR_CLIENT).await.expect(200);
}

#[tokio::test]
async fn other_operators_can_be_disabled_and_deleted() {
    let latchkey = TestApp::new().await;
    let (other, _) = other_operator(&latchkey).await;
    latchkey.post(&format!("{}/disable", other.path()), &json!({})).await.expect(200);
    latchkey.delete(&other.path()).await.expect(204);
    latchkey.patch("/v1/accounts/T2", &json!({ "status": "disabled" })).await.expect(200);
}
