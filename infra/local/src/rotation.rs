//! What Secrets Manager does to rotate a secret: it stages a version, and asks for four steps.

use rotate_keys::{Rotation, RotationOutcome};
use serde::Serialize;
use serde_json::json;
use shared::adapters::crypto::random::random_hex;
use shared::adapters::error::BackendError;
use shared::adapters::secrets_manager::deployment_secret::PENDING;
use std::sync::Arc;

/// The rotation function, and what drives it.
#[derive(Clone)]
pub struct RotationDriver {
    rotation: Arc<Rotation>,
    secrets_manager: aws_sdk_secretsmanager::Client,
    secret: String,
}

/// What a rotation did.
#[derive(Clone, Debug, Serialize)]
pub struct RotationReport {
    /// What came of each step.
    pub steps: Vec<StepReport>,
}

/// What came of a step.
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// The step, in Secrets Manager's words.
    pub step: &'static str,
    /// What came of it.
    pub outcome: RotationOutcome,
}

/// The steps in their order.
pub const STEPS: [&str; 4] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

impl RotationDriver {
    /// Drives this rotation of this secret.
    #[must_use]
    pub fn new(
        rotation: Arc<Rotation>,
        secrets_manager: aws_sdk_secretsmanager::Client,
        secret: String,
    ) -> Self {
        Self { rotation, secrets_manager, secret }
    }

    /// Rotates now: all four steps.
    pub async fn rotate(&self) -> Result<RotationReport, String> {
        let token = self.stage().await?;
        let mut steps = Vec::new();
        for step in STEPS {
            let outcome = self.step(step, &token).await.map_err(|error| format!("{step}: {error}"))?;
            steps.push(StepReport { step, outcome });
        }
        Ok(RotationReport { steps })
    }

    /// Stages the version that a rotation works out, and returns its id. Secrets Manager stages one without
    /// a value; its emulator has no rotation of its own, but takes such a version from anybody.
    pub async fn stage(&self) -> Result<String, String> {
        let token = random_hex();
        let staged = self.secrets_manager.put_secret_value().secret_id(&self.secret);
        let staged = staged.client_request_token(&token).version_stages(PENDING).send().await;
        staged.map_err(|error| BackendError::aws("staging a version", &error).to_string())?;
        Ok(token)
    }

    /// One step for a staged version.
    pub async fn step(&self, step: &str, token: &str) -> Result<RotationOutcome, rotate_keys::RotationError> {
        let event = json!({ "Step": step, "SecretId": self.secret, "ClientRequestToken": token });
        Box::pin(self.rotation.handle(event)).await
    }

    /// An emergency, as an operator asks for it.
    pub async fn emergency(
        &self,
        event: serde_json::Value,
    ) -> Result<RotationOutcome, rotate_keys::RotationError> {
        Box::pin(self.rotation.handle(event)).await
    }
}
