//! Creating a client in a browser: what it is, its form, its credentials.

mod refused;

use crate::interop::program::{Fetch, Program};
use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form as assertion_form};
use crate::support::fixtures::{ACCOUNT, AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use crate::support::sign_in::browser::{Browser, Form};
use crate::support::sign_in::console::{shown_id, shown_secret};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::domain::client::SecretStorageChoice;

const NEW: &str = "/console/accounts/T12345678/clients/new";

async fn form(browser: &Browser, template: &str) -> Form {
    let visit = browser.get(&format!("{NEW}?template={template}")).await.expect(200);
    visit.form("/clients/new")
}

async fn clients(latchkey: &TestApp) -> Vec<Value> {
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let list = latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn administrator_creates_a_client_and_its_secret_works_at_once() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let list = browser.get("/console/accounts/T12345678/clients").await.expect(200);
    assert!(list.text().contains(&format!("href=\"{NEW}\"")), "the list leads there");
    let choice = browser.get(NEW).await.expect(200).expect_text("A program with a secret");
    assert!(choice.text().contains(&format!("href=\"{NEW}?template=secret\"")));
    let form = form(&browser, "secret")
        .await
        .with("client_name", "Warehouse")
        .and("scope", "backoffice_api orders:read");
    let visit = browser.submit(&form).await.expect(200).expect_text("Save these credentials now");
    let (id, secret) = (shown_id(&visit), shown_secret(&visit));
    let token = latchkey.token(&id, &secret, &format!("&resource={AUDIENCE}")).await.expect(200).json();
    assert_eq!(token["scope"], "orders:read");
    let page = browser.get(&format!("/console/accounts/{ACCOUNT}/clients/{id}")).await.expect(200);
    assert!(!page.expect_text("Warehouse").text().contains(&secret), "shown once");
}

#[tokio::test]
async fn secret_created_in_the_console_works_in_authlib_at_once() {
    let server = TestServer::new().await;
    server.latchkey.fixtures().seed().await;
    let browser = server.latchkey.administrator_in_console().await;
    let form = form(&browser, "secret").await.with("client_name", "Warehouse");
    let visit = browser.submit(&form.and("scope", "backoffice_api orders:read")).await.expect(200);
    let client = TestClient {
        account_id: ACCOUNT.to_owned(),
        client_id: shown_id(&visit),
        client_secret: shown_secret(&visit),
        secret_id: String::new(),
    };
    let fetch = Fetch {
        issuer: &server.issuer,
        client: &client,
        resource: AUDIENCE,
        auth_method: "client_secret_basic",
        scope: Some("orders:read"),
    };
    let token = Program::Python("fetch_authlib.py").fetch(fetch).await.expect("Python").expect("a token");
    assert_eq!(token["scope"], "orders:read", "{token}");
}

#[tokio::test]
async fn form_sent_twice_makes_one_client_and_shows_its_secret_once() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let form = form(&browser, "secret").await.with("client_name", "Warehouse");
    let first = browser.submit(&form).await.expect(200);
    let again = browser.submit(&form).await.expect(200).expect_text("The secret was shown already");
    assert_eq!(shown_id(&first), shown_id(&again));
    assert!(!again.text().contains(&shown_secret(&first)));
    assert_eq!(clients(&latchkey).await.len(), 1);
}

#[tokio::test]
async fn link_fills_in_three_fields_says_so_and_fills_in_no_other() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let query = "template=blank&client_name=Shop&client_uri=https%3A%2F%2Fshop.example&description=Till\
                 &redirect_uris=https%3A%2F%2Fevil.example&contacts=evil%40evil.example&public_key_pem=x\
                 &jwks_uri=https%3A%2F%2Fevil.example&allowed_ips=192.0.2.1&client_id=T12345678-x&scope=backoffice_api%20orders%3Aread";
    let visit = browser.get(&format!("{NEW}?{query}")).await.expect(200);
    let visit = visit.expect_text("Some fields were filled in by the link that you followed.");
    for (query, opens) in [("client_name=Shop", false), ("description=Till", true)] {
        let page = browser.get(&format!("{NEW}?template=secret&{query}")).await.expect(200).text();
        assert_eq!(
            page.contains("<details class=\"more\" open>"),
            opens,
            "what is filled in is seen: {query}"
        );
    }
    let form = visit.form("/clients/new");
    assert_eq!((form.get("client_name"), form.get("description")), (Some("Shop"), Some("Till")));
    assert_eq!(form.get("client_uri"), Some("https://shop.example"));
    assert!(!visit.text().contains("evil.example"));
    for field in
        ["redirect_uris", "contacts", "public_key_pem", "jwks_uri", "allowed_ips", "client_id", "scope"]
    {
        assert_eq!(form.get(field).unwrap_or_default(), "", "{field}");
    }
}

