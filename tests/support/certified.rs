//! Certificates, as a client's owner would upload them.

use super::assertions::{claims, form};
use super::house::{ISSUER, TestHouse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};

/// A key pair and a certificate of it.
pub struct Certified {
    pair: KeyPair,
    pub pem: String,
}

impl Certified {
    /// A new key, whose certificate ends at the first instant of this date (UTC).
    pub fn until(date: Date) -> Self {
        let pair = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        let part = |number: i8| u8::try_from(number).unwrap();
        params.not_after = date_time_ymd(i32::from(date.year()), part(date.month()), part(date.day()));
        let der = STANDARD.encode(params.self_signed(&pair).unwrap().der());
        let pem = format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n");
        Self { pair, pem }
    }

    /// Gets the client a token.
    pub async fn use_by(&self, house: &TestHouse, client_id: &str) {
        let claims = claims(client_id, ISSUER, house.now().as_second());
        let key = EncodingKey::from_ec_der(self.pair.serialized_der());
        let assertion = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &key).unwrap();
        house.ask("POST", "/oauth/token").form(&form(&assertion)).send().await.expect(200);
    }
}
