//! What the log says: each outcome, with who it is about; and no secret, address or code. And what each step costs.

use crate::support::app::TestApp;
use crate::support::fault_injection::cold_start;
use crate::support::log_capture::CapturedLog;
use crate::support::sign_in::browser::{Browser, Visit};
use crate::support::sign_in::{AuthorizeRequest, another};
use ::authorize::ResponseTiming;
use serde_json::Value;
use std::fmt::Write;

async fn whole_life(
    browser: &Browser,
    latchkey: &TestApp,
    asking: &AuthorizeRequest,
    email: &str,
) -> (Vec<String>, Visit) {
    let page = browser.get(&asking.path()).await.expect(200);
    let page = browser.submit(&page.form("/email").with("email", email)).await.expect(200);
    let code = latchkey.mailed_code(email).await;
    let page = browser.submit(&page.form("/code").with("code", &another(&code))).await.expect(200);
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let token = page.forms()[0].get("token").unwrap().to_owned();
    let end = browser.decide(&page, "allow").await;
    let cookie = browser.cookies().split_once('=').unwrap().1.to_owned();
    (vec![code, token, cookie, end.sent_to().1["code"].clone(), "s t&te".to_owned(), email.to_owned()], end)
}

#[tokio::test]
async fn a_sign_in_is_logged_step_by_step_without_anything_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let log = CapturedLog::default();
    let listening = log.listen_as("info");
    let (secrets, _) =
        whole_life(&Browser::new(&latchkey), &latchkey, &AuthorizeRequest::of(&client), &ann).await;
    drop(listening);
    let events = log.events();
    let of_ours: Vec<&Value> = events.iter().filter(|event| event["client_id"] == client.client_id).collect();
    let messages: Vec<&str> = of_ours.iter().map(|event| event["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["sign-in begun", "code sent", "wrong code", "code issued"]);
    assert!(of_ours.iter().all(|event| event["account_id"] == "T12345678"));
    assert!(of_ours[3]["sub"].as_str().unwrap().starts_with("member_"));
    for secret in &secrets {
        assert!(!log.text().contains(secret.as_str()), "{secret} is logged");
    }
}

#[tokio::test]
async fn no_level_of_the_log_and_no_table_holds_a_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let log = CapturedLog::default();
    let listening = log.listen();
    let browser = Browser::new(&latchkey);
    let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    let page = browser.submit(&page.form("/email").with("email", &ann)).await.expect(200);
    // Read outside of the log: the mailbox is the test's, and holds the code in clear.
    drop(listening);
    let code = latchkey.mailed_code(&ann).await;
    let listening = log.listen();
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let token = page.forms()[0].get("token").unwrap().to_owned();
    let end = browser.decide(&page, "allow").await;
    drop(listening);
    let (cookie, authorization_code) = (browser.cookies(), end.sent_to().1["code"].clone());
    let cookie = cookie.split_once('=').unwrap().1;
    let tables = &latchkey.server.management.app.config.tables;
    let mut kept = String::new();
    for table in [&tables.directory, &tables.grants, &tables.audit] {
        write!(kept, "{:?}", latchkey.items(table).await).unwrap();
    }
    for (what, secret) in [("form token", token.as_str()), ("cookie", cookie), ("code", &authorization_code)]
    {
        assert!(!log.text().contains(secret), "the {what} is logged");
        assert!(!kept.contains(secret), "the {what} is in a table");
    }
    assert!(!log.text().contains(&format!("code={code}")) && !kept.contains(&format!("\"{code}\"")));
    let id = page.at.rsplit('/').next().unwrap();
    assert!(!kept.contains(id), "the sign-in's id is in a table");
}

#[tokio::test]
async fn each_step_costs_what_is_written_down() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let (app, aws, proxy) = cold_start(&latchkey).await;
    let browser = Browser::of(::authorize::router(app, &aws, ResponseTiming::Immediate));
    // Warm: the catalogue and the peppers are in memory.
    let asking = AuthorizeRequest::of(&client);
    browser.identified(&latchkey, &asking, &ann).await.expect(200);
    let calls = || {
        let mut all: Vec<String> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        all.sort();
        all
    };
    calls();
    let answer = browser.send(browser.request("GET", &asking.path())).await.expect(303);
    assert_eq!(calls(), ["PutItem", "Query"], "begin");
    let page = browser.get(answer.header("location")).await.expect(200);
    assert_eq!(calls(), ["GetItem", "Query"], "show");
    let answer = browser.post(&page.form("/email").with("email", &ann)).await.expect(303);
    let address =
        ["GetItem", "GetItem", "Query", "SendRawEmail", "TransactWriteItems", "UpdateItem", "UpdateItem"];
    assert_eq!(calls(), address, "address");
    let page = browser.get(answer.header("location")).await.expect(200);
    let code = latchkey.mailed_code(&ann).await;
    calls();
    let answer = browser.post(&page.form("/code").with("code", &code)).await.expect(303);
    let typing = ["GetItem", "GetItem", "GetItem", "Query", "TransactWriteItems", "TransactWriteItems"];
    assert_eq!(calls(), typing, "code");
    let page = browser.get(answer.header("location")).await.expect(200);
    assert_eq!(calls(), ["GetItem", "GetItem", "Query"], "question");
    browser.decide(&page, "allow").await.sent_to();
    assert_eq!(calls(), ["GetItem", "GetItem", "GetItem", "Query", "TransactWriteItems"], "yes");
}
