//! What was found when the keys of a client were looked at, in words.

use shared::domain::client::Client;
use shared::domain::client::client_keys::key_check::{KeyCheck, KeysFound};
use shared::domain::client::credential::CredentialId;
use shared::domain::jose::algorithm::JwsAlgorithm;
use shared::domain::jose::ignored_key::{IgnoredKey, IgnoredKeyReason};
use shared::domain::jose::jwk::PublicJwk;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::texts::Texts;
use std::sync::Arc;

/// Keys that this instance has fetched lately, by the credential that publishes them.
type Fetched = [(CredentialId, Arc<Vec<PublicJwk>>)];

/// What was found at one source of keys.
#[derive(Clone)]
pub struct FoundKeys {
    /// Whether there was a key that can verify.
    pub is_good: bool,
    /// The result.
    pub text: String,
    /// The keys that were found, each with its algorithms, if this instance knows them.
    pub keys: Vec<(String, String)>,
    /// Keys that were passed over, each with the reason.
    pub ignored: Vec<String>,
}

/// What was found at all sources of a client.
pub struct Findings {
    of_credentials: Vec<(Option<CredentialId>, FoundKeys)>,
}

impl Findings {
    /// What was found at the source of a credential.
    pub fn of(&self, id: &CredentialId) -> Option<FoundKeys> {
        let mut all = self.of_credentials.iter();
        all.find(|(credential, _)| credential.as_ref() == Some(id)).map(|(_, found)| found.clone())
    }

    /// The keys that were passed over among those that are stored with the client.
    pub fn ignored_inline(&self) -> Vec<String> {
        let inline = self.of_credentials.iter().filter(|(credential, _)| credential.is_none());
        inline.flat_map(|(_, found)| found.ignored.clone()).collect()
    }
}

/// What was found at the sources of a client. A failure is left out once the credential got a token after it.
pub fn findings(texts: Texts, client: &Client, fetched: &Fetched) -> Findings {
    let is_told = |check: &&KeyCheck| check.keys == KeysFound::Found || check.is_current(&client.last_uses);
    let of = |check: &KeyCheck| {
        let keys = fetched.iter().find(|(credential, _)| Some(credential) == check.credential.as_ref());
        let keys = keys.map(|(_, keys)| keys.iter().map(|key| key_line(texts, key)).collect());
        let found = FoundKeys {
            is_good: check.keys == KeysFound::Found,
            text: result(texts, check),
            keys: keys.filter(|_| check.keys == KeysFound::Found).unwrap_or_default(),
            ignored: check.ignored.iter().map(|ignored| ignored_line(texts, ignored)).collect(),
        };
        (check.credential.clone(), found)
    };
    Findings { of_credentials: client.key_checks.iter().filter(is_told).map(of).collect() }
}

fn result(texts: Texts, check: &KeyCheck) -> String {
    let day = check.checked_on.to_string();
    let id = match check.keys {
        KeysFound::Found => "keys-found",
        KeysFound::NoneUsable => "keys-none-usable",
        KeysFound::Unavailable => "keys-unavailable",
        KeysFound::NotChecked => "keys-not-checked",
    };
    texts.with(id, [("day", &day)])
}

/// A key: its `kid`, and the algorithms that it verifies.
fn key_line(texts: Texts, key: &PublicJwk) -> (String, String) {
    let kid = key.kid.as_deref().map_or_else(|| texts.get("key-without-kid"), without_hidden_characters);
    let fits =
        JwsAlgorithm::ALL.iter().filter(|alg| key.alg.map_or(key.key.fits(**alg), |only| only == **alg));
    (kid, fits.map(|alg| alg.as_str()).collect::<Vec<_>>().join(" "))
}

fn ignored_line(texts: Texts, ignored: &IgnoredKey) -> String {
    let kid = ignored.kid.as_deref().map_or_else(|| texts.get("key-without-kid"), without_hidden_characters);
    let reason = texts.get(match ignored.reason {
        IgnoredKeyReason::UnsupportedKind => "ignored-unsupported-kind",
        IgnoredKeyReason::UnsupportedAlg => "ignored-unsupported-alg",
        IgnoredKeyReason::NotForSignatures => "ignored-not-for-signatures",
        IgnoredKeyReason::InvalidKid => "ignored-invalid-kid",
        IgnoredKeyReason::RefusedSize => "ignored-refused-size",
        IgnoredKeyReason::PrivateKey => "ignored-private-key",
        IgnoredKeyReason::Invalid => "ignored-invalid",
    });
    format!("{kid}: {reason}")
}
