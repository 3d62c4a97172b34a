//! What only the local runner has: state that outlives it, a clock that can be moved, a mailbox.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::support::http::{TestRequest, TestResponse};
use jiff::{SignedDuration, Timestamp};
use local::emulator::{Emulator, target_dir};
use local::mailbox::{self, Message};
use local::server::{LocalConfig, LocalServer, config};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

const SENDER: &str = "mailbox-test@sender.example";

/// The runner, started on this state.
async fn start(state: &Path) -> (Emulator, LocalServer) {
    let state = state.to_owned();
    let emulator = tokio::task::spawn_blocking(move || Emulator::start(Some(&state))).await.unwrap().unwrap();
    let ground = LocalConfig {
        aws_endpoint: emulator.endpoint().to_owned(),
        issuer: "http://127.0.0.1:8787".to_owned(),
        stage: "local".to_owned(),
    };
    let latchkey = LocalServer::build(ground.clone(), config(&ground)).await.unwrap();
    (emulator, latchkey)
}

async fn token(latchkey: &LocalServer, id: &str, secret: &str) -> String {
    let ask = TestRequest::new(latchkey.router(), "POST", "/oauth/token").basic(id, secret);
    ask.form("grant_type=client_credentials").send().await.expect(200).string("access_token")
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
async fn a_restart_forgets_nothing() {
    let state = target_dir().join("latchkey").join(format!("restarted-{}", std::process::id()));
    let (emulator, latchkey) = start(&state).await;
    let admin = operator_token(&latchkey).await;
    let make = async |path: &str, body: &Value| {
        TestRequest::new(latchkey.router(), "POST", path).bearer(&admin).json(body).send().await.expect(201)
    };
    make("/v1/accounts", &json!({ "account_id": ACCOUNT, "account_name": "Acme" })).await;
    let resource = json!({
        "resource_id": "backoffice_api", "audience": AUDIENCE,
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
    // The token of before still opens the management API, and the client is still there.
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{id}");
    let kept = TestRequest::new(latchkey.router(), "GET", &path).bearer(&admin).send().await.expect(200);
    assert_eq!(kept.string("client_name"), "Order sync");
    drop(latchkey);
    drop(emulator);
    std::fs::remove_dir_all(&state).unwrap();
}

fn instant(answer: &TestResponse) -> Timestamp {
    answer.string("now").parse().unwrap()
}

fn is_near(a: Timestamp, b: Timestamp) -> bool {
    a.duration_since(b).abs() < SignedDuration::from_mins(2)
}

#[tokio::test]
async fn the_clock_goes_on_from_where_it_was_set_until_it_is_reset() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let real = instant(&latchkey.request("GET", "/_local/clock").send().await.expect(200));
    assert!(is_near(real, Timestamp::now()));

    // The secret is expired there.
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
async fn a_clock_that_cannot_be_set_says_what_was_expected_and_stays() {
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
        let answer = latchkey.request("PUT", "/_local/clock").body("application/json", body).send().await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert!(answer.string("detail").contains("2027-01-31T12:00:00Z"), "{body}");
    }
    let read = latchkey.request("GET", "/_local/clock").send().await.expect(200);
    assert!(is_near(instant(&read), Timestamp::now()));
}

/// Calls SES's query API.
async fn ses(action: &str, members: &[(&str, &str)]) {
    // The emulator tells the services apart by the scope of the signature, which it does not check.
    let scope = "AWS4-HMAC-SHA256 Credential=local/20270131/eu-central-1/ses/aws4_request, SignedHeaders=host, \
                 Signature=0";
    let form = [&[("Action", action), ("Version", "2010-12-01")], members].concat();
    let request = reqwest::Client::new().post(aws::endpoint()).header("authorization", scope);
    let answer = request.form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap_or_default());
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
async fn what_ses_was_given_is_in_the_mailbox_as_a_page_and_as_json() {
    let latchkey = TestApp::new().await;
    let to = "mailbox-test@acme.example";
    let hostile = "<script>alert(1)</script> & \"more\"";
    send_mail(to, hostile, "plain words", "<p title=\"a\">marked-up words</p>").await;

    let ask = latchkey.request("GET", "/_local/mailbox").header("accept", "application/json");
    let listed = ask.send().await.expect(200).json();
    // Other tests have mails in this mailbox too.
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
fn an_empty_mailbox_says_so() {
    assert!(mailbox::page(&[]).contains("No mail has been sent yet"));
}

#[test]
fn a_mail_cannot_leave_its_place_on_the_page() {
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
