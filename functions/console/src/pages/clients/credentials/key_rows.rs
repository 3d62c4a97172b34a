//! The keys of a client and the platforms that it is trusted from, as its page lists them.

use crate::pages::clients::badges;
use crate::pages::parts::time::Instant;
use jiff::Timestamp;
use shared::adapters::crypto::jws;
use shared::domain::client::Client;
use shared::domain::client::client_keys::ClientKeys;
use shared::domain::client::credential::CredentialId;
use shared::domain::client::federated_identity::FederatedIdentity;
use shared::domain::jose::jwk::PublicJwk;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::texts::Texts;

/// A key, the URL of keys, or a workload identity.
pub struct KeyRow {
    /// Its id.
    pub id: CredentialId,
    /// What it is.
    pub kind: String,
    /// What it is known by, each part by its name: the key's `kid` or thumbprint, its URL, or the claims of the platform's tokens.
    pub names: Vec<(String, String)>,
    /// The subject of its certificate; empty if there is none.
    pub subject: String,
    /// When its certificate ends.
    pub ends: Option<Instant>,
    /// Day of its last use.
    pub last_used: String,
}

impl KeyRow {
    /// Whether it is an identity at a platform.
    pub fn is_platform(&self) -> bool {
        self.names.iter().any(|(name, _)| name == "iss")
    }

    /// What it is, and what it is known by.
    pub fn in_one_line(&self) -> String {
        let names = self.names.iter().map(|(_, value)| value);
        let known_by = [&self.subject].into_iter().chain(names).map(String::as_str);
        let known_by: Vec<&str> = known_by.filter(|text| !text.is_empty()).collect();
        format!("{}: {}", self.kind, known_by.join(" · "))
    }
}

/// The rows of a client.
pub fn key_rows(texts: Texts, client: &Client, now: Timestamp) -> Vec<KeyRow> {
    let used = |id: &CredentialId| badges::used_on(texts, client.last_uses.get(id).copied(), now);
    let source = client.key_source.as_ref();
    let certificate = source.and_then(|source| source.certificate());
    let keys = source.into_iter().flat_map(ClientKeys::inline_keys).map(|key| KeyRow {
        id: CredentialId::of_key(key),
        kind: texts.get(if certificate.is_some() { "key-certificate" } else { "key-public" }),
        names: certificate.map_or_else(
            || key_name(key),
            |certificate| vec![("x5t#S256".to_owned(), certificate.thumbprint.clone())],
        ),
        subject: certificate
            .and_then(|certificate| certificate.subject.as_deref())
            .map(without_hidden_characters)
            .unwrap_or_default(),
        ends: certificate.map(|certificate| Instant::new(texts, certificate.expires_at, now)),
        last_used: used(&CredentialId::of_key(key)),
    });
    let url = source.and_then(|source| source.jwks_uri()).map(|uri| KeyRow {
        id: CredentialId::of_jwks_uri(uri.as_str()),
        kind: texts.get("key-url"),
        names: vec![("jwks_uri".to_owned(), uri.as_str().to_owned())],
        subject: String::new(),
        ends: None,
        last_used: used(&CredentialId::of_jwks_uri(uri.as_str())),
    });
    let platforms = client.federated_identities.iter().map(|identity| KeyRow {
        id: CredentialId::of_identity(identity),
        kind: texts.get("key-platform"),
        names: members(identity),
        subject: String::new(),
        ends: None,
        last_used: used(&CredentialId::of_identity(identity)),
    });
    keys.chain(url).chain(platforms).collect()
}

/// What a token must have, by the names of its claims.
pub fn members(identity: &FederatedIdentity) -> Vec<(String, String)> {
    let subject = identity.subject.as_deref().map(|subject| ("sub".to_owned(), subject.to_owned()));
    let claims = identity.claims.iter().map(|(name, value)| (name.clone(), value.to_string()));
    let all =
        [("iss".to_owned(), identity.issuer.as_str().to_owned())].into_iter().chain(subject).chain(claims);
    all.chain([("aud".to_owned(), identity.audience.clone())])
        .map(|(name, value)| (without_hidden_characters(&name), without_hidden_characters(&value)))
        .collect()
}

/// A key's own name; of a key without one, its thumbprint (RFC 7638), by the name that RFC 9449 gives it.
fn key_name(key: &PublicJwk) -> Vec<(String, String)> {
    let kid = key.kid.as_deref().map(|kid| ("kid".to_owned(), without_hidden_characters(kid)));
    kid.or_else(|| Some(("jkt".to_owned(), jws::thumbprint(key)?))).into_iter().collect()
}
