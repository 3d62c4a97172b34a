//! While a store is out of order: a page that says so, never a code, and nothing lost.

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fault_injection::{FAULTS, cold_start, fault, is_carried_out};
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::{Browser, plain};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use ::authorize::ResponseTiming;
use std::sync::Arc;
use tokio::task::JoinSet;

/// A step of a sign-in, and the AWS calls that it makes: each operation, and how many of the same come before it.
const BEGIN: &[(&str, usize)] = &[("Query", 0), ("Query", 1), ("PutItem", 0)];
const SHOW: &[(&str, usize)] = &[("GetItem", 0), ("Query", 0), ("Query", 1)];
const ADDRESS: &[(&str, usize)] = &[
    ("GetItem", 0),
    ("UpdateItem", 0),
    ("UpdateItem", 1),
    ("GetSecretValue", 0),
    ("GetItem", 1),
    ("TransactWriteItems", 0),
];
const CODE: &[(&str, usize)] = &[
    ("GetItem", 0),
    ("GetSecretValue", 0),
    ("TransactWriteItems", 0),
    ("GetItem", 1),
    ("GetItem", 2),
    ("TransactWriteItems", 1),
];
const ALLOW: &[(&str, usize)] = &[("GetItem", 0), ("GetItem", 1), ("GetItem", 2), ("TransactWriteItems", 0)];

async fn started(latchkey: &TestApp) -> (Browser, AwsProxy) {
    let (app, aws, proxy) = cold_start(latchkey).await;
    (Browser::of(::authorize::router(app, &aws, ResponseTiming::Immediate)), proxy)
}

#[track_caller]
fn assert_undecided(answer: &TestResponse, case: &str) {
    assert_eq!(answer.status, 503, "{case}: {}", plain(&answer.text()));
    assert_eq!((answer.header("retry-after"), answer.header("location")), ("2", ""), "{case}");
    assert!(plain(&answer.text()).contains("Something is out of order"), "{case}");
}

