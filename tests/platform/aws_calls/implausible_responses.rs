//! A successful response that does not fit its operation decides nothing: no token, no `active`, no completed
//! intent.

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::InjectedFault;
use crate::support::fault_injection::{assert_unavailable, cold_start};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestRequest;
use serde_json::json;

/// Each way in which a service can return an empty success.
fn implausible(operation: &'static str) -> [InjectedFault; 3] {
    let other = InjectedFault::of_another_operation(operation);
    [InjectedFault::empty_body(operation), other, InjectedFault::json(operation, 200, &json!("later"))]
}

#[tokio::test]
async fn disabled_account_gets_no_token() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let disabled = json!({ "status": "disabled" });
    let path = format!("/v1/accounts/{ACCOUNT}");
    latchkey.admin_request("PATCH", &path).await.json(&disabled).send().await.expect(200);
    for lie in implausible("Query") {
        let (app, _, proxy) = cold_start(&latchkey).await;
        let router = token::router(app);
        // The first query loads the catalogue, which has the disabled accounts.
        proxy.inject(lie.times(1));
        assert_unavailable(
            &crate::platform::aws_calls::request_token(&router, &client).await,
            "the catalogue",
        );
        crate::platform::aws_calls::request_token(&router, &client).await.expect(401);
    }
}

#[tokio::test]
async fn revoked_token_is_never_active() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, checker) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let token = latchkey.access_token(&client).await;
    let form = format!("token={token}");
    let revoke = latchkey.request("POST", "/oauth/revoke").basic(&client.client_id, &client.client_secret);
    revoke.form(&form).send().await.expect(200);
    for lie in implausible("GetItem") {
        let (app, _, proxy) = cold_start(&latchkey).await;
        proxy.inject(lie);
        let request = TestRequest::new(token::router(app), "POST", "/oauth/introspect");
        let response = request.basic(&checker.client_id, &checker.client_secret).form(&form).send().await;
        assert_unavailable(&response, "the deny-list");
    }
}

#[tokio::test]
async fn known_client_is_not_reported_unknown() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for lie in implausible("Query") {
        let (app, _, proxy) = cold_start(&latchkey).await;
        proxy.inject(lie.after(1));
        assert_unavailable(
            &crate::platform::aws_calls::request_token(&token::router(app), &client).await,
            "the client",
        );
    }
}

#[tokio::test]
async fn revoked_secret_does_not_stay_current() {
    for lie in implausible("ListSecretVersionIds") {
        let mut latchkey = TestApp::with_fixtures().await;
        let client = latchkey.fixtures().client().await;
        crate::platform::aws_calls::add_secret(&latchkey, &client).await.expect(201);
        let newest =
            latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap()["secret_id"]
                .clone();
        let (app, aws, proxy) = cold_start(&latchkey).await;
        let router = clients::router(std::sync::Arc::new(shared::app::ManagementState::new(app, &aws)));
        proxy.inject(lie);
        let path = client.secret(newest.as_str().unwrap());
        TestRequest::new(router, "DELETE", &path).bearer(latchkey.admin().await).send().await.expect(204);
        latchkey.advance(jiff::SignedDuration::from_mins(16));
        let swept = latchkey.sweep().await;
        assert_eq!((swept.settled, swept.failed), (1, 0), "the intent is not complete");
        let current = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
        assert_eq!(current["secret_id"], client.secret_id);
    }
}
