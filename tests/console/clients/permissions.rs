//! What a client may call: boxes, the difference in words, and the change.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use crate::support::sign_in::console::ADMINISTRATOR;
use serde_json::{Value, json};

fn page(client: &TestClient) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{}/permissions", client.client_id)
}

async fn permissions(latchkey: &TestApp, client: &TestClient) -> Value {
    latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json()["permissions"].clone()
}

/// An API of the service `shop`.
async fn api(latchkey: &TestApp, id: &str, stage: &str, scopes: Value) {
    let audience = format!("https://{id}.example.com");
    let body = json!({
        "resource_id": id, "resource_name": id.to_uppercase(), "service": "shop", "stage": stage,
        "audience": audience, "scopes": scopes,
    });
    latchkey.fixtures().resource(&body).await;
}

/// An API in two stages, of which one offers more.
async fn shop(latchkey: &TestApp) {
    let read = json!({ "name": "read", "description": "Read orders" });
    let manage = json!({ "name": "manage", "description": "Manage orders", "implies": ["read"] });
    let refund = json!({ "name": "refund", "description": "Refund payments" });
    api(latchkey, "live", "production", json!([read, manage, refund])).await;
    api(latchkey, "trial", "test", json!([read, manage])).await;
}

async fn client_with(latchkey: &TestApp, permissions: Value) -> TestClient {
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "permissions": permissions })).await
}

/// The form of the boxes, with these ticked and no others.
fn ticked(visit: &PageVisit, scopes: &[&str]) -> Form {
    let form = visit.form("/permissions").without("scope");
    scopes.iter().fold(form, |form, scope| form.and("scope", scope))
}

fn boxes(visit: &PageVisit) -> Vec<String> {
    let fields = visit.form("/permissions").fields.into_iter();
    fields.filter(|(name, _)| name == "scope").map(|(_, value)| value).collect()
}

#[tokio::test]
async fn permissions_are_ticked_reviewed_in_words_and_saved() {
    let latchkey = TestApp::with_fixtures().await;
    shop(&latchkey).await;
    let client = client_with(&latchkey, json!([{ "resource": "trial", "scopes": ["read"] }])).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client)).await.expect(200).expect_text("production");
    assert_eq!(boxes(&visit), ["trial read"]);
    let review = browser.submit(&ticked(&visit, &["live refund", "live manage"])).await.expect(200);
    let review = review
        .expect_text("Added: Refund payments (LIVE, production)")
        .expect_text("Added: Read orders (LIVE, production)")
        .expect_text("Taken away: Read orders (TRIAL, test)")
        .expect_text("New tokens only");
    assert_eq!(permissions(&latchkey, &client).await[0]["resource"], "trial", "a review changes nothing");
    let saved = browser.submit(&review.form("/permissions").with("step", "save")).await.expect(200);
    saved.expect_text("The permissions are saved.").expect_text("part of “Manage orders”");
    let expected = json!([{ "resource": "live", "scopes": ["manage", "read", "refund"] }]);
    assert_eq!(permissions(&latchkey, &client).await, expected);
}

#[tokio::test]
async fn buttons_of_a_column_tick_all_or_none_and_change_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    shop(&latchkey).await;
    let client = client_with(&latchkey, json!([{ "resource": "trial", "scopes": ["read"] }])).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client)).await.expect(200);
    let visit = browser.submit(&visit.form("/permissions").with("tick_all", "live")).await.expect(200);
    assert_eq!(boxes(&visit), ["trial read", "live manage", "live refund"]);
    let visit = browser.submit(&visit.form("/permissions").with("tick_none", "live")).await.expect(200);
    assert_eq!(boxes(&visit), ["trial read"]);
    let review = browser.submit(&visit.form("/permissions")).await.expect(200);
    review.clone().expect_text("Nothing would change.");
    let back = browser.submit(&review.form("/permissions").with("step", "change")).await.expect(200);
    assert_eq!(boxes(&back), ["trial read"]);
    assert_eq!(permissions(&latchkey, &client).await[0]["scopes"], json!(["read"]));
}