async fn everywhere<F: Future<Output = ()> + Send + 'static>(
    sites: &'static [(&'static str, usize)],
    case: impl Fn((&'static str, usize), &'static str, usize) -> F,
) {
    let mut cases = JoinSet::new();
    for (number, site) in sites.iter().enumerate() {
        for (kind, name) in FAULTS.into_iter().enumerate() {
            cases.spawn(case(*site, name, number * FAULTS.len() + kind));
        }
    }
    while let Some(done) = cases.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn beginning_and_showing_are_503_and_work_afterwards() {
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let asking = AuthorizeRequest::of(&latchkey.authorize_state().await);
    everywhere(BEGIN, |(operation, before), name, _| {
        let (latchkey, asking) = (Arc::clone(&latchkey), asking.clone());
        async move {
            let (browser, proxy) = started(&latchkey).await;
            proxy.inject(fault(name, operation).after(before));
            let case = format!("{operation} {before} {name}");
            assert_undecided(&browser.send(browser.request("GET", &asking.path())).await, &case);
            assert_eq!(browser.cookies(), "", "{case}");
            proxy.clear();
            browser.get(&asking.path()).await.expect(200);
        }
    })
    .await;
    everywhere(SHOW, |(operation, before), name, _| {
        let (latchkey, asking) = (Arc::clone(&latchkey), asking.clone());
        async move {
            let (fresh, proxy) = started(&latchkey).await;
            let browser = Browser::new(&latchkey);
            let page = browser.get(&asking.path()).await.expect(200);
            proxy.inject(fault(name, operation).after(before));
            let ask = fresh.request("GET", &page.at).header("cookie", browser.cookies());
            assert_undecided(&fresh.send(ask).await, &format!("{operation} {before} {name}"));
            proxy.clear();
            let ask = fresh.request("GET", &page.at).header("cookie", browser.cookies());
            fresh.send(ask).await.expect(200);
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_can_be_sent_again_after_any_fault() {
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let client = latchkey.authorize_state().await;
    let mut people = Vec::new();
    for number in 0..ADDRESS.len() * FAULTS.len() {
        people.push(latchkey.member(&format!("ann{number}")).await);
    }
    let people = Arc::new(people);
    everywhere(ADDRESS, |(operation, before), name, number| {
        let (latchkey, people, asking) =
            (Arc::clone(&latchkey), Arc::clone(&people), AuthorizeRequest::of(&client));
        async move {
            let (email, case) = (&people[number], format!("{operation} {before} {name}"));
            let own = Browser::new(&latchkey).at_source(&format!("198.51.100.{number}"));
            let page = own.get(&asking.path()).await.expect(200);
            let form = page.form("/email").with("email", email);
            let (fresh, proxy) = started(&latchkey).await;
            let fresh = fresh.at_source(&format!("198.51.100.{number}"));
            proxy.inject(fault(name, operation).after(before));
            let post =
                || fresh.request("POST", &form.action).header("cookie", own.cookies()).form(&form.body());
            assert_undecided(&fresh.send(post()).await, &case);
            assert_eq!(latchkey.codes_mailed(email).await, 0, "{case}");
            proxy.clear();
            fresh.send(post()).await.expect(303);
            let code = latchkey.mailed_code(email).await;
            let page = own.get(&page.at).await.expect(200);
            let page = own.submit(&page.form("/code").with("code", &code)).await.expect(200);
            page.expect_saying("wants to act for you");
        }
    })
    .await;
}

#[tokio::test]
async fn a_right_code_and_a_yes_are_never_lost_to_a_fault() {
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let client = latchkey.authorize_state().await;
    let mut people = Vec::new();
    for number in 0..(CODE.len() + ALLOW.len()) * FAULTS.len() {
        people.push(latchkey.member(&format!("ann{number}")).await);
    }
    let people = Arc::new(people);
    everywhere(CODE, |(operation, before), name, number| {
        let (latchkey, people, asking) =
            (Arc::clone(&latchkey), Arc::clone(&people), AuthorizeRequest::of(&client));
        async move {
            let (email, case) = (&people[number], format!("{operation} {before} {name}"));
            let own = Browser::new(&latchkey).at_source(&format!("198.51.100.{number}"));
            let page = own.addressed(&asking, email).await.expect(200);
            let form = page.form("/code").with("code", &latchkey.mailed_code(email).await);
            let (fresh, proxy) = started(&latchkey).await;
            proxy.inject(fault(name, operation).after(before));
            let post =
                || fresh.request("POST", &form.action).header("cookie", own.cookies()).form(&form.body());
            assert_undecided(&fresh.send(post()).await, &case);
            proxy.clear();
            fresh.send(post()).await.expect(303);
            own.get(&page.at).await.expect(200).expect_saying("wants to act for you");
        }
    })
    .await;
    everywhere(ALLOW, |(operation, before), name, number| {
        let number = number + CODE.len() * FAULTS.len();
        let (latchkey, people, asking) =
            (Arc::clone(&latchkey), Arc::clone(&people), AuthorizeRequest::of(&client));
        async move {
            let (email, case) = (&people[number], format!("{operation} {before} {name}"));
            let own = Browser::new(&latchkey).at_source(&format!("198.51.101.{number}"));
            let page = own.identified(&latchkey, &asking, email).await.expect(200);
            let yes = |form: &crate::support::sign_in::browser::Form| {
                form.buttons.iter().any(|(_, value)| value == "allow")
            };
            let form = page.find(yes).with("decision", "allow");
            let (fresh, proxy) = started(&latchkey).await;
            proxy.inject(fault(name, operation).after(before));
            let post =
                || fresh.request("POST", &form.action).header("cookie", own.cookies()).form(&form.body());
            assert_undecided(&fresh.send(post()).await, &case);
            proxy.clear();
            let answer = fresh.send(post()).await.expect(303);
            // A yes whose answer got lost for good has been carried out: nobody knows that code, and it says so.
            let carried_out = operation == "TransactWriteItems" && is_carried_out(name);
            assert_eq!(answer.header("location").starts_with(CALLBACK), !carried_out, "{case}");
        }
    })
    .await;
}
