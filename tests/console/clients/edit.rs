//! Changing the name, description, website and contacts of a client.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::Browser;
use serde_json::{Value, json};

fn page(client: &TestClient) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{}/edit", client.client_id)
}

async fn stored(latchkey: &TestApp, client: &TestClient) -> Value {
    latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json()
}

#[tokio::test]
async fn details_are_changed_and_emptied() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id)).await;
    visit.expect(200).expect_text("Edit details");
    let visit = browser.get(&page(&client)).await.expect(200);
    let form = visit.form("/edit");
    assert_eq!(form.get("client_name"), Some("Order sync"));
    let form = form
        .with("client_name", " Orders & <returns> ")
        .with("description", "Runs every night")
        .with("client_uri", "https://shop.example/orders")
        .with("contacts", "ops@acme.example\r\n\r\n dev@acme.example ");
    let visit = browser.submit(&form).await.expect(200).expect_text("The details are saved.");
    visit.expect_text("Orders & <returns>").expect_text("ops@acme.example, dev@acme.example");
    let after = stored(&latchkey, &client).await;
    assert_eq!(after["client_uri"], "https://shop.example/orders");
    let form = browser.get(&page(&client)).await.expect(200).form("/edit");
    let emptied = form.with("description", "").with("client_uri", "").with("contacts", "");
    browser.submit(&emptied).await.expect(200);
    let after = stored(&latchkey, &client).await;
    assert_eq!((&after["description"], &after["contacts"]), (&json!(""), &json!([])));
    assert_eq!(after.get("client_uri").unwrap_or(&Value::Null), &Value::Null);
}

#[tokio::test]
async fn complaints_stand_at_their_fields_and_what_was_typed_is_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let form = browser.get(&page(&client)).await.expect(200).form("/edit");
    let wrong = form
        .with("client_name", "")
        .with("client_uri", "javascript:alert(1)")
        .with("contacts", "ops@acme.example\nno address");
    let visit = browser.submit(&wrong).await.expect(422).expect_text("Some fields need another look");
    for field in ["client_name", "client_uri", "contacts"] {
        assert!(visit.text().contains(&format!("id=\"error-{field}\"")), "{field}: {}", visit.text());
    }
    let again = visit.form("/edit");
    assert_eq!(again.get("client_uri"), Some("javascript:alert(1)"));
    assert_eq!(again.get("contacts"), Some("ops@acme.example\nno address"));
    let mended = again.with("client_name", "Mended").with("client_uri", "").with("contacts", "");
    browser.submit(&mended).await.expect(200).expect_text("Mended");
}

#[tokio::test]
async fn change_of_another_person_is_shown_beside_ones_own_and_either_is_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (ann, ben) = (latchkey.administrator_in_console().await, latchkey.person_in_console("ben").await);
    let (hers, his) =
        (ann.get(&page(&client)).await.form("/edit"), ben.get(&page(&client)).await.form("/edit"));
    ben.submit(&his.with("client_name", "Ben's").with("description", "By Ben")).await.expect(200);
    let visit = ann.submit(&hers.with("client_name", "Ann's")).await.expect(412);
    let visit = visit
        .expect_text("ben changed Name, Description on ")
        .expect_text("Yours: Ann's")
        .expect_text("Now: Ben's")
        .expect_text("Take the version of ben");
    assert!(!visit.contains_text("Now: By Ben"), "only one of them changed the description");
    assert!(visit.text().contains(&format!("href=\"{}\"", page(&client))), "the other version is a link");
    assert_eq!(stored(&latchkey, &client).await["client_name"], "Ben's");
    ann.submit(&visit.form("/edit")).await.expect(200).expect_text("The details are saved.");
    let after = stored(&latchkey, &client).await;
    assert_eq!(after["client_name"], "Ann's");
    assert_eq!(after["description"], "By Ben", "what only the other person changed stays");
}

#[tokio::test]
async fn conflicts_are_the_details_that_both_changed() {
    let details = [
        ("client_name", "Name"),
        ("description", "Description"),
        ("client_uri", "Website"),
        ("contacts", "Contacts"),
    ];
    let value = |detail: &str, person: &str| match detail {
        "client_uri" => format!("https://{person}.example/"),
        "contacts" => format!("{person}@acme.example"),
        _ => format!("By {person}"),
    };
    let latchkey = TestApp::with_fixtures().await;
    let (ann, ben) = (latchkey.administrator_in_console().await, latchkey.person_in_console("ben").await);
    for (hers, her_label) in details {
        for (his, his_label) in details {
            let client = latchkey.fixtures().client().await;
            let (mine, theirs) =
                (ann.get(&page(&client)).await.form("/edit"), ben.get(&page(&client)).await.form("/edit"));
            ben.submit(&theirs.with(his, &value(his, "ben"))).await.expect(200);
            let visit = ann.submit(&mine.with(hers, &value(hers, "ann"))).await.expect(412);
            let visit = visit.expect_text(&format!(" changed {his_label} on "));
            let is_conflict = hers == his;
            assert_eq!(visit.contains_text("Yours: "), is_conflict, "{her_label}, {his_label}");
            let button = if is_conflict { "Keep mine" } else { "Save mine too" };
            let visit = visit.expect_text(button);
            ann.submit(&visit.form("/edit")).await.expect(200).expect_text("The details are saved.");
            let after = stored(&latchkey, &client).await;
            let text = |detail: &str| after[detail].as_str().or(after[detail][0].as_str()).map(str::to_owned);
            assert_eq!(text(hers), Some(value(hers, "ann")), "{her_label}, {his_label}");
            if !is_conflict {
                assert_eq!(text(his), Some(value(his, "ben")), "{her_label}, {his_label}");
            }
        }
    }
}

#[tokio::test]
async fn person_without_the_audit_trail_learns_that_it_was_changed_and_not_by_which_person() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let ben = latchkey.person_in_console("ben").await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "dev", &["clients:read", "clients:manage"]).await;
    let developer = Browser::new(&latchkey);
    let form =
        developer.sign_in_to_console(&latchkey, &email, &page(&client)).await.expect(200).form("/edit");
    let his = ben.get(&page(&client)).await.form("/edit");
    ben.submit(&his.with("client_name", "Ben's")).await.expect(200);
    let visit = developer.submit(&form.with("client_name", "Mine")).await.expect(412);
    let visit = visit.expect_text("Changed on ").expect_text(": Name");
    assert!(!visit.contains_text("ben@"));
}

#[tokio::test]
async fn client_that_may_manage_more_than_a_person_keeps_its_details() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, _) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read", "audit:read"]).await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "dev", &["clients:read", "clients:manage"]).await;
    let developer = Browser::new(&latchkey);
    let form =
        developer.sign_in_to_console(&latchkey, &email, &page(&client)).await.expect(200).form("/edit");
    developer.submit(&form.with("client_name", "Mine")).await.expect(403);
    assert_eq!(stored(&latchkey, &client).await["client_name"], "Order sync");
}
