//! Checks of each fuzz target: the input is parsed, and invariants of the result hold. The fuzzer runs these
//! for minutes; the tests run them briefly.
#![allow(dead_code, reason = "each fuzz target uses one of them")]

use shared::adapters::crypto::key_reader::{self, SuppliedKeys};
use shared::domain::client::client_keys::ClientKeys;
use shared::domain::jose::jwk::PublicJwk;
use shared::domain::net::ip_allowlist::IpNetwork;
use shared::domain::oauth::client_assertion::Assertion;
use shared::domain::redirect_uri::{self, RedirectUri, ResolvedRedirectUri};
use shared::wire::basic_auth as header;
use shared::wire::params::OAuthParams;
use shared::wire::strict_json;

/// An `Authorization` header.
pub fn basic(data: &[u8]) {
    if let Ok(read) = header::parse(data) {
        assert!(read.client_id.len() + read.client_secret.len() < data.len());
    }
}

/// A form body.
pub fn form(data: &[u8]) {
    if let Ok(parameters) = OAuthParams::from_form(data) {
        for name in ["grant_type", "client_id", "scope", "client_assertion"] {
            assert!(parameters.get(name).is_none_or(|value| !value.is_empty() && value.len() <= data.len()));
        }
    }
}

/// A JSON body, and the keys that may be in one.
pub fn json(data: &[u8]) {
    let _ = OAuthParams::from_json(data, &["grant_type", "scope", "audience"]);
    let Ok(value) = strict_json::parse(data) else { return };
    let again = strict_json::parse(value.to_string().as_bytes());
    assert!(again.is_ok_and(|again| again == value));
    let _ = key_reader::read_json(&value);
    if let Ok(key) = PublicJwk::read(&value) {
        assert_eq!(PublicJwk::read(&key.to_json()), Ok(key));
    }
}

/// A client assertion: as it is sent, and built from two JSON texts that are separated by a zero byte.
pub fn assertion(data: &[u8]) {
    let parse = |text: &str| Assertion::parse(text, |bytes| strict_json::parse(bytes).ok());
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = parse(text);
    }
    let mut parts = data.splitn(2, |byte| *byte == 0);
    if let (Some(head), Some(claims)) = (parts.next(), parts.next())
        && let Ok(read) = parse(&format!("{}.{}.AA", encode(head), encode(claims)))
    {
        assert!(read.exp.is_finite() && !read.sub.is_empty() && !read.iss.is_empty());
    }
}

/// base64url without padding, by its definition (RFC 4648 §5): the fuzzer needs no other library for it.
fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(group >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}

/// An entry of an allowlist.
pub fn cidr(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(network) = IpNetwork::parse(text) {
        assert_eq!(IpNetwork::parse(&network.to_string()), Ok(network));
    }
}

/// A registered redirect URI and a presented one, separated by a zero byte.
pub fn redirect(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (registered, presented) = text.split_once('\0').unwrap_or((text, text));
    let Ok(registered) = RedirectUri::parse(registered) else { return };
    let Ok(target) = ResolvedRedirectUri::choose(std::slice::from_ref(&registered), Some(presented)) else {
        return;
    };
    let presented = &*redirect_uri::normalized(presented);
    assert_eq!(target.as_str(), presented);
    assert!(target.with_parameters(&[("code", "c d")]).starts_with(presented));
    assert!(!target.form_action().contains([' ', ';', ',', '\'']));
    let any_port = registered.as_str().starts_with("http://");
    if !registered.has_wildcard() && !any_port {
        assert_eq!(presented.split('?').next(), Some(registered.as_str()));
    }
}

/// An uploaded key or certificate.
pub fn pem(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(SuppliedKeys { keys: ClientKeys::PublicKeyPem(uploaded), .. }) = key_reader::read_text(text)
    else {
        return;
    };
    let written = key_reader::to_pem(&uploaded.jwk.key).unwrap_or_default();
    let Ok(SuppliedKeys { keys, .. }) = key_reader::read_text(&written) else { panic!("{written}") };
    assert_eq!(keys.inline_keys().first().map(|again| &again.key), Some(&uploaded.jwk.key));
}
