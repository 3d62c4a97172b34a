//! Rotates the ring of signing keys: the four steps that Secrets Manager asks for, and the emergency in
//! which a leaked key has to go at once.
//!
//! Every step can be repeated, and can be stopped anywhere: what has been done is always seen from the
//! labels of the secret's versions, and `AWSCURRENT` moves only away from the ring that the new one was
//! made from.

mod emergency;
mod error;
mod event;
mod soundness;
mod steps;

pub use error::RotationError;
pub use event::{Event, InvalidEvent, RotationStep, Step};

use serde::Serialize;
use serde_json::Value;
use shared::adapters::own_secret::{Current, OwnSecret, VersionValue};
use shared::assembly::App;
use shared::assembly::AwsClients;
use std::sync::Arc;

/// Everything that a rotation has at hand.
pub struct Rotation {
    app: Arc<App>,
    secret: OwnSecret,
}

/// What came of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The pending ring signs with what was `next`.
    NextPromoted,
    /// `next` has not been published for long enough: the pending ring signs with the same key as before.
    NextTooYoung,
    /// An earlier attempt has made the pending ring.
    AlreadyPending,
    /// An earlier attempt has done it all.
    AlreadyInForce,
    /// Nobody else has to be told of a new ring: it publishes itself.
    NothingToSet,
    /// Every key of the pending ring works, and none is missing.
    Sound,
    /// The pending ring is in force.
    InForce,
    /// What leaked is out of the ring.
    LeakedKeysDropped,
    /// It was, before.
    AlreadyDropped,
}

impl Rotation {
    /// Assembles the function. Connects to nothing yet.
    #[must_use]
    pub fn new(app: Arc<App>, aws: &AwsClients) -> Self {
        let secret = OwnSecret::new(aws.secrets_manager(), app.config.signing_keys_secret.clone());
        Self { app, secret }
    }

    /// Handles an event.
    pub async fn handle(&self, event: Value) -> Result<Outcome, RotationError> {
        let event =
            Event::parse(event).inspect_err(|cause| tracing::error!(%cause, "signing keys not rotated"))?;
        let result = match &event {
            Event::Step(step) => self.step(step).await,
            Event::Emergency { leaked, id } => self.drop_leaked(*leaked, id).await,
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

    async fn step(&self, event: &RotationStep) -> Result<Outcome, RotationError> {
        if event.secret_id != self.secret.id() {
            return Err(RotationError::OtherSecret);
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
    async fn current(&self) -> Result<VersionValue, RotationError> {
        match self.secret.current().await? {
            Current::Value(value) => Ok(value),
            Current::Nothing(_) => Err(RotationError::NoRing),
        }
    }
}
