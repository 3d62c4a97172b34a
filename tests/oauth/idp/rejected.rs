//! Who is nobody, and why: every defect that an answer, an ID token or a person can have.

use crate::oauth::idp::{CODE, HOST, ISSUER, SigningIn, oauth_error, tokens};
use crate::support::crypto::assertions::TestKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use shared::domain::sign_in::idp_error::IdpError;

#[tokio::test]
async fn each_claim_that_is_not_right_signs_nobody_in() {
    use IdpError::{
        EmailNotVerified, Expired, MalformedIdToken, NotYetValid, Stale, UnusableEmail, WrongAccessToken,
        WrongAudience, WrongIssuer, WrongNonce, WrongParty,
    };
    let signing_in = SigningIn::new().await;
    let now = signing_in.now.as_second();
    for (name, value, reason) in [
        ("iss", json!("https://login.example.com/"), WrongIssuer),
        ("iss", json!("https://evil.example.com"), WrongIssuer),
        ("aud", json!("another"), WrongAudience),
        ("aud", json!(["latchkey", "another"]), WrongAudience),
        ("azp", json!("another"), WrongParty),
        ("exp", json!(now - 30), Expired),
        ("iat", json!(now + 31), NotYetValid),
        ("nbf", json!(now + 31), NotYetValid),
        ("iat", json!(now - 631), Stale),
        ("nonce", json!("another"), WrongNonce),
        ("nonce", json!(""), WrongNonce),
        ("nonce", Value::Null, MalformedIdToken),
        ("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ"), WrongAccessToken),
        ("sub", json!(""), MalformedIdToken),
        ("email", json!("ann"), UnusableEmail),
        ("email", json!(["ann@acme.example"]), MalformedIdToken),
        ("email_verified", json!(false), EmailNotVerified),
        ("email_verified", Value::Null, EmailNotVerified),
    ] {
        let arrived = signing_in.sign_in(|claims| claims[name] = value.clone()).await;
        assert_eq!(arrived.unwrap(), Err(reason), "{name}: {value}");
    }
    let without_nonce = signing_in.sign_in(|claims| {
        claims.as_object_mut().unwrap().remove("nonce");
    });
    assert_eq!(without_nonce.await.unwrap(), Err(WrongNonce));
    assert!(signing_in.sign_in(|_| {}).await.unwrap().is_ok(), "nothing else was wrong");
}

#[tokio::test]
async fn a_signature_that_is_not_the_providers_signs_nobody_in() {
    use IdpError::{AlgNotAllowed, MalformedIdToken, UnknownKey, WrongSignature};
    let signing_in = SigningIn::new().await;
    let traveller = signing_in.set_out().await;
    let claims = signing_in.claims(&traveller);
    let (key, outsider) = (&signing_in.key, TestKey::new("ES256").named("k1"));
    let good = key.assert(&claims);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let mut other = claims.clone();
    other["email"] = "eve@evil.example".into();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let with_header = |header: Value| key.sign(&header, &claims);
    for (what, token, reason) in [
        ("another's key by the same name", outsider.assert(&claims), WrongSignature),
        ("other claims", format!("{header}.{}.{signature}", part(&other)), WrongSignature),
        ("no signature", format!("{signed}."), WrongSignature),
        ("a key by another name", with_header(json!({ "alg": "ES256", "kid": "k2" })), UnknownKey),
        ("another kind of key", with_header(json!({ "alg": "RS256", "kid": "k1" })), UnknownKey),
        ("none", format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims)), AlgNotAllowed),
        ("a symmetric one", with_header(json!({ "alg": "HS256", "kid": "k1" })), AlgNotAllowed),
        (
            "an access token",
            with_header(json!({ "alg": "ES256", "kid": "k1", "typ": "at+jwt" })),
            MalformedIdToken,
        ),
        (
            "a header to understand",
            with_header(json!({ "alg": "ES256", "crit": ["x"], "x": 1 })),
            MalformedIdToken,
        ),
        ("encrypted", "a.b.c.d.e".to_owned(), MalformedIdToken),
        ("nothing", String::new(), MalformedIdToken),
    ] {
        signing_in.exchange_for(&token);
        assert_eq!(signing_in.arrive(&traveller).await.unwrap(), Err(reason), "{what}");
    }
    signing_in.exchange_for(&good);
    assert!(signing_in.arrive(&traveller).await.unwrap().is_ok(), "nothing else was wrong");
}

