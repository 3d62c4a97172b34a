//! Accepted and rejected ID tokens.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::json;

const NOW: i64 = 1_800_000_000;

fn parse(header: &Value, claims: &Value) -> Result<IdToken, IdpError> {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    parse_text(&format!("{}.{}.{}", part(header), part(claims), part(&json!("signature"))))
}

fn parse_text(text: &str) -> Result<IdToken, IdpError> {
    IdToken::parse(text, |bytes| serde_json::from_slice(bytes).ok())
}

fn header() -> Value {
    json!({ "alg": "RS256", "kid": "k", "typ": "JWT" })
}

fn claims() -> Value {
    json!({
        "iss": "https://a.example", "aud": "us", "sub": "ann", "exp": NOW + 60, "iat": NOW, "nonce": "n",
    })
}

/// Result for a token with one claim replaced; `null` removes it.
fn with(name: &str, value: Value) -> Result<(), IdpError> {
    let mut claims = claims();
    if value.is_null() {
        claims.as_object_mut().expect("an object").remove(name);
    } else {
        claims[name] = value;
    }
    validate(&claims, &[])
}

fn validate(claims: &Value, trusted_audiences: &[String]) -> Result<(), IdpError> {
    let now = Timestamp::from_second(NOW).expect("in range");
    let expected = IdTokenExpectations {
        issuer: "https://a.example",
        client_id: "us",
        trusted_audiences,
        nonce: "n",
        now,
    };
    parse(&header(), claims)?.validate(&expected)
}

#[test]
fn other_audiences_must_be_trusted_and_the_token_be_for_us() {
    use IdpError::{WrongAudience, WrongParty};
    let trusted = ["project".to_owned(), "sister".to_owned()];
    for (aud, azp, outcome) in [
        (json!(["us", "project"]), json!("us"), Ok(())),
        (json!(["project", "sister", "us"]), json!("us"), Ok(())),
        (json!(["us", "us"]), json!(null), Ok(())),
        (json!(["us", "project"]), json!(null), Err(WrongParty)),
        (json!(["us", "project"]), json!("project"), Err(WrongParty)),
        (json!("us"), json!("project"), Err(WrongParty)),
        (json!(["us", "project", "them"]), json!("us"), Err(WrongAudience)),
        (json!(["us", "Project"]), json!("us"), Err(WrongAudience)),
        (json!(["project"]), json!("us"), Err(WrongAudience)),
        (json!("project"), json!("us"), Err(WrongAudience)),
    ] {
        let mut claims = claims();
        (claims["aud"], claims["azp"]) = (aud.clone(), azp.clone());
        if azp.is_null() {
            claims.as_object_mut().expect("an object").remove("azp");
        }
        assert_eq!(validate(&claims, &trusted), outcome, "{aud}, {azp}");
    }
}

#[test]
fn each_claim_is_validated() {
    use IdpError::{
        Expired, InvalidIdToken, NotYetValid, Stale, WrongAudience, WrongIssuer, WrongNonce, WrongParty,
    };
    for (name, value, outcome) in [
        ("iss", json!("https://a.example/"), Err(WrongIssuer)),
        ("iss", json!("https://A.example"), Err(WrongIssuer)),
        ("iss", json!(null), Err(InvalidIdToken)),
        ("aud", json!(["us"]), Ok(())),
        ("aud", json!("US"), Err(WrongAudience)),
        ("aud", json!([]), Err(WrongAudience)),
        ("aud", json!(["us", "them"]), Err(WrongAudience)),
        ("aud", json!(["them"]), Err(WrongAudience)),
        ("aud", json!(["us", 7]), Err(InvalidIdToken)),
        ("aud", json!(null), Err(InvalidIdToken)),
        ("azp", json!("us"), Ok(())),
        ("azp", json!("them"), Err(WrongParty)),
        ("azp", json!(["us"]), Err(InvalidIdToken)),
        ("exp", json!(NOW - 29), Ok(())),
        ("exp", json!(NOW - 30), Err(Expired)),
        ("exp", json!("tomorrow"), Err(InvalidIdToken)),
        ("exp", json!(null), Err(InvalidIdToken)),
        ("iat", json!(NOW + 30), Ok(())),
        ("iat", json!(NOW + 31), Err(NotYetValid)),
        ("iat", json!(NOW - 630), Ok(())),
        ("iat", json!(NOW - 631), Err(Stale)),
        ("iat", json!(null), Err(InvalidIdToken)),
        ("nbf", json!(NOW + 30), Ok(())),
        ("nbf", json!(NOW + 31), Err(NotYetValid)),
        ("nonce", json!("N"), Err(WrongNonce)),
        ("nonce", json!(""), Err(WrongNonce)),
        ("nonce", json!(null), Err(WrongNonce)),
        ("nonce", json!(["n"]), Err(InvalidIdToken)),
        ("sub", json!(null), Err(InvalidIdToken)),
        ("at_hash", json!(7), Err(InvalidIdToken)),
    ] {
        assert_eq!(with(name, value.clone()), outcome, "{name}: {value}");
    }
}

#[test]
fn none_and_symmetric_algorithms_are_rejected() {
    for alg in ["none", "HS256", "HS384", "HS512", "rs256", "RS1", "dir", "RSA-OAEP"] {
        let error = parse(&json!({ "alg": alg }), &claims()).err();
        assert_eq!(error, Some(IdpError::AlgNotAllowed), "{alg}");
    }
    for alg in JwsAlgorithm::ALL {
        assert!(parse(&json!({ "alg": alg.as_str() }), &claims()).is_ok(), "{alg:?}");
    }
}

#[test]
fn headers_of_other_tokens_are_rejected() {
    for header in [
        json!({}),
        json!({ "alg": 7 }),
        json!({ "alg": "RS256", "typ": "at+jwt" }),
        json!({ "alg": "RS256", "typ": "logout+jwt" }),
        json!({ "alg": "RS256", "kid": 7 }),
        json!({ "alg": "RS256", "crit": ["b64"], "b64": false }),
        json!([]),
    ] {
        assert_eq!(parse(&header, &claims()).err(), Some(IdpError::InvalidIdToken), "{header}");
    }
    assert!(parse(&json!({ "alg": "RS256", "typ": "application/jwt" }), &claims()).is_ok());
}

#[test]
fn text_of_another_shape_or_too_long_is_rejected() {
    for text in ["", ".", "..", "a.b", "a.b.c.d", "a.b.c.d.e", &"a".repeat(MAX_LENGTH + 1)] {
        assert_eq!(parse_text(text).err(), Some(IdpError::InvalidIdToken));
    }
}

proptest! {
    #[test]
    fn other_text_is_rejected_without_panic(text in "[A-Za-z0-9_.-]{0,80}|\\PC{0,40}") {
        prop_assert!(parse_text(&text).is_err());
    }
}
