//! Rotates the ring of signing keys: the four steps that Secrets Manager asks for, and the emergency in
//! which a leaked key has to go at once.
//!
//! Every step can be repeated, and can be stopped anywhere: what has been done is always seen from the
//! labels of the secret's versions, and `AWSCURRENT` moves only away from the ring that the new one was
//! made from.

mod compromise;
mod error;
mod event;
mod steps;
mod validate;

pub use error::RotationError;
pub use event::{Event, InvalidEvent, RotationStep, Step};

use serde::Serialize;
use serde_json::Value;
use shared::adapters::secrets_manager::deployment_secret::{Current, DeploymentSecret, SecretVersion};
use shared::app::App;
use shared::app::AwsClients;
use std::sync::Arc;

/// Everything that a rotation has at hand.
pub struct Rotation {
    app: Arc<App>,
    secret: DeploymentSecret,
}

/// What came of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RotationOutcome {
    /// The pending ring signs with what was `next`.
    #[serde(rename = "next_promoted")]
    Promoted,
    /// `next` has not been published for long enough: the pending ring signs with the same key as before.
    #[serde(rename = "next_too_young")]
    NotYetPromotable,
    /// An earlier attempt has made the pending ring.
    AlreadyPending,
    /// An earlier attempt has done it all.
    #[serde(rename = "already_in_force")]
    AlreadyCurrent,
    /// Nobody else has to be told of a new ring: it publishes itself.
    #[serde(rename = "nothing_to_set")]
    NoOp,
    /// Every key of the pending ring works, and none is missing.
    #[serde(rename = "sound")]
    Tested,
    /// The pending ring is in force.
    #[serde(rename = "in_force")]
    Finished,
    /// What leaked is out of the ring.
    #[serde(rename = "leaked_keys_dropped")]
    CompromisedKeysRevoked,
    /// It was, before.
    #[serde(rename = "already_dropped")]
    AlreadyRevoked,
}

impl Rotation {
    /// Assembles the function. Connects to nothing yet.
    #[must_use]
    pub fn new(app: Arc<App>, aws: &AwsClients) -> Self {
        let secret = DeploymentSecret::new(aws.secrets_manager(), app.config.signing_keys_secret.clone());
        Self { app, secret }
    }

    /// Handles an event.
    pub async fn handle(&self, event: Value) -> Result<RotationOutcome, RotationError> {
        let event =
            Event::parse(event).inspect_err(|cause| tracing::error!(%cause, "signing keys not rotated"))?;
        let result = match &event {
            Event::Step(step) => self.step(step).await,
            Event::Emergency { leaked, id } => self.revoke_compromised(*leaked, id).await,
        };
        let (task, version, emergency) = match &event {
            Event::Step(step) => (format!("{:?}", step.step), Some(step.client_request_token.as_str()), None),
            Event::Emergency { leaked, id } => (format!("Emergency({leaked:?})"), None, Some(id.as_str())),
        };
        match &result {
            Ok(outcome) => tracing::info!(task, version, emergency, ?outcome, "signing keys rotated"),
            Err(cause) => tracing::error!(task, version, emergency, %cause, "signing keys not rotated"),
        }
        result
    }

    async fn step(&self, event: &RotationStep) -> Result<RotationOutcome, RotationError> {
        if event.secret_id != self.secret.id() {
            return Err(RotationError::WrongSecret);
        }
        let token = &event.client_request_token;
        match event.step {
            Step::CreateSecret => self.create(token).await,
            Step::SetSecret => self.set(token).await,
            Step::TestSecret => self.test(token).await,
            Step::FinishSecret => self.finish(token).await,
        }
    }

    /// The ring in force.
    async fn current(&self) -> Result<SecretVersion, RotationError> {
        match self.secret.current().await? {
            Current::Value(value) => Ok(value),
            Current::Missing(_) => Err(RotationError::KeySetMissing),
        }
    }
}
