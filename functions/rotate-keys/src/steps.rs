//! The four steps of a scheduled rotation, as AWS describes them for every rotation function.

use crate::error::RotationError;
use crate::validate;
use crate::{Rotation, RotationOutcome};
use shared::adapters::secrets_manager::client_secret_store::CURRENT;
use shared::adapters::secrets_manager::deployment_secret::{PENDING, VersionStages};
use shared::adapters::signing::KeyRingDocument;
use shared::domain::signing_keys::rotation::RotationDecision;

/// How far the version of a request token has come.
enum VersionStage {
    Pending(VersionStages),
    Current(VersionStages),
}

impl Rotation {
    async fn stage(&self, token: &str) -> Result<VersionStage, RotationError> {
        let labels = self.secret.labels().await?;
        match (labels.has_stage(token, CURRENT), labels.has_stage(token, PENDING)) {
            (Some(true), _) => Ok(VersionStage::Current(labels)),
            (_, Some(true)) => Ok(VersionStage::Pending(labels)),
            (Some(false), _) => Err(RotationError::NotPending),
            (None, _) => Err(RotationError::UnknownVersion),
        }
    }

    /// createSecret: the ring that is to come, as a pending version.
    pub(crate) async fn create(&self, token: &str) -> Result<RotationOutcome, RotationError> {
        let VersionStage::Pending(labels) = self.stage(token).await? else {
            return Ok(RotationOutcome::AlreadyCurrent);
        };
        let current = self.current().await?;
        if self.secret.value_of(token).await?.is_some() {
            return Ok(RotationOutcome::AlreadyPending);
        }
        let ring = KeyRingDocument::from_json(&current.text)?;
        let (ring, turn) = ring.rotate(&current.version_id, labels.rotated_at, self.app.clock.now())?;
        if !self.secret.put_pending(token, &ring.to_json()?).await? {
            return Ok(RotationOutcome::AlreadyPending);
        }
        Ok(match turn {
            RotationDecision::Promoted { .. } => RotationOutcome::Promoted,
            RotationDecision::TooEarly { .. } => RotationOutcome::NotYetPromotable,
        })
    }

    /// setSecret: there is no database and no service to tell.
    pub(crate) async fn set(&self, token: &str) -> Result<RotationOutcome, RotationError> {
        match self.stage(token).await? {
            VersionStage::Pending(_) => Ok(RotationOutcome::NoOp),
            VersionStage::Current(_) => Ok(RotationOutcome::AlreadyCurrent),
        }
    }

    /// testSecret. Secrets Manager also asks for this step alone when a schedule is made. What it has staged
    /// then is a copy of the ring in force, or nothing: then that ring is tested, and finishSecret would
    /// refuse.
    pub(crate) async fn test(&self, token: &str) -> Result<RotationOutcome, RotationError> {
        let VersionStage::Pending(_) = self.stage(token).await? else {
            return Ok(RotationOutcome::AlreadyCurrent);
        };
        let (pending, now) = (self.secret.value_of(token).await?, self.app.clock.now());
        let current = self.current().await?.text;
        validate::check(pending.as_ref().unwrap_or(&current), &current, now)?;
        Ok(RotationOutcome::Tested)
    }

    /// finishSecret: the pending ring comes into force, if it was made from the one that is.
    pub(crate) async fn finish(&self, token: &str) -> Result<RotationOutcome, RotationError> {
        if let VersionStage::Current(labels) = self.stage(token).await? {
            if labels.has_stage(token, PENDING) == Some(true) {
                self.clear_pending(token).await?;
            }
            return Ok(RotationOutcome::AlreadyCurrent);
        }
        let pending = self.secret.value_of(token).await?.ok_or(RotationError::NoValue)?;
        let made_from = KeyRingDocument::from_json(&pending)?.follows;
        let current = self.current().await?.version_id;
        let moved = made_from.as_ref() == Some(&current)
            && self.secret.move_stage(CURRENT, Some(&current), Some(token)).await?;
        // Either way nobody works on it any more: the label left behind would stop every later rotation.
        self.clear_pending(token).await?;
        if moved || self.secret.labels().await?.has_stage(token, CURRENT) == Some(true) {
            return Ok(RotationOutcome::Finished);
        }
        Err(RotationError::Conflict)
    }

    pub(crate) async fn clear_pending(&self, version: &str) -> Result<(), RotationError> {
        self.secret.move_stage(PENDING, Some(version), None).await?;
        Ok(())
    }
}
