//! The example for Rust in the token function's document, unchanged.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

pub fn verify(
    token: &str,
    keys: &JwkSet,
    issuer: &str,
) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let kid = decode_header(token)?.kid.ok_or("the token has no kid")?;
    let key = DecodingKey::from_jwk(keys.find(&kid).ok_or("the key is unknown: fetch the JWKS again")?)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&["https://api.example.com"]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.leeway = 30;
    Ok(decode::<serde_json::Value>(token, &key, &validation)?.claims)
}
