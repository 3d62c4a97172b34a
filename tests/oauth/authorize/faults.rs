//! Steps of a sign-in while an AWS call fails: a page with status 503, never a code; afterwards the same step works.

use crate::support::app::TestApp;
use crate::support::fault_injection::FAULTS;
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario};
use crate::support::fixtures::TestClient;
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::{Browser, Form, page_text};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use ::authorize::{AuthorizeState, ResponseTiming};
use std::sync::Arc;

/// The AWS calls of each step: the step, the operation, and the number of calls of the same operation before it.
type Site = (&'static str, &'static str, usize);
const START: [Site; 5] = [
    ("start", "Query", 0),
    ("start", "Query", 1),
    ("start", "GetItem", 0),
    ("start", "UpdateItem", 0),
    ("start", "PutItem", 0),
];
const SHOW: [Site; 4] =
    [("show", "GetItem", 0), ("show", "Query", 0), ("show", "Query", 1), ("show", "GetItem", 1)];
const EMAIL: [Site; 9] = [
    ("email", "GetItem", 0),
    ("email", "UpdateItem", 0),
    ("email", "UpdateItem", 2),
    ("email", "GetSecretValue", 0),
    ("email", "GetItem", 1),
    ("email", "GetItem", 2),
    ("email", "GetItem", 3),
    ("email", "UpdateItem", 4),
    ("email", "PutItem", 0),
];
const CODE: [Site; 7] = [
    ("code", "GetItem", 0),
    ("code", "GetSecretValue", 0),
    ("code", "PutItem", 0),
    ("code", "GetItem", 1),
    ("code", "GetItem", 2),
    ("code", "GetItem", 3),
    ("code", "PutItem", 2),
];
const CONSENT: [Site; 4] = [
    ("consent", "GetItem", 0),
    ("consent", "GetItem", 1),
    ("consent", "GetItem", 2),
    ("consent", "TransactWriteItems", 0),
];

/// A browser at the instance of a case.
fn browser_of(case: &FaultCase) -> Browser {
    let state = AuthorizeState::new(Arc::clone(&case.app), &case.aws, ResponseTiming::Immediate);
    Browser::from_router(::authorize::router(Arc::new(state)))
}

#[track_caller]
fn assert_unavailable(response: &TestResponse, case: &FaultCase) {
    assert_eq!(response.status, 503, "{case}: {}", page_text(&response.text()));
    assert_eq!((response.header("retry-after"), response.header("location")), ("2", ""), "{case}");
    assert!(page_text(&response.text()).contains("Something is out of order"), "{case}");
}

/// The authorization request.
struct Start {
    latchkey: Arc<TestApp>,
    request: AuthorizeRequest,
}

impl FaultScenario for Start {
    type Prepared = Browser;

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Browser {
        browser_of(case)
    }

    async fn act(&self, browser: &Browser) -> TestResponse {
        browser.send(browser.request("GET", &self.request.path())).await
    }

    async fn check_rejected(&self, case: &FaultCase, browser: &Browser, response: TestResponse) {
        assert_unavailable(&response, case);
        assert_eq!(browser.cookies(), "", "{case}");
    }

    async fn check_recovered(&self, _: &FaultCase, browser: &Browser, response: TestResponse) {
        browser.get(response.expect(303).header("location")).await.expect(200);
    }
}

/// The page of a sign-in that was started elsewhere.
struct Show {
    latchkey: Arc<TestApp>,
    request: AuthorizeRequest,
}

impl FaultScenario for Show {
    /// A browser at the case's instance, the page's path and the cookies.
    type Prepared = (Browser, String, String);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Self::Prepared {
        let healthy = Browser::new(&self.latchkey);
        let page = healthy.get(&self.request.path()).await.expect(200);
        (browser_of(case), page.at, healthy.cookies())
    }

    async fn act(&self, (browser, path, cookies): &Self::Prepared) -> TestResponse {
        browser.send(browser.request("GET", path).header("cookie", cookies)).await
    }

    async fn check_rejected(&self, case: &FaultCase, _: &Self::Prepared, response: TestResponse) {
        assert_unavailable(&response, case);
    }

    async fn check_recovered(&self, _: &FaultCase, _: &Self::Prepared, response: TestResponse) {
        response.expect(200);
    }
}

#[tokio::test]
async fn sign_in_can_be_started_after_each_fault() {
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let request = AuthorizeRequest::of(&latchkey.fixtures().sign_in_client().await);
    FaultMatrix::new(START).run(Start { latchkey: Arc::clone(&latchkey), request: request.clone() }).await;
    FaultMatrix::new(SHOW).run(Show { latchkey, request }).await;
}

