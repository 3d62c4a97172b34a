//! The keys of a client: set by URL, file or text, replaced and removed.

use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form as assertion_form};
use crate::support::fake_internet::FakeInternet;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, PageVisit};
use jiff::SignedDuration;
use serde_json::json;

fn page(client: &TestClient, below: &str) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{}/credentials{below}", client.client_id)
}

async fn gets_token(latchkey: &TestApp, client: &TestClient, key: &TestKey) -> bool {
    let now = latchkey.now().as_second();
    let assertion = key.assert(&claims(&client.client_id, ISSUER, now));
    latchkey.request("POST", "/oauth/token").form(&assertion_form(&assertion)).send().await.status == 200
}

#[tokio::test]
async fn file_of_a_key_replaces_the_one_that_is_named() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client, "")).await.expect(200).expect_text("Change keys and platforms");
    assert!(visit.text().contains(&page(&client, "/keys")));
    let (first, second) = (TestKey::new("EdDSA"), TestKey::new("ES256"));
    let visit = browser.get(&page(&client, "/keys/upload")).await.expect(200);
    assert!(!visit.contains_text("The new keys replace these"));
    let visit = browser.upload(&visit.form("/upload"), first.pem().as_bytes()).await.expect(200);
    visit.expect_text("The keys are saved.").expect_text("Public key");
    assert!(gets_token(&latchkey, &client, &first).await);
    let visit = browser.get(&page(&client, "/keys/upload")).await.expect(200);
    let visit = visit.expect_text("The new keys replace these at once");
    let visit = visit.expect_text(&format!("Public key: {}", first.thumbprint()));
    let known = browser.get(&page(&client, "/keys")).await.expect(200);
    let known = known.expect_text(&format!("jkt {}", first.thumbprint()));
    let remove = links(&known).into_iter().find(|link| link.contains("/keys/remove/")).unwrap();
    browser.get(&remove).await.expect(200).expect_text(&format!("jkt {}", first.thumbprint()));
    browser.get(&page(&client, "")).await.expect(200).expect_text(&format!("jkt {}", first.thumbprint()));
    let pasted = visit.form("/upload").with("public_key_pem", &second.pem());
    browser.upload(&pasted, b"").await.expect(200).expect_text("The keys are saved.");
    assert!(gets_token(&latchkey, &client, &second).await && !gets_token(&latchkey, &client, &first).await);
    // The page was made for the first key: it no longer says what it replaces.
    let again = browser.upload(&pasted.without("public_key_pem"), first.pem().as_bytes()).await.expect(412);
    again.expect_text("The client was changed meanwhile.");
    assert!(gets_token(&latchkey, &client, &second).await);
}

#[tokio::test]
async fn private_key_is_refused_in_every_form_and_is_on_no_page() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let key = TestKey::new("ES256");
    let (pem, der) = (key.private_pem(), key.private_der());
    let middle = &pem.lines().nth(1).unwrap()[..30];
    for (below, field, file) in [
        ("upload", "", pem.as_bytes()),
        ("upload", "", &der),
        ("upload", "public_key_pem", b"".as_slice()),
        ("jwks", "jwks", b""),
        ("url", "jwks_uri", b""),
    ] {
        let form = browser.get(&page(&client, &format!("/keys/{below}"))).await.expect(200).form(below);
        let form = if field.is_empty() { form } else { form.with(field, &pem) };
        let visit = match below {
            "upload" => browser.upload(&form, file).await,
            _ => browser.submit(&form).await,
        };
        let visit = visit.expect(422).expect_text("Some fields need another look");
        assert!(!visit.text().contains(middle) && !visit.text().contains("BEGIN PRIVATE"), "{below} {field}");
        if below != "url" {
            visit.expect_text("Nothing was kept of what you sent.").expect_text("holds a private key");
        }
    }
    browser
        .get(&page(&client, "/keys"))
        .await
        .expect(200)
        .expect_text("It has no key and trusts no platform.");
    let large = browser.get(&page(&client, "/keys/upload")).await.expect(200).form("/upload");
    browser.upload(&large, &vec![b'x'; 16_385]).await.expect(422).expect_text("is longer than 16 KiB");
    browser.upload(&large, &vec![b'x'; 140_000]).await.expect(413);
}

