//! Signing in to the console: who gets a code, where it leads, and what the cookie is like.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::another;
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::console::ADMINISTRATOR;
use serde_json::json;

#[tokio::test]
async fn member_signs_in_with_a_mailed_code_and_sees_the_clients_of_the_account() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let browser = Browser::new(&latchkey);
    let visit = browser.get("/console").await.expect(200).expect_text("to manage API clients");
    assert!(visit.forms().iter().all(|form| !form.action.ends_with("/consent")), "nothing to go back to");
    let visit = browser.submit(&visit.form("/email").with("email", &email)).await.expect(200);
    let code = latchkey.inspect().mailed_code(&email).await;
    let visit = browser.submit(&visit.form("/code").with("code", &code)).await.expect(200);
    assert_eq!(visit.at, format!("/console/accounts/{ACCOUNT}"));
    visit.expect_text("Order sync").expect_text(&email);
}

#[tokio::test]
async fn sign_in_leads_to_the_page_that_was_wanted() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let browser = Browser::new(&latchkey);
    let visit = browser.sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    assert_eq!(visit.at, path);
    visit.expect_text("Order sync").expect_text(&client.client_id);
}

#[tokio::test]
async fn sign_in_leads_to_no_other_site_and_not_in_circles() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    for to in
        ["https://evil.example/", "//evil.example", "/console/../x", "/console/sign-in", "/oauth/authorize"]
    {
        let browser = Browser::new(&latchkey);
        let path = format!("/console/sign-in?to={to}");
        let visit = browser.sign_in_to_console(&latchkey, &email, &path).await.expect(200);
        assert_eq!(visit.at, format!("/console/accounts/{ACCOUNT}"), "{to}");
    }
}

#[tokio::test]
async fn unknown_address_sees_the_same_page_and_gets_no_code() {
    let latchkey = TestApp::with_fixtures().await;
    let known = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let unknown = format!("eve@{}", latchkey.mail_domain());
    let mut pages = Vec::new();
    for email in [&known, &unknown] {
        let browser = Browser::new(&latchkey);
        let visit = browser.get("/console/sign-in").await.expect(200);
        let id = visit.at.rsplit('/').next().unwrap().to_owned();
        let form = visit.form("/email").with("email", email);
        let page = browser.submit(&form).await.expect(200).text();
        let token = form.get("csrf_token").unwrap().to_owned();
        pages.push(page.replace(&id, "ID").replace(email, "EMAIL").replace(&token, "TOKEN"));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(latchkey.inspect().codes_mailed(&unknown).await, 0);
}

#[tokio::test]
async fn wrong_code_starts_no_session() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let browser = Browser::new(&latchkey);
    let visit = browser.get("/console").await.expect(200);
    let visit = browser.submit(&visit.form("/email").with("email", &email)).await.expect(200);
    let code = latchkey.inspect().mailed_code(&email).await;
    browser.submit(&visit.form("/code").with("code", &another(&code))).await.expect_text("not the code");
    assert!(!browser.cookies().contains("latchkey-console"), "{}", browser.cookies());
    browser.get("/console").await.expect_text("to manage API clients");
}

#[tokio::test]
async fn session_cookie_is_for_this_host_only_and_new_at_each_sign_in() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &ADMINISTRATOR).await;
    let mut cookies = Vec::new();
    let browser = Browser::new(&latchkey);
    for _ in 0..2 {
        let visit = browser.get("/console/sign-in").await.expect(200);
        let visit = browser.submit(&visit.form("/email").with("email", &email)).await.expect(200);
        let code = latchkey.inspect().mailed_code(&email).await;
        let response = browser.post(&visit.form("/code").with("code", &code)).await.expect(303);
        let set: Vec<String> = response
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|set| set.to_str().unwrap().to_owned())
            .collect();
        let own =
            set.iter().find(|set| set.starts_with("__Host-latchkey-console=")).expect("a session").clone();
        for attribute in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"] {
            assert!(own.contains(attribute), "{attribute}: {own}");
        }
        assert!(!own.contains("Domain") && !own.contains("Max-Age"), "{own}");
        cookies.push(own);
    }
    assert_ne!(cookies[0], cookies[1]);
    let secret = cookies[0].split(['=', ';']).nth(1).unwrap().split('.').nth(1).unwrap().to_owned();
    let stored = format!("{:?}", latchkey.inspect().grants("").await);
    assert!(stored.contains("CONSOLE#") && !stored.contains(&secret), "the cookie is in the table");
}

#[tokio::test]
async fn second_click_on_the_code_page_leads_to_the_console_too() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let browser = Browser::new(&latchkey);
    let visit = browser.get("/console").await.expect(200);
    let visit = browser.submit(&visit.form("/email").with("email", &email)).await.expect(200);
    let code = latchkey.inspect().mailed_code(&email).await;
    let form = visit.form("/code").with("code", &code);
    browser.submit(&form).await.expect(200);
    let again = browser.submit(&form).await.expect(200);
    assert_eq!(again.at, format!("/console/accounts/{ACCOUNT}"));
}

#[tokio::test]
async fn session_and_its_end_are_in_the_audit_trail_with_person_and_address() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get("/console").await.expect(200);
    browser.submit(&visit.form("/console/sign-out")).await.expect(200);
    let trail = latchkey.admin_request("GET", &format!("/v1/accounts/{ACCOUNT}/audit")).await.send().await;
    let trail = trail.expect(200).json();
    for action in ["session.ended", "session.started"] {
        let entry = trail["items"].as_array().unwrap().iter().find(|entry| entry["action"] == action);
        let actor = &entry.unwrap_or_else(|| panic!("no {action} in {trail}"))["actor"];
        assert_eq!(actor["source_ip"], json!("192.0.2.1"), "{actor}");
        assert_eq!(actor["email"], json!(format!("ann@{}", latchkey.mail_domain())), "{actor}");
    }
}

#[tokio::test]
async fn root_of_the_site_leads_to_the_console() {
    let latchkey = TestApp::new().await;
    let response = latchkey.request("GET", "/").send().await.expect(302);
    assert_eq!(response.header("location"), "/console");
}

#[tokio::test]
async fn sign_in_from_a_browser_that_was_not_seen_before_is_reported_by_mail_once() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let reported = async || {
        let all = emails_to(email.split_once('@').unwrap().1).await;
        all.iter().filter(|mail| mail.subject == "New sign-in to the console").count()
    };
    let browser = Browser::new(&latchkey);
    for _ in 0..2 {
        browser.sign_in_to_console(&latchkey, &email, "/console/sign-in").await.expect(200);
        assert_eq!(reported().await, 1);
    }
    Browser::new(&latchkey).sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    assert_eq!(reported().await, 2, "another browser");
}