/// A form of a sign-in, posted by a member of its own for each case.
struct PostForm {
    latchkey: Arc<TestApp>,
    client: TestClient,
    emails: Vec<String>,
}

struct PreparedForm {
    email: String,
    /// The browser in which the sign-in was started, at an instance without faults.
    healthy: Browser,
    path: String,
    form: Form,
    /// The browser that posts the form to the case's instance.
    browser: Browser,
}

impl PostForm {
    /// Members for so many cases.
    async fn new(cases: usize) -> Self {
        let latchkey = Arc::new(TestApp::with_fixtures().await);
        let client = latchkey.fixtures().sign_in_client().await;
        let mut emails = Vec::new();
        for number in 0..cases {
            emails.push(latchkey.fixtures().member(&format!("ann{number}")).await);
        }
        Self { latchkey, client, emails }
    }
}

impl FaultScenario for PostForm {
    type Prepared = PreparedForm;

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> PreparedForm {
        let (email, request) = (self.emails[case.number].clone(), AuthorizeRequest::of(&self.client));
        // A network of its own for each case, so that no limit is reached.
        let source = format!("10.{}.{}.1", case.number / 256, case.number % 256);
        let healthy = Browser::new(&self.latchkey).with_source(&source);
        let (page, form) = match case.site.purpose {
            "email" => {
                let page = healthy.get(&request.path()).await.expect(200);
                let form = page.form("/email").with("email", &email);
                (page, form)
            }
            "code" => {
                let page = healthy.request_email_code(&request, &email).await.expect(200);
                let form =
                    page.form("/code").with("code", &self.latchkey.inspect().mailed_code(&email).await);
                (page, form)
            }
            _ => {
                let page = healthy.enter_email_code(&self.latchkey, &request, &email).await.expect(200);
                let allows = |form: &Form| form.buttons.iter().any(|(_, value)| value == "allow");
                let form = page.find(allows).with("decision", "allow");
                (page, form)
            }
        };
        let browser = browser_of(case).with_source(&source);
        PreparedForm { email, healthy, path: page.at, form, browser }
    }

    async fn act(&self, prepared: &PreparedForm) -> TestResponse {
        let request = prepared.browser.request("POST", &prepared.form.action);
        let request = request.header("cookie", prepared.healthy.cookies()).form(&prepared.form.body());
        prepared.browser.send(request).await
    }

    async fn check_rejected(&self, case: &FaultCase, prepared: &PreparedForm, response: TestResponse) {
        assert_unavailable(&response, case);
        if case.site.purpose == "email" {
            assert_eq!(self.latchkey.inspect().codes_mailed(&prepared.email).await, 0, "{case}");
        }
    }

    async fn check_recovered(&self, case: &FaultCase, prepared: &PreparedForm, response: TestResponse) {
        let response = response.expect(303);
        let PreparedForm { email, healthy, path, .. } = prepared;
        match case.site.purpose {
            "email" => {
                let code = self.latchkey.inspect().mailed_code(email).await;
                let page = healthy.get(path).await.expect(200);
                let page = healthy.submit(&page.form("/code").with("code", &code)).await.expect(200);
                page.expect_text("wants to act for you");
            }
            "code" => drop(healthy.get(path).await.expect(200).expect_text("wants to act for you")),
            _ => {
                // A consent whose responses were all lost has been carried out: the page leads to the client with the
                // code that it made.
                let carried_out = case.site.operation == "TransactWriteItems" && case.is_carried_out();
                assert_eq!(response.header("location").starts_with(CALLBACK), !carried_out, "{case}");
                if carried_out {
                    let (redirect_uri, params) = healthy.get(path).await.redirect_target();
                    assert!(redirect_uri == CALLBACK && params.contains_key("code"), "{case}");
                }
            }
        }
    }
}

#[tokio::test]
async fn email_can_be_submitted_after_each_fault() {
    let cases = EMAIL.len() * FAULTS.len();
    assert_eq!(FaultMatrix::new(EMAIL).run(PostForm::new(cases).await).await, cases);
}

#[tokio::test]
async fn code_and_consent_are_never_lost_to_a_fault() {
    let (codes, consents) = (CODE.len() * FAULTS.len(), CONSENT.len() * FAULTS.len());
    assert_eq!(FaultMatrix::new(CODE).run(PostForm::new(codes).await).await, codes);
    assert_eq!(FaultMatrix::new(CONSENT).run(PostForm::new(consents).await).await, consents);
}
