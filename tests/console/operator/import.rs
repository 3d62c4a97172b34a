//! Importing scopes from an OpenAPI document.

use crate::console::operator::apis::{PAGE, filled, form, stored};
use crate::support::app::TestApp;
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

fn ticked(form: &Form) -> usize {
    form.fields.iter().filter(|(name, _)| name == "scope").count()
}

/// A document with these scopes.
fn document(scopes: impl Iterator<Item = (String, String)>) -> String {
    let scopes: Map<String, Value> = scopes.map(|(name, words)| (name, json!(words))).collect();
    json!({ "components": { "securitySchemes": {
        "oauth": { "type": "oauth2", "flows": { "clientCredentials": { "scopes": scopes } } },
    } } })
    .to_string()
}

async fn submitted(browser: &Browser, document: &str) -> PageVisit {
    let sent = filled(browser, &format!("{PAGE}/import"), &[("document", document)]).await;
    browser.submit(&sent).await
}

#[tokio::test]
async fn scopes_of_an_openapi_document_are_imported_after_a_review() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let flow = json!({ "tokenUrl": "https://x.example/token", "scopes": {
        "orders:read": "See orders", "orders:write": "", "orders:cancel": "Cancel orders", "x:y": "X",
    } });
    let document = json!({ "openapi": "3.1.0", "components": { "securitySchemes": {
        "oauth": { "type": "oauth2", "flows": { "clientCredentials": flow } },
    } } });
    let path = format!("{PAGE}/import");
    for (text, words) in [
        ("openapi: 3.1.0", "has no security scheme"),
        ("{ openapi: 3.1.0 }", "has no security scheme"),
        ("{ openapi: 3.1.0", "must be JSON or YAML"),
        ("", "is required"),
        ("a: [b", "must be JSON or YAML"),
        ("a: &a [x]\nb: *a", "has YAML aliases"),
    ] {
        let sent = filled(&browser, &path, &[("document", text)]).await;
        browser.submit(&sent).await.expect(422).expect_text(words);
    }
    let sent = filled(&browser, &path, &[("document", &document.to_string())]).await;
    let review = browser.submit(&sent).await.expect(200);
    let review = review.expect_text("Now: Read orders").expect_text("Already so");
    let ticked = form(&review);
    let names: Vec<&str> =
        ticked.fields.iter().filter(|(name, _)| name == "scope").map(|(_, value)| value.as_str()).collect();
    assert_eq!(names, ["orders:cancel", "orders:read", "x:y"], "what changes nothing is not ticked");
    let mut sent = ticked.clone().with("step", "import");
    sent.fields.retain(|(_, value)| value != "x:y");
    browser.submit(&sent).await.expect(200).expect_text("Saved.");
    let scopes = stored(&latchkey, "backoffice_api").await["scopes"].clone();
    let words: Vec<(&str, &str)> = scopes
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| (scope["name"].as_str().unwrap(), scope["description"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        words,
        [("orders:read", "See orders"), ("orders:write", ""), ("orders:cancel", "Cancel orders")]
    );
    let again = browser.submit(&sent).await.expect(412).expect_text("Nothing was saved.");
    let kept = form(&again).fields.into_iter().filter(|(name, _)| name == "scope");
    assert_eq!(kept.map(|(_, value)| value).collect::<Vec<_>>(), ["orders:cancel", "orders:read"]);
}

#[tokio::test]
async fn more_scopes_than_fit_are_chosen_among_and_ticks_are_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let many = document((0..900).map(|number| (format!("s:{number:03}"), format!("Scope {number}"))));
    let review = submitted(&browser, &many).await.expect(200);
    let review = review.expect_text("has 900 new scopes. This API has room for 98 of them");
    assert_eq!(ticked(&form(&review)), 0, "which ones is for a person to say");
    let tick = |form: Form, numbers: std::ops::Range<usize>| {
        numbers.fold(form.with("step", "import"), |form, number| form.and("scope", &format!("s:{number:03}")))
    };
    let visit = browser.submit(&tick(form(&review), 0..99)).await.expect(422);
    let visit = visit.expect_text("must hold at most 100 scopes");
    assert_eq!(ticked(&form(&visit)), 99, "the ticks are kept");
    let mut fewer = form(&visit).with("step", "import");
    fewer.fields.retain(|(name, value)| name != "scope" || value != "s:098");
    browser.submit(&fewer).await.expect(200).expect_text("Saved.");
    let scopes = stored(&latchkey, "backoffice_api").await["scopes"].as_array().unwrap().clone();
    assert_eq!(scopes.len(), 100);
    assert_eq!(scopes[99]["description"], "Scope 97");
}

#[tokio::test]
async fn scopes_that_cannot_be_imported_are_named_with_the_reason() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let scopes = [("two words", "x".to_owned()), ("a:long", "x".repeat(501)), ("b:c", "Fine".to_owned())];
    let scopes = scopes.into_iter().map(|(name, words)| (name.to_owned(), words));
    let visit = submitted(&browser, &document(scopes)).await.expect(200).expect_text("Left out");
    let visit = visit.expect_text("two words: must be 1 to 128 printable ASCII characters");
    visit.expect_text("a:long, without its description: must be at most 500 characters long");
    let only = document([("a b".to_owned(), String::new())].into_iter());
    let visit = submitted(&browser, &only).await.expect(200).expect_text("a b: must be");
    assert!(form(&visit).buttons.iter().all(|(_, value)| value != "import"), "there is nothing to import");
}

#[tokio::test]
async fn document_is_measured_as_it_is_typed() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let scope = || [("a:b".to_owned(), "Fine".to_owned())].into_iter();
    // Spaces and quotes are three bytes each in a form.
    let padded =
        |bytes: usize| format!("{}{}", document(scope()), " ".repeat(bytes - document(scope()).len()));
    submitted(&browser, &padded(200_000)).await.expect(200).expect_text("a:b");
    let yaml = format!("# {}\n", "\"{}\" ".repeat(50_000));
    submitted(&browser, &yaml).await.expect(422).expect_text("has no security scheme");
    let visit = submitted(&browser, &padded(1_000_001)).await.expect(422);
    visit.expect_text("has 1000 KB, and at most 1000 KB are read");
    let crowd = document((0..1_001).map(|number| (format!("s{number}"), String::new())));
    submitted(&browser, &crowd).await.expect(422).expect_text("has 1001 scopes, and at most 1000 are read");
}

#[tokio::test]
async fn document_can_be_a_file_of_a_megabyte() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let page = form(&browser.get(&format!("{PAGE}/import")).await.expect(200));
    let text = document((0..3).map(|number| (format!("f:{number}"), String::new())));
    let text = format!("{text}{}", " ".repeat(999_000 - text.len()));
    let mut body = String::new();
    for (name, value) in page.fields.iter().chain([&("step".to_owned(), "review".to_owned())]) {
        if name != "file" {
            write!(body, "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .unwrap();
        }
    }
    write!(
        body,
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"api.json\"\r\n\r\n{text}\r\n--b--\r\n"
    )
    .unwrap();
    let request = browser.request("POST", &page.action).header("sec-fetch-site", "same-origin");
    let request = request.body("multipart/form-data; boundary=b", body);
    let response = browser.send(request).await.expect(200);
    assert_eq!(response.text().matches("name=\"scope\"").count(), 3);
}
