//! Reading and listing clients.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{CLIENTS, backoffice, days_ahead, values_of};
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn client_reads_as_created_without_its_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let created = latchkey.post(CLIENTS, &json!({ "client_name": "Order sync" })).await.expect(201);
    let mut expected = created.json();
    for member in ["client_secret", "secret_id", "client_secret_expires_at"] {
        expected.as_object_mut().unwrap().remove(member).unwrap();
    }
    assert_eq!(latchkey.get(created.header("location")).await.expect(200).json(), expected);
    assert_eq!(latchkey.list_items(CLIENTS).await, [expected]);
}

#[tokio::test]
async fn read_response_has_no_secret_or_digest() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for path in [CLIENTS.to_owned(), client.path(), format!("{}/secrets", client.path())] {
        let text = latchkey.get(&path).await.expect(200).text();
        for word in [client.client_secret.as_str(), "digest\":", "pepper"] {
            assert!(!text.contains(word), "{path} contains {word}");
        }
    }
}

#[tokio::test]
async fn clients_are_listed_newest_first_within_account() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    for name in ["first", "second", "third"] {
        latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": name })).await;
        latchkey.advance(SignedDuration::from_secs(1));
    }
    latchkey.fixtures().client_with("T2", &json!({ "client_name": "elsewhere" })).await;
    assert_eq!(values_of(&latchkey.list_items(CLIENTS).await, "client_name"), ["third", "second", "first"]);
    assert_eq!(
        values_of(&latchkey.list_items("/v1/accounts/T2/clients").await, "client_name"),
        ["elsewhere"]
    );
}

#[tokio::test]
async fn list_is_searched_by_part_of_name_or_id_in_any_case() {
    let latchkey = TestApp::with_fixtures().await;
    for (id, name) in [("alpha-1", "Order sync"), ("beta-2", "Stock sync"), ("gamma-3", "ÜBERSICHT")] {
        latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_id": id, "client_name": name })).await;
    }
    let cases: [(&str, &[&str]); 7] = [
        ("SYNC", &["alpha-1", "beta-2"]),
        ("Stock", &["beta-2"]),
        ("gamma", &["gamma-3"]),
        ("%C3%BCber", &["gamma-3"]),
        ("r+s", &["alpha-1"]),
        ("*", &[]),
        ("", &["alpha-1", "beta-2", "gamma-3"]),
    ];
    for (q, expected) in cases {
        let mut found = values_of(&latchkey.list_items(&format!("{CLIENTS}?q={q}")).await, "client_id");
        found.sort();
        assert_eq!(found, expected, "{q}");
    }
}

#[tokio::test]
async fn list_is_filtered_by_status() {
    let latchkey = TestApp::with_fixtures().await;
    for id in ["on", "off"] {
        latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_id": id })).await;
    }
    latchkey.post(&format!("{CLIENTS}/off/disable"), &json!({})).await.expect(200);
    for (status, expected) in [("active", "on"), ("disabled", "off")] {
        let found = latchkey.list_items(&format!("{CLIENTS}?status={status}")).await;
        assert_eq!(values_of(&found, "client_id"), [expected]);
    }
}

#[tokio::test]
async fn list_is_filtered_by_attention() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let fine = json!({ "permissions": backoffice(&["orders:read"]) });
    let soon = json!({ "permissions": backoffice(&["orders:read"]), "secret": { "expires_on": days_ahead(&latchkey, 3) } });
    for (id, members) in [("fine", fine), ("soon", soon), ("idle", json!({}))] {
        let mut members = members;
        members["client_id"] = json!(id);
        latchkey.fixtures().client_with(ACCOUNT, &members).await;
    }
    let cases: [(&str, &[&str]); 4] = [
        ("no_permissions", &["idle"]),
        ("secret_expiring", &["soon"]),
        ("any", &["idle", "soon"]),
        ("secret_expired", &[]),
    ];
    for (attention, expected) in cases {
        let mut found =
            values_of(&latchkey.list_items(&format!("{CLIENTS}?attention={attention}")).await, "client_id");
        found.sort();
        assert_eq!(found, expected, "{attention}");
    }
    let both = latchkey.list_items(&format!("{CLIENTS}?attention=any&status=active&q=SOON")).await;
    assert_eq!(values_of(&both, "client_id"), ["soon"]);
}

async fn attention(latchkey: &TestApp, path: &str) -> Value {
    latchkey.get(path).await.expect(200).json()["attention"].clone()
}

#[tokio::test]
async fn secret_needs_attention_14_days_before_expiry() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    latchkey.set_time("2030-01-01T00:00:00Z".parse().unwrap());
    let members =
        json!({ "permissions": backoffice(&["orders:read"]), "secret": { "expires_on": "2030-02-01" } });
    let path = latchkey.fixtures().client_with(ACCOUNT, &members).await.path();
    for (instant, expected) in [
        ("2030-01-18T23:58:58Z", json!([])),
        ("2030-01-18T23:59:00Z", json!(["secret_expiring"])),
        ("2030-02-01T23:58:58Z", json!(["secret_expiring"])),
        ("2030-02-01T23:59:00Z", json!(["secret_expired"])),
    ] {
        latchkey.set_time(instant.parse().unwrap());
        assert_eq!(attention(&latchkey, &path).await, expected, "{instant}");
    }
    latchkey.post(&format!("{path}/secrets"), &json!({})).await.expect(201);
    assert_eq!(attention(&latchkey, &path).await, json!([]));
}

#[tokio::test]
async fn missing_credentials_and_wildcards_need_attention() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let uris = json!(["https://*.example.com/callback"]);
    let members = json!({ "redirect_uris": uris, "permissions": backoffice(&["orders:read"]) });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    assert_eq!(attention(&latchkey, &client.path()).await, json!(["wildcard_redirect"]));
    latchkey.delete(&format!("{}/secrets/{}", client.path(), client.secret_id)).await.expect(204);
    assert_eq!(attention(&latchkey, &client.path()).await, json!(["no_credentials", "wildcard_redirect"]));
    latchkey.patch(&client.path(), &json!({ "redirect_uris": [] })).await.expect(200);
    assert_eq!(attention(&latchkey, &client.path()).await, json!(["no_credentials"]));
}

#[tokio::test]
async fn unknown_filter_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    for (query, pointer) in
        [("status=on", "#/status"), ("attention=all", "#/attention"), ("name=x", "#/name")]
    {
        let response = latchkey.get(&format!("{CLIENTS}?{query}")).await.expect(422);
        assert_eq!(response.pointers(), [pointer]);
    }
}

#[tokio::test]
async fn unknown_client_and_account_are_404() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.get(&format!("{CLIENTS}/unknown")).await.expect(404);
    latchkey.get(&format!("{CLIENTS}/no%2Fbody")).await.expect(404);
    latchkey.get("/v1/accounts/T999/clients").await.expect(404);
}
