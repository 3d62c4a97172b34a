//! Public keys and certificates as people have them: one reader for everything that is pasted or uploaded. It turns a text
//! or JSON into keys, or into what was found instead.

mod armour;
mod asn1;
mod certificate;
mod der;
mod rsa_pss;
mod spki;
mod ssh;
#[cfg(test)]
mod tests;
mod write;

pub use write::to_pem;

use crate::adapters::crypto::jws;
use crate::domain::client::client_keys::{ClientKeys, JwkSet, SuppliedSet, UploadedKey};
use crate::domain::jose::ignored_key::IgnoredKey;
use crate::domain::jose::jwk::{InvalidJwk, PublicJwk};
use crate::domain::jose::key_finding::{KeyFinding, PrivateKeyForm};
use crate::domain::net::remote_url::JwksUri;
use crate::domain::primitives::strict_json;
use crate::domain::primitives::validation::{FieldError, FromJson};
use armour::Block;
use base64::Engine;
use der::Content;
use serde_json::{Value, json};

/// The longest text that is read, in bytes: a chain of certificates with text around them.
const MAX_LENGTH: usize = 32 * 1024;

/// Keys that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppliedKeys {
    /// The keys, or where to fetch them.
    pub keys: ClientKeys,
    /// Keys of the set that are passed over.
    pub ignored: Vec<IgnoredKey>,
}

/// Error of reading keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyReadError {
    /// Of the whole.
    Whole(KeyFinding),
    /// Of keys of a set.
    Set(Vec<FieldError>),
}

impl From<KeyFinding> for KeyReadError {
    fn from(finding: KeyFinding) -> Self {
        Self::Whole(finding)
    }
}

impl From<InvalidJwk> for KeyReadError {
    fn from(error: InvalidJwk) -> Self {
        Self::Whole(error.into())
    }
}

impl FromJson for SuppliedKeys {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        read_json(value).map_err(|error| match error {
            KeyReadError::Whole(finding) => vec![FieldError::new("", finding.to_string())],
            KeyReadError::Set(errors) => errors,
        })
    }
}

