//! What programs and people write in different ways is read alike, and what they did not mean to send is refused.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::MEMBERS;
use serde_json::json;

#[tokio::test]
async fn search_finds_what_reads_the_same() {
    let latchkey = TestApp::with_fixtures().await;
    for name in ["Gro\u{df}handel Caf\u{e9}", "\u{ff21}\u{ff23}\u{ff2d}\u{ff25} 1"] {
        latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": name })).await;
    }
    // None of these is in a random id by chance.
    for (q, found) in
        [("GROSSHANDEL", 1), ("cafe%CC%81", 1), ("acme", 1), ("e%20%EF%BC%91", 1), ("cafe%20", 0)]
    {
        let page = latchkey.get(&format!("/v1/accounts/{ACCOUNT}/clients?q={q}")).await.expect(200).json();
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{q}: {page}");
    }
}

#[tokio::test]
async fn repeated_parameter_of_a_query_is_refused() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for (path, pointer) in [
        (format!("/v1/accounts/{ACCOUNT}/clients?limit=1&limit=2"), "#/limit"),
        (format!("/v1/accounts/{ACCOUNT}/clients?q=a&q=a"), "#/q"),
        (format!("{}?a=1&b=1&%61=2", client.path()), "#/a"),
    ] {
        assert_eq!(latchkey.get(&path).await.expect(422).pointers(), [pointer], "{path}");
    }
}

#[tokio::test]
async fn body_without_members_is_expected_by_routes_that_know_none() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for (action, status) in [("disable", "active"), ("enable", "disabled")] {
        let path = format!("{}/{action}", client.path());
        let rejected = latchkey.post(&path, &json!({ "until": "2027-01-01" })).await.expect(422);
        assert_eq!(rejected.pointers(), ["#/until"], "{action}");
        assert_eq!(latchkey.get(&client.path()).await.json()["status"], status);
        latchkey.admin_request("POST", &path).await.send().await.expect(200);
    }
}

#[tokio::test]
async fn numbers_marks_and_blanks_of_other_programs_are_read() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let body = "\u{feff}{\"access_token_lifetime\": 600.0, \"contacts\": [\" Ops@B\u{fc}cher.example \"]}";
    let token = latchkey.admin().await;
    let request =
        latchkey.request("PATCH", &client.path()).header("authorization", format!("Bearer   {token}"));
    let changed = request.body("application/json", body).send().await.expect(200).json();
    assert_eq!(changed["access_token_lifetime"], 600);
    assert_eq!(changed["contacts"], json!(["ops@xn--bcher-kva.example"]));
    let half = latchkey.patch(&client.path(), &json!({ "access_token_lifetime": 600.5 })).await.expect(422);
    assert_eq!(half.pointers(), ["#/access_token_lifetime"]);
    let member = json!({ "email": "ann@b\u{fc}cher.example", "name": "Ann" });
    assert_eq!(
        latchkey.post(MEMBERS, &member).await.expect(201).json()["email"],
        "ann@xn--bcher-kva.example"
    );
}

#[tokio::test]
async fn deployment_sets_the_lifetime_of_clients_that_name_none() {
    let latchkey = TestApp::with_config(|config| config.default_access_token_lifetime = 600).await;
    latchkey.fixtures().seed().await;
    let create = async |members| {
        let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
        latchkey.get(&client.path()).await.expect(200).json()["access_token_lifetime"].clone()
    };
    assert_eq!(create(json!({})).await, 600);
    assert_eq!(create(json!({ "access_token_lifetime": 7200 })).await, 7_200);
}
