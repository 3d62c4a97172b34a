//! Platforms that a client is trusted from, the check of a token, and the move from secrets to keys.

use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::FakeInternet;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::Browser;
use serde_json::{Value, json};

const GITHUB: &str = "token.actions.githubusercontent.com";

fn page(client: &TestClient, below: &str) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{}/credentials{below}", client.client_id)
}

async fn identities(latchkey: &TestApp, client: &TestClient) -> Value {
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", client.client_id);
    latchkey.get(&path).await.expect(200).json()["federated_identities"].clone()
}

/// Fills in the form of a platform and sends it.
async fn trust(browser: &Browser, client: &TestClient, platform: &str, values: &[(&str, &str)]) -> String {
    let below = format!("/keys/platforms/{platform}");
    let mut form = browser.get(&page(client, &below)).await.expect(200).form(&below);
    for (name, value) in values {
        form = form.with(name, value);
    }
    let visit = browser.submit(&form).await;
    let visit = visit.expect(200).expect_text("What a token must have");
    // The same button again adds nothing.
    browser.submit(&form).await.expect(200);
    visit.text()
}

#[tokio::test]
async fn each_platform_is_trusted_by_its_values() {
    let internet = FakeInternet::start().await;
    let latchkey = internet.latchkey_with_lookups().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    internet.publish_issuer(GITHUB, &TestKey::new("RS256").named("g1").jwks());
    let github = [("owner", "acme"), ("owner_id", "12"), ("repository", "shop"), ("repository_id", "34")];
    let tag = [&github[..], &[("context", "tag"), ("context_name", "v1")]].concat();
    let text = trust(&browser, &client, "github", &tag).await;
    assert!(text.contains("repo:acme@12/shop@34:ref:refs/tags/v1") && text.contains("g1"), "{text}");
    let requests = [&github[..], &[("context", "pull_request")]].concat();
    trust(&browser, &client, "github", &requests).await;
    let kubernetes =
        [("issuer", "https://oidc.k8s.example.com"), ("namespace", "shop"), ("service_account", "sync")];
    trust(&browser, &client, "kubernetes", &kubernetes).await;
    trust(&browser, &client, "google", &[("subject", "1122")]).await;
    let other = [("issuer", "https://gitlab.com"), ("claims", "project_id=22\r\nref=main")];
    trust(&browser, &client, "other", &other).await;
    let known = identities(&latchkey, &client).await;
    let subjects: Vec<&Value> =
        known.as_array().unwrap().iter().map(|identity| &identity["subject"]).collect();
    assert_eq!(
        subjects,
        [
            &json!("repo:acme@12/shop@34:ref:refs/tags/v1"),
            &json!("repo:acme@12/shop@34:pull_request"),
            &json!("system:serviceaccount:shop:sync"),
            &json!("1122"),
            &Value::Null,
        ]
    );
    assert_eq!(known[0]["audience"], ISSUER, "the address of this site is filled in");
    assert_eq!(known[4]["claims"], json!({ "project_id": "22", "ref": "main" }));
    let sixth =
        browser.get(&page(&client, "/keys/platforms/google")).await.form("/google").with("subject", "3");
    browser.submit(&sixth).await.expect(422).expect_text("must hold at most 5 entries");
}

#[tokio::test]
async fn value_that_no_token_has_is_refused_at_its_field() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    for (platform, field, value, text) in [
        ("github", "owner", "", "is required"),
        ("google", "subject", "sync@acme.iam.gserviceaccount.com", "must be the numeric id"),
        ("entra", "tenant", "common", "names no tenant"),
        ("other", "issuer", "https://gitlab.com/.well-known/openid-configuration", "metadata document"),
        ("other", "subject", "repo:acme/*", "wildcard"),
        ("other", "claims", "main", "repository_id=456789"),
    ] {
        let below = format!("/keys/platforms/{platform}");
        let form = browser.get(&page(&client, &below)).await.expect(200).form(&below);
        let form = form.with("subject", "1").with(field, value);
        let visit = browser.submit(&form).await.expect(422).expect_text(text);
        assert!(visit.text().contains(&format!("id=\"error-{field}\"")), "{platform}: {field}");
        assert_eq!(visit.form(&below).get(field).unwrap().trim(), value, "what was typed is kept");
    }
    assert_eq!(identities(&latchkey, &client).await, json!([]));
}

#[tokio::test]
async fn token_is_compared_with_each_identity_and_forgotten() {
    let latchkey = TestApp::with_fixtures().await;
    let identity = json!({ "issuer": "https://gitlab.com", "subject": "project:a", "audience": ISSUER });
    let members = json!({ "federated_identities": [identity] });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let browser = latchkey.administrator_in_console().await;
    let check = browser.get(&page(&client, "/keys/check")).await.expect(200).form("/check");
    let exp = latchkey.now().as_second() + 300;
    let key = TestKey::new("RS256");
    let token = |sub: &str, exp: i64| {
        key.assert(&json!({ "iss": "https://gitlab.com", "sub": sub, "aud": ISSUER, "exp": exp }))
    };
    let good = token("project:a", exp);
    let visit = browser.submit(&check.clone().with("token", &format!(" {good}\n"))).await.expect(200);
    let visit = visit.expect_text("The token matches this identity").expect_text("within its time");
    assert!(!visit.text().contains(&good) && !visit.text().contains(good.split('.').nth(1).unwrap()));
    let visit =
        browser.submit(&check.clone().with("token", &token("project:b", exp - 600))).await.expect(200);
    let visit = visit.expect_text("The token does not match this identity").expect_text("project:b");
    visit.expect_text("has expired").expect_text("Different");
    let wrong = browser.submit(&check.with("token", "lks_abc<b>")).await.expect(422);
    let wrong = wrong.expect_text("is no JSON Web Token");
    assert!(!wrong.text().contains("lks_abc"));
}

#[tokio::test]
async fn client_moves_from_its_secret_to_a_key_in_four_steps() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let done = |text: String| text.matches("</span> Done").count();
    assert_eq!(done(browser.get(&page(&client, "/method")).await.expect(200).text()), 0);
    let set = TestKey::new("ES256").jwks().to_string();
    let jwks = browser.get(&page(&client, "/keys/jwks")).await.form("/jwks").with("jwks", &set);
    browser.submit(&jwks).await.expect(200);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let visit = browser.get(&page(&client, "/method")).await.expect(200);
    let visit = visit.expect_text("A secret was used in the last seven days.");
    assert_eq!(done(visit.text()), 1);
    let form = visit.form("/method").with("token_endpoint_auth_method", "private_key_jwt");
    let visit = browser.submit(&form).await.expect(200).expect_text("It acts from the next request on.");
    assert_eq!(done(visit.text()), 2);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
    browser.submit(&form).await.expect(412).expect_text("The client was changed meanwhile.");
    let public = browser.get(&page(&client, "/method")).await.form("/method");
    let public = public.with("token_endpoint_auth_method", "none");
    browser.submit(&public).await.expect(422).expect_text("take its keys and federated_identities away");
}
