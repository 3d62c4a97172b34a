//! Rotates the signing keys: the four steps that Secrets Manager requests, and the revocation of compromised keys.
//!
//! Every step can be repeated and can be interrupted anywhere: the stages of the secret's versions show what has been
//! done, and `AWSCURRENT` moves only from the key ring that the new one was generated from. The public keys follow the key
//! ring: a key signs only after they have been published, as `next`.

mod compromise;
mod error;
mod event;
mod steps;
mod validate;

pub use error::RotationError;
pub use event::InvalidEvent;

use aws_lambda_events::secretsmanager::SecretsManagerSecretRotationEvent;
use event::{Event, ManualEvent, RotationStep};
use serde::Serialize;
use serde_json::Value;
use shared::adapters::error::BackendError;
use shared::adapters::secrets_manager::deployment_secret::{Current, DeploymentSecret, SecretVersion};
use shared::app::App;
use shared::app::AwsClients;
use shared::domain::audit::{Action, System, Target};
use shared::domain::management::OPERATOR_ACCOUNT;
use shared::domain::primitives::ids::AccountId;
use shared::services::audit::AuditContext;
use shared::services::audit::security_events::SecurityEvents;
use shared::services::verification_keys::publish_verification_keys;
use std::sync::Arc;

/// Handler of the function's events.
pub struct Rotation {
    app: Arc<App>,
    secret: DeploymentSecret,
    verification_keys: DeploymentSecret,
}

/// Outcome of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RotationOutcome {
    /// The pending key ring signs with the key that was `next`.
    #[serde(rename = "next_promoted")]
    Promoted,
    /// `next` has not been published for long enough: the pending key ring signs with the same key as before.
    #[serde(rename = "next_too_young")]
    NotYetPromotable,
    /// An earlier attempt has stored the pending key ring.
    AlreadyPending,
    /// An earlier attempt has finished the rotation.
    #[serde(rename = "already_in_force")]
    AlreadyCurrent,
    /// No other service has to be given the new key ring.
    #[serde(rename = "nothing_to_set")]
    NoOp,
    /// Every key of the pending key ring works, and none is missing.
    #[serde(rename = "sound")]
    Tested,
    /// The pending key ring is current now.
    #[serde(rename = "in_force")]
    Finished,
    /// The compromised keys are removed from the key ring.
    #[serde(rename = "leaked_keys_dropped")]
    CompromisedKeysRevoked,
    /// An earlier event with the same id has revoked them.
    #[serde(rename = "already_dropped")]
    AlreadyRevoked,
}

impl Rotation {
    /// Builds the handler. It connects to nothing yet.
    #[must_use]
    pub fn new(app: Arc<App>, aws: &AwsClients) -> Self {
        let secret = |id: &String| DeploymentSecret::new(aws.secrets_manager(), id.clone());
        let (keys, public) = (&app.config.signing_keys_secret, &app.config.verification_keys_secret);
        Self { secret: secret(keys), verification_keys: secret(public), app }
    }

    /// Handles an event.
    pub async fn handle(&self, event: Value) -> Result<RotationOutcome, RotationError> {
        let event =
            Event::parse(event).inspect_err(|cause| tracing::error!(%cause, "signing keys not rotated"))?;
        let (result, task, version, emergency) = match &event {
            Event::Step(step, event) => {
                let result = self.step(*step, event).await;
                (result, format!("{step:?}"), Some(event.client_request_token.as_str()), None)
            }
            Event::Compromise(ManualEvent { compromised, id }) => {
                let result = self.revoke_compromised(*compromised, id).await;
                (result, format!("Emergency({compromised:?})"), None, Some(id.as_str()))
            }
        };
        if let Ok(outcome) = &result {
            self.record(*outcome).await;
        }
        match &result {
            Ok(outcome) => tracing::info!(task, version, emergency, ?outcome, "signing keys rotated"),
            Err(cause) => tracing::error!(task, version, emergency, %cause, "signing keys not rotated"),
        }
        result
    }

    async fn step(
        &self,
        step: RotationStep,
        event: &SecretsManagerSecretRotationEvent,
    ) -> Result<RotationOutcome, RotationError> {
        if event.secret_id != self.secret.id() {
            return Err(RotationError::WrongSecret);
        }
        let token = &event.client_request_token;
        match step {
            RotationStep::CreateSecret => self.create(token).await,
            RotationStep::SetSecret => self.set(token).await,
            RotationStep::TestSecret => self.test(token).await,
            RotationStep::FinishSecret => self.finish(token).await,
        }
    }

    /// Records a change of the keys that are in force, in the audit trail of the operator's account.
    async fn record(&self, outcome: RotationOutcome) {
        let action = match outcome {
            RotationOutcome::Finished => Action::SigningKeysRotated,
            RotationOutcome::CompromisedKeysRevoked => Action::SigningKeysRevoked,
            RotationOutcome::Promoted
            | RotationOutcome::NotYetPromotable
            | RotationOutcome::AlreadyPending
            | RotationOutcome::AlreadyCurrent
            | RotationOutcome::NoOp
            | RotationOutcome::Tested
            | RotationOutcome::AlreadyRevoked => return,
        };
        let Ok(account) = AccountId::parse(OPERATOR_ACCOUNT) else { return };
        let Ok(context) = AuditContext::of_system(System::RotateKeys, &account, self.app.clock.now()) else {
            return;
        };
        let entry = context.audit(&account, action, Target::default(), &[]);
        SecurityEvents { store: &self.app.store, events: &self.app.events }.record(&entry).await;
    }

    /// Stores the public keys of the current key ring, for the functions that only verify.
    async fn publish(&self) -> Result<(), RotationError> {
        let published = publish_verification_keys(&self.secret, &self.verification_keys).await;
        Ok(published.map_err(BackendError::from)?)
    }

    /// The current key ring.
    async fn current(&self) -> Result<SecretVersion, RotationError> {
        match self.secret.current().await? {
            Current::Value(value) => Ok(value),
            Current::Missing(_) => Err(RotationError::KeySetMissing),
        }
    }
}
