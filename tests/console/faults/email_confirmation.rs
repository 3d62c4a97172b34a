//! The confirmation of a member's new address while a call of AWS fails.

use super::{MEMBERS, call_sites, router};
use crate::support::app::{ISSUER, TestApp};
use crate::support::emails::emails_to;
use crate::support::fault_injection::FAULTS;
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::{TestRequest, TestResponse};
use axum::Router;
use serde_json::{Value, json};
use std::sync::Arc;

/// A member who is to have another address.
struct Moving {
    router: Router,
    old: String,
    new: String,
    sub: Value,
    link: String,
}

impl Moving {
    async fn new(latchkey: &TestApp, name: &str, router: Router) -> Self {
        let old = latchkey.fixtures().member_with(ACCOUNT, name, &["clients:read"]).await;
        let new = format!("new-{name}@{}", latchkey.mail_domain());
        let path = format!("{MEMBERS}/{old}");
        let body = json!({ "email": new });
        let member = latchkey.admin_request("PATCH", &path).await.json(&body).send().await.expect(200).json();
        let mails = emails_to(&latchkey.mail_domain()).await;
        let mail = mails.iter().find(|mail| mail.to == [new.as_str()]).expect("an email");
        let link = mail.text.split(&format!("{ISSUER}/console/email/")).nth(1).expect("a link");
        let link = format!("/console/email/{}", link.split_whitespace().next().unwrap());
        Self { router, old, new, sub: member["sub"].clone(), link }
    }

    async fn look(&self) -> TestResponse {
        TestRequest::new(self.router.clone(), "GET", &self.link).send().await
    }

    async fn of(latchkey: &TestApp, case: &FaultCase) -> Self {
        Self::new(latchkey, &format!("ann{}", case.number), router(&case.app, &case.aws)).await
    }

    async fn confirm(&self) -> TestResponse {
        TestRequest::new(self.router.clone(), "POST", &self.link).form("").send().await
    }
}

/// The page of the link.
struct Look {
    latchkey: Arc<TestApp>,
}

impl FaultScenario for Look {
    type Prepared = Moving;

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Moving {
        Moving::of(&self.latchkey, case).await
    }

    async fn act(&self, moving: &Moving) -> TestResponse {
        moving.look().await
    }

    async fn check_rejected(&self, case: &FaultCase, _: &Moving, response: TestResponse) {
        assert_eq!(response.status, 503, "{case}: {}", response.text());
    }

    async fn check_recovered(&self, case: &FaultCase, moving: &Moving, response: TestResponse) {
        assert!(
            response.status == 200 && response.text().contains(&moving.new),
            "{case}: {}",
            response.text()
        );
    }
}

/// The press of its button.
struct Confirmation {
    latchkey: Arc<TestApp>,
}

impl Confirmation {
    /// The address that the member has, after a check that the trail tells of it and that there is no other.
    async fn address(&self, case: &FaultCase, moving: &Moving) -> String {
        let request = async |path: String| self.latchkey.admin_request("GET", &path).await.send().await;
        let known = [&moving.old, &moving.new];
        let mut found = Vec::new();
        for email in known {
            let response = request(format!("{MEMBERS}/{email}")).await;
            if response.status == 200 {
                assert_eq!(response.json()["sub"], moving.sub, "{case}");
                found.push(email.clone());
            }
        }
        let [email] = <[String; 1]>::try_from(found).unwrap_or_else(|found| panic!("{case}: {found:?}"));
        let trail =
            request(format!("/v1/accounts/{ACCOUNT}/audit?actor={}", moving.new)).await.expect(200).json();
        let entries = trail["items"].as_array().unwrap().iter();
        let moves = entries.filter(|entry| entry["action"] == "member.email_changed").count();
        assert_eq!(moves, usize::from(email == moving.new), "{case}: {trail}");
        email
    }

    async fn notices(&self, moving: &Moving) -> usize {
        let mails = emails_to(&self.latchkey.mail_domain()).await;
        mails.iter().filter(|mail| mail.to == [moving.old.as_str()]).count()
    }
}

impl FaultScenario for Confirmation {
    type Prepared = Moving;

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Moving {
        Moving::of(&self.latchkey, case).await
    }

    async fn act(&self, moving: &Moving) -> TestResponse {
        moving.confirm().await
    }

    async fn check_rejected(&self, case: &FaultCase, moving: &Moving, response: TestResponse) {
        let address = self.address(case, moving).await;
        match response.status.as_u16() {
            303 => assert_eq!(address, moving.new, "{case}"),
            503 => assert!(address == moving.old || case.is_carried_out(), "{case}: {address}"),
            _ => panic!("{case}: {}", response.text()),
        }
    }

    /// Whoever presses the button again after a failure is told that the address is confirmed, and the former mailbox gets to
    /// know it.
    async fn check_recovered(&self, case: &FaultCase, moving: &Moving, response: TestResponse) {
        assert_eq!(self.address(case, moving).await, moving.new, "{case}");
        let (status, notices) = (response.status.as_u16(), self.notices(moving).await);
        // Where the first attempt was answered, the link may have done its work.
        assert!(status == 303 || (status == 410 && notices > 0), "{case}: {status}, {notices} notices");
        // A notice of which nothing is known is sent again.
        let is_unknown = ["SendRawEmail", "UpdateItem"].contains(&case.site.operation);
        assert!(notices == 1 || (is_unknown && notices > 0), "{case}: {notices} notices");
    }
}

#[tokio::test]
async fn new_address_is_confirmed_once_and_whole_while_a_store_fails() {
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let sites = call_sites(&latchkey, async |router| {
        Moving::new(&latchkey, "ann", router).await.confirm().await.expect(303)
    });
    let sites = sites.await;
    assert!(sites.len() >= 4, "{sites:?}");
    let cases = FaultMatrix::new(sites.clone()).run(Confirmation { latchkey }).await;
    assert_eq!(cases, sites.len() * FAULTS.len());
}

#[tokio::test]
async fn page_of_a_new_address_is_back_after_each_fault() {
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let sites = call_sites(&latchkey, async |router| {
        Moving::new(&latchkey, "ann", router).await.look().await.expect(200)
    });
    let sites = sites.await;
    let cases = FaultMatrix::new(sites.clone()).run(Look { latchkey }).await;
    assert_eq!(cases, sites.len() * FAULTS.len());
}