/// Reads keys from JSON: a text, a JWK, a list of JWKs or a key set.
pub fn read_json(value: &Value) -> Result<SuppliedKeys, KeyReadError> {
    match value {
        Value::String(text) => read_text(text),
        Value::Array(_) => set(&json!({ "keys": value })),
        Value::Object(members) if members.contains_key("keys") => set(value),
        Value::Object(members) if members.contains_key("kty") => {
            let jwk = read_jwk(value)?;
            Ok(SuppliedKeys { keys: ClientKeys::Jwks(JwkSet { keys: vec![jwk] }), ignored: Vec::new() })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Err(KeyFinding::Json.into()),
    }
}

/// Reads keys from a text: PEM, DER in base64, OpenSSH, JSON, or the URL of a key set.
pub fn read_text(text: &str) -> Result<SuppliedKeys, KeyReadError> {
    if text.len() > MAX_LENGTH {
        return Err(KeyFinding::TooLong.into());
    }
    let text = unwrap(text);
    if text.starts_with(['{', '[']) {
        let value = strict_json::parse(text.as_bytes()).map_err(|_| KeyFinding::Json)?;
        return read_json(&value);
    }
    if text.starts_with("https://") && !text.contains(char::is_whitespace) {
        let uri = JwksUri::parse(&text).map_err(|_| KeyFinding::Unknown)?;
        return Ok(SuppliedKeys { keys: ClientKeys::JwksUri(uri), ignored: Vec::new() });
    }
    let uploaded = read_key(&text)?;
    Ok(SuppliedKeys { keys: ClientKeys::PublicKeyPem(uploaded), ignored: Vec::new() })
}

/// The text without what wraps it in configuration files, and with real line breaks.
fn unwrap(text: &str) -> String {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let unquoted = ['"', '\''].iter().find_map(|quote| trimmed.strip_prefix(*quote)?.strip_suffix(*quote));
    let text = unquoted.unwrap_or(trimmed).trim();
    if text.starts_with(['{', '[']) {
        return text.to_owned();
    }
    text.replace("\\r", "").replace("\\n", "\n").replace("\r\n", "\n").replace('\r', "\n")
}

/// Reads the one key of a text that is no JSON.
fn read_key(text: &str) -> Result<UploadedKey, KeyFinding> {
    if text.is_empty() {
        return Err(KeyFinding::Empty);
    }
    if text.starts_with("PuTTY-User-Key-File") {
        return Err(KeyFinding::Private(PrivateKeyForm::Putty));
    }
    if let Some(key) = ssh::read_line(text) {
        return usable(PublicJwk::new(key?)).map(of_key);
    }
    let blocks = armour::blocks(text);
    if blocks.is_empty() {
        return read_bare(text);
    }
    // A private key beside anything else has been shown just the same, so it is looked for first.
    let contents: Vec<_> = blocks.iter().map(read_block).collect();
    if let Some(private) =
        contents.iter().find_map(|content| content.as_ref().err().filter(|found| found.is_private()))
    {
        return Err(private.clone());
    }
    one_key(contents)
}

/// Reads DER in base64 without lines around it, or a PEM text that is itself in base64.
fn read_bare(text: &str) -> Result<UploadedKey, KeyFinding> {
    let encoded =
        text.strip_prefix("data:").and_then(|url| url.split_once(";base64,")).map_or(text, |(_, data)| data);
    let encoded: String = encoded.split_whitespace().collect();
    match armour::BASE64.decode(&encoded) {
        Ok(bytes) if bytes.len() > 16 => match String::from_utf8(bytes) {
            Ok(inner) if inner.contains("BEGIN ") && !armour::blocks(&inner).is_empty() => {
                read_key(&unwrap(&inner))
            }
            Ok(inner) => one_key(vec![der::read(inner.as_bytes())]),
            Err(error) => one_key(vec![der::read(error.as_bytes())]),
        },
        // DER of a key or certificate begins so in base64.
        Err(_) if encoded.starts_with("MI") && encoded.len() > 64 => Err(KeyFinding::Base64),
        _ if is_file_name(text) => Err(KeyFinding::FileName),
        _ => Err(KeyFinding::Unknown),
    }
}

fn is_file_name(text: &str) -> bool {
    let has_ending =
        [".pem", ".crt", ".cer", ".key", ".pub", ".der", ".json"].iter().any(|end| text.ends_with(end));
    !text.contains(char::is_whitespace) && has_ending
}

fn read_block(block: &Block) -> Result<Content, KeyFinding> {
    if let Some(finding) = block.finding() {
        return Err(finding);
    }
    let content = match block.der() {
        Some(bytes) if block.is_ssh() => ssh::read_blob(&bytes).map(|key| Content::Key(PublicJwk::new(key))),
        Some(bytes) => der::read(&bytes),
        None => Err(KeyFinding::Base64),
    };
    match (block.private_form(), content) {
        (Some(form), Err(_)) => Err(KeyFinding::Private(form)),
        (None, Err(KeyFinding::Damaged)) if block.is_of_other_kind() => Err(KeyFinding::OtherBlock),
        (_, content) => content,
    }
}

/// The one key among several contents. Of certificates it is the leaf's, and a bare key beside its certificate is that one.
fn one_key(contents: Vec<Result<Content, KeyFinding>>) -> Result<UploadedKey, KeyFinding> {
    let (mut keys, mut certificates) = (Vec::new(), Vec::new());
    let (mut first_finding, mut has_parameters) = (None, false);
    for content in contents {
        match content {
            Ok(Content::Key(key)) if keys.contains(&key) => {}
            Ok(Content::Key(key)) => keys.push(key),
            Ok(Content::Certificate(certificate)) => certificates.push(certificate),
            // The parameters before a key are no fault of the key.
            Err(KeyFinding::ParametersOnly) => has_parameters = true,
            Err(finding) => first_finding = first_finding.or(Some(finding)),
        }
    }
    let leaf = certificate::leaf(certificates)?;
    if let Some(finding) = first_finding {
        return Err(finding);
    }
    match (leaf, keys.as_slice()) {
        (None, []) if has_parameters => Err(KeyFinding::ParametersOnly),
        (None, []) => Err(KeyFinding::Unknown),
        (None, [key]) => usable(key.clone()).map(of_key),
        (Some(leaf), keys) => {
            let uploaded = leaf.uploaded()?;
            let uploaded = UploadedKey { jwk: usable(uploaded.jwk)?, ..uploaded };
            if keys.iter().all(|key| *key == uploaded.jwk) {
                Ok(uploaded)
            } else {
                Err(KeyFinding::SeveralKeys(keys.len() + 1))
            }
        }
        (None, keys) => Err(KeyFinding::SeveralKeys(keys.len())),
    }
}

fn of_key(jwk: PublicJwk) -> UploadedKey {
    UploadedKey { jwk, certificate: None }
}

/// A key that the library which will verify with it accepts.
fn usable(jwk: PublicJwk) -> Result<PublicJwk, KeyFinding> {
    Ok(tried(jwk)?)
}

fn set(value: &Value) -> Result<SuppliedKeys, KeyReadError> {
    let read = SuppliedSet::read(value, read_jwk).map_err(KeyReadError::Set)?;
    Ok(SuppliedKeys { keys: ClientKeys::Jwks(read.set), ignored: read.ignored })
}

/// Reads a JWK that the library which will verify with it accepts.
pub fn read_jwk(value: &Value) -> Result<PublicJwk, InvalidJwk> {
    PublicJwk::read(value).and_then(tried)
}

fn tried(jwk: PublicJwk) -> Result<PublicJwk, InvalidJwk> {
    if jws::is_usable(&jwk.key) { Ok(jwk) } else { Err(InvalidJwk::Unusable) }
}
