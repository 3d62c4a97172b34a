//! What the operator sees across accounts, as of the job's last look.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;

const ATTENTION: &str = "/console/operator/attention";
const EXPIRY: &str = "/console/operator/expiry";
const LOOKED_AT: &str = "What needs attention and what ends next is looked at once a day.";

#[tokio::test]
async fn accounts_with_most_to_look_at_come_first_and_link_to_their_clients() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    latchkey.fixtures().account("T3").await;
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "A" })).await;
    for name in ["B", "C"] {
        latchkey.fixtures().client_with("T2", &json!({ "client_name": name })).await;
    }
    latchkey.fixtures().client_with("T3", &json!({ "status": "disabled" })).await;
    let browser = latchkey.operator_in_console().await;
    for page in [ATTENTION, EXPIRY] {
        let visit = browser.get(page).await.expect(200).expect_text(LOOKED_AT);
        visit.expect_text("Nothing was found when the accounts were last looked at.");
    }
    latchkey.run_job().await;
    let visit = browser.get(ATTENTION).await.expect(200).expect_text("No permissions 2");
    let text = visit.text();
    let at = |id: &str| text.find(&format!("/console/operator/accounts/{id}\"")).unwrap_or(usize::MAX);
    assert!(at("T2") < at(ACCOUNT) && at(ACCOUNT) < usize::MAX, "the one with most comes first");
    assert_eq!(at("T3"), usize::MAX, "a disabled client needs nothing");
    assert!(text.contains("href=\"/console/accounts/T2/clients?attention=no_permissions\""));
    let list = browser.get("/console/operator/accounts").await.expect(200);
    assert!(list.text().contains("<b class=\"alert\">2</b>"), "the list says how many");
    let off = json!({ "status": "disabled" });
    latchkey.admin_request("PATCH", "/v1/accounts/T2").await.json(&off).send().await.expect(200);
    let visit = browser.get(ATTENTION).await.expect(200);
    assert!(!visit.contains_text("Account T2"), "a disabled account is left out at once");
    latchkey.advance(SignedDuration::from_hours(24));
    latchkey.run_job().await;
    let browser = latchkey.operator_named("otto").await;
    let visit = browser.get(ATTENTION).await.expect(200);
    assert!(visit.contains_text(&format!("Account {ACCOUNT}")) && !visit.contains_text("Account T2"));
}

#[tokio::test]
async fn attention_is_narrowed_to_a_reason_page_by_page() {
    let latchkey = TestApp::with_fixtures().await;
    for number in 10..40 {
        let id = format!("T{number}");
        latchkey.fixtures().account(&id).await;
        let name = json!({ "client_name": "A" });
        latchkey.fixtures().client_with(&id, &name).await;
    }
    latchkey.fixtures().client_with("T39", &json!({ "allowed_ips": ["0.0.0.0/0"] })).await;
    latchkey.run_job().await;
    let browser = latchkey.operator_in_console().await;
    let shown = |text: &str| (10..40).filter(|number| text.contains(&format!(">T{number}<"))).count();
    let visit = browser.get(&format!("{ATTENTION}?reason=open_allowlist")).await.expect(200);
    assert!(visit.text().contains("value=\"open_allowlist\" selected"), "the filter is kept");
    assert_eq!(shown(&visit.text()), 1, "{}", visit.text());
    assert!(!visit.text().contains("after="), "there is one page");
    let first = browser.get(&format!("{ATTENTION}?reason=no_permissions")).await.expect(200);
    assert_eq!(shown(&first.text()), 25);
    let text = first.text();
    let next = text.split("href=\"").find(|link| link.contains("after=")).expect("a next page");
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    assert!(next.contains("reason=no_permissions&"), "{next}");
    let second = browser.get(&next).await.expect(200).expect_text("First page");
    assert_eq!(shown(&second.text()), 5);
    assert!(!second.text().contains("after="), "it is the last one");
    let none = browser.get(&format!("{ATTENTION}?reason=secret_expired")).await.expect(200);
    none.expect_text("Nothing was found for this reason when the accounts were last looked at.");
    let unknown = browser.get(&format!("{ATTENTION}?reason=other")).await.expect(200);
    assert!(shown(&unknown.text()) >= 24, "an unknown reason is none");
}

#[tokio::test]
async fn what_ends_first_comes_first_and_is_left_out_once_it_is_mended() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let in_days = |days: i64| {
        let at = latchkey.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap().to_string();
        at[..10].to_owned()
    };
    let ending =
        |name: &str, days: i64| json!({ "client_name": name, "secret": { "expires_on": in_days(days) } });
    for number in 0..6 {
        latchkey.fixtures().client_with(ACCOUNT, &ending(&format!("Late {number}"), 20 + number)).await;
    }
    let first = latchkey.fixtures().client_with("T2", &ending("Soon", 2)).await;
    latchkey.fixtures().client_with("T2", &ending("Far", 60)).await;
    latchkey.run_job().await;
    let browser = latchkey.operator_in_console().await;
    let visit = browser.get(EXPIRY).await.expect(200).expect_text("and 2 more");
    let text = visit.text();
    assert!(text.find("Soon").unwrap() < text.find("Late 0").unwrap(), "the first end comes first");
    assert!(!visit.contains_text("Far") && !visit.contains_text("Late 4"));
    let rotated = json!({ "replace": "all" });
    let secrets = format!("{}/secrets", first.path());
    latchkey.admin_request("POST", &secrets).await.json(&rotated).send().await.expect(201);
    let visit = browser.get(EXPIRY).await.expect(200);
    assert!(!visit.contains_text("Soon"), "it ends later now");
    let list = browser.get("/console/operator/accounts?q=T2").await.expect(200);
    list.expect_text("in 2 days");
}

#[tokio::test]
async fn what_is_derived_of_a_deleted_account_is_deleted_with_it() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    latchkey.run_job().await;
    assert!(!latchkey.inspect().partition("ACCOUNT_INDEX#T2").await.is_empty());
    latchkey.admin_request("DELETE", "/v1/accounts/T2").await.send().await.expect(204);
    latchkey.run_job().await;
    assert_eq!(latchkey.inspect().partition("ACCOUNT_INDEX#T2").await, Vec::new());
}
