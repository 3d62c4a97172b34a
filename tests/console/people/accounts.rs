//! Members of several accounts, of none, and operators.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::console::ADMINISTRATOR;
use serde_json::json;

#[tokio::test]
async fn member_of_two_accounts_chooses_one_and_gets_a_new_session() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    latchkey.fixtures().member_with("T2", "ann", &["clients:read"]).await;
    let browser = Browser::new(&latchkey);
    let visit = browser.sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    let visit = visit.expect_text("Which account?").expect_text("Account T2");
    let before = browser.cookies();
    let visit = browser.submit(&visit.form("/console/accounts/T2/enter")).await.expect(200);
    assert_eq!(visit.at, "/console/accounts/T2");
    assert_ne!(browser.cookies(), before, "a new session");
    let other = format!("/console/accounts/{ACCOUNT}/clients");
    let visit = browser.get(&other).await.expect(200).expect_text("Which account?");
    let first = visit.forms().into_iter().find(|form| form.action.ends_with("/enter")).unwrap();
    assert_eq!(first.action, format!("/console/accounts/{ACCOUNT}/enter"), "the wanted one comes first");
    let visit = browser.submit(&first).await.expect(200);
    assert_eq!(visit.at, other);
}

#[tokio::test]
async fn member_of_more_than_ten_accounts_searches_among_them() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let add = async |id: &str| {
        latchkey.fixtures().account(id).await;
        latchkey.fixtures().member_with(id, "ann", &["clients:read"]).await;
    };
    for number in 1..10 {
        add(&format!("S{number}")).await;
    }
    let browser = Browser::new(&latchkey);
    let visit = browser.sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    assert!(!visit.expect_text("Account S9").contains_text("Name or id"), "ten are few");
    add("Zurich-1").await;
    let to = format!("to=/console/accounts/{ACCOUNT}/clients");
    browser.get(&format!("/console?{to}")).await.expect(200).expect_text("Name or id of an account");
    for (q, shown) in
        [("ZURICH", vec!["Account Zurich-1"]), ("account%20s7", vec!["Account S7"]), ("nothing", vec![])]
    {
        let visit = browser.get(&format!("/console?{to}&q={q}")).await.expect(200);
        let all = ["Account S7", "Account S8", "Account Zurich-1"];
        let found: Vec<&str> = all.into_iter().filter(|name| visit.contains_text(name)).collect();
        assert_eq!(found, shown, "{q}");
        assert_eq!(visit.contains_text("No account is found."), shown.is_empty(), "{q}");
        assert_eq!(visit.form("/console").get("to"), Some(&to[3..]), "the wanted page is kept");
    }
}

#[tokio::test]
async fn another_account_is_not_found_as_an_unknown_one() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let browser = latchkey.administrator_in_console().await;
    let page = |visit: crate::support::sign_in::browser::PageVisit| visit.text();
    let (other, unknown) = (
        page(browser.get("/console/accounts/T2/clients").await.expect(404)),
        page(browser.get("/console/accounts/T999/clients").await.expect(404)),
    );
    assert_eq!(other, unknown);
}

#[tokio::test]
async fn removed_member_sees_nothing_more_at_the_next_click() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    browser.get("/console").await.expect(200).expect_text("API clients");
    let path = format!("/v1/accounts/{ACCOUNT}/members/ann@{}", latchkey.mail_domain());
    latchkey.admin_request("DELETE", &path).await.send().await.expect(204);
    browser.get(&format!("/console/accounts/{ACCOUNT}/clients")).await.expect(403).expect_text("No account");
}

#[tokio::test]
async fn right_that_is_taken_away_is_missing_at_the_next_click() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/v1/accounts/{ACCOUNT}/members/ann@{}", latchkey.mail_domain());
    let body = json!({ "permissions": ["audit:read"] });
    latchkey.admin_request("PATCH", &path).await.json(&body).send().await.expect(200);
    let visit = browser.get(&format!("/console/accounts/{ACCOUNT}/clients")).await.expect(403);
    visit.expect_text("It needs the right clients:read");
}

#[tokio::test]
async fn form_that_was_open_does_nothing_once_the_right_the_membership_or_the_account_has_gone() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let page = format!("/console/accounts/{ACCOUNT}/clients/{}/disable", client.client_id);
    let one = latchkey.administrator_in_console().await;
    let email = format!("ann@{}", latchkey.mail_domain());
    let two = Browser::new(&latchkey).with_source("198.51.100.7");
    two.sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    let forms = [one.get(&page).await.form("/disable"), two.get(&page).await.form("/disable")];
    let member = format!("/v1/accounts/{ACCOUNT}/members/{email}");
    let change = async |method: &str, path: &str, body: serde_json::Value| {
        let request = latchkey.admin_request(method, path).await;
        assert!(request.json(&body).send().await.status.is_success(), "{method} {path}");
    };
    let both = async |words: &str| {
        for (browser, form) in [&one, &two].into_iter().zip(&forms) {
            browser.submit(form).await.expect(403).expect_text(words);
        }
    };
    change("PATCH", &member, json!({ "permissions": ["clients:read"] })).await;
    both("It needs the right clients:manage").await;
    change("PATCH", &member, json!({ "permissions": ADMINISTRATOR })).await;
    change("PATCH", &format!("/v1/accounts/{ACCOUNT}"), json!({ "status": "disabled" })).await;
    both("This account is disabled").await;
    change("PATCH", &format!("/v1/accounts/{ACCOUNT}"), json!({ "status": "active" })).await;
    change("DELETE", &member, json!(null)).await;
    both("No account").await;
    let stored = latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json();
    assert_eq!(stored["status"], "active");
}

#[tokio::test]
async fn disabled_account_shows_that_it_is_disabled() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/v1/accounts/{ACCOUNT}");
    let body = json!({ "status": "disabled" });
    latchkey.admin_request("PATCH", &path).await.json(&body).send().await.expect(200);
    let visit = browser.get(&format!("/console/accounts/{ACCOUNT}/clients")).await.expect(403);
    visit.expect_text("This account is disabled");
}

#[tokio::test]
async fn operator_acts_in_another_account_below_a_bar_that_says_so() {
    let latchkey = TestApp::with_fixtures().await;
    let operators = latchkey.server.operator.account_id.to_string();
    let scopes = [&ADMINISTRATOR[..], &["accounts:manage"]].concat();
    let email = latchkey.fixtures().member_with(&operators, "olga", &scopes).await;
    let browser = Browser::new(&latchkey);
    browser.sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    let visit = browser.get(&format!("/console/accounts/{ACCOUNT}/clients")).await.expect(200);
    visit.expect_text(&format!("You act in Account {ACCOUNT} as operator."));
}
