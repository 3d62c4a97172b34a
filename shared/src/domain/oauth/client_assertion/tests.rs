//! Accepted and rejected client assertions.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::json;

fn compact(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", encode(header), encode(claims), URL_SAFE_NO_PAD.encode([7; 64]))
}

fn parse(text: &str) -> Parsed<Assertion> {
    Assertion::parse(text, |bytes| serde_json::from_slice(bytes).ok())
}

fn claims() -> Value {
    json!({ "iss": "c1", "sub": "c1", "aud": "https://id.example.com", "exp": 2_000, "iat": 1_000, "nbf": 1_000, "jti": "j1" })
}

fn header() -> Value {
    json!({ "alg": "ES256", "kid": "k1", "typ": "client-authentication+jwt" })
}

fn with(mut value: Value, name: &str, member: Value) -> Value {
    value[name] = member;
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().expect("an object").remove(name);
    value
}

#[test]
fn a_complete_assertion_is_parsed() {
    let read = parse(&compact(&header(), &claims())).expect("good");
    assert_eq!(
        (read.iss.as_str(), read.sub.as_str(), read.aud.as_str()),
        ("c1", "c1", "https://id.example.com")
    );
    assert_eq!((read.exp, read.iat, read.nbf), (2_000.0, Some(1_000.0), Some(1_000.0)));
    assert_eq!((read.kid.as_deref(), read.jti.as_deref(), read.typed), (Some("k1"), Some("j1"), true));
    assert_eq!(read.signature, URL_SAFE_NO_PAD.encode([7; 64]));
}

#[test]
fn only_typ_jwt_and_client_authentication_jwt_are_accepted() {
    for (typ, typed) in [
        (json!("JWT"), false),
        (json!("jwt"), false),
        (json!("Client-Authentication+JWT"), true),
        (json!("application/client-authentication+jwt"), true),
    ] {
        assert_eq!(parse(&compact(&with(header(), "typ", typ), &claims())).map(|read| read.typed), Ok(typed));
    }
    assert_eq!(parse(&compact(&without(header(), "typ"), &claims())).map(|read| read.typed), Ok(false));
    for typ in [
        json!("at+jwt"),
        json!("application/at+jwt"),
        json!("dpop+jwt"),
        json!("logout+jwt"),
        json!(""),
        json!(null),
        json!(1),
    ] {
        assert!(parse(&compact(&with(header(), "typ", typ.clone()), &claims())).is_err(), "{typ}");
    }
}

#[test]
fn exactly_one_audience_is_required() {
    assert!(parse(&compact(&header(), &with(claims(), "aud", json!(["https://id.example.com"])))).is_ok());
    for aud in [json!(["a", "b"]), json!([]), json!([1]), json!({}), json!(null), json!(1)] {
        assert!(parse(&compact(&header(), &with(claims(), "aud", aud.clone()))).is_err(), "{aud}");
    }
}

#[test]
fn a_claim_of_the_wrong_type_is_rejected_even_if_optional() {
    for name in ["iss", "sub", "exp", "iat", "nbf", "jti"] {
        for wrong in [json!(null), json!(true), json!([]), json!({}), json!(["1000"])] {
            assert!(
                parse(&compact(&header(), &with(claims(), name, wrong.clone()))).is_err(),
                "{name}: {wrong}"
            );
        }
    }
    for name in ["exp", "iat", "nbf"] {
        assert!(parse(&compact(&header(), &with(claims(), name, json!("1000")))).is_err(), "{name}");
    }
    for name in ["iss", "sub", "jti"] {
        assert!(parse(&compact(&header(), &with(claims(), name, json!(1_000)))).is_err(), "{name}");
    }
    for name in ["kid", "alg"] {
        assert!(parse(&compact(&with(header(), name, json!(1)), &claims())).is_err(), "{name}");
    }
}

#[test]
fn required_claims_must_be_present() {
    for name in ["iss", "sub", "aud", "exp"] {
        assert!(parse(&compact(&header(), &without(claims(), name))).is_err(), "{name}");
    }
    for name in ["iat", "nbf", "jti"] {
        assert!(parse(&compact(&header(), &without(claims(), name))).is_ok(), "{name}");
    }
    assert!(parse(&compact(&header(), &with(claims(), "sub", json!("")))).is_err());
}

#[test]
fn unknown_algs_crit_and_invalid_shapes_are_rejected() {
    for alg in ["none", "HS256", "es256", "ES512", ""] {
        assert!(parse(&compact(&with(header(), "alg", json!(alg)), &claims())).is_err(), "{alg}");
    }
    assert!(parse(&compact(&with(header(), "crit", json!(["exp"])), &claims())).is_err());
    assert!(parse(&compact(&with(header(), "crit", json!([])), &claims())).is_err());
    let good = compact(&header(), &claims());
    for text in [
        String::new(),
        "a.b".into(),
        "a.b.c".into(),
        format!("{good}.x"),
        format!("{good}="),
        good.replace('.', ""),
        format!(".{good}"),
        compact(&json!([]), &claims()),
        compact(&header(), &json!("x")),
        format!("{good}{}", "A".repeat(MAX_ASSERTION_LENGTH)),
    ] {
        assert!(parse(&text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn parsing_text_never_panics(text in "[A-Za-z0-9_.-]{0,80}|\\PC{0,40}") {
        let _ = parse(&text);
    }

    #[test]
    fn parsing_json_never_panics(header in "\\PC{0,60}", claims in "\\PC{0,60}") {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let _ = parse(&format!("{}.{}.AA", encode(&header), encode(&claims)));
    }
}
