//! The first sign-in of an invited member while a call of AWS fails.

use super::{MEMBERS, sites};
use crate::support::app::TestApp;
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario, FaultSite};
use crate::support::fault_injection::{FAULTS, cold_start};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::{Browser, Form};
use ::authorize::{AuthorizeState, ResponseTiming};
use axum::Router;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::app::{App, AwsClients};
use std::sync::Arc;

const HOME: &str = "/console/accounts/T12345678";

fn pages(app: &Arc<App>, aws: &AwsClients) -> Router {
    let state = AuthorizeState::new(Arc::clone(app), aws, ResponseTiming::Immediate);
    ::authorize::router(Arc::new(state))
}

/// An invited person who is about to enter the code.
struct Invited {
    email: String,
    source: String,
    /// The browser that posts the form to the case's instance.
    browser: Browser,
    cookies: String,
    form: Form,
}

impl Invited {
    async fn new(latchkey: &TestApp, number: usize, router: Router) -> Self {
        let email = format!("ann{number}@{}", latchkey.mail_domain());
        let body = json!({ "email": email, "name": "Ann", "permissions": ["clients:read"], "invite": true });
        latchkey.admin_request("POST", MEMBERS).await.json(&body).send().await.expect(201);
        // A network of its own for each case, so that no limit is reached.
        let source = format!("10.{}.{}.1", number / 256, number % 256);
        let healthy = Browser::new(latchkey).with_source(&source);
        let page = healthy.get(HOME).await.expect(200);
        let page = healthy.submit(&page.form("/email").with("email", &email)).await.expect(200);
        let form = page.form("/code").with("code", &latchkey.inspect().mailed_code(&email).await);
        Self {
            email,
            browser: Browser::from_router(router).with_source(&source),
            cookies: healthy.cookies(),
            form,
            source,
        }
    }

    async fn enter_code(&self) -> TestResponse {
        let request = self.browser.request("POST", &self.form.action).header("cookie", &self.cookies);
        request.form(&self.form.body()).send().await
    }
}

fn has_session(response: &TestResponse) -> bool {
    let set = response.headers.get_all("set-cookie").iter();
    set.into_iter().any(|set| set.to_str().unwrap().starts_with("__Host-latchkey-console="))
}

/// Entering the code.
struct FirstSignIn {
    latchkey: Arc<TestApp>,
}

/// What is stored of a person.
#[derive(Debug)]
struct Stored {
    is_invited: bool,
    has_signed_in: bool,
    sessions: Vec<String>,
    /// The sessions whose beginning is in the audit trail.
    recorded: Vec<String>,
}

impl FirstSignIn {
    async fn stored(&self, email: &str) -> Stored {
        let latchkey = &self.latchkey;
        let path = format!("{MEMBERS}/{email}");
        let member = latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let audit = latchkey.server.management.app.config.tables.audit.clone();
        let entries = latchkey.inspect().items(&audit).await.into_iter();
        let entries = entries.filter(|entry| entry["action"].as_s().unwrap() == "session.started");
        let actor = |entry: &std::collections::HashMap<String, _>, name: &str| -> Option<String> {
            let value: &aws_sdk_dynamodb::types::AttributeValue = entry.get("actor")?;
            value.as_m().ok()?.get(name)?.as_s().ok().cloned()
        };
        let own = entries.filter(|entry| actor(entry, "email").as_deref() == Some(email));
        let mut recorded: Vec<String> = own.filter_map(|entry| actor(&entry, "session_id")).collect();
        let sessions = latchkey.inspect().grants("CONSOLE#").await.into_iter();
        let own = sessions.filter(|session| session["email"].as_s().unwrap() == email);
        let mut sessions: Vec<String> =
            own.map(|session| session["session_id"].as_s().unwrap().clone()).collect();
        recorded.sort();
        sessions.sort();
        Stored {
            is_invited: text(&member["invited_until"]).is_some(),
            has_signed_in: text(&member["last_signed_in_at"]).is_some(),
            sessions,
            recorded,
        }
    }
}

impl FaultScenario for FirstSignIn {
    type Prepared = Invited;

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Invited {
        Invited::new(&self.latchkey, case.number, pages(&case.app, &case.aws)).await
    }

    async fn act(&self, invited: &Invited) -> TestResponse {
        invited.enter_code().await
    }

    /// Who has joined has a session, and the audit trail says so; who has not has none of it.
    async fn check_rejected(&self, case: &FaultCase, invited: &Invited, response: TestResponse) {
        let (status, has_session) = (response.status.as_u16(), has_session(&response));
        assert!(matches!((status, has_session), (503, false) | (303, true)), "{case}: {}", response.text());
        let stored = self.stored(&invited.email).await;
        assert_eq!(stored.sessions, stored.recorded, "{case}: {stored:?}");
        assert_eq!(stored.is_invited, stored.sessions.is_empty(), "{case}: {stored:?}");
        assert_eq!(stored.is_invited, !stored.has_signed_in, "{case}: {stored:?}");
        assert!(!(has_session && stored.is_invited), "{case}: {stored:?}");
    }

    /// The same code works again, unless it has been used: then a new sign-in works.
    async fn check_recovered(&self, case: &FaultCase, invited: &Invited, response: TestResponse) {
        if !has_session(&response) {
            let browser = Browser::new(&self.latchkey).with_source(&invited.source);
            let visit = browser.sign_in_to_console(&self.latchkey, &invited.email, HOME).await;
            assert!(visit.response.status == 200 && visit.at == HOME, "{case}: {}", visit.text());
        }
        let stored = self.stored(&invited.email).await;
        assert_eq!(stored.sessions, stored.recorded, "{case}: {stored:?}");
        assert!(
            !stored.is_invited && stored.has_signed_in && !stored.sessions.is_empty(),
            "{case}: {stored:?}"
        );
    }
}

#[tokio::test]
async fn invited_member_joins_whole_or_not_at_all_while_a_store_fails() {
    let mut latchkey = Arc::new(TestApp::with_fixtures().await);
    let (app, aws, proxy) = cold_start(&latchkey).await;
    let invited = Invited::new(&latchkey, 9_999, pages(&app, &aws)).await;
    proxy.take_calls();
    assert!(has_session(&invited.enter_code().await.expect(303)));
    let sites: Vec<FaultSite> = sites("first sign-in", proxy.take_calls());
    assert!(sites.len() >= 8, "{sites:?}");
    let cases = FaultMatrix::new(sites.clone()).run(FirstSignIn { latchkey: Arc::clone(&latchkey) }).await;
    assert_eq!(cases, sites.len() * FAULTS.len());
    // No one is taken for an invited person who never came.
    let members = format!("/v1/accounts/{ACCOUNT}");
    let usage = async |latchkey: &TestApp| {
        latchkey.admin_request("GET", &members).await.send().await.expect(200).json()["usage"]["members"]
            .clone()
    };
    let latchkey = Arc::get_mut(&mut latchkey).unwrap();
    let joined = usage(latchkey).await;
    assert_eq!(joined, json!(cases + 1));
    latchkey.advance(SignedDuration::from_hours(24 * 8));
    assert_eq!(latchkey.run_job().await.cleanup_failed, 0);
    assert_eq!(usage(latchkey).await, joined);
    assert!(latchkey.inspect().partition("INVITATIONS").await.is_empty());
}
