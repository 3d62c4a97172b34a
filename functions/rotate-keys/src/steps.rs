//! The four steps of a scheduled rotation, as AWS describes them for every rotation function.

use crate::error::RotationError;
use crate::validate;
use crate::{Rotation, RotationOutcome};
use shared::adapters::secrets_manager::client_secret_store::CURRENT;
use shared::adapters::secrets_manager::deployment_secret::{PENDING, VersionStages};
use shared::adapters::signing::KeyRingDocument;
use shared::domain::signing_keys::rotation::RotationDecision;

/// Stage of the version that a request token names.
enum VersionStage {
    Pending(VersionStages),
    Current(VersionStages),
}

impl Rotation {
    async fn stage(&self, token: &str) -> Result<VersionStage, RotationError> {
        let stages = self.secret.labels().await?;
        match (stages.has_stage(token, CURRENT), stages.has_stage(token, PENDING)) {
            (Some(true), _) => Ok(VersionStage::Current(stages)),
            (_, Some(true)) => Ok(VersionStage::Pending(stages)),
            (Some(false), _) => Err(RotationError::NotPending),
            (None, _) => Err(RotationError::UnknownVersion),
        }
    }

    /// createSecret: generates the new key ring and stores it as the pending version.
    pub(crate) async fn create(&self, token: &str) -> Result<RotationOutcome, RotationError> {
        let VersionStage::Pending(stages) = self.stage(token).await? else {
            return Ok(RotationOutcome::AlreadyCurrent);
        };
        // The key that signs next is among the public keys before it signs, even if the last rotation was cut off.
        self.publish().await?;
        let current = self.current().await?;
        if self.secret.value_of(token).await?.is_some() {
            return Ok(RotationOutcome::AlreadyPending);
        }
        let keys = KeyRingDocument::from_json(&current.text)?;
        let (keys, decision) = keys.rotate(&current.version_id, stages.rotated_at, self.app.clock.now())?;
        if !self.secret.put_pending(token, &keys.to_json()?).await? {
            return Ok(RotationOutcome::AlreadyPending);
        }
        Ok(match decision {
            RotationDecision::Promoted { .. } => RotationOutcome::Promoted,
            RotationDecision::TooEarly { .. } => RotationOutcome::NotYetPromotable,
        })
    }

    /// setSecret: no database or service has to be given the new key ring.
    pub(crate) async fn set(&self, token: &str) -> Result<RotationOutcome, RotationError> {
        match self.stage(token).await? {
            VersionStage::Pending(_) => Ok(RotationOutcome::NoOp),
            VersionStage::Current(_) => Ok(RotationOutcome::AlreadyCurrent),
        }
    }

    /// testSecret: validates the pending key ring.
    pub(crate) async fn test(&self, token: &str) -> Result<RotationOutcome, RotationError> {
        let VersionStage::Pending(_) = self.stage(token).await? else {
            return Ok(RotationOutcome::AlreadyCurrent);
        };
        // Secrets Manager requests this step alone when a schedule is created. It has staged a copy of the current key ring
        // then, or a version without a value: in that case the current key ring is tested, and finishSecret would fail.
        let (pending, now) = (self.secret.value_of(token).await?, self.app.clock.now());
        let current = self.current().await?.text;
        validate::check(pending.as_ref().unwrap_or(&current), &current, now)?;
        Ok(RotationOutcome::Tested)
    }

    /// finishSecret: makes the pending key ring current, if it was generated from the current one.
    pub(crate) async fn finish(&self, token: &str) -> Result<RotationOutcome, RotationError> {
        if let VersionStage::Current(stages) = self.stage(token).await? {
            if stages.has_stage(token, PENDING) == Some(true) {
                self.clear_pending(token).await?;
            }
            self.publish().await?;
            return Ok(RotationOutcome::AlreadyCurrent);
        }
        let pending = self.secret.value_of(token).await?.ok_or(RotationError::NoValue)?;
        let generated_from = KeyRingDocument::from_json(&pending)?.parent_version;
        let current = self.current().await?.version_id;
        let moved = generated_from.as_ref() == Some(&current)
            && self.secret.move_stage(CURRENT, Some(&current), Some(token)).await?;
        // Whether it became current or not: a stage that is left behind would block every later rotation.
        self.clear_pending(token).await?;
        if moved || self.secret.labels().await?.has_stage(token, CURRENT) == Some(true) {
            self.publish().await?;
            return Ok(RotationOutcome::Finished);
        }
        Err(RotationError::Conflict)
    }

    pub(crate) async fn clear_pending(&self, version: &str) -> Result<(), RotationError> {
        self.secret.move_stage(PENDING, Some(version), None).await?;
        Ok(())
    }
}