#[tokio::test]
async fn url_of_keys_is_looked_at_and_what_was_found_is_shown() {
    let internet = FakeInternet::start().await;
    let latchkey = internet.latchkey_with_lookups().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let key = TestKey::new("ES256").named("2027-01");
    let mut encryption = key.jwk();
    (encryption["use"], encryption["kid"]) = (json!("enc"), json!("e1"));
    internet.publish("good.example.com", "/keys", &json!({ "keys": [key.jwk(), encryption.clone()] }));
    internet.publish("none.example.com", "/keys", &json!({ "keys": [encryption] }));
    for (host, texts) in [
        ("good", ["Keys were found on", "2027-01", "ES256", "e1: not for signatures"].as_slice()),
        ("none", &["No usable key", "It is saved all the same."]),
        ("gone", &["Not reachable", "It is saved all the same."]),
    ] {
        let form = browser.get(&page(&client, "/keys/url")).await.expect(200).form("/url");
        let form = form.with("jwks_uri", &format!("https://{host}.example.com/keys"));
        let mut visit = browser.submit(&form).await.expect(200);
        for text in texts {
            visit = visit.expect_text(text);
        }
        let fetched = internet.requests(&format!("{host}.example.com")).len();
        browser.get(&page(&client, "/keys")).await.expect(200).expect_text(texts[0]);
        assert_eq!(
            internet.requests(&format!("{host}.example.com")).len(),
            fetched,
            "reading fetches nothing"
        );
    }
    let form = browser.get(&page(&client, "/keys/url")).await.expect(200).form("/url");
    assert_eq!(form.get("jwks_uri"), Some("https://gone.example.com/keys"));
    let wrong = browser.submit(&form.with("jwks_uri", "http://10.0.0.1/keys")).await.expect(422);
    assert_eq!(wrong.form("/url").get("jwks_uri"), Some("http://10.0.0.1/keys"), "what was typed is kept");
}

#[tokio::test]
async fn one_key_of_a_set_is_removed_and_the_last_one_stays_where_it_is_needed() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let keys = [TestKey::new("EdDSA").named("a"), TestKey::new("ES256").named("b")];
    let set = json!({ "keys": [keys[0].jwk(), keys[1].jwk()] }).to_string();
    let form = browser.get(&page(&client, "/keys/jwks")).await.expect(200).form("/jwks").with("jwks", &set);
    let visit = browser.submit(&form).await.expect(200).expect_text("The keys are saved.");
    let links: Vec<String> =
        links(&visit).into_iter().filter(|link| link.contains("/keys/remove/")).collect();
    assert_eq!(links.len(), 2);
    let form =
        browser.get(&links[0]).await.expect(200).expect_text("Programs that sign in by it").form(&links[0]);
    browser.submit(&form).await.expect(200).expect_text("Removed.");
    assert!(
        !gets_token(&latchkey, &client, &keys[0]).await && gets_token(&latchkey, &client, &keys[1]).await
    );
    browser.submit(&form).await.expect(200);
    assert_eq!(browser.get(&links[0]).await.expect(200).at, page(&client, "/keys"));
    let last = browser.get(&links[1]).await.expect(200).form(&links[1]);
    let method = browser.get(&page(&client, "/method")).await.expect(200).form("/method");
    browser.submit(&method.with("token_endpoint_auth_method", "private_key_jwt")).await.expect(200);
    browser.submit(&last).await.expect(422).expect_text("The client signs in with nothing else.");
    assert!(gets_token(&latchkey, &client, &keys[1]).await);
}

/// The targets of the links of a page.
fn links(visit: &PageVisit) -> Vec<String> {
    let text = visit.text();
    let pieces = text.split("href=\"").skip(1);
    pieces.map(|piece| piece.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn keys_are_for_managers_of_the_account_who_signed_in_lately() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.fixtures().account("T99999999").await;
    let other = latchkey.fixtures().client_with("T99999999", &json!({})).await;
    let browser = latchkey.administrator_in_console().await;
    let adds = ["/keys/url", "/keys/upload", "/keys/jwks", "/keys/platforms/github"];
    let all = [&adds[..], &["/keys", "/keys/check", "/method"]].concat();
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let visit = reader.sign_in_to_console(&latchkey, &email, &page(&client, "")).await.expect(200);
    assert!(
        !visit.contains_text("Change keys and platforms"),
        "a reader sees no links to what they cannot do"
    );
    for below in &all {
        reader.get(&page(&client, below)).await.expect(403).expect_text("It needs the right clients:manage");
        browser.get(&page(&other, below)).await.expect(404);
    }
    browser.get(&page(&client, "/keys/platforms/azure")).await.expect(404);
    let form = browser.get(&page(&client, "/keys/jwks")).await.expect(200).form("/jwks");
    let set = TestKey::new("ES256").jwks().to_string();
    latchkey.advance(SignedDuration::from_mins(11));
    for below in adds {
        browser.get(&page(&client, below)).await.expect(200).expect_text("Confirm it is you");
    }
    let response = browser.post(&form.with("jwks", &set)).await.expect(303);
    assert!(response.header("location").starts_with("/console/confirm?to="), "{response:?}");
    browser
        .get(&page(&client, "/keys"))
        .await
        .expect(200)
        .expect_text("It has no key and trusts no platform.");
}
