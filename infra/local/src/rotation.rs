//! Rotation of a secret as Secrets Manager drives it: it stages a version, and requests four steps.

use crate::error::RotationDriverError;
use rotate_keys::{Rotation, RotationError, RotationOutcome};
use serde::Serialize;
use serde_json::json;
use shared::adapters::crypto::random::random_hex;
use shared::adapters::error::BackendError;
use shared::adapters::secrets_manager::deployment_secret::PENDING;
use std::sync::Arc;

/// Drives the rotation function.
#[derive(Clone)]
pub struct RotationDriver {
    rotation: Arc<Rotation>,
    secrets_manager: aws_sdk_secretsmanager::Client,
    secret: String,
}

/// Report of a rotation.
#[derive(Clone, Debug, Serialize)]
pub struct RotationReport {
    /// Reports of the steps.
    pub steps: Vec<StepReport>,
}

/// Report of a step.
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// The step's name in Secrets Manager.
    pub step: &'static str,
    /// Its outcome.
    pub outcome: RotationOutcome,
}

/// The steps, in the order in which Secrets Manager requests them.
pub const STEPS: [&str; 4] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

impl RotationDriver {
    /// Drives the rotation of this secret.
    #[must_use]
    pub fn new(
        rotation: Arc<Rotation>,
        secrets_manager: aws_sdk_secretsmanager::Client,
        secret: String,
    ) -> Self {
        Self { rotation, secrets_manager, secret }
    }

    /// Rotates now, in all four steps.
    pub async fn rotate(&self) -> Result<RotationReport, RotationDriverError> {
        let token = self.stage().await?;
        let mut steps = Vec::new();
        for step in STEPS {
            let outcome = self.step(step, &token).await;
            let outcome = outcome.map_err(|source| RotationDriverError::Step { step, source })?;
            steps.push(StepReport { step, outcome });
        }
        Ok(RotationReport { steps })
    }

    /// Stages a version without a value, as Secrets Manager does when a rotation starts, and returns its id. The emulator
    /// has no rotation of its own.
    pub async fn stage(&self) -> Result<String, BackendError> {
        let token = random_hex();
        let staged = self.secrets_manager.put_secret_value().secret_id(&self.secret);
        let staged = staged.client_request_token(&token).version_stages(PENDING).send().await;
        staged.map_err(|error| BackendError::aws("staging a version", &error))?;
        Ok(token)
    }

    /// Runs one step for a staged version.
    pub async fn step(&self, step: &str, token: &str) -> Result<RotationOutcome, RotationError> {
        let event = json!({ "Step": step, "SecretId": self.secret, "ClientRequestToken": token });
        Box::pin(self.rotation.handle(event)).await
    }

    /// Handles an operator's request to revoke compromised keys.
    pub async fn emergency(&self, event: serde_json::Value) -> Result<RotationOutcome, RotationError> {
        Box::pin(self.rotation.handle(event)).await
    }
}