#[tokio::test]
async fn an_id_token_of_another_departure_signs_nobody_in() {
    let signing_in = SigningIn::new().await;
    let (one, another) = (signing_in.set_out().await, signing_in.set_out().await);
    signing_in.exchange_for(&signing_in.key.assert(&signing_in.claims(&one)));
    assert_eq!(signing_in.arrive(&another).await.unwrap(), Err(IdpError::WrongNonce));
    assert!(signing_in.arrive(&one).await.unwrap().is_ok());
}

#[tokio::test]
async fn what_the_provider_says_instead_of_a_code_is_told_apart_and_asks_it_nothing() {
    let signing_in = SigningIn::new().await;
    let traveller = signing_in.set_out().await;
    for (code, error, reason) in [
        (None, Some("access_denied"), IdpError::AccessDenied),
        (None, Some("login_required"), IdpError::InteractionRequired),
        (None, Some("server_error"), IdpError::ProviderInTrouble),
        (None, Some("invalid_scope"), IdpError::RequestRejected),
        (None, Some("<script>alert(1)</script>"), IdpError::UnknownError),
        (None, None, IdpError::MalformedAnswer),
        (Some(""), None, IdpError::MalformedAnswer),
        (Some(CODE), Some("access_denied"), IdpError::MalformedAnswer),
    ] {
        let arrived = signing_in.arrive_with(&traveller, code, error, None).await;
        assert_eq!(arrived.unwrap(), Err(reason), "{code:?}, {error:?}");
    }
    assert_eq!(signing_in.requested(), ["/.well-known/openid-configuration"]);
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_or_none_where_it_must_is_not_shown_to_the_provider() {
    const NOBODY: Result<(), IdpError> = Err(IdpError::WrongAnswerIssuer);
    for (announced, iss, outcome) in [
        (false, None, Ok(())),
        (false, Some(ISSUER), Ok(())),
        (false, Some("https://evil.example.com"), NOBODY),
        (true, None, NOBODY),
        (true, Some(ISSUER), Ok(())),
        (true, Some("https://login.example.com/"), NOBODY),
        (true, Some(""), NOBODY),
    ] {
        let signing_in = SigningIn::new().await;
        signing_in.describe("authorization_response_iss_parameter_supported", announced.into());
        let traveller = signing_in.set_out().await;
        signing_in.exchange_for(&signing_in.key.assert(&signing_in.claims(&traveller)));
        let arrived = signing_in.arrive_with(&traveller, Some(CODE), None, iss).await.unwrap();
        assert_eq!(arrived.map(|_| ()), outcome, "{announced}, {iss:?}");
        assert_eq!(signing_in.times_asked("/token"), usize::from(outcome.is_ok()));
        let denied = signing_in.arrive_with(&traveller, None, Some("access_denied"), iss).await.unwrap();
        assert_eq!(denied == Err(IdpError::AccessDenied), outcome.is_ok(), "{announced}, {iss:?}");
    }
}

#[tokio::test]
async fn a_code_that_is_not_taken_or_worth_no_id_token_signs_nobody_in() {
    let signing_in = SigningIn::new().await;
    let traveller = signing_in.set_out().await;
    signing_in.outside.respond_with(HOST, "/token", oauth_error(400, "invalid_grant"));
    assert_eq!(signing_in.arrive(&traveller).await.unwrap(), Err(IdpError::CodeError));
    let mut without = tokens("");
    without.as_object_mut().unwrap().remove("id_token");
    signing_in.outside.publish(HOST, "/token", &without);
    assert_eq!(signing_in.arrive(&traveller).await.unwrap(), Err(IdpError::NoIdToken));
}

#[tokio::test]
async fn what_is_said_of_somebody_else_or_of_nobodys_address_signs_nobody_in() {
    let silent = |claims: &mut Value| claims["email"] = Value::Null;
    let signing_in = SigningIn::new().await;
    for (notified, reason) in [
        (
            json!({ "sub": "eve", "email": "ann@acme.example", "email_verified": true }),
            IdpError::WrongSubject,
        ),
        (json!({ "sub": "ann" }), IdpError::NoEmail),
        (json!({ "sub": "ann", "email": "ann@acme.example" }), IdpError::EmailNotVerified),
        (
            json!({ "sub": "ann", "email": "ann@acme.example", "email_verified": "false" }),
            IdpError::EmailNotVerified,
        ),
    ] {
        signing_in.outside.publish(HOST, "/userinfo", &notified);
        assert_eq!(signing_in.sign_in(silent).await.unwrap(), Err(reason), "{notified}");
    }
    let mute = SigningIn::new().await;
    mute.describe("userinfo_endpoint", Value::Null);
    assert_eq!(mute.sign_in(silent).await.unwrap(), Err(IdpError::NoEmail));
}