#[tokio::test]
async fn of_several_apis_of_one_stage_only_the_rights_of_the_chosen_one_count() {
    let latchkey = TestApp::with_fixtures().await;
    let scopes = json!([{ "name": "use", "description": "Use it" }]);
    api(&latchkey, "full", "production", scopes.clone()).await;
    api(&latchkey, "reader", "production", scopes).await;
    let client = client_with(&latchkey, json!([{ "resource": "full", "scopes": ["use"] }])).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client)).await.expect(200);
    let choice = "resource:shop/production";
    assert_eq!(visit.form("/permissions").get(choice), Some("full"));
    let both = ticked(&visit, &["full use", "reader use"]).with(choice, "reader");
    let review = browser.submit(&both).await.expect(200);
    let review = review
        .expect_text("These do not count")
        .expect_text("FULL, production: Use it")
        .expect_text("Added: Use it (READER, production)")
        .expect_text("Taken away: Use it (FULL, production)");
    browser.submit(&review.form("/permissions").with("step", "save")).await.expect(200);
    let expected = json!([{ "resource": "reader", "scopes": ["use"] }]);
    assert_eq!(permissions(&latchkey, &client).await, expected);
    let visit = browser.get(&page(&client)).await.expect(200);
    let empty = browser.submit(&ticked(&visit, &[]).with(choice, "full")).await.expect(422);
    empty.expect_text("choose at least one scope of full");
    let none = browser.submit(&ticked(&visit, &["reader use"]).with(choice, "")).await.expect(200);
    none.expect_text("Taken away: Use it (READER, production)");
}

#[tokio::test]
async fn what_the_account_may_not_use_is_not_shown_and_what_it_lost_is_struck_through() {
    let latchkey = TestApp::with_fixtures().await;
    let scopes = json!([{ "name": "use", "description": "Use it" }]);
    let body = json!({
        "resource_id": "secret_plan", "resource_name": "Secret plan", "audience": "https://plan.example.com",
        "scopes": scopes, "account_access": "entitled",
    });
    latchkey.fixtures().resource(&body).await;
    let entitle = async |entitlements: Value| {
        let body = json!({ "entitlements": entitlements });
        let path = format!("/v1/accounts/{ACCOUNT}");
        latchkey.admin_request("PATCH", &path).await.json(&body).send().await.expect(200);
    };
    entitle(json!([{ "resource": "secret_plan" }])).await;
    let client = client_with(&latchkey, json!([{ "resource": "secret_plan", "scopes": ["use"] }])).await;
    let browser = latchkey.administrator_in_console().await;
    browser.get(&page(&client)).await.expect(200).expect_text("Secret plan");
    entitle(json!([])).await;
    let visit =
        browser.get(&page(&client)).await.expect(200).expect_text("No longer available to your account");
    assert!(visit.text().contains("<s>Secret plan, production: Use it</s>"));
    assert!(boxes(&visit).is_empty());
    let forged = browser.submit(&ticked(&visit, &["secret_plan use"])).await.expect(422);
    forged.expect_text("the account may use no resource secret_plan");
    let review = browser.submit(&ticked(&visit, &[])).await.expect(200);
    let review = review.expect_text("Taken away: Use it (Secret plan, production)");
    let saved = browser.submit(&review.form("/permissions").with("step", "save")).await.expect(200);
    assert!(!saved.contains_text("Secret plan"));
    let other = latchkey.fixtures().client().await;
    let visit = browser.get(&page(&other)).await.expect(200);
    assert!(!visit.contains_text("Secret plan"), "an API that it may not use is not known to the account");
}

