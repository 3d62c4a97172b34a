//! Sign-ins and authorization codes that an earlier version has stored.

use super::fixture::Upgraded;
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::{Form, PageVisit};

/// A sign-in in the browser that has started it.
struct StoredSignIn<'a> {
    upgraded: &'a Upgraded,
    path: String,
    cookie: &'a str,
}

impl<'a> StoredSignIn<'a> {
    fn at_step(upgraded: &'a Upgraded, step: &str) -> Self {
        let id = upgraded.text(&format!("/sign_ins/{step}/sign_in_id"));
        let cookie = upgraded.text(&format!("/sign_ins/{step}/cookie"));
        Self { upgraded, path: format!("/oauth/authorize/{id}"), cookie }
    }

    async fn get(&self) -> PageVisit {
        let request = self.upgraded.app.request("GET", &self.path).header("cookie", self.cookie);
        PageVisit { at: self.path.clone(), response: request.send().await }
    }

    async fn post(&self, form: &Form) -> TestResponse {
        let request = self.upgraded.app.request("POST", &form.action).header("cookie", self.cookie);
        request.header("sec-fetch-site", "same-origin").form(&form.body()).send().await.expect(303)
    }
}

/// The code in a redirect to the client.
#[track_caller]
fn code_of(response: &TestResponse) -> String {
    let location = response.header("location");
    let code = location.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="));
    code.unwrap_or_else(|| panic!("no code in {location}")).to_owned()
}

#[tokio::test]
async fn sign_in_continues_at_every_step() {
    let upgraded = Upgraded::from_v0_1_0().await;
    for step in ["identify", "upstream", "upstream_failed", "stranger", "email_code", "consent"] {
        StoredSignIn::at_step(&upgraded, step).get().await.expect(200);
    }
    let completed = StoredSignIn::at_step(&upgraded, "over").get().await;
    assert!(completed.response.status.is_client_error(), "{}", completed.response.status);

    let started = StoredSignIn::at_step(&upgraded, "identify");
    let form = started.get().await.form("/email").with("email", "ann@acme.example");
    started.post(&form).await;

    // This client has the member's consent already, so that the code is issued at once.
    let emailed = StoredSignIn::at_step(&upgraded, "email_code");
    let form = emailed.get().await.form("/code").with("code", upgraded.text("/sign_ins/email_code/code"));
    code_of(&emailed.post(&form).await);

    let asked = StoredSignIn::at_step(&upgraded, "consent");
    let form = asked.get().await.form("/consent").with("decision", "allow");
    code_of(&asked.post(&form).await);
    upgraded.assert_attributes_kept().await;
}

#[tokio::test]
async fn authorization_codes_are_redeemed_once() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let form = |code: &str| {
        format!(
            "grant_type=authorization_code&client_id=order-board&code={code}&code_verifier={}&redirect_uri={}",
            upgraded.text("/code_verifier"),
            "https%3A%2F%2Fapp.example.com%2Fcallback",
        )
    };
    let redeem =
        async |code: &str| upgraded.app.request("POST", "/oauth/token").form(&form(code)).send().await;
    let unredeemed = upgraded.text("/unredeemed_code");
    redeem(unredeemed).await.expect(200);
    redeem(unredeemed).await.expect(400);
    redeem(upgraded.text("/redeemed_code")).await.expect(400);
    upgraded.assert_attributes_kept().await;
}
