//! A key has leaked: it leaves the ring at once, with no time for verifiers to see what takes its place.

use crate::error::RotationError;
use crate::soundness;
use crate::{Outcome, Rotation};
use shared::adapters::own_secret::PENDING;
use shared::adapters::signing::RingDocument;
use shared::domain::key_rotation::Leaked;

/// How often it is tried again when the ring changes under it.
const ATTEMPTS: u32 = 8;

impl Rotation {
    /// Drops what leaked. The ring remembers the emergency, so a repeat drops nothing more.
    pub(crate) async fn drop_leaked(&self, leaked: Leaked, id: &str) -> Result<Outcome, RotationError> {
        for _ in 0..ATTEMPTS {
            let current = self.current().await?;
            let ring = RingDocument::from_json(&current.text)?;
            if ring.remembers(id) {
                self.stop_the_rotation_under_way().await?;
                return Ok(Outcome::AlreadyDropped);
            }
            let ring = ring.without(leaked, id, &current.version_id, self.app.clock.now())?.to_json()?;
            soundness::check_keys(&ring, self.app.clock.now())?;
            if self.secret.replace(Some(&current.version_id), &ring).await? {
                self.stop_the_rotation_under_way().await?;
                return Ok(Outcome::LeakedKeysDropped);
            }
        }
        Err(RotationError::Overtaken)
    }

    /// What is pending was made from the ring with the leaked key. It would not come into force, and its
    /// label would stop every later rotation.
    async fn stop_the_rotation_under_way(&self) -> Result<(), RotationError> {
        let labels = self.secret.labels().await?;
        match labels.holder(PENDING) {
            Some(version) => self.not_pending_any_more(version).await,
            None => Ok(()),
        }
    }
}
