//! Features of the local runner only: persistent state, a clock that can be set, a mailbox.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::support::http::{TestRequest, TestResponse};
use crate::support::sign_in::browser::Browser;
use jiff::{SignedDuration, Timestamp};
use local::emulator::{Emulator, target_dir};
use local::mailbox::{self, Message};
use local::sample;
use local::server::{LocalConfig, LocalServer, config};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

const SENDER: &str = "mailbox-test@sender.example";

/// The runner, started with this state file.
async fn start(state: &Path) -> (Emulator, LocalServer) {
    let state = state.to_owned();
    let emulator = tokio::task::spawn_blocking(move || Emulator::start(Some(&state))).await.unwrap().unwrap();
    let local_config = LocalConfig {
        aws_endpoint: emulator.endpoint().to_owned(),
        issuer: "http://127.0.0.1:8787".to_owned(),
        stage: "local".to_owned(),
    };
    let latchkey = LocalServer::build(local_config.clone(), config(&local_config)).await.unwrap();
    (emulator, latchkey)
}

async fn token(latchkey: &LocalServer, id: &str, secret: &str) -> String {
    let request = TestRequest::new(latchkey.router(), "POST", "/oauth/token").basic(id, secret);
    request.form("grant_type=client_credentials").send().await.expect(200).string("access_token")
}

async fn operator_token(latchkey: &LocalServer) -> String {
    token(latchkey, latchkey.operator.client_id.as_str(), latchkey.operator.client_secret.expose()).await
}

async fn key_ids(latchkey: &LocalServer) -> BTreeSet<String> {
    let jwks =
        TestRequest::new(latchkey.router(), "GET", "/.well-known/jwks.json").send().await.expect(200).json();
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn restart_keeps_all_state() {
    let state = target_dir().join("latchkey").join(format!("restarted-{}", std::process::id()));
    let (emulator, latchkey) = start(&state).await;
    let admin = operator_token(&latchkey).await;
    let make = async |path: &str, body: &Value| {
        TestRequest::new(latchkey.router(), "POST", path).bearer(&admin).json(body).send().await.expect(201)
    };
    make("/v1/accounts", &json!({ "account_id": ACCOUNT, "account_name": "Acme" })).await;
    let resource = json!({
        "resource_id": "backoffice_api", "account_access": "all", "audience": AUDIENCE,
        "scopes": [{ "name": "orders:read" }], "default_scopes": ["orders:read"],
    });
    make("/v1/resources", &resource).await;
    let members = json!({ "client_name": "Order sync", "permissions": [{ "resource": "backoffice_api" }] });
    let client = make(&format!("/v1/accounts/{ACCOUNT}/clients"), &members).await;
    let (id, secret) = (client.string("client_id"), client.string("client_secret"));
    token(&latchkey, &id, &secret).await;
    let before = (latchkey.operator.client_secret.expose().to_owned(), key_ids(&latchkey).await);
    drop(latchkey);
    drop(emulator);

    let (emulator, latchkey) = start(&state).await;
    let after = (latchkey.operator.client_secret.expose().to_owned(), key_ids(&latchkey).await);
    assert!(before.0 == after.0, "the operator has another secret than before");
    assert_eq!(before.1, after.1);
    token(&latchkey, &id, &secret).await;
    // The token issued before the restart still works, and the client still exists.
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{id}");
    let kept = TestRequest::new(latchkey.router(), "GET", &path).bearer(&admin).send().await.expect(200);
    assert_eq!(kept.string("client_name"), "Order sync");
    drop(latchkey);
    drop(emulator);
    std::fs::remove_dir_all(&state).unwrap();
}

fn instant(response: &TestResponse) -> Timestamp {
    response.string("now").parse().unwrap()
}

fn is_near(a: Timestamp, b: Timestamp) -> bool {
    a.duration_since(b).abs() < SignedDuration::from_mins(2)
}

#[tokio::test]
async fn clock_continues_from_set_time_until_reset() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let real = instant(&latchkey.request("GET", "/_local/clock").send().await.expect(200));
    assert!(is_near(real, Timestamp::now()));

    // At that time the secret is expired.
    let there: Timestamp = "2035-01-31T12:00:00Z".parse().unwrap();
    let set =
        latchkey.request("PUT", "/_local/clock").json(&json!({ "now": there })).send().await.expect(200);
    let later = latchkey.request("GET", "/_local/clock").send().await.expect(200);
    assert!(there <= instant(&set) && instant(&set) <= instant(&later));
    assert!(is_near(instant(&later), there));
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);

    let reset = latchkey.request("DELETE", "/_local/clock").send().await.expect(200);
    assert!(is_near(instant(&reset), real));
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn invalid_clock_value_is_rejected_and_clock_kept() {
    let latchkey = TestApp::new().await;
    let bodies = [
        "",
        "now",
        "[]",
        "{}",
        r#"{"now": 5}"#,
        r#"{"now": null}"#,
        r#"{"now": "tomorrow"}"#,
        r#"{"now": "2035-01-31"}"#,
        r#"{"now": "2035-01-31T12:00:00"}"#,
        r#"{"now": "2035-02-30T12:00:00Z"}"#,
        r#"{"now": "2035-01-31T12:00:00Z", "zone": "UTC"}"#,
    ];
    for body in bodies {
        let response = latchkey.request("PUT", "/_local/clock").body("application/json", body).send().await;
        assert_eq!(response.status, 400, "{body}: {}", response.text());
        assert!(response.string("detail").contains("2027-01-31T12:00:00Z"), "{body}");
    }
    let read = latchkey.request("GET", "/_local/clock").send().await.expect(200);
    assert!(is_near(instant(&read), Timestamp::now()));
}

