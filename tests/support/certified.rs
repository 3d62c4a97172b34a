//! Certificates, as a client's owner would upload them.

use super::assertions::{TestKey, claims, form};
use super::house::{ISSUER, TestHouse};
use jiff::civil::Date;

/// A key pair and a certificate of it.
pub struct Certified {
    key: TestKey,
    pub pem: String,
}

impl Certified {
    /// A new key, whose certificate ends at the first instant of this date (UTC).
    pub fn until(date: Date) -> Self {
        let key = TestKey::new("ES256");
        let part = |number: i8| u8::try_from(number).unwrap();
        let pem = key.certificate((i32::from(date.year()), part(date.month()), part(date.day())));
        Self { key, pem }
    }

    /// Gets the client a token.
    pub async fn use_by(&self, house: &TestHouse, client_id: &str) {
        let assertion = self.key.assert(&claims(client_id, ISSUER, house.now().as_second()));
        house.ask("POST", "/oauth/token").form(&form(&assertion)).send().await.expect(200);
    }
}
