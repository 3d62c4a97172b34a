//! Notices of expiring certificates.

mod changes;
mod events;
mod notices;

use crate::support::app::TestApp;
use crate::support::crypto::certificates::CertificateFixture;
use crate::support::fixtures::{ACCOUNT, Fixtures};
use crate::support::inspect::Inspect;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde_json::{Value, json};

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl TestApp {
    /// The date this many days from today.
    fn date_in(&self, days: i64) -> Date {
        self.now().to_zoned(TimeZone::UTC).date().checked_add(days.days()).unwrap()
    }

    /// Sets the clock to 06:00 UTC of today, so that the test does not depend on the time of day.
    fn set_time_to_morning(&mut self) {
        let six = self.date_in(0).at(6, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        self.set_time(six.timestamp());
    }

    async fn patch_client(&self, client_id: &str, members: &Value) {
        self.admin_request("PATCH", &path(client_id)).await.json(members).send().await.expect(200);
    }
}

impl Fixtures<'_> {
    /// A client of [`ACCOUNT`] whose only credential is this certificate, unless `members` add another.
    async fn certificate_client(self, pem: &str, members: &Value) -> String {
        let mut body = json!({
            "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt",
            "permissions": [{ "resource": "backoffice_api" }], "public_key_pem": pem,
        });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        self.0.admin_request("POST", &path).await.json(&body).send().await.expect(201).string("client_id")
    }
}

impl Inspect<'_> {
    /// Whether a notice of the client's certificate is recorded.
    async fn has_certificate_notice(self, client_id: &str) -> bool {
        let items = self.partition(&format!("CLIENT#{client_id}")).await;
        let client = items.iter().find(|item| item["sk"].as_s().unwrap() == "CLIENT").unwrap();
        client.contains_key("certificate_said")
    }
}

fn path(client_id: &str) -> String {
    format!("/v1/accounts/{ACCOUNT}/clients/{client_id}")
}

/// An app at 06:00 with a manager at this mail domain, and a client whose only credential is a certificate that
/// expires 40 days after the last midnight: the reminder thresholds are reached at the midnights of days 26, 33
/// and 39.
async fn app_with_certificate(domain: &str) -> (TestApp, String, CertificateFixture) {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time_to_morning();
    latchkey.fixtures().manager(ACCOUNT, &format!("ann@{domain}")).await;
    let certificate = CertificateFixture::expiring_on(latchkey.date_in(40));
    let client = latchkey.fixtures().certificate_client(&certificate.pem, &json!({})).await;
    (latchkey, client, certificate)
}
