//! The initial data of a deployment: peppers, signing keys and their public halves, the operator's account and client. Safe
//! to repeat and to run several times at once: existing data stays as it is, and all runs return the same.

mod member;
mod operator;
mod stage;

pub use member::{ensure_operator_member, operator_console_link};
pub use operator::{OperatorCredentials, operator_credentials};
pub use stage::{StageError, check_stage};

use crate::adapters::crypto::random::random;
use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::deployment_secret::{Current, DeploymentSecret};
use crate::adapters::signing::KeyRingDocument;
use crate::app::management_state::ManagementState;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::services::verification_keys::{publish_verification_keys, verification_keys_of};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use zeroize::Zeroizing;

/// The operator of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootstrapOutcome {
    /// The operator's account.
    pub account_id: AccountId,
    /// The operator's client.
    pub client_id: ClientId,
    /// Name of the Secrets Manager secret that holds its credentials.
    pub secret_name: String,
}

/// Creates what is missing. `remind` is whether reminders of the operator's secret are sent.
///
/// Existing keys are read, so that a deployment with unusable keys fails here and not at its first token.
pub async fn bootstrap(
    management: &ManagementState,
    secrets_manager: &aws_sdk_secretsmanager::Client,
    remind: bool,
) -> Result<BootstrapOutcome, BackendError> {
    ensure_keys(management, secrets_manager).await?;
    operator::ensure(management, remind, false).await
}

/// The same, and brings back what was disabled or deleted of the operator: the account, the client, its
/// `accounts:manage`. Its allowlist stays as it is.
pub async fn restore_operator(
    management: &ManagementState,
    secrets_manager: &aws_sdk_secretsmanager::Client,
    remind: bool,
) -> Result<BootstrapOutcome, BackendError> {
    ensure_keys(management, secrets_manager).await?;
    operator::ensure(management, remind, true).await
}

async fn ensure_keys(
    management: &ManagementState,
    secrets_manager: &aws_sdk_secretsmanager::Client,
) -> Result<(), BackendError> {
    let (config, now) = (&management.app.config, management.app.clock.now());
    let own = |id: &String| DeploymentSecret::new(secrets_manager.clone(), id.clone());
    own(&config.pepper_secret).ensure(first_pepper).await?;
    let ring = own(&config.signing_keys_secret);
    ring.ensure(|| KeyRingDocument::generate(now)?.to_json()).await?;
    management.app.peppers(now).await?;
    management.app.key_ring(now).await?;
    ensure_verification_keys(&ring, &own(&config.verification_keys_secret)).await
}

/// Creates the public keys of the ring, or brings them into step with it: a version that did not know them may have rotated
/// the ring.
async fn ensure_verification_keys(
    ring: &DeploymentSecret,
    verification_keys: &DeploymentSecret,
) -> Result<(), BackendError> {
    let Current::Value(current) = ring.current().await? else {
        return Err(BackendError::new("reading the signing keys", "there are none"));
    };
    verification_keys.ensure(|| verification_keys_of(&current).map(Zeroizing::new)).await?;
    Ok(publish_verification_keys(ring, verification_keys).await?)
}

/// A pepper in the format that Secrets Manager generates for the stack.
#[expect(clippy::unnecessary_wraps, reason = "generating a secret can fail, only not this one")]
fn first_pepper() -> Result<Zeroizing<String>, BackendError> {
    let pepper = Zeroizing::new(STANDARD.encode(random::<48>()));
    Ok(Zeroizing::new(json!({ "pepper_id": "p1", "pepper": pepper.as_str() }).to_string()))
}
