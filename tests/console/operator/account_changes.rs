//! What the operator changes of an account: entitlements, limits, claims, and whether it is enabled or exists.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn page(below: &str) -> String {
    format!("/console/operator/accounts/{ACCOUNT}{below}")
}

fn form(visit: &PageVisit) -> Form {
    visit.find(|form| form.action.starts_with("/console/operator/"))
}

async fn opened(browser: &Browser, below: &str) -> Form {
    form(&browser.get(&page(below)).await.expect(200))
}

async fn account(latchkey: &TestApp) -> Value {
    let path = format!("/v1/accounts/{ACCOUNT}");
    latchkey.admin_request("GET", &path).await.send().await.expect(200).json()
}

#[tokio::test]
async fn entitlements_are_chosen_reviewed_and_act() {
    let latchkey = TestApp::with_fixtures().await;
    let api = json!({
        "resource_id": "payments", "resource_name": "Payments", "service": "payments",
        "account_access": "entitled", "audience": "https://pay.example",
        "scopes": [{ "name": "pay:read", "description": "See payments" }, { "name": "pay:out", "restricted": true }],
    });
    latchkey.fixtures().resource(&api).await;
    let browser = latchkey.operator_in_console().await;
    let sent = opened(&browser, "/entitlements").await.with("grant:payments", "some");
    browser
        .submit(&sent.clone().with("step", "review"))
        .await
        .expect(422)
        .expect_text("choose at least one scope");
    let sent = sent.with("scope", "payments pay:out").with("step", "review");
    let review = browser.submit(&sent).await.expect(200).expect_text("Added: pay:out");
    assert_eq!(account(&latchkey).await["entitlements"], json!([]), "nothing is saved yet");
    let back = browser.submit(&form(&review).with("step", "change")).await.expect(200);
    assert_eq!(form(&back).get("grant:payments"), Some("some"), "what was chosen is kept");
    let visit = browser.submit(&form(&review).with("step", "save")).await.expect(200).expect_text("Saved.");
    visit.expect_text("1 API");
    let given = json!([{ "resource": "payments", "scopes": ["pay:out"] }]);
    assert_eq!(account(&latchkey).await["entitlements"], given);
    let apis = browser.get(&format!("/console/accounts/{ACCOUNT}/apis")).await.expect(200);
    apis.expect_text("Payments");
    let all = opened(&browser, "/entitlements").await.with("grant:payments", "all").with("step", "review");
    let review =
        browser.submit(&all).await.expect(200).expect_text("See payments").expect_text("Taken away: pay:out");
    let name = json!({ "account_name": "Changed" });
    latchkey
        .admin_request("PATCH", &format!("/v1/accounts/{ACCOUNT}"))
        .await
        .json(&name)
        .send()
        .await
        .expect(200);
    let visit = browser.submit(&form(&review).with("step", "save")).await.expect(412);
    visit.expect_text("Nothing was saved.");
    assert_eq!(account(&latchkey).await["entitlements"], given);
}

#[tokio::test]
async fn limits_are_set_and_empty_ones_are_the_deployments() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    for (field, value) in [("clients", "many"), ("members", "100001"), ("mail_recipients_per_day", "-1")] {
        let sent = opened(&browser, "/limits").await.with(field, value);
        let visit = browser.submit(&sent).await.expect(422).expect_text("must be a number from 0 to");
        assert_eq!(form(&visit).get(field), Some(value), "what was typed is kept");
    }
    let stale = opened(&browser, "/limits").await.with("members", "7");
    let sent = opened(&browser, "/limits").await.with("clients", "5");
    browser.submit(&sent).await.expect(200).expect_text("0 of 5 clients");
    assert_eq!(account(&latchkey).await["limits"]["clients"], 5);
    browser.submit(&stale).await.expect(412);
    assert_eq!(opened(&browser, "/limits").await.get("clients"), Some("5"));
    browser.submit(&opened(&browser, "/limits").await.with("clients", "")).await.expect(200);
    assert_eq!(account(&latchkey).await["limits"]["clients"], 200);
}

