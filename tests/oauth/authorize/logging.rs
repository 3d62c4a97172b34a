//! The log of a sign-in: each outcome with client, account and subject, and no secret. Then the AWS calls of
//! each step.

use crate::support::app::TestApp;
use crate::support::log_capture::CapturedLog;
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::{AuthorizeRequest, another};
use serde_json::Value;
use std::fmt::Write;

async fn complete_sign_in(
    browser: &Browser,
    latchkey: &TestApp,
    request: &AuthorizeRequest,
    email: &str,
) -> (Vec<String>, PageVisit) {
    let page = browser.get(&request.path()).await.expect(200);
    let page = browser.submit(&page.form("/email").with("email", email)).await.expect(200);
    let code = latchkey.inspect().mailed_code(email).await;
    let page = browser.submit(&page.form("/code").with("code", &another(&code))).await.expect(200);
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let token = page.forms()[0].get("csrf_token").unwrap().to_owned();
    let end = browser.submit_consent(&page, "allow").await;
    let cookie = browser.cookies().split_once('=').unwrap().1.to_owned();
    (
        vec![
            code,
            token,
            cookie,
            end.redirect_target().1["code"].clone(),
            "s t&te".to_owned(),
            email.to_owned(),
        ],
        end,
    )
}

#[tokio::test]
async fn sign_in_steps_are_logged_without_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let log = CapturedLog::default();
    let log_guard = log.listen_as("info");
    let (secrets, _) =
        complete_sign_in(&Browser::new(&latchkey), &latchkey, &AuthorizeRequest::of(&client), &ann).await;
    drop(log_guard);
    let events = log.events();
    let own_events: Vec<&Value> =
        events.iter().filter(|event| event["client_id"] == client.client_id).collect();
    let messages: Vec<&str> = own_events.iter().map(|event| event["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["sign-in begun", "code sent", "wrong code", "code issued"]);
    assert!(own_events.iter().all(|event| event["account_id"] == "T12345678"));
    assert!(own_events[3]["sub"].as_str().unwrap().starts_with("member_"));
    for secret in &secrets {
        assert!(!log.text().contains(secret.as_str()), "{secret} is logged");
    }
}

#[tokio::test]
async fn secrets_are_in_no_log_level_and_no_table() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let log = CapturedLog::default();
    let log_guard = log.listen();
    let browser = Browser::new(&latchkey);
    let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    let page = browser.submit(&page.form("/email").with("email", &ann)).await.expect(200);
    // Read outside of the captured log: the test's mailbox holds the code in plain text.
    drop(log_guard);
    let code = latchkey.inspect().mailed_code(&ann).await;
    let log_guard = log.listen();
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let token = page.forms()[0].get("csrf_token").unwrap().to_owned();
    let end = browser.submit_consent(&page, "allow").await;
    drop(log_guard);
    let (cookie, authorization_code) = (browser.cookies(), end.redirect_target().1["code"].clone());
    let cookie = cookie.split_once('=').unwrap().1;
    let tables = &latchkey.server.management.app.config.tables;
    let mut stored = String::new();
    for table in [&tables.directory, &tables.grants, &tables.audit] {
        write!(stored, "{:?}", latchkey.inspect().items(table).await).unwrap();
    }
    for (what, secret) in [("form token", token.as_str()), ("cookie", cookie), ("code", &authorization_code)]
    {
        assert!(!log.text().contains(secret), "the {what} is logged");
        assert!(!stored.contains(secret), "the {what} is in a table");
    }
    assert!(!log.text().contains(&format!("code={code}")) && !stored.contains(&format!("\"{code}\"")));
    let id = page.at.rsplit('/').next().unwrap();
    assert!(!stored.contains(id), "the sign-in's id is in a table");
}
