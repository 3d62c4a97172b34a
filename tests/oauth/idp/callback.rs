//! Who has come back.

use crate::oauth::idp::{
    ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, CODE, HOST, ISSUER, REDIRECT_URI, SigningIn,
};
use crate::support::crypto::assertions::TestKey;
use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use shared::domain::sign_in::idp_error::IdpError;
use shared::domain::sign_in::standard_claims::UnverifiedEmailPolicy;

/// The parameters of a form, in their order.
fn pairs(form: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("https://form.example/?{form}")).unwrap();
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn whoever_comes_back_with_a_code_is_who_the_id_token_says() {
    let signing_in = SigningIn::new().await;
    let identity = signing_in.sign_in(|_| {}).await.unwrap().unwrap();
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (ISSUER, "ann"));
    assert_eq!(identity.email.as_str(), "ann@acme.example");
    assert_eq!(identity.name.unwrap().as_str(), "Ann");
    assert_eq!(signing_in.requested(), ["/.well-known/openid-configuration", "/token", "/keys"]);
}

#[tokio::test]
async fn each_algorithm_is_verified_with_the_hash_of_the_access_token_that_goes_with_it() {
    for (alg, function) in [
        ("RS256", &SHA256),
        ("PS256", &SHA256),
        ("ES256", &SHA256),
        ("ES384", &SHA384),
        ("EdDSA", &SHA512),
        ("Ed25519", &SHA512),
    ] {
        let signing_in = SigningIn::with(UnverifiedEmailPolicy::Refuse, TestKey::new(alg).named("k")).await;
        let whole = digest(function, ACCESS_TOKEN.as_bytes());
        let half = |range| URL_SAFE_NO_PAD.encode(&whole.as_ref()[range]);
        let middle = whole.as_ref().len() / 2;
        let arrived = signing_in.sign_in(|claims| claims["at_hash"] = half(0..middle).into()).await;
        assert!(arrived.unwrap().is_ok(), "{alg}");
        let arrived = signing_in.sign_in(|claims| claims["at_hash"] = half(middle..2 * middle).into()).await;
        assert_eq!(arrived.unwrap(), Err(IdpError::WrongAccessToken), "{alg}");
    }
}

#[tokio::test]
async fn the_code_is_exchanged_with_its_verifier_by_http_basic_or_as_announced() {
    let signing_in = SigningIn::new().await;
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
    let traveller = signing_in.set_out().await;
    signing_in.exchange_for(&signing_in.key.assert(&signing_in.claims(&traveller)));
    signing_in.arrive(&traveller).await.unwrap().unwrap();
    let kept = serde_json::to_value(&traveller.departure.pending).unwrap();
    assert_eq!(pairs(&signing_in.outside.forms(HOST)[0]), common(&kept["pkce_verifier"]));
    let basic = STANDARD.encode(format!("{CLIENT_ID}:pr0vider%27s%2Bs3cret"));
    let head = &signing_in.outside.requests(HOST)[1];
    assert!(head.contains(&format!("\r\nauthorization: Basic {basic}\r\n")), "{head}");

    let posting = SigningIn::new().await;
    posting.describe("token_endpoint_auth_methods_supported", json!(["client_secret_post"]));
    let traveller = posting.set_out().await;
    posting.exchange_for(&posting.key.assert(&posting.claims(&traveller)));
    posting.arrive(&traveller).await.unwrap().unwrap();
    let kept = serde_json::to_value(&traveller.departure.pending).unwrap();
    let mut expected = common(&kept["pkce_verifier"]);
    expected.push(("client_id".to_owned(), CLIENT_ID.to_owned()));
    expected.push(("client_secret".to_owned(), CLIENT_SECRET.to_owned()));
    assert_eq!(pairs(&posting.outside.forms(HOST)[0]), expected);
    assert!(!posting.outside.requests(HOST)[1].contains("authorization"));
}

#[tokio::test]
async fn an_address_that_is_not_in_the_id_token_is_asked_for() {
    let signing_in = SigningIn::new().await;
    let notified =
        json!({ "sub": "ann", "email": "ann@acme.example", "email_verified": "true", "name": "Ann A." });
    signing_in.outside.publish(HOST, "/userinfo", &notified);
    let silent = |claims: &mut Value| claims["email"] = Value::Null;
    let identity = signing_in.sign_in(silent).await.unwrap().unwrap();
    assert_eq!(identity.email.as_str(), "ann@acme.example");
    assert_eq!(identity.name.unwrap().as_str(), "Ann A.");
    let requested = signing_in.requested();
    assert_eq!(requested.last().unwrap(), "/userinfo");
    let requests = signing_in.outside.requests(HOST);
    assert!(requests.last().unwrap().contains(&format!("\r\nauthorization: Bearer {ACCESS_TOKEN}\r\n")));
}

#[tokio::test]
async fn an_address_of_which_nothing_is_said_counts_only_where_the_operator_says_so() {
    let trusting = SigningIn::with(UnverifiedEmailPolicy::Accept, TestKey::new("RS256").named("k")).await;
    let unsaid = |claims: &mut Value| {
        claims.as_object_mut().unwrap().remove("email_verified");
    };
    let identity = trusting.sign_in(unsaid).await.unwrap().unwrap();
    assert_eq!(identity.email.as_str(), "ann@acme.example");
    let denied = trusting.sign_in(|claims| claims["email_verified"] = false.into()).await;
    assert_eq!(denied.unwrap(), Err(IdpError::EmailNotVerified));
    let cautious = SigningIn::new().await;
    assert_eq!(cautious.sign_in(unsaid).await.unwrap(), Err(IdpError::EmailNotVerified));
}
