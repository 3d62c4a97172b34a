//! Each person on each route.

use crate::console::access::people::{OTHER_ACCOUNT, Person};
use crate::console::access::routes::{Needs, fields, filled_in, table};
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::page_text;
use serde_json::json;

/// What a route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// It leads to the sign-in.
    SignIn,
    /// The session has ended.
    SessionEnded,
    /// Nothing is here.
    NotFound,
    /// The right is missing.
    Lacks(&'static str),
    /// It does, or complains about, what was sent.
    Served,
}

fn expected(person: Person, needs: Needs, is_form: bool) -> Answer {
    match needs {
        Needs::KnownPath => Answer::NotFound,
        Needs::NoMethod | Needs::Nothing | Needs::SessionToEnd => Answer::Served,
        _ if person == Person::SignedOut && is_form => Answer::SessionEnded,
        _ if person == Person::SignedOut => Answer::SignIn,
        Needs::Session => Answer::Served,
        Needs::Operator if person != Person::Operator => Answer::NotFound,
        _ if person == Person::MemberOfAnotherAccount => Answer::NotFound,
        Needs::Membership if !person.is_member() => Answer::NotFound,
        Needs::Scope(scope) if !person.scopes().contains(&scope) => Answer::Lacks(scope),
        Needs::Membership | Needs::Scope(_) | Needs::Reader | Needs::Operator => Answer::Served,
    }
}

#[track_caller]
fn check(response: &TestResponse, answer: Answer, case: &str) {
    let (status, text) = (response.status.as_u16(), page_text(&response.text()));
    let leads_to_sign_in = response.header("location").starts_with("/console/sign-in?to=");
    let is_right = match answer {
        Answer::SignIn => status == 303 && leads_to_sign_in,
        Answer::SessionEnded => status == 401 && text.contains("Your session has ended"),
        Answer::NotFound => status == 404 && text.contains("Nothing is here"),
        Answer::Lacks(scope) => {
            let is_in_frame = text.contains("Change account") && text.contains("Signed in as");
            status == 403 && text.contains(&format!("It needs the right {scope}")) && is_in_frame
        }
        Answer::Served => {
            matches!(status, 200 | 302 | 303 | 400 | 409 | 410 | 412 | 422) && !leads_to_sign_in
        }
    };
    assert!(
        is_right,
        "{case}: {answer:?} is expected, not {status}, {:?}: {text}",
        response.header("location")
    );
}

#[tokio::test]
async fn each_person_gets_where_their_rights_lead_and_another_account_is_not_there() {
    // Each form has a client of its own.
    let latchkey = TestApp::with_config(|config| config.account_limits.clients = 2_000).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().account(OTHER_ACCOUNT).await;
    let template = json!({ "template_id": "plain", "title": "Plain", "asked": ["client_name"] });
    latchkey.admin_request("POST", "/v1/templates").await.json(&template).send().await.expect(201);
    let many = json!({ "limits": { "clients": 10_000 } });
    latchkey
        .admin_request("PATCH", &format!("/v1/accounts/{ACCOUNT}"))
        .await
        .json(&many)
        .send()
        .await
        .expect(200);
    let mut number = 0;
    for person in Person::ALL {
        let browser = person.browser(&latchkey).await;
        let seen = latchkey.fixtures().client().await;
        // Signing out comes last.
        let (last, rows): (Vec<_>, Vec<_>) =
            table().into_iter().partition(|(route, ..)| route == "/console/sign-out");
        for (route, get, post) in rows.into_iter().chain(last) {
            if get != Needs::NoMethod {
                let request = browser.request("GET", &filled_in(&route, &seen));
                check(
                    &request.send().await,
                    expected(person, get, false),
                    &format!("{person:?} GET {route}"),
                );
            }
            if post != Needs::NoMethod {
                number += 1;
                let changed = latchkey.fixtures().client().await;
                let response =
                    browser.send_form(&filled_in(&route, &changed), &fields(number, &changed)).await;
                check(&response, expected(person, post, true), &format!("{person:?} POST {route}"));
            }
        }
    }
}

/// The page of an error in one's own account has the account, its pages, and who one is.
#[track_caller]
fn check_frame(response: &TestResponse, case: &str) {
    let html = response.text();
    let account = format!("href=\"/console/accounts/{ACCOUNT}/members\"");
    let parts = [account.as_str(), "Signed in as", "Change account", "action=\"/console/sign-out\""];
    assert!(parts.iter().all(|part| html.contains(part)), "{case}: {html}");
}

#[tokio::test]
async fn client_of_another_account_is_not_found_below_ones_own_account() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account(OTHER_ACCOUNT).await;
    let foreign = latchkey.fixtures().client_with(OTHER_ACCOUNT, &json!({})).await;
    let unknown = TestClient { client_id: "lk_unknown".into(), ..foreign.clone() };
    let stored =
        async || latchkey.admin_request("GET", &foreign.path()).await.send().await.expect(200).json();
    let before = stored().await;
    let browser = Person::Administrator.browser(&latchkey).await;
    let mut number = 0;
    for (route, get, post) in table().into_iter().filter(|(route, ..)| route.contains("{client_id}")) {
        for client in [&foreign, &unknown] {
            let path = filled_in(&route, client);
            if get != Needs::NoMethod {
                let response = browser.request("GET", &path).send().await;
                check(&response, Answer::NotFound, &format!("GET {route}"));
                check_frame(&response, &format!("GET {route}"));
            }
            if post != Needs::NoMethod {
                number += 1;
                let response = browser.send_form(&path, &fields(number, client)).await;
                check(&response, Answer::NotFound, &format!("POST {route}"));
                check_frame(&response, &format!("POST {route}"));
            }
        }
    }
    assert_eq!(stored().await, before);
}
