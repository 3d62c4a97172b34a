//! A key has leaked: it leaves the ring at once, with no time for verifiers to see what takes its place.

use crate::error::RotationError;
use crate::validate;
use crate::{Rotation, RotationOutcome};
use shared::adapters::secrets_manager::deployment_secret::PENDING;
use shared::adapters::signing::KeyRingDocument;
use shared::domain::signing_keys::rotation::CompromisedKeys;

/// How often it is tried again when the ring changes under it.
const ATTEMPTS: u32 = 8;

impl Rotation {
    /// Drops what leaked. The ring remembers the emergency, so a repeat drops nothing more.
    pub(crate) async fn revoke_compromised(
        &self,
        leaked: CompromisedKeys,
        id: &str,
    ) -> Result<RotationOutcome, RotationError> {
        for _ in 0..ATTEMPTS {
            let current = self.current().await?;
            let ring = KeyRingDocument::from_json(&current.text)?;
            if ring.has_handled(id) {
                self.stop_the_rotation_under_way().await?;
                return Ok(RotationOutcome::AlreadyRevoked);
            }
            let ring =
                ring.without_compromised(leaked, id, &current.version_id, self.app.clock.now())?.to_json()?;
            validate::check_keys(&ring, self.app.clock.now())?;
            if self.secret.replace(Some(&current.version_id), &ring).await? {
                self.stop_the_rotation_under_way().await?;
                return Ok(RotationOutcome::CompromisedKeysRevoked);
            }
        }
        Err(RotationError::Conflict)
    }

    /// What is pending was made from the ring with the leaked key. It would not come into force, and its
    /// label would stop every later rotation.
    async fn stop_the_rotation_under_way(&self) -> Result<(), RotationError> {
        let labels = self.secret.labels().await?;
        match labels.version_with(PENDING) {
            Some(version) => self.clear_pending(version).await,
            None => Ok(()),
        }
    }
}