#[tokio::test]
async fn claims_are_set_with_their_kinds_and_removed() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let claims = async |rows: &[(&str, &str, &str)]| {
        let mut sent = opened(&browser, "/claims").await;
        sent.fields.retain(|(name, _)| !name.starts_with("claim_"));
        for (name, kind, value) in rows {
            sent = sent.and("claim_name", name).and("claim_kind", kind).and("claim_value", value);
        }
        browser.submit(&sent).await
    };
    let rows = [
        ("merchant_id", "text", "4711"),
        ("tier", "number", "3"),
        ("vip", "boolean", "true"),
        ("", "text", ""),
    ];
    claims(&rows).await.expect(200).expect_text("Saved.");
    let set = json!({ "merchant_id": "4711", "tier": 3, "vip": true });
    assert_eq!(account(&latchkey).await["claims"], set);
    for (rows, text) in [
        ([("sub", "text", "x")], "the name is a standard claim"),
        ([("tier", "number", "three")], "Claim 1: must be a number"),
        ([("Tier", "text", "3")], "a name must be a lower-case letter"),
    ] {
        let visit = claims(&rows).await.expect(422).expect_text(text);
        assert_eq!(form(&visit).get("claim_value"), Some(rows[0].2), "what was typed is kept");
    }
    // All at once, each at its row.
    let long = "y".repeat(2_000);
    let rows = [
        ("beta", "text", "fine"),
        ("client_id", "text", "x"),
        ("Bad Name", "text", &long),
        ("beta", "boolean", "perhaps"),
    ];
    let visit = claims(&rows).await.expect(422).expect_text("bytes as JSON; 1024 are allowed");
    let visit = visit.expect_text("Claim 4: must be true or false").expect_text("Claim 4: is there twice");
    let text = visit.text();
    for (id, is_bad) in [
        ("name-1", false),
        ("value-1", false),
        ("name-2", true),
        ("value-2", false),
        ("name-3", true),
        ("name-4", true),
        ("value-4", true),
    ] {
        let tag = text.split(&format!("id=\"{id}\"")).nth(1).unwrap().split('>').next().unwrap();
        assert_eq!(tag.contains("aria-invalid"), is_bad, "{id}: {tag}");
    }
    assert!(text.contains("href=\"#name-2\"") && text.contains("id=\"name-error-2\""));
    assert_eq!(account(&latchkey).await["claims"], set);
    claims(&[("tier", "number", "4")]).await.expect(200);
    assert_eq!(account(&latchkey).await["claims"], json!({ "tier": 4 }));
}

#[tokio::test]
async fn account_is_disabled_by_its_typed_name_enabled_and_deleted_in_the_end() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let browser = latchkey.operator_in_console().await;
    let visit = browser.get(&page("/disable")).await.expect(200);
    let visit = visit.expect_text("It has: 1 client. Last used: today.");
    let wrong = form(&visit).with("typed", "Account");
    browser.submit(&wrong).await.expect(422).expect_text("Nothing was changed.");
    let right = wrong.with("typed", "Account T12345678");
    browser.submit(&right).await.expect(200).expect_text("Disabled since");
    assert_eq!(account(&latchkey).await["status"], "disabled");
    let visit = browser.get(&page("/delete")).await.expect(200).expect_text("can be deleted from");
    assert!(!visit.text().contains("name=\"typed\""), "there is no form before that day");
    browser.submit(&opened(&browser, "/enable").await).await.expect(200).expect_text("Enabled.");
    latchkey.advance(SignedDuration::from_mins(2));
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let again = opened(&browser, "/disable").await.with("typed", "Account T12345678");
    browser.submit(&again).await.expect(200);
    latchkey.advance(SignedDuration::from_hours(24 * 8));
    let browser = latchkey.operator_named("otto").await;
    let visit = browser.get(&page("/delete")).await.expect(200);
    latchkey.patch(&format!("/v1/accounts/{ACCOUNT}"), &json!({ "status": "active" })).await.expect(200);
    let early = form(&visit).with("typed", "Account T12345678");
    let refused = browser.submit(&early).await.expect(409).expect_text("It was not deleted.");
    let refused = refused.expect_text("It is active. Disable it first");
    assert!(refused.text().contains("role=\"alert\""));
    latchkey.patch(&format!("/v1/accounts/{ACCOUNT}"), &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(SignedDuration::from_hours(24 * 8));
    let browser = latchkey.operator_named("oskar").await;
    let visit = browser.get(&page("/delete")).await.expect(200);
    let deleted = form(&visit).with("typed", "Account T12345678");
    let visit = browser.submit(&deleted).await.expect(200).expect_text("Deleted.");
    assert!(!visit.contains_text(ACCOUNT), "it is in no list");
    browser.get(&page("")).await.expect(404);
}

#[tokio::test]
async fn operators_account_offers_no_end_of_itself() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let own = format!("/console/operator/accounts/{}", latchkey.server.operator.account_id);
    let visit = browser.get(&own).await.expect(200);
    assert!(!visit.contains_text("Disable the account"));
    for action in ["disable", "delete"] {
        browser.get(&format!("{own}/{action}")).await.expect(404);
    }
}

#[tokio::test]
async fn operator_invites_an_administrator_from_the_page_of_the_account() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let visit = browser.get(&page("")).await.expect(200).expect_text("Invite an administrator");
    let link = format!("/console/accounts/{ACCOUNT}/members/new");
    assert!(visit.text().contains(&format!("href=\"{link}\"")));
    let invitation = browser.get(&link).await.expect(200).form(&link);
    assert_eq!(invitation.get("role"), Some("administrator"));
}
