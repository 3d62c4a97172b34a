//! Keeps the public keys, which are a secret of their own, in step with the key ring.

use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::deployment_secret::{Current, DeploymentSecret, SecretVersion};
use crate::adapters::signing::{KeyRing, VerificationKeysDocument};
use crate::services::modify::{Attempt, Contention, modify};

const OP: &str = "publishing the verification keys";

/// Error of publishing the public keys.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The ring or the public keys kept changing.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// Secrets Manager failed, or there is no ring.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl From<PublishError> for BackendError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Backend(failure) => failure,
            PublishError::Contention(contention) => Self::new(OP, contention),
        }
    }
}

/// The public keys of a stored ring, as JSON.
pub fn verification_keys_of(ring: &SecretVersion) -> Result<String, BackendError> {
    let (keys, ring_version) = (KeyRing::parse(&ring.text)?, ring.version_id.clone());
    let (jwks, published) = (keys.jwk_set().clone(), keys.published().to_vec());
    VerificationKeysDocument { jwks, ring_version, published }.to_json()
}

/// Stores the public keys of the current ring where others are stored.
///
/// The public keys are read before the ring. Of several calls at once, one that has read an older ring therefore finds
/// that the public keys have changed since, and stores nothing.
pub async fn publish_verification_keys(
    ring: &DeploymentSecret,
    verification_keys: &DeploymentSecret,
) -> Result<(), PublishError> {
    modify(|| async {
        let published = verification_keys.current().await?;
        let Current::Value(ring) = ring.current().await? else {
            return Err(BackendError::new(OP, "there are no signing keys").into());
        };
        let json = verification_keys_of(&ring)?;
        let version = match published {
            Current::Value(published) if *published.text == json => return Ok(Attempt::Done(())),
            Current::Value(published) => Some(published.version_id),
            Current::Missing(version) => version,
        };
        let replaced = verification_keys.replace(version.as_deref(), &json).await;
        replaced.map_err(BackendError::from)?;
        // Done when it is read back, and the ring has not changed meanwhile.
        Ok(Attempt::Conflict)
    })
    .await
}
