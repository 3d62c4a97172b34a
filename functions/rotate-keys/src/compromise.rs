//! Revocation of compromised keys: they are removed at once, before verifiers have seen the keys that replace them.

use crate::error::RotationError;
use crate::validate;
use crate::{Rotation, RotationOutcome};
use shared::adapters::error::BackendError;
use shared::adapters::secrets_manager::deployment_secret::PENDING;
use shared::adapters::signing::KeyRingDocument;
use shared::domain::signing_keys::rotation::CompromisedKeys;
use shared::services::modify::{Attempt, modify};

impl Rotation {
    /// Removes the compromised keys. The key ring keeps the id, so that a repeated event removes nothing more.
    pub(crate) async fn revoke_compromised(
        &self,
        compromised: CompromisedKeys,
        id: &str,
    ) -> Result<RotationOutcome, RotationError> {
        modify(|| async {
            let current = self.current().await?;
            let keys = KeyRingDocument::from_json(&current.text)?;
            if keys.has_handled(id) {
                self.cancel_pending_rotation().await?;
                self.publish().await?;
                return Ok(Attempt::Done(RotationOutcome::AlreadyRevoked));
            }
            let now = self.app.clock.now();
            let keys = keys.without_compromised(compromised, id, &current.version_id, now)?.to_json()?;
            validate::check_keys(&keys, self.app.clock.now())?;
            let replaced = self.secret.replace(Some(&current.version_id), &keys).await;
            if replaced.map_err(BackendError::from)? {
                self.cancel_pending_rotation().await?;
                self.publish().await?;
                return Ok(Attempt::Done(RotationOutcome::CompromisedKeysRevoked));
            }
            Ok(Attempt::Conflict)
        })
        .await
    }

    /// Removes `AWSPENDING` from a key ring that was generated from the one with the compromised keys: it could not become
    /// current, and its stage would block every later rotation.
    async fn cancel_pending_rotation(&self) -> Result<(), RotationError> {
        let stages = self.secret.labels().await?;
        match stages.version_with(PENDING) {
            Some(version) => self.clear_pending(version).await,
            None => Ok(()),
        }
    }
}
