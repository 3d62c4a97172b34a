//! What the function is asked.

use serde::Deserialize;
use serde_json::Value;
use shared::domain::signing_keys::rotation::CompromisedKeys;

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// One step of a rotation, which Secrets Manager asks for.
    Step(RotationStep),
    /// A key has leaked, says an operator who invokes the function by hand.
    Emergency {
        /// What leaked.
        leaked: CompromisedKeys,
        /// The operator's name for this emergency: however often it is sent, it is carried out once.
        id: String,
    },
}

/// One step of a rotation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
// AWS adds members from time to time (`RotationToken` was one), so those that are not known are let through.
#[serde(rename_all = "PascalCase")]
pub struct RotationStep {
    /// Which one.
    pub step: Step,
    /// ARN of the secret.
    pub secret_id: String,
    /// Id of the version that is to become the new one.
    pub client_request_token: String,
}

/// The steps, in the order in which Secrets Manager asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Work out the new ring, and store it as pending.
    CreateSecret,
    /// Tell a database or a service of it. There is none here.
    SetSecret,
    /// See that the pending ring is sound.
    TestSecret,
    /// Bring it into force.
    FinishSecret,
}

/// Neither a rotation step nor an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected Step, SecretId and ClientRequestToken, or {{\"emergency\": \"active\", \"id\": \"…\"}} \
     (emergency: active, next, previous or all; id: 1 to 64 letters, digits, . _ -)"
)]
pub struct InvalidEvent;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Emergency {
    emergency: CompromisedKeys,
    id: String,
}

impl Event {
    /// Reads an event.
    pub fn parse(event: Value) -> Result<Self, InvalidEvent> {
        if event.get("emergency").is_none() {
            return serde_json::from_value(event).map(Self::Step).map_err(|_| InvalidEvent);
        }
        let Emergency { emergency, id } = serde_json::from_value(event).map_err(|_| InvalidEvent)?;
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let good = (1..=64).contains(&id.len()) && id.bytes().all(legal);
        if good { Ok(Self::Emergency { leaked: emergency, id }) } else { Err(InvalidEvent) }
    }
}
