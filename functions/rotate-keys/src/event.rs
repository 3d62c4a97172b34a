//! Events of the rotation function: the steps of a rotation, and an operator's request to revoke compromised keys.

use aws_lambda_events::secretsmanager::SecretsManagerSecretRotationEvent;
use serde::Deserialize;
use serde_json::Value;
use shared::domain::signing_keys::rotation::CompromisedKeys;

/// A parsed event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step of a rotation, requested by Secrets Manager.
    Step(RotationStep, SecretsManagerSecretRotationEvent),
    /// A key is compromised; sent by an operator who invokes the function.
    Compromise(ManualEvent),
}

/// The steps, in the order in which Secrets Manager requests them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::enum_variant_names, reason = "the names are those of Secrets Manager")]
pub enum RotationStep {
    /// Generate the new key ring and store it as pending.
    CreateSecret,
    /// Pass it to the database or service that uses it; there is none here.
    SetSecret,
    /// Validate the pending key ring.
    TestSecret,
    /// Make it current.
    FinishSecret,
}

/// An operator's request to revoke compromised keys.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManualEvent {
    /// The compromised keys.
    #[serde(rename = "emergency")]
    pub compromised: CompromisedKeys,
    /// The operator's name for the incident. An event with a known id revokes nothing more.
    pub id: String,
}

/// An event that is neither a rotation step nor a request to revoke compromised keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected Step, SecretId and ClientRequestToken, or {{\"emergency\": \"active\", \"id\": \"…\"}} \
     (emergency: active, next, previous or all; id: 1 to 64 letters, digits, . _ -)"
)]
pub struct InvalidEvent;

impl Event {
    /// Parses an event.
    pub fn parse(event: Value) -> Result<Self, InvalidEvent> {
        if event.get("emergency").is_none() {
            let event = SecretsManagerSecretRotationEvent::deserialize(event).map_err(|_| InvalidEvent)?;
            let step = RotationStep::deserialize(Value::from(event.step.as_str()));
            return Ok(Self::Step(step.map_err(|_| InvalidEvent)?, event));
        }
        let event = ManualEvent::deserialize(event).map_err(|_| InvalidEvent)?;
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let is_valid = (1..=64).contains(&event.id.len()) && event.id.bytes().all(is_allowed);
        if is_valid { Ok(Self::Compromise(event)) } else { Err(InvalidEvent) }
    }
}
