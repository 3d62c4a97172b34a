//! Each page with a form that changes something of an account says how the management API does the same.

use crate::console::access::people::Person;
use crate::console::access::routes::{Needs, filled_in, table};
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use serde_json::json;

/// Ends of the paths of forms that change nothing of an account, or that only people have: sessions, feeds, own mails.
const EXCEPTIONS: [&str; 6] =
    ["/console/sign-out", "/enter", "/expiries/calendars", "/expiries/calendars/end", "/keys/check", "/done"];

/// Pages about a person themself, and those before a sign-in.
const OWN_PAGES: [&str; 5] = [
    "/console/me",
    "/console/link/{token}",
    "/console/email/{token}",
    "/console/confirm",
    "/console/sign-in",
];

/// The forms of a page that change something of an account and are not described.
async fn undescribed(latchkey: &TestApp, person: Person, client: &TestClient) -> Vec<String> {
    let browser = person.browser(latchkey).await;
    let mut found = Vec::new();
    for (route, get, _) in table() {
        let is_theirs = route.starts_with("/console/operator") == (person == Person::Operator);
        if get == Needs::NoMethod || !is_theirs || OWN_PAGES.contains(&route.as_str()) {
            continue;
        }
        let visit = browser.get(&filled_in(&route, client)).await;
        if visit.response.status != 200 || visit.contains_text("The same by API") {
            continue;
        }
        let text = visit.text();
        let forms = text.split("<form method=\"post\" action=\"").skip(1);
        let actions = forms.map(|form| form.split('"').next().unwrap().to_owned());
        let changing = actions.filter(|action| !EXCEPTIONS.iter().any(|end| action.ends_with(end)));
        found.extend(changing.map(|action| format!("{route}: {action}")));
    }
    found
}

#[tokio::test]
async fn page_that_changes_something_of_an_account_says_how_the_api_does_it() {
    let latchkey = TestApp::with_fixtures().await;
    let template = json!({ "template_id": "plain", "title": "Plain", "asked": ["client_name"] });
    latchkey.admin_request("POST", "/v1/templates").await.json(&template).send().await.expect(201);
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({})).await;
    for person in [Person::Administrator, Person::Operator] {
        let undescribed = undescribed(&latchkey, person, &client).await;
        assert!(undescribed.is_empty(), "{person:?}: {undescribed:#?}");
    }
}
