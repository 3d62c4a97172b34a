//! `Idempotency-Key`: a repeated request is recognised and not carried out again.

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::error::BackendError;
use crate::adapters::store::{Created, Store};
use crate::services::modify::Contention;
use jiff::Timestamp;

/// Identifies a request among its repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// SHA-256 over caller, path and key.
    pub key_digest: String,
    /// SHA-256 over the body.
    pub body_digest: String,
}

/// Why a request is not treated as a repeat.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The same key came with another body, or for another kind of thing.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// The store knows the request, but its record is gone.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl IdempotencyKey {
    /// A key of its caller and its path. `caller` is unique to a principal; `canonical_body` is equal for bodies that
    /// differ only in how they are written.
    #[must_use]
    pub fn new(caller: &str, path: &str, key: &[u8], canonical_body: &[u8]) -> Self {
        Self {
            key_digest: sha256_hex(&[caller.as_bytes(), path.as_bytes(), key]),
            body_digest: sha256_hex(&[canonical_body]),
        }
    }

    /// What this request created or changed when it came first, if it came before.
    pub async fn find_created(
        &self,
        store: &Store,
        now: Timestamp,
    ) -> Result<Option<Created>, IdempotencyError> {
        match store.find_idempotency_record(&self.key_digest, now).await? {
            None => Ok(None),
            Some(record) if record.body_digest == self.body_digest => Ok(Some(record.created)),
            Some(_) => Err(IdempotencyError::KeyReused),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_belongs_to_its_caller_and_path() {
        let key = IdempotencyKey::new("c1", "/v1/accounts", b"k", b"{}");
        assert_eq!(key, IdempotencyKey::new("c1", "/v1/accounts", b"k", b"{}"));
        for other in [
            IdempotencyKey::new("c2", "/v1/accounts", b"k", b"{}"),
            IdempotencyKey::new("c1", "/v1/resources", b"k", b"{}"),
            IdempotencyKey::new("c1", "/v1/accounts", b"l", b"{}"),
        ] {
            assert_ne!(key.key_digest, other.key_digest);
            assert_eq!(key.body_digest, other.body_digest);
        }
        assert_ne!(key.body_digest, IdempotencyKey::new("c1", "/v1/accounts", b"k", b"[]").body_digest);
    }
}
