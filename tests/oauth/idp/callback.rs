//! The callback from the provider: code exchange, ID token, userinfo.

use crate::oauth::idp::{
    ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, CODE, HOST, ISSUER, IdpFixture, REDIRECT_URI, decided,
};
use crate::support::crypto::assertions::TestKey;
use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use shared::domain::sign_in::idp_error::IdpError;
use shared::domain::sign_in::standard_claims::UnverifiedEmailPolicy;

/// The parameters of a form, in order.
fn pairs(form: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("https://form.example/?{form}")).unwrap();
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn code_is_exchanged_for_the_id_token_identity() {
    let fixture = IdpFixture::new().await;
    let identity = fixture.sign_in(|_| {}).await.unwrap();
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (ISSUER, "ann"));
    assert_eq!(identity.email.as_str(), "ann@acme.example");
    assert_eq!(identity.name.unwrap().as_str(), "Ann");
    assert_eq!(fixture.requested(), ["/.well-known/openid-configuration", "/token", "/keys"]);
}

#[tokio::test]
async fn rsa_numbers_with_leading_zeros_are_read() {
    let fixture = IdpFixture::with(UnverifiedEmailPolicy::Refuse, TestKey::new("RS256").named("k")).await;
    fixture.internet.publish(HOST, "/keys", &json!({ "keys": [fixture.key.padded_jwk()] }));
    assert_eq!(fixture.sign_in(|_| {}).await.unwrap().subject.as_str(), "ann");
}

#[tokio::test]
async fn at_hash_is_verified_for_each_algorithm() {
    for (alg, function) in [
        ("RS256", &SHA256),
        ("PS256", &SHA256),
        ("ES256", &SHA256),
        ("ES384", &SHA384),
        ("EdDSA", &SHA512),
        ("Ed25519", &SHA512),
    ] {
        let fixture = IdpFixture::with(UnverifiedEmailPolicy::Refuse, TestKey::new(alg).named("k")).await;
        let whole = digest(function, ACCESS_TOKEN.as_bytes());
        let half = |range| URL_SAFE_NO_PAD.encode(&whole.as_ref()[range]);
        let middle = whole.as_ref().len() / 2;
        let result = fixture.sign_in(|claims| claims["at_hash"] = half(0..middle).into()).await;
        assert!(decided(result).is_ok(), "{alg}");
        let result = fixture.sign_in(|claims| claims["at_hash"] = half(middle..2 * middle).into()).await;
        assert_eq!(decided(result), Err(IdpError::WrongAccessToken), "{alg}");
    }
}

#[tokio::test]
async fn code_exchange_authenticates_as_announced() {
    let fixture = IdpFixture::new().await;
    let common = |verifier: &Value| {
        let verifier = verifier.as_str().unwrap();
        [
            ("grant_type", "authorization_code"),
            ("code", CODE),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", verifier),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    };
    let started = fixture.start_sign_in().await;
    fixture.exchange_for(&fixture.key.assert(&fixture.claims(&started)));
    fixture.callback(&started).await.unwrap();
    let stored = serde_json::to_value(&started.redirect.pending).unwrap();
    assert_eq!(pairs(&fixture.internet.forms(HOST)[0]), common(&stored["pkce_verifier"]));
    let basic = STANDARD.encode(format!("{CLIENT_ID}:pr0vider%27s%2Bs3cret"));
    let head = &fixture.internet.requests(HOST)[1];
    assert!(head.contains(&format!("\r\nauthorization: Basic {basic}\r\n")), "{head}");

    let with_post = IdpFixture::new().await;
    with_post.set_metadata("token_endpoint_auth_methods_supported", json!(["client_secret_post"]));
    let started = with_post.start_sign_in().await;
    with_post.exchange_for(&with_post.key.assert(&with_post.claims(&started)));
    with_post.callback(&started).await.unwrap();
    let stored = serde_json::to_value(&started.redirect.pending).unwrap();
    let mut expected = common(&stored["pkce_verifier"]);
    expected.push(("client_id".to_owned(), CLIENT_ID.to_owned()));
    expected.push(("client_secret".to_owned(), CLIENT_SECRET.to_owned()));
    assert_eq!(pairs(&with_post.internet.forms(HOST)[0]), expected);
    assert!(!with_post.internet.requests(HOST)[1].contains("authorization"));
}

#[tokio::test]
async fn missing_email_is_read_from_userinfo() {
    let fixture = IdpFixture::new().await;
    let userinfo =
        json!({ "sub": "ann", "email": "ann@acme.example", "email_verified": "true", "name": "Ann A." });
    fixture.internet.publish(HOST, "/userinfo", &userinfo);
    let without_email = |claims: &mut Value| claims["email"] = Value::Null;
    let identity = fixture.sign_in(without_email).await.unwrap();
    assert_eq!(identity.email.as_str(), "ann@acme.example");
    assert_eq!(identity.name.unwrap().as_str(), "Ann A.");
    let requested = fixture.requested();
    assert_eq!(requested.last().unwrap(), "/userinfo");
    let requests = fixture.internet.requests(HOST);
    assert!(requests.last().unwrap().contains(&format!("\r\nauthorization: Bearer {ACCESS_TOKEN}\r\n")));
}

#[tokio::test]
async fn unverified_email_is_accepted_only_by_policy() {
    let accepting = IdpFixture::with(UnverifiedEmailPolicy::Accept, TestKey::new("RS256").named("k")).await;
    let without_email_verified = |claims: &mut Value| {
        claims.as_object_mut().unwrap().remove("email_verified");
    };
    let identity = accepting.sign_in(without_email_verified).await.unwrap();
    assert_eq!(identity.email.as_str(), "ann@acme.example");
    let denied = accepting.sign_in(|claims| claims["email_verified"] = false.into()).await;
    assert_eq!(decided(denied), Err(IdpError::EmailNotVerified));
    let rejecting = IdpFixture::new().await;
    assert_eq!(decided(rejecting.sign_in(without_email_verified).await), Err(IdpError::EmailNotVerified));
}