#[tokio::test]
async fn rights_to_manage_are_given_only_by_those_who_hold_them() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "dev", &["clients:read", "clients:manage"]).await;
    let developer = Browser::new(&latchkey);
    let visit = developer.sign_in_to_console(&latchkey, &email, &page(&client)).await.expect(200);
    let locked = r#"value="latchkey audit:read" disabled"#;
    assert!(visit.text().contains(locked), "{}", visit.text());
    assert!(!visit.text().contains(r#"value="latchkey clients:read" disabled"#));
    let forged = developer.submit(&ticked(&visit, &["latchkey audit:read"])).await.expect(403);
    forged.expect_text("You may not do this");
    let review = developer.submit(&ticked(&visit, &["latchkey clients:read"])).await.expect(200);
    let review = review.expect_text("Added: See the account’s API clients (Latchkey management)");
    developer.submit(&review.form("/permissions").with("step", "save")).await.expect(200);
    let (administrator, _) = latchkey.fixtures().administrator(ACCOUNT, &ADMINISTRATOR).await;
    let visit = developer.get(&page(&administrator)).await.expect(200);
    visit.expect_text("This program may manage more than you may.");
    let forged = developer.submit(&review.form("/permissions").with("step", "save")).await.expect(412);
    let mut form = ticked(&forged, &[]).with("step", "save");
    form.action = page(&administrator);
    developer.post(&form).await.expect(403);
}

#[tokio::test]
async fn change_of_another_person_is_told_and_what_was_ticked_is_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (ann, ben) = (latchkey.administrator_in_console().await, latchkey.person_in_console("ben").await);
    let (hers, his) = (ann.get(&page(&client)).await.expect(200), ben.get(&page(&client)).await.expect(200));
    let (read, write) = ("backoffice_api orders:read", "backoffice_api orders:write");
    let review = ann.submit(&ticked(&hers, &[read])).await.expect(200);
    let save = |visit: &PageVisit| visit.form("/permissions").with("step", "save");
    ben.submit(&save(&ben.submit(&ticked(&his, &[])).await.expect(200))).await.expect(200);
    let by_ben = format!("ben@{} changed this program on ", latchkey.mail_domain());
    for stale in [save(&review), ticked(&hers, &[read])] {
        let visit = ann.submit(&stale).await.expect(412).expect_text(&by_ben);
        assert_eq!(boxes(&visit), [read]);
    }
    let visit = ann.submit(&save(&review)).await.expect(412);
    let review = ann.submit(&ticked(&visit, &[read, write])).await.expect(200);
    let review = review.expect_text("Added: Read orders (Back office, production)");
    ann.submit(&save(&review)).await.expect(200).expect_text("The permissions are saved.");
    let held = permissions(&latchkey, &client).await;
    assert_eq!(held[0]["scopes"], json!(["orders:read", "orders:write"]));
}

#[tokio::test]
async fn reader_sees_the_boxes_and_can_send_none() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "cleo", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let visit = reader.sign_in_to_console(&latchkey, &email, &page(&client)).await.expect(200);
    let visit = visit.expect_text("you need the right clients:manage");
    assert!(visit.text().contains("<fieldset disabled"));
    reader.submit(&ticked(&visit, &[]).with("step", "save")).await.expect(403);
    assert_eq!(permissions(&latchkey, &client).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn account_without_apis_is_told_so_and_a_value_that_is_no_box_is_refused() {
    let latchkey = TestApp::new().await;
    latchkey.fixtures().account(ACCOUNT).await;
    let client = client_with(&latchkey, json!([])).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client)).await.expect(200).expect_text("There are no APIs yet");
    for (value, complaint) in [
        ("/ orders:read", "must name an API and one of its scopes"),
        ("orders a b", "must name an API and one of its scopes"),
        ("orders read", "the account may use no resource orders"),
    ] {
        browser.submit(&ticked(&visit, &[value])).await.expect(422).expect_text(complaint);
    }
}

#[tokio::test]
async fn operator_is_led_to_a_first_api_where_there_is_none() {
    let latchkey = TestApp::new().await;
    latchkey.fixtures().account(ACCOUNT).await;
    let operator = latchkey.operator_in_console().await;
    let form = format!("/console/accounts/{ACCOUNT}/clients/new?template=secret");
    let visit = operator.get(&form).await.expect(200).expect_text("There are no APIs yet");
    assert!(visit.text().contains("href=\"/console/operator/apis/new\""));
    let visit = latchkey.administrator_in_console().await.get(&form).await.expect(200);
    let visit = visit.expect_text("There are no APIs yet");
    assert!(!visit.text().contains("/console/operator/"), "members add none");
}
