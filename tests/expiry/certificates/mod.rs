//! Certificates that end.

mod changes;
mod events;
mod notices;

use crate::support::app::TestApp;
use crate::support::crypto::certificates::CertificateFixture;
use crate::support::fixtures::ACCOUNT;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde_json::{Value, json};

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl TestApp {
    /// So many days from today.
    fn date_in(&self, days: i64) -> Date {
        self.now().to_zoned(TimeZone::UTC).date().checked_add(days.days()).unwrap()
    }

    /// Six o'clock of today, so that the hour at which the test runs makes no difference.
    fn go_to_morning(&mut self) {
        let six = self.date_in(0).at(6, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        self.set_time(six.timestamp());
    }

    /// A client of [`ACCOUNT`] that has this certificate and, unless `members` say otherwise, nothing else.
    async fn certified_client(&self, pem: &str, members: &Value) -> String {
        let mut body = json!({
            "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt",
            "permissions": [{ "resource": "backoffice_api" }], "public_key_pem": pem,
        });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        self.admin_request("POST", &path).await.json(&body).send().await.expect(201).string("client_id")
    }

    async fn patch_client(&self, client_id: &str, members: &Value) {
        self.admin_request("PATCH", &path(client_id)).await.json(members).send().await.expect(200);
    }

    /// What is remembered to have been said about the client's certificate.
    async fn certificate_said(&self, client_id: &str) -> bool {
        let items = self.partition(&format!("CLIENT#{client_id}")).await;
        let client = items.iter().find(|item| item["sk"].as_s().unwrap() == "CLIENT").unwrap();
        client.contains_key("certificate_said")
    }
}

fn path(client_id: &str) -> String {
    format!("/v1/accounts/{ACCOUNT}/clients/{client_id}")
}

/// In the morning, a latchkey with a holder at this domain, and a client whose only credential is a certificate that ends
/// 40 days after last midnight: the rungs are reached at the midnights of days 26, 33 and 39.
async fn app_with_certificate(domain: &str) -> (TestApp, String, CertificateFixture) {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.go_to_morning();
    latchkey.manager(ACCOUNT, &format!("ann@{domain}")).await;
    let certified = CertificateFixture::until(latchkey.date_in(40));
    let client = latchkey.certified_client(&certified.pem, &json!({})).await;
    (latchkey, client, certified)
}
