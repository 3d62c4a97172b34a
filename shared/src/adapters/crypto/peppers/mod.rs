//! Peppers: the HMAC keys of the digests of client secrets. They are stored in Secrets Manager, so that the directory
//! table alone does not suffice to verify a guess.

use crate::adapters::crypto::aead;
use crate::adapters::error::BackendError;
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::client::secret::{SecretDigest, SecretLookup};
use crate::domain::primitives::ids::{ClientId, SecretId};
use aws_lc_rs::{constant_time, hkdf, hmac};
use serde::Deserialize;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The stored JSON. The stack creates the first one with Secrets Manager's generator.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Document {
    pepper_id: String,
    pepper: String,
    #[serde(default)]
    previous: Vec<Previous>,
}

#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Previous {
    pepper_id: String,
    pepper: String,
}

struct Pepper {
    id: String,
    key: hmac::Key,
    /// Encrypts what is opened months later.
    long_lived_key: [u8; 32],
}

/// The pepper of new digests, and the peppers of older ones.
pub struct Peppers {
    /// The current one first.
    all: Vec<Pepper>,
    sealing_key: [u8; 32],
    one_time_code_key: [u8; 32],
    known_source_key: [u8; 32],
    end_user_key: [u8; 32],
}

impl std::fmt::Debug for Peppers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.all.iter().map(|pepper| &pepper.id)).finish()
    }
}

/// The shortest pepper, in bytes.
const MIN_BYTES: usize = 32;

impl Peppers {
    /// Reads `{"pepper_id", "pepper", "previous": [{"pepper_id", "pepper"}]}`.
    pub fn parse(json: &str) -> Result<Self, BackendError> {
        const OP: &str = "reading the pepper secret";
        let document: Document = serde_json::from_str(json).map_err(|_| {
            BackendError::new(OP, "expected JSON with pepper_id, pepper and, optionally, previous")
        })?;
        let pairs = std::iter::once((&document.pepper_id, &document.pepper))
            .chain(document.previous.iter().map(|old| (&old.pepper_id, &old.pepper)));
        let mut all = Vec::new();
        for (id, pepper) in pairs {
            if pepper.len() < MIN_BYTES {
                return Err(BackendError::new(
                    OP,
                    format!("pepper {id} is shorter than {MIN_BYTES} characters"),
                ));
            }
            all.push(Pepper {
                id: id.clone(),
                key: hmac::Key::new(hmac::HMAC_SHA256, pepper.as_bytes()),
                long_lived_key: derive(pepper.as_bytes(), b"latchkey long-lived", b"seal"),
            });
        }
        let pepper = document.pepper.as_bytes();
        let oldest = document.previous.last().map_or(pepper, |oldest| oldest.pepper.as_bytes());
        Ok(Self {
            all,
            sealing_key: derive(pepper, b"latchkey cursor", b"seal"),
            one_time_code_key: derive(pepper, b"latchkey one-time code", b"digest"),
            known_source_key: derive(pepper, b"latchkey known source", b"digest"),
            end_user_key: derive(oldest, b"latchkey end user", b"subject"),
        })
    }

    /// The digest of a new secret, under the current pepper.
    ///
    /// # Panics
    ///
    /// Never: there is always a current pepper.
    #[must_use]
    pub fn digest(&self, client: &ClientId, id: &SecretId, secret: &ClientSecret) -> SecretDigest {
        let pepper = self.all.first().expect("parse() keeps at least one");
        SecretDigest {
            pepper_id: pepper.id.clone(),
            digest: mac(&pepper.key, client, id, secret).as_ref().to_vec(),
        }
    }

    /// The lookup of a secret, under the current pepper: HMAC-SHA-256 (pepper, "lookup" ‖ secret).
    ///
    /// # Panics
    ///
    /// Never: there is always a current pepper.
    #[must_use]
    pub fn lookup(&self, secret: &ClientSecret) -> SecretLookup {
        let pepper = self.all.first().expect("parse() keeps at least one");
        let mut context = hmac::Context::with_key(&pepper.key);
        context.update(b"lookup");
        context.update(secret.expose().as_bytes());
        SecretLookup(context.sign().as_ref().to_vec())
    }

    /// Whether the presented secret is the one that was digested. Takes the same time either way, and computes one
    /// digest even where the pepper is unknown.
    #[must_use]
    pub fn verify(
        &self,
        client: &ClientId,
        id: &SecretId,
        secret: &ClientSecret,
        kept: &SecretDigest,
    ) -> bool {
        let own = self.all.iter().find(|pepper| pepper.id == kept.pepper_id);
        let Some(pepper) = own.or(self.all.first()) else {
            return false;
        };
        let digest = mac(&pepper.key, client, id, secret);
        let equal = constant_time::verify_slices_are_equal(digest.as_ref(), &kept.digest).is_ok();
        equal && own.is_some()
    }

    /// A key for sealing cursors: unrelated to the digests, and the same in every instance.
    #[must_use]
    pub fn sealing_key(&self) -> &[u8; 32] {
        &self.sealing_key
    }

    /// A key for the digests of one-time codes by e-mail: unrelated to every other one.
    #[must_use]
    pub fn one_time_code_key(&self) -> &[u8; 32] {
        &self.one_time_code_key
    }

    /// A key for the digests of sources that members have signed in from.
    #[must_use]
    pub fn known_source_key(&self) -> &[u8; 32] {
        &self.known_source_key
    }

    /// A key for the subjects of end users who are no members. It is of the oldest pepper, the last of `previous`, so that a
    /// new pepper leaves the subjects as they are.
    #[must_use]
    pub fn end_user_key(&self) -> &[u8; 32] {
        &self.end_user_key
    }

    /// Seals what a browser or a mailbox keeps for months, with the associated data `aad`.
    ///
    /// # Panics
    ///
    /// Never: there is always a current pepper.
    #[must_use]
    pub fn seal(&self, aad: &str, plaintext: &[u8]) -> String {
        let pepper = self.all.first().expect("parse() keeps at least one");
        aead::seal(&pepper.long_lived_key, aad, plaintext)
    }

    /// Opens what [`seal`](Self::seal) sealed under the current pepper or an older one.
    #[must_use]
    pub fn open(&self, aad: &str, sealed: &str) -> Option<Vec<u8>> {
        self.all.iter().find_map(|pepper| aead::open(&pepper.long_lived_key, aad, sealed))
    }
}

/// HMAC-SHA-256 (pepper, `client_id` ‖ `secret_id` ‖ secret), each part preceded by its length.
fn mac(key: &hmac::Key, client: &ClientId, id: &SecretId, secret: &ClientSecret) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    for part in [client.as_str(), id.as_str(), secret.expose()] {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.sign()
}

fn derive(pepper: &[u8], purpose: &[u8], use_as: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, purpose)
        .extract(pepper)
        .expand(&[use_as], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut key))
        .expect("32 bytes are a legal length for HKDF-SHA-256");
    key
}

#[cfg(test)]
mod tests;
