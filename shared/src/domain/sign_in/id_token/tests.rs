//! What is taken for an ID token, and which one counts.

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

/// What comes of a token in which one claim is another; `null` takes it away.
fn with(name: &str, value: Value) -> Result<(), IdpError> {
    let mut claims = claims();
    if value.is_null() {
        claims.as_object_mut().expect("an object").remove(name);
    } else {
        claims[name] = value;
    }
    let now = Timestamp::from_second(NOW).expect("in range");
    let expected = IdTokenExpectations { issuer: "https://a.example", client_id: "us", nonce: "n", now };
    parse(&header(), &claims)?.check(&expected)
}

#[test]
fn each_claim_must_be_what_it_must_be() {
    use IdpError::{
        Expired, MalformedIdToken, NotYetValid, Stale, WrongAudience, WrongIssuer, WrongNonce, WrongParty,
    };
    for (name, value, outcome) in [
        ("iss", json!("https://a.example/"), Err(WrongIssuer)),
        ("iss", json!("https://A.example"), Err(WrongIssuer)),
        ("iss", json!(null), Err(MalformedIdToken)),
        ("aud", json!(["us"]), Ok(())),
        ("aud", json!("US"), Err(WrongAudience)),
        ("aud", json!([]), Err(WrongAudience)),
        ("aud", json!(["us", "them"]), Err(WrongAudience)),
        ("aud", json!(["them"]), Err(WrongAudience)),
        ("aud", json!(["us", 7]), Err(MalformedIdToken)),
        ("aud", json!(null), Err(MalformedIdToken)),
        ("azp", json!("us"), Ok(())),
        ("azp", json!("them"), Err(WrongParty)),
        ("azp", json!(["us"]), Err(MalformedIdToken)),
        ("exp", json!(NOW - 29), Ok(())),
        ("exp", json!(NOW - 30), Err(Expired)),
        ("exp", json!("tomorrow"), Err(MalformedIdToken)),
        ("exp", json!(null), Err(MalformedIdToken)),
        ("iat", json!(NOW + 30), Ok(())),
        ("iat", json!(NOW + 31), Err(NotYetValid)),
        ("iat", json!(NOW - 630), Ok(())),
        ("iat", json!(NOW - 631), Err(Stale)),
        ("iat", json!(null), Err(MalformedIdToken)),
        ("nbf", json!(NOW + 30), Ok(())),
        ("nbf", json!(NOW + 31), Err(NotYetValid)),
        ("nonce", json!("N"), Err(WrongNonce)),
        ("nonce", json!(""), Err(WrongNonce)),
        ("nonce", json!(null), Err(WrongNonce)),
        ("nonce", json!(["n"]), Err(MalformedIdToken)),
        ("sub", json!(null), Err(MalformedIdToken)),
        ("at_hash", json!(7), Err(MalformedIdToken)),
    ] {
        assert_eq!(with(name, value.clone()), outcome, "{name}: {value}");
    }
}

#[test]
fn none_and_symmetric_algorithms_are_not_allowed() {
    for alg in ["none", "HS256", "HS384", "HS512", "rs256", "RS1", "dir", "RSA-OAEP"] {
        let refused = parse(&json!({ "alg": alg }), &claims()).err();
        assert_eq!(refused, Some(IdpError::AlgNotAllowed), "{alg}");
    }
    for alg in JwsAlgorithm::ALL {
        assert!(parse(&json!({ "alg": alg.as_str() }), &claims()).is_ok(), "{alg:?}");
    }
}

#[test]
fn a_header_that_says_that_it_is_something_else_is_refused() {
    for header in [
        json!({}),
        json!({ "alg": 7 }),
        json!({ "alg": "RS256", "typ": "at+jwt" }),
        json!({ "alg": "RS256", "typ": "logout+jwt" }),
        json!({ "alg": "RS256", "kid": 7 }),
        json!({ "alg": "RS256", "crit": ["b64"], "b64": false }),
        json!([]),
    ] {
        assert_eq!(parse(&header, &claims()).err(), Some(IdpError::MalformedIdToken), "{header}");
    }
    assert!(parse(&json!({ "alg": "RS256", "typ": "application/jwt" }), &claims()).is_ok());
}

#[test]
fn what_is_not_in_three_parts_or_too_long_is_refused() {
    for text in ["", ".", "..", "a.b", "a.b.c.d", "a.b.c.d.e", &"a".repeat(MAX_LENGTH + 1)] {
        assert_eq!(parse_text(text).err(), Some(IdpError::MalformedIdToken));
    }
}

proptest! {
    #[test]
    fn no_text_is_taken_for_one_or_makes_it_panic(text in "[A-Za-z0-9_.-]{0,80}|\\PC{0,40}") {
        prop_assert!(parse_text(&text).is_err());
    }
}