/// Calls SES's query API.
async fn ses(action: &str, members: &[(&str, &str)]) {
    // The emulator tells services apart by the scope of the signature, which it does not verify.
    let scope = "AWS4-HMAC-SHA256 Credential=local/20270131/eu-central-1/ses/aws4_request, SignedHeaders=host, \
                 Signature=0";
    let form = [&[("Action", action), ("Version", "2010-12-01")], members].concat();
    let request = reqwest::Client::new().post(aws::endpoint()).header("authorization", scope);
    let response = request.form(&form).send().await.unwrap();
    assert_eq!(response.status(), 200, "{}", response.text().await.unwrap_or_default());
}

async fn send_mail(to: &str, subject: &str, text: &str, html: &str) {
    ses("VerifyEmailIdentity", &[("EmailAddress", SENDER)]).await;
    let mail = [
        ("Source", SENDER),
        ("Destination.ToAddresses.member.1", to),
        ("Message.Subject.Data", subject),
        ("Message.Body.Text.Data", text),
        ("Message.Body.Html.Data", html),
    ];
    ses("SendEmail", &mail).await;
}

#[tokio::test]
async fn mailbox_shows_sent_emails_as_html_and_json() {
    let latchkey = TestApp::new().await;
    let to = "mailbox-test@acme.example";
    let hostile = "<script>alert(1)</script> & \"more\"";
    send_mail(to, hostile, "plain words", "<p title=\"a\">marked-up words</p>").await;

    let request = latchkey.request("GET", "/_local/mailbox").header("accept", "application/json");
    let listed = request.send().await.expect(200).json();
    // The mailbox also has mails of other tests.
    let mine: Vec<&Value> =
        listed["items"].as_array().unwrap().iter().filter(|mail| mail["to"] == json!([to])).collect();
    let [mail] = mine[..] else { panic!("one mail, not {mine:?}") };
    assert_eq!(mail["subject"], hostile);
    assert_eq!(mail["text"], "plain words");
    assert_eq!(mail["html"], "<p title=\"a\">marked-up words</p>");
    assert!(is_near(mail["sent_at"].as_str().unwrap().parse().unwrap(), Timestamp::now()));
    assert!(mail["headers"].as_array().unwrap().contains(&json!(["From", SENDER])));

    let page =
        latchkey.request("GET", "/_local/mailbox").header("accept", "text/html").send().await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("content-security-policy"), mailbox::CONTENT_SECURITY_POLICY);
    let html = page.text();
    assert!(html.contains(to) && html.contains("plain words") && html.contains("marked-up words"));
    assert!(!html.contains("<script") && !html.contains("<p title"), "a mail can reach the page around it");
}

#[test]
fn empty_mailbox_is_shown_as_empty() {
    assert!(mailbox::page(&[]).contains("No mail has been sent yet"));
}

#[test]
fn email_html_is_confined_in_mailbox_page() {
    let hostile = "</h2></pre></summary><script>alert(1)</script>\" onload=\"alert(2)' onclick='alert(3)";
    let message = Message {
        to: vec![hostile.to_owned()],
        subject: hostile.to_owned(),
        text: hostile.to_owned(),
        html: Some(hostile.to_owned()),
        sent_at: "2027-01-31T12:00:00Z".parse().unwrap(),
        headers: Vec::new(),
    };
    let page = mailbox::page(&[message]);
    assert!(page.contains("2027-01-31T12:00:00Z"));
    assert!(page.contains("<iframe sandbox"), "a mail's HTML is shown where nothing of it runs");
    for escape in ["<script", "</pre></summary>", "\" onload=", "' onclick="] {
        assert!(!page.contains(escape), "{escape}");
    }
}

#[tokio::test]
async fn sample_account_is_made_once_and_its_administrator_gets_into_the_console() {
    let latchkey = TestApp::new().await;
    for _ in 0..2 {
        sample::ensure(&latchkey.server).await.unwrap();
    }
    let browser = Browser::new(&latchkey);
    let visit = browser.get("/_local/console").await.expect(200);
    assert_eq!(visit.at, format!("/console/accounts/{}", sample::ACCOUNT));
    visit.expect_text("Accounting export").expect_text("Secret ends soon");
    let list = browser.get(&format!("/console/accounts/{}/clients", sample::ACCOUNT)).await.expect(200);
    let list = list.expect_text("Order sync").expect_text("Its secret ends in 5 days").expect_text("today");
    let list = list.expect_text("Its secret ended 3 days ago").expect_text("A redirect URL has a wildcard");
    list.expect_text("Deployments").expect_text("Platform").expect_text("Billing");
}

#[tokio::test]
async fn without_a_sample_the_operator_gets_into_the_console() {
    let latchkey = TestApp::new().await;
    let visit = Browser::new(&latchkey).get("/_local/console").await.expect(200);
    assert_eq!(visit.at, format!("/console/accounts/{}", latchkey.server.operator.account_id));
    visit.expect_text("operator@latchkey.example");
}
