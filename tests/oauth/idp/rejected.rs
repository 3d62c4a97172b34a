//! Rejected sign-ins: invalid authorization responses, ID tokens and userinfo responses, each with its
//! reason.

use crate::oauth::idp::{CODE, HOST, ISSUER, IdpFixture, decided, oauth_error, tokens};
use crate::support::crypto::assertions::TestKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use shared::domain::sign_in::idp_error::IdpError;

#[tokio::test]
async fn invalid_id_token_claims_are_rejected() {
    use IdpError::{
        EmailNotVerified, Expired, InvalidIdToken, NotYetValid, Stale, UnusableEmail, WrongAccessToken,
        WrongAudience, WrongIssuer, WrongNonce, WrongParty,
    };
    let fixture = IdpFixture::new().await;
    let now = fixture.now.as_second();
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
        ("nonce", Value::Null, InvalidIdToken),
        ("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ"), WrongAccessToken),
        ("sub", json!(""), InvalidIdToken),
        ("email", json!("ann"), UnusableEmail),
        ("email", json!(["ann@acme.example"]), InvalidIdToken),
        ("email_verified", json!(false), EmailNotVerified),
        ("email_verified", Value::Null, EmailNotVerified),
    ] {
        let result = fixture.sign_in(|claims| claims[name] = value.clone()).await;
        assert_eq!(decided(result), Err(reason), "{name}: {value}");
    }
    let without_nonce = fixture.sign_in(|claims| {
        claims.as_object_mut().unwrap().remove("nonce");
    });
    assert_eq!(decided(without_nonce.await), Err(WrongNonce));
    assert!(decided(fixture.sign_in(|_| {}).await).is_ok(), "all else is valid");
}

#[tokio::test]
async fn invalid_id_token_signatures_are_rejected() {
    use IdpError::{AlgNotAllowed, InvalidIdToken, UnknownKey, WrongSignature};
    let fixture = IdpFixture::new().await;
    let started = fixture.start_sign_in().await;
    let claims = fixture.claims(&started);
    let (key, outsider) = (&fixture.key, TestKey::new("ES256").named("k1"));
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
            InvalidIdToken,
        ),
        (
            "a header to understand",
            with_header(json!({ "alg": "ES256", "crit": ["x"], "x": 1 })),
            InvalidIdToken,
        ),
        ("encrypted", "a.b.c.d.e".to_owned(), InvalidIdToken),
        ("nothing", String::new(), InvalidIdToken),
    ] {
        fixture.exchange_for(&token);
        assert_eq!(decided(fixture.callback(&started).await), Err(reason), "{what}");
    }
    fixture.exchange_for(&good);
    assert!(decided(fixture.callback(&started).await).is_ok(), "all else is valid");
}

#[tokio::test]
async fn nonce_of_another_request_is_rejected() {
    let fixture = IdpFixture::new().await;
    let (one, another) = (fixture.start_sign_in().await, fixture.start_sign_in().await);
    fixture.exchange_for(&fixture.key.assert(&fixture.claims(&one)));
    assert_eq!(decided(fixture.callback(&another).await), Err(IdpError::WrongNonce));
    assert!(decided(fixture.callback(&one).await).is_ok());
}

#[tokio::test]
async fn authorization_errors_are_distinguished() {
    let fixture = IdpFixture::new().await;
    let started = fixture.start_sign_in().await;
    for (code, error, reason) in [
        (None, Some("access_denied"), IdpError::AccessDenied),
        (None, Some("login_required"), IdpError::InteractionRequired),
        (None, Some("server_error"), IdpError::ProviderUnavailable),
        (None, Some("invalid_scope"), IdpError::RequestRejected),
        (None, Some("<script>alert(1)</script>"), IdpError::UnknownError),
        (None, None, IdpError::InvalidResponse),
        (Some(""), None, IdpError::InvalidResponse),
        (Some(CODE), Some("access_denied"), IdpError::InvalidResponse),
    ] {
        let result = fixture.callback_with(&started, code, error, None).await;
        assert_eq!(decided(result), Err(reason), "{code:?}, {error:?}");
    }
    assert_eq!(fixture.requested(), ["/.well-known/openid-configuration"]);
}

#[tokio::test]
async fn response_of_another_issuer_is_not_exchanged() {
    const REJECTED: Result<(), IdpError> = Err(IdpError::WrongResponseIssuer);
    for (announced, iss, outcome) in [
        (false, None, Ok(())),
        (false, Some(ISSUER), Ok(())),
        (false, Some("https://evil.example.com"), REJECTED),
        (true, None, REJECTED),
        (true, Some(ISSUER), Ok(())),
        (true, Some("https://login.example.com/"), REJECTED),
        (true, Some(""), REJECTED),
    ] {
        let fixture = IdpFixture::new().await;
        fixture.set_metadata("authorization_response_iss_parameter_supported", announced.into());
        let started = fixture.start_sign_in().await;
        fixture.exchange_for(&fixture.key.assert(&fixture.claims(&started)));
        let result = decided(fixture.callback_with(&started, Some(CODE), None, iss).await);
        assert_eq!(result.map(|_| ()), outcome, "{announced}, {iss:?}");
        assert_eq!(fixture.request_count("/token"), usize::from(outcome.is_ok()));
        let denied = decided(fixture.callback_with(&started, None, Some("access_denied"), iss).await);
        assert_eq!(denied == Err(IdpError::AccessDenied), outcome.is_ok(), "{announced}, {iss:?}");
    }
}

#[tokio::test]
async fn rejected_code_or_missing_id_token_fails() {
    let fixture = IdpFixture::new().await;
    let started = fixture.start_sign_in().await;
    fixture.internet.respond_with(HOST, "/token", oauth_error(400, "invalid_grant"));
    assert_eq!(decided(fixture.callback(&started).await), Err(IdpError::CodeRejected));
    let mut without = tokens("");
    without.as_object_mut().unwrap().remove("id_token");
    fixture.internet.publish(HOST, "/token", &without);
    assert_eq!(decided(fixture.callback(&started).await), Err(IdpError::NoIdToken));
}

#[tokio::test]
async fn invalid_userinfo_is_rejected() {
    let without_email = |claims: &mut Value| claims["email"] = Value::Null;
    let fixture = IdpFixture::new().await;
    for (userinfo, reason) in [
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
        fixture.internet.publish(HOST, "/userinfo", &userinfo);
        assert_eq!(decided(fixture.sign_in(without_email).await), Err(reason), "{userinfo}");
    }
    let without_userinfo = IdpFixture::new().await;
    without_userinfo.set_metadata("userinfo_endpoint", Value::Null);
    assert_eq!(decided(without_userinfo.sign_in(without_email).await), Err(IdpError::NoEmail));
}