#[tokio::test]
async fn each_kind_makes_the_client_that_it_promises() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let key = TestKey::new("ES256");
    let cases = [
        ("key", vec![("public_key_pem", key.pem())], "private_key_jwt", json!(["client_credentials"])),
        (
            "app",
            vec![("redirect_uris", "https://app.example.com/cb".to_owned()), ("server", "no".to_owned())],
            "none",
            json!(["authorization_code", "refresh_token"]),
        ),
        (
            "workload&platform=github",
            vec![
                ("owner", "acme".to_owned()),
                ("repository", "shop".to_owned()),
                ("context_name", "main".to_owned()),
            ],
            "private_key_jwt",
            json!(["client_credentials"]),
        ),
    ];
    for (template, fields, method, grants) in cases {
        let mut form = form(&browser, template).await.with("client_name", template);
        for (field, value) in &fields {
            form = form.with(field, value);
        }
        let visit = browser.submit(&form).await.expect(200).expect_text("Your API client is ready");
        assert!(!visit.text().contains("lks_"), "{template} has no secret");
        let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", shown_id(&visit));
        let client = latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
        assert_eq!(client["token_endpoint_auth_method"], method, "{template}");
        assert_eq!(client["grant_types"], grants, "{template}");
    }
}

#[tokio::test]
async fn program_with_its_own_key_is_created_from_a_file() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let page = browser.get(&format!("{NEW}?template=key")).await.expect(200);
    assert!(page.text().contains("enctype=\"multipart/form-data\"") && page.text().contains("type=\"file\""));
    let key = TestKey::new("ES256");
    let form = page.form("/clients/new").with("client_name", "Signer");
    let form = form.and("scope", "backoffice_api orders:read");
    let visit = browser.upload(&form, key.pem().as_bytes()).await.expect(200);
    let id = shown_id(&visit.expect_text("Your API client is ready"));
    let assertion = key.assert(&claims(&id, ISSUER, latchkey.now().as_second()));
    latchkey.request("POST", "/oauth/token").form(&assertion_form(&assertion)).send().await.expect(200);
}

#[tokio::test]
async fn form_says_who_gets_mails_anyway_and_what_a_stored_secret_costs() {
    let latchkey =
        TestApp::with_config(|config| config.secret_storage_choice = SecretStorageChoice::Account).await;
    latchkey.fixtures().seed().await;
    let browser = latchkey.administrator_in_console().await;
    let page = browser.get(&format!("{NEW}?template=secret")).await.expect(200);
    let page = page.expect_text("besides the members who manage clients: 1 person now.");
    assert!(page.text().contains("href=\"https://aws.amazon.com/secrets-manager/pricing/\""));
    latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read", "clients:manage"]).await;
    latchkey.fixtures().member_with(ACCOUNT, "cleo", &["clients:read"]).await;
    let page = browser.get(&format!("{NEW}?template=secret")).await.expect(200);
    page.expect_text("clients: 2 people now.").expect_text("Its secret cannot be brought along");
}

#[tokio::test]
async fn creating_needs_the_right_and_a_recent_sign_in() {
    let mut latchkey = TestApp::with_fixtures().await;
    let reader = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let browser = Browser::new(&latchkey);
    browser.sign_in_to_console(&latchkey, &reader, NEW).await.expect(403).expect_text("clients:manage");
    let list = browser.get("/console/accounts/T12345678/clients").await.expect(200);
    assert!(!list.text().contains("clients/new"), "nor is it offered");

    let browser = latchkey.administrator_in_console().await;
    let form = form(&browser, "secret").await.with("client_name", "Warehouse");
    latchkey.advance(SignedDuration::from_mins(11));
    let response = browser.post(&form).await.expect(303);
    let to = response.header("location");
    assert!(to.starts_with("/console/confirm?to=%2Fconsole%2Faccounts%2FT12345678%2Fclients%2Fnew"), "{to}");
    assert!(clients(&latchkey).await.is_empty());
}

#[tokio::test]
async fn form_without_a_known_session_leads_through_the_sign_in_with_what_a_link_may_fill_in() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let form =
        form(&browser, "key").await.with("client_name", "Signer").with("public_key_pem", "secret-or-not");
    let visit = browser.get("/console").await.expect(200);
    browser.post(&visit.form("/console/sign-out")).await.expect(303);
    let ended = browser.submit(&form).await.expect(401).expect_text("Sign in");
    let text = ended.text();
    assert!(text.contains("client_name%3DSigner") && !text.contains("secret-or-not"), "{text}");
    let uploaded = browser.post_file(&form, b"secret-or-not").await.expect(401);
    assert!(uploaded.text().contains("client_name%3DSigner"), "as a browser sends it: {}", uploaded.text());
    let foreign =
        browser.request("POST", &form.action).header("sec-fetch-site", "cross-site").form(&form.body());
    let foreign = browser.send(foreign).await.expect(401);
    assert!(!foreign.text().contains("Signer"), "{}", foreign.text());
}

#[tokio::test]
async fn person_creates_at_most_twenty_clients_an_hour_and_keeps_the_form() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    for number in 0..20 {
        let form = form(&browser, "secret").await.with("client_name", &format!("Client {number}"));
        browser.submit(&form).await.expect(200);
    }
    let form = form(&browser, "secret").await.with("client_name", "One more");
    let visit = browser.submit(&form).await.expect(429);
    assert_eq!(visit.form("/clients/new").get("client_name"), Some("One more"));
    assert_eq!(clients(&latchkey).await.len(), 20);
}
