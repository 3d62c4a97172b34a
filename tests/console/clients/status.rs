//! Disabling, enabling, revoking tokens and deleting, each by its own page.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::Browser;
use jiff::SignedDuration;
use serde_json::json;

fn page(client: &TestClient, action: &str) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{}{action}", client.client_id)
}

async fn gets_token(latchkey: &TestApp, client: &TestClient) -> bool {
    latchkey.token(&client.client_id, &client.client_secret, "").await.status == 200
}

#[tokio::test]
async fn administrator_disables_and_enables_a_client() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client, "/disable")).await.expect(200).expect_text("Disable Order sync?");
    let visit = browser.submit(&visit.form("/disable")).await.expect(200);
    assert!(!gets_token(&latchkey, &client).await);
    visit.expect_text("Disabled. It gets no more tokens.");
    let visit = browser.get(&page(&client, "/enable")).await.expect(200);
    browser.submit(&visit.form("/enable")).await.expect(200).expect_text("Enabled.");
    assert!(gets_token(&latchkey, &client).await);
}

#[tokio::test]
async fn client_is_deleted_only_by_its_name() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client, "/delete")).await.expect(200);
    let form = visit.form("/delete");
    let wrong = browser.submit(&form.clone().with("name", "Order")).await.expect(422);
    wrong.expect_text("That is not its name. Nothing was deleted.");
    assert!(gets_token(&latchkey, &client).await);
    browser.submit(&form.with("name", "Order sync")).await.expect(200).expect_text("Deleted.");
    assert!(!gets_token(&latchkey, &client).await);
    browser.get(&page(&client, "")).await.expect(404);
}

#[tokio::test]
async fn what_cannot_be_undone_needs_a_recent_sign_in_and_a_reversible_action_does_not() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let deletion = browser.get(&page(&client, "/delete")).await.expect(200).form("/delete");
    latchkey.advance(SignedDuration::from_mins(11));
    for action in ["/delete", "/revoke-tokens"] {
        browser.get(&page(&client, action)).await.expect(200).expect_text("Confirm it is you");
    }
    let response = browser.post(&deletion.with("name", "Order sync")).await.expect(303);
    assert!(response.header("location").starts_with("/console/confirm?to="), "{response:?}");
    assert!(gets_token(&latchkey, &client).await);
    browser.get(&page(&client, "/disable")).await.expect(200).expect_text("Disable Order sync?");
}

#[tokio::test]
async fn reader_sees_no_actions_and_cannot_take_them() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let administrator = latchkey.administrator_in_console().await;
    administrator.get(&page(&client, "")).await.expect(200).expect_text("Revoke all tokens");
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let visit = reader.sign_in_to_console(&latchkey, &email, &page(&client, "")).await.expect(200);
    assert!(!visit.contains_text("Revoke all tokens"));
    for action in ["/disable", "/enable", "/revoke-tokens", "/delete"] {
        reader.get(&page(&client, action)).await.expect(403).expect_text("It needs the right clients:manage");
    }
}

#[tokio::test]
async fn pages_that_end_tokens_say_until_when_offline_verifiers_accept_them() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "access_token_lifetime": 3_601 });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let browser = latchkey.administrator_in_console().await;
    // The last token ends within a minute: the page names its end, not its beginning.
    let end = latchkey.now() + SignedDuration::from_secs(3_601 + 59);
    let expected = format!("until {} UTC at the latest", end.strftime("%Y-%m-%d %H:%M"));
    for action in ["/disable", "/revoke-tokens", "/delete", "/credentials/leaked"] {
        browser.get(&page(&client, action)).await.expect(200).expect_text(&expected);
    }
}

#[tokio::test]
async fn deletion_lists_secrets_and_people_and_advises_to_disable_what_is_used_first() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let rights = ["clients:read", "clients:manage"];
    let email = latchkey.fixtures().member_with(ACCOUNT, "dan", &rights).await;
    let deletion = page(&client, "/delete");
    let unused =
        browser.get(&deletion).await.expect(200).expect_text("stops working at once. Last used: never.");
    let unused = unused.expect_text("No one has let it act for them.");
    assert!(!unused.contains_text("Disable it first"));
    assert!(gets_token(&latchkey, &client).await);
    let used = browser.get(&deletion).await.expect(200);
    used.expect_text("It was used today. Disable it first and wait?");
    for (days, words) in
        [(1, Some("It was used yesterday.")), (6, Some("It was used 7 days ago.")), (1, None)]
    {
        latchkey.advance(SignedDuration::from_hours(24 * days));
        let visit =
            Browser::new(&latchkey).sign_in_to_console(&latchkey, &email, &deletion).await.expect(200);
        assert_eq!(visit.contains_text("Disable it first"), words.is_some(), "{words:?}");
        if let Some(words) = words {
            let text = visit.text();
            let (disable, delete) = (
                text.find(&format!("href=\"{}\"", page(&client, "/disable"))),
                text.find("Delete for ever</button>"),
            );
            assert!(disable.is_some() && disable < delete, "the button that disables comes first");
            visit.expect_text(words);
        }
    }
}

#[tokio::test]
async fn deletion_of_a_disabled_client_does_not_advise_to_disable_it() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    assert!(gets_token(&latchkey, &client).await);
    latchkey.admin_request("POST", &format!("{}/disable", client.path())).await.send().await.expect(200);
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client, "/delete")).await.expect(200).expect_text("Last used: today.");
    assert!(!visit.contains_text("Disable it first"));
}

#[tokio::test]
async fn deletion_says_how_many_people_let_the_client_act_for_them() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let browser = latchkey.administrator_in_console().await;
    for (person, words) in
        [("eve", "One person has let it act for them."), ("mia", "2 people have let it act for them.")]
    {
        let email = latchkey.fixtures().member(person).await;
        latchkey.sign_in(&client, &email).await;
        let visit = browser.get(&page(&client, "/delete")).await.expect(200).expect_text(words);
        let wrong = browser.submit(&visit.form("/delete").with("name", "Order")).await.expect(422);
        wrong.expect_text(words);
    }
}

#[tokio::test]
async fn tokens_that_were_issued_with_a_longer_lifetime_count_until_they_end() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "access_token_lifetime": 86_400 })).await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let day = SignedDuration::from_hours(24);
    let last = latchkey.now().checked_add(day).unwrap();
    for lifetime in [3_600, 300, 600] {
        let shorter = json!({ "access_token_lifetime": lifetime });
        latchkey.admin_request("PATCH", &path).await.json(&shorter).send().await.expect(200);
    }
    let said = |end: jiff::Timestamp| format!("until {}", &end.to_string()[..13].replace('T', " "));
    let browser = latchkey.administrator_in_console().await;
    browser.get(&page(&client, "/disable")).await.expect(200).expect_text(&said(last));
    latchkey.advance(day);
    let browser = latchkey.person_in_console("ben").await;
    let soon = latchkey.now().checked_add(SignedDuration::from_mins(10)).unwrap();
    browser.get(&page(&client, "/disable")).await.expect(200).expect_text(&said(soon));
}
