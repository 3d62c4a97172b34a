//! The first things of a deployment: peppers, signing keys, the operator's account and client. Safe to
//! repeat, and to run many times at once: what is there stays as it is, and all agree on what is made.

mod operator;

pub use operator::{OperatorCredentials, operator_credentials};

use crate::adapters::crypto::random::random;
use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::deployment_secret::DeploymentSecret;
use crate::adapters::signing::KeyRingDocument;
use crate::app::state::ManagementState;
use crate::domain::primitives::ids::{AccountId, ClientId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use zeroize::Zeroizing;

/// What a deployment has then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootstrapOutcome {
    /// The operator's account.
    pub account_id: AccountId,
    /// The operator's client.
    pub client_id: ClientId,
    /// Name of the Secrets Manager secret that holds its credentials.
    pub secret_name: String,
}

/// Sets up what is missing. `remind` says whether anybody is told before the operator's secret ends.
///
/// What is there is read, so that a deployment whose keys cannot be used is a fault here, and not at its
/// first token.
pub async fn bootstrap(
    management: &ManagementState,
    secrets_manager: &aws_sdk_secretsmanager::Client,
    remind: bool,
) -> Result<BootstrapOutcome, BackendError> {
    let (config, now) = (&management.app.config, management.app.clock.now());
    let own = |id: &String| DeploymentSecret::new(secrets_manager.clone(), id.clone());
    own(&config.pepper_secret).ensure(first_pepper).await?;
    own(&config.signing_keys_secret).ensure(|| KeyRingDocument::generate(now)?.to_json()).await?;
    management.app.peppers(now).await?;
    management.app.key_ring(now).await?;
    operator::ensure(management, remind).await
}

/// As the stack has Secrets Manager generate it.
#[expect(clippy::unnecessary_wraps, reason = "making a secret can fail, only not this one")]
fn first_pepper() -> Result<Zeroizing<String>, BackendError> {
    let pepper = Zeroizing::new(STANDARD.encode(random::<48>()));
    Ok(Zeroizing::new(json!({ "pepper_id": "p1", "pepper": pepper.as_str() }).to_string()))
}
