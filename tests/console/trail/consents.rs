//! The people who let a client act for them.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

#[tokio::test]
async fn consent_is_shown_in_words_and_ended_after_a_page_that_says_what_ends() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let eve = latchkey.fixtures().member("eve").await;
    latchkey.sign_in(&client, &eve).await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}/people", client.client_id);
    let visit = browser.get(&path).await.expect(200).expect_text(&eve);
    let text = visit.text();
    let end =
        text.split("href=\"").find(|link| link.contains("/people/") && link.contains("/end\"")).unwrap();
    let end = end.split('"').next().unwrap().to_owned();
    let asked = browser.get(&end).await.expect(200);
    let asked = asked.expect_text(&format!("End what {eve} allowed?")).expect_text("It gets no new tokens");
    let ended = browser.submit(&asked.form("/end")).await.expect(200);
    let ended = ended.expect_text("It is ended.").expect_text("No one has let it act for them yet.");
    assert!(!ended.contains_text(&eve));
    assert_eq!(browser.get(&end).await.expect(200).at, path, "ended already: it leads back");
    let trail = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit?action=consent.withdrawn")).await;
    assert_eq!(trail.len(), 1);
}

#[tokio::test]
async fn only_clients_that_people_sign_in_to_have_the_page_among_theirs() {
    let latchkey = TestApp::with_fixtures().await;
    let program = latchkey.fixtures().client_with(ACCOUNT, &json!({})).await;
    let app = latchkey.fixtures().sign_in_client().await;
    let browser = latchkey.administrator_in_console().await;
    for (client, is_there) in [(&program, false), (&app, true)] {
        let path = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
        let visit = browser.get(&path).await.expect(200);
        assert_eq!(visit.text().contains(&format!("{path}/people\"")), is_there);
        assert!(visit.text().contains(&format!("{path}/activity\"")));
    }
}
