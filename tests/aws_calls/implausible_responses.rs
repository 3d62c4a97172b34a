//! A success that cannot be an answer to its operation decides nothing: no token, no `active`, no end of work.

use crate::support::answer::Ask;
use crate::support::aws_proxy::Canned;
use crate::support::house::TestHouse;
use crate::support::things::ACCOUNT;
use crate::support::trouble::{assert_unavailable, just_started};
use serde_json::json;

/// Each way in which a service can say nothing at all and call it a success.
fn implausible(operation: &'static str) -> [Canned; 3] {
    let other = Canned::of_another_operation(operation);
    [Canned::empty_body(operation), other, Canned::json(operation, 200, &json!("later"))]
}

#[tokio::test]
async fn a_disabled_account_gets_no_token() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let disabled = json!({ "status": "disabled" });
    let path = format!("/v1/accounts/{ACCOUNT}");
    house.admin_ask("PATCH", &path).await.json(&disabled).send().await.expect(200);
    for lie in implausible("Query") {
        let (app, _, proxy) = just_started(&house).await;
        let router = token::router(app);
        // The first query is the catalogue's, which says which accounts are disabled.
        proxy.can(lie.times(1));
        assert_unavailable(&super::request_token(&router, &client).await, "the catalogue");
        super::request_token(&router, &client).await.expect(401);
    }
}

#[tokio::test]
async fn a_revoked_token_is_never_active() {
    let house = TestHouse::furnished().await;
    let (client, checker) = (house.client().await, house.client().await);
    let token = house.access_token(&client).await;
    let form = format!("token={token}");
    let revoke = house.ask("POST", "/oauth/revoke").basic(&client.client_id, &client.client_secret);
    revoke.form(&form).send().await.expect(200);
    for lie in implausible("GetItem") {
        let (app, _, proxy) = just_started(&house).await;
        proxy.can(lie);
        let ask = Ask::new(token::router(app), "POST", "/oauth/introspect");
        let answer = ask.basic(&checker.client_id, &checker.client_secret).form(&form).send().await;
        assert_unavailable(&answer, "the deny-list");
    }
}

#[tokio::test]
async fn a_known_client_is_not_called_unknown() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    for lie in implausible("Query") {
        let (app, _, proxy) = just_started(&house).await;
        proxy.can(lie.after(1));
        assert_unavailable(&super::request_token(&token::router(app), &client).await, "the client");
    }
}

#[tokio::test]
async fn a_revoked_secret_does_not_stay_current() {
    for lie in implausible("ListSecretVersionIds") {
        let mut house = TestHouse::furnished().await;
        let client = house.client().await;
        super::add_secret(&house, &client).await.expect(201);
        let newest = house.vault_value(&client.client_id, "AWSCURRENT").await.unwrap()["secret_id"].clone();
        let (app, aws, proxy) = just_started(&house).await;
        let router = clients::router(std::sync::Arc::new(shared::app::ManagementState::new(app, &aws)));
        proxy.can(lie);
        let path = client.secret(newest.as_str().unwrap());
        Ask::new(router, "DELETE", &path).bearer(house.admin().await).send().await.expect(204);
        house.advance(jiff::SignedDuration::from_mins(16));
        let swept = house.sweep().await;
        assert_eq!((swept.settled, swept.failed), (1, 0), "the work was not counted as done");
        let current = house.vault_value(&client.client_id, "AWSCURRENT").await.unwrap();
        assert_eq!(current["secret_id"], client.secret_id);
    }
}
