//! The page of one client.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn client_page_says_when_the_next_reminder_is_due_and_to_which_people() {
    let latchkey = TestApp::with_fixtures().await;
    let date =
        |days: i64| latchkey.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap().to_string();
    let members = json!({ "contacts": ["ops@acme.example"], "secret": { "expires_on": &date(60)[..10] } });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let ann = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read", "clients:manage"]).await;
    let viewer = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let silent = latchkey.fixtures().member_with(ACCOUNT, "cleo", &["clients:read", "clients:manage"]).await;
    let no_mail = json!({ "mail": false });
    let member = format!("/v1/accounts/{ACCOUNT}/members/{silent}");
    latchkey.admin_request("PATCH", &member).await.json(&no_mail).send().await.expect(200);
    let browser = Browser::new(&latchkey);
    let visit = browser.sign_in_to_console(&latchkey, &viewer, &path).await.expect(200);
    let visit = visit.expect_text(&format!("Next reminder{}", &date(46)[..10]));
    visit.expect_text(&format!("To {ann}, ops@acme.example Created"));
    let standing = json!({ "contacts": ["duty@acme.example", "ops@acme.example"] });
    let account = format!("/v1/accounts/{ACCOUNT}");
    latchkey.admin_request("PATCH", &account).await.json(&standing).send().await.expect(200);
    let visit = browser.get(&path).await.expect(200);
    visit.expect_text(&format!("To {ann}, duty@acme.example, ops@acme.example Created"));
    latchkey.stop_mail("ops@acme.example").await;
    browser.get(&path).await.expect(200).expect_text(&format!("To {ann}, duty@acme.example Created"));
    let without = json!({ "secret": { "expires_on": &date(60)[..10], "remind": false } });
    let silent = latchkey.fixtures().client_with(ACCOUNT, &without).await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}", silent.client_id);
    let visit = browser.get(&path).await.expect(200);
    assert!(!visit.contains_text("Next reminder"));
}

#[tokio::test]
async fn client_page_leads_those_who_may_read_the_audit_trail_to_who_created_the_client() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let link = format!("/console/accounts/{ACCOUNT}/audit?client={}", client.client_id);
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&path).await.expect(200);
    assert!(visit.text().contains(&link), "{}", visit.text());
    browser.get(&link).await.expect(200).expect_text("created Order sync");
    let viewer = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let visit = Browser::new(&latchkey).sign_in_to_console(&latchkey, &viewer, &path).await.expect(200);
    assert!(!visit.text().contains(&link));
}

#[tokio::test]
async fn every_page_of_a_client_names_it_above_the_links_to_its_pages() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let browser = latchkey.administrator_in_console().await;
    let own = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let tabs = ["", "/permissions", "/credentials", "/settings", "/use", "/people", "/activity"];
    for below in tabs.into_iter().chain(["/edit", "/disable", "/delete", "/credentials/rotate"]) {
        let text = browser.get(&format!("{own}{below}")).await.expect(200).text();
        let nav = text.split_once("<nav class=\"tabs\"").unwrap();
        let subject = nav.0.split_once("<div class=\"subject\">").unwrap().1;
        assert!(subject.contains(&client.client_id) && subject.contains("Active"), "{below}");
        let links = nav.1.split_once("</nav>").unwrap().0;
        let hrefs: Vec<&str> =
            links.split("href=\"").skip(1).map(|link| link.split('"').next().unwrap()).collect();
        assert_eq!(hrefs, tabs.map(|tab| format!("{own}{tab}")), "{below}");
        assert_eq!(text.matches("<h1").count(), 1, "{below}");
        assert_eq!(subject.contains("<h1"), below.is_empty(), "{below}");
    }
}

#[tokio::test]
async fn actions_of_a_client_stand_above_its_pages_with_rotation_first() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let own = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let text = browser.get(&own).await.expect(200).text();
    let head = text.split_once("<nav class=\"tabs\"").unwrap().0;
    let actions = head.split_once("<ul class=\"actions\"").unwrap().1;
    let links: Vec<(&str, bool)> = actions
        .split("<a class=\"")
        .skip(1)
        .map(|link| {
            let href = link.split_once("href=\"").unwrap().1.split('"').next().unwrap();
            (href.strip_prefix(&own).unwrap(), link.starts_with("button main"))
        })
        .collect();
    assert_eq!(
        links,
        [
            ("/credentials/rotate", true),
            ("/edit", false),
            ("/duplicate", false),
            ("/disable", false),
            ("/revoke-tokens", false),
            ("/delete", false),
        ]
    );
}

#[tokio::test]
async fn client_page_names_service_stage_and_number_of_scopes_and_the_members_of_the_api() {
    let latchkey = TestApp::with_fixtures().await;
    let resource = json!({
        "resource_id": "shop_test", "resource_name": "Shop", "audience": "https://shop.test.acme.example",
        "service": "shopping", "stage": "test", "account_access": "all",
        "scopes": [{ "name": "a:read", "description": "Read a" }, { "name": "a:write", "description": "Write a" }],
    });
    latchkey.admin_request("POST", "/v1/resources").await.json(&resource).send().await.expect(201);
    let permissions =
        json!({ "permissions": [{ "resource": "shop_test", "scopes": ["a:read", "a:write"] }] });
    let client = latchkey.fixtures().client_with(ACCOUNT, &permissions).await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let visit = browser.get(&path).await.expect(200);
    let visit = visit.expect_text("Shop · shopping · test · 2 scopes: Read a, Write a");
    for (label, member) in [
        ("May call", "permissions"),
        ("Signs in with", "token_endpoint_auth_method"),
        ("Ends", "expires_at"),
        ("Last used", "last_used_on"),
        ("Tokens live for", "access_token_lifetime"),
        ("Allowed addresses", "allowed_ips"),
        ("Contacts", "contacts"),
        ("Created", "created_at"),
        ("Last change", "updated_at"),
    ] {
        assert!(visit.contains_text(&format!("{label} {member}")), "{label}");
    }
}

#[tokio::test]
async fn warning_about_a_secret_names_the_end_of_the_newest_one() {
    let mut latchkey = TestApp::with_fixtures().await;
    let day = |latchkey: &TestApp, days: i64| {
        let at = latchkey.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
        at.to_string()[..10].to_owned()
    };
    let permissions = json!([{ "resource": "backoffice_api" }]);
    let older = json!({ "secret": { "expires_on": day(&latchkey, 90) }, "permissions": permissions });
    let client = latchkey.fixtures().client_with(ACCOUNT, &older).await;
    let newer = json!({ "expires_on": day(&latchkey, 30) });
    let secrets = format!("/v1/accounts/{ACCOUNT}/clients/{}/secrets", client.client_id);
    latchkey.admin_request("POST", &secrets).await.json(&newer).send().await.expect(201);
    let clients = format!("/console/accounts/{ACCOUNT}/clients");
    for (days, said) in [(25, "Its secret ends in 5 days"), (7, "Its secret ended")] {
        latchkey.advance(SignedDuration::from_hours(24 * days));
        let browser = latchkey.person_in_console(&format!("ann{days}")).await;
        for page in [clients.clone(), format!("{clients}/{}", client.client_id)] {
            browser.get(&page).await.expect(200).expect_text(said);
        }
    }
}
