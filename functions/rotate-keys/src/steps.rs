//! The four steps of a scheduled rotation, as AWS describes them for every rotation function.

use crate::error::RotationError;
use crate::soundness;
use crate::{Outcome, Rotation};
use shared::adapters::own_secret::{Labels, PENDING};
use shared::adapters::signing::RingDocument;
use shared::adapters::vault::CURRENT;
use shared::domain::key_rotation::Turn;

/// How far the version of a request token has come.
enum Stage {
    Pending(Labels),
    InForce(Labels),
}

impl Rotation {
    async fn stage(&self, token: &str) -> Result<Stage, RotationError> {
        let labels = self.secret.labels().await?;
        match (labels.carries(token, CURRENT), labels.carries(token, PENDING)) {
            (Some(true), _) => Ok(Stage::InForce(labels)),
            (_, Some(true)) => Ok(Stage::Pending(labels)),
            (Some(false), _) => Err(RotationError::NotPending),
            (None, _) => Err(RotationError::UnknownVersion),
        }
    }

    /// createSecret: the ring that is to come, as a pending version.
    pub(crate) async fn create(&self, token: &str) -> Result<Outcome, RotationError> {
        let Stage::Pending(labels) = self.stage(token).await? else { return Ok(Outcome::AlreadyInForce) };
        let current = self.current().await?;
        if self.secret.value_of(token).await?.is_some() {
            return Ok(Outcome::AlreadyPending);
        }
        let ring = RingDocument::from_json(&current.text)?;
        let (ring, turn) = ring.rotated(&current.version_id, labels.rotated_at, self.app.clock.now())?;
        if !self.secret.put_pending(token, &ring.to_json()?).await? {
            return Ok(Outcome::AlreadyPending);
        }
        Ok(match turn {
            Turn::Promoted { .. } => Outcome::NextPromoted,
            Turn::TooEarly { .. } => Outcome::NextTooYoung,
        })
    }

    /// setSecret: there is no database and no service to tell.
    pub(crate) async fn set(&self, token: &str) -> Result<Outcome, RotationError> {
        match self.stage(token).await? {
            Stage::Pending(_) => Ok(Outcome::NothingToSet),
            Stage::InForce(_) => Ok(Outcome::AlreadyInForce),
        }
    }

    /// testSecret. Secrets Manager also asks for this step alone when a schedule is made. What it has staged
    /// then is a copy of the ring in force, or nothing: then that ring is tested, and finishSecret would
    /// refuse.
    pub(crate) async fn test(&self, token: &str) -> Result<Outcome, RotationError> {
        let Stage::Pending(_) = self.stage(token).await? else { return Ok(Outcome::AlreadyInForce) };
        let (pending, now) = (self.secret.value_of(token).await?, self.app.clock.now());
        let current = self.current().await?.text;
        soundness::check(pending.as_ref().unwrap_or(&current), &current, now)?;
        Ok(Outcome::Sound)
    }

    /// finishSecret: the pending ring comes into force, if it was made from the one that is.
    pub(crate) async fn finish(&self, token: &str) -> Result<Outcome, RotationError> {
        if let Stage::InForce(labels) = self.stage(token).await? {
            if labels.carries(token, PENDING) == Some(true) {
                self.not_pending_any_more(token).await?;
            }
            return Ok(Outcome::AlreadyInForce);
        }
        let pending = self.secret.value_of(token).await?.ok_or(RotationError::NoValue)?;
        let made_from = RingDocument::from_json(&pending)?.follows;
        let current = self.current().await?.version_id;
        let moved = made_from.as_ref() == Some(&current)
            && self.secret.move_label(CURRENT, Some(&current), Some(token)).await?;
        // Either way nobody works on it any more: the label left behind would stop every later rotation.
        self.not_pending_any_more(token).await?;
        if moved || self.secret.labels().await?.carries(token, CURRENT) == Some(true) {
            return Ok(Outcome::InForce);
        }
        Err(RotationError::Overtaken)
    }

    pub(crate) async fn not_pending_any_more(&self, version: &str) -> Result<(), RotationError> {
        self.secret.move_label(PENDING, Some(version), None).await?;
        Ok(())
    }
}
