//! Reading clients, and finding them.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{CLIENTS, backoffice, days_ahead, each};
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn a_client_reads_as_it_was_made_but_without_its_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let made = latchkey.post(CLIENTS, &json!({ "client_name": "Order sync" })).await.expect(201);
    let mut expected = made.json();
    for member in ["client_secret", "secret_id", "client_secret_expires_at"] {
        expected.as_object_mut().unwrap().remove(member).unwrap();
    }
    assert_eq!(latchkey.get(made.header("location")).await.expect(200).json(), expected);
    assert_eq!(latchkey.items_of(CLIENTS).await, [expected]);
}

#[tokio::test]
async fn nothing_that_is_read_shows_a_secret_or_its_digest() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    for path in [CLIENTS.to_owned(), client.path(), format!("{}/secrets", client.path())] {
        let text = latchkey.get(&path).await.expect(200).text();
        for word in [client.client_secret.as_str(), "digest\":", "pepper"] {
            assert!(!text.contains(word), "{path} says {word}");
        }
    }
}

#[tokio::test]
async fn clients_are_listed_newest_first_and_only_their_accounts() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.account("T2").await;
    for name in ["first", "second", "third"] {
        latchkey.client_like(ACCOUNT, &json!({ "client_name": name })).await;
        latchkey.advance(SignedDuration::from_secs(1));
    }
    latchkey.client_like("T2", &json!({ "client_name": "elsewhere" })).await;
    assert_eq!(each(&latchkey.items_of(CLIENTS).await, "client_name"), ["third", "second", "first"]);
    assert_eq!(each(&latchkey.items_of("/v1/accounts/T2/clients").await, "client_name"), ["elsewhere"]);
}

#[tokio::test]
async fn a_list_is_searched_by_part_of_name_or_id_in_any_case() {
    let latchkey = TestApp::with_fixtures().await;
    for (id, name) in [("alpha-1", "Order sync"), ("beta-2", "Stock sync"), ("gamma-3", "ÜBERSICHT")] {
        latchkey.client_like(ACCOUNT, &json!({ "client_id": id, "client_name": name })).await;
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
        let mut found = each(&latchkey.items_of(&format!("{CLIENTS}?q={q}")).await, "client_id");
        found.sort();
        assert_eq!(found, expected, "{q}");
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_status() {
    let latchkey = TestApp::with_fixtures().await;
    for id in ["on", "off"] {
        latchkey.client_like(ACCOUNT, &json!({ "client_id": id })).await;
    }
    latchkey.post(&format!("{CLIENTS}/off/disable"), &json!({})).await.expect(200);
    for (status, expected) in [("active", "on"), ("disabled", "off")] {
        let found = latchkey.items_of(&format!("{CLIENTS}?status={status}")).await;
        assert_eq!(each(&found, "client_id"), [expected]);
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_what_needs_attention() {
    let latchkey = TestApp::with_fixtures().await;
    let fine = json!({ "permissions": backoffice(&["orders:read"]) });
    let soon = json!({ "permissions": backoffice(&["orders:read"]), "secret": { "expires_on": days_ahead(&latchkey, 3) } });
    for (id, members) in [("fine", fine), ("soon", soon), ("idle", json!({}))] {
        let mut members = members;
        members["client_id"] = json!(id);
        latchkey.client_like(ACCOUNT, &members).await;
    }
    let cases: [(&str, &[&str]); 4] = [
        ("no_permissions", &["idle"]),
        ("secret_expiring", &["soon"]),
        ("any", &["idle", "soon"]),
        ("secret_expired", &[]),
    ];
    for (attention, expected) in cases {
        let mut found =
            each(&latchkey.items_of(&format!("{CLIENTS}?attention={attention}")).await, "client_id");
        found.sort();
        assert_eq!(found, expected, "{attention}");
    }
    let both = latchkey.items_of(&format!("{CLIENTS}?attention=any&status=active&q=SOON")).await;
    assert_eq!(each(&both, "client_id"), ["soon"]);
}

async fn attention(latchkey: &TestApp, path: &str) -> Value {
    latchkey.get(path).await.expect(200).json()["attention"].clone()
}

#[tokio::test]
async fn a_secret_needs_attention_from_14_days_before_its_end_until_it_is_replaced() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2030-01-01T00:00:00Z".parse().unwrap());
    let members =
        json!({ "permissions": backoffice(&["orders:read"]), "secret": { "expires_on": "2030-02-01" } });
    let path = latchkey.client_like(ACCOUNT, &members).await.path();
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
async fn a_client_without_credentials_or_with_a_wildcard_needs_attention() {
    let latchkey = TestApp::with_fixtures().await;
    let uris = json!(["https://*.example.com/callback"]);
    let members = json!({ "redirect_uris": uris, "permissions": backoffice(&["orders:read"]) });
    let client = latchkey.client_like(ACCOUNT, &members).await;
    assert_eq!(attention(&latchkey, &client.path()).await, json!(["wildcard_redirect"]));
    latchkey.delete(&format!("{}/secrets/{}", client.path(), client.secret_id)).await.expect(204);
    assert_eq!(attention(&latchkey, &client.path()).await, json!(["no_credentials", "wildcard_redirect"]));
    latchkey.patch(&client.path(), &json!({ "redirect_uris": [] })).await.expect(200);
    assert_eq!(attention(&latchkey, &client.path()).await, json!(["no_credentials"]));
}

#[tokio::test]
async fn a_filter_that_does_not_exist_is_refused() {
    let latchkey = TestApp::with_fixtures().await;
    for (query, pointer) in
        [("status=on", "#/status"), ("attention=all", "#/attention"), ("name=x", "#/name")]
    {
        let answer = latchkey.get(&format!("{CLIENTS}?{query}")).await.expect(422);
        assert_eq!(answer.pointers(), [pointer]);
    }
}

#[tokio::test]
async fn an_unknown_client_and_the_clients_of_an_unknown_account_are_not_found() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.get(&format!("{CLIENTS}/nobody")).await.expect(404);
    latchkey.get(&format!("{CLIENTS}/no%2Fbody")).await.expect(404);
    latchkey.get("/v1/accounts/T999/clients").await.expect(404);
}
