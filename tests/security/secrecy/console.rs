//! A secret made in the console: the page that shows it once has it, and Show where that is allowed; nothing else has.

use crate::security::secrecy::KnownSecrets;
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::log_capture::CapturedLog;
use crate::support::sign_in::browser::{Browser, Form};
use crate::support::sign_in::console::shown_secret;

const CLIENTS: &str = "/console/accounts/T12345678/clients";

/// The pages that have a form with the secret, and what comes of each of them besides.
struct Shown {
    client: String,
    secret: String,
    forms: Vec<Form>,
}

async fn create(browser: &Browser) -> Shown {
    let form = browser.get(&format!("{CLIENTS}/new?template=secret")).await.expect(200).form("/clients/new");
    let form = form.with("client_name", "Marked").with("secret_display", "on_request");
    let visit = browser.submit(&form).await.expect(200);
    let forms = visit.forms().into_iter().filter(|form| form.get("client_secret").is_some()).collect();
    let done = visit.form("/credentials/done").action;
    let client = done.strip_suffix("/credentials/done").unwrap().to_owned();
    Shown { client, secret: shown_secret(&visit), forms }
}

#[tokio::test]
async fn secret_made_in_the_console_is_on_its_page_only() {
    let log = CapturedLog::default();
    let guard = log.listen();
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let mut known_secrets = KnownSecrets::default();
    let shown = create(&browser).await;
    known_secrets.add("the secret", &shown.secret);
    known_secrets.add("the session's cookie", browser.cookies().split_once('=').unwrap().1);
    assert_eq!(shown.forms.len(), 3, "test, download and done have it in the form's body");
    for form in &shown.forms {
        assert!(!form.action.contains(&shown.secret));
        let response = browser.post(form).await;
        known_secrets.assert_absent("a header", &format!("{:?}", response.headers));
        // What another person, a forged or a broken form gets has nothing of it.
        for wrong in [form.clone().without("csrf_token"), form.clone().with("csrf_token", &shown.secret)] {
            known_secrets
                .assert_absent("an answer to a forged form", &browser.post(&wrong).await.expect(403).text());
        }
        let broken = form.clone().with("client_secret", &format!("{}x", shown.secret));
        known_secrets.assert_absent("an answer to a broken form", &browser.post(&broken).await.text());
    }
    for below in
        ["", "/credentials", "/credentials/rotate", "/use", "/permissions", "/edit", "/duplicate", "/delete"]
    {
        let page = browser.get(&format!("{}{below}", shown.client)).await.expect(200);
        known_secrets.assert_absent(below, &page.text());
    }
    for page in
        ["/console/accounts/T12345678", CLIENTS, "/console/accounts/T12345678/clients.csv", "/console/me"]
    {
        known_secrets.assert_absent(page, &browser.get(page).await.expect(200).text());
    }
    let misplaced = format!("{CLIENTS}/{}?q={}", shown.secret, shown.secret);
    browser.get(&misplaced).await.expect(404);
    let credentials = browser.get(&format!("{}/credentials", shown.client)).await.expect(200);
    let again = browser.submit(&credentials.form("/show")).await.expect(200);
    assert_eq!(shown_secret(&again), shown.secret, "Show has it");
    let reader = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let other = Browser::new(&latchkey);
    let page = other.sign_in_to_console(&latchkey, &reader, &format!("{}/credentials", shown.client)).await;
    known_secrets.assert_absent("a reader's page", &page.expect(200).text());
    drop(guard);

    let log = log.text();
    assert!(log.contains("\"target\":\"console"), "the console has logged");
    known_secrets.assert_absent("the log", &log);
    known_secrets.assert_in_no_table(&latchkey).await;
}
