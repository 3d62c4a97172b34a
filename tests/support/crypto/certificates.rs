//! Certificates, as the owner of a client uploads them.

use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form};
use jiff::civil::Date;

/// A key pair and its certificate.
pub struct CertificateFixture {
    key: TestKey,
    pub pem: String,
}

impl CertificateFixture {
    /// A new key whose certificate expires at the first instant of this date (UTC).
    pub fn expiring_on(date: Date) -> Self {
        let key = TestKey::new("ES256");
        let part = |number: i8| u8::try_from(number).unwrap();
        let pem = key.certificate((i32::from(date.year()), part(date.month()), part(date.day())));
        Self { key, pem }
    }

    /// Gets a token for the client with this key.
    pub async fn authenticate(&self, latchkey: &TestApp, client_id: &str) {
        let assertion = self.key.assert(&claims(client_id, ISSUER, latchkey.now().as_second()));
        latchkey.request("POST", "/oauth/token").form(&form(&assertion)).send().await.expect(200);
    }
}
