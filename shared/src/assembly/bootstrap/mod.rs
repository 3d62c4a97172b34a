//! The first things of a deployment: peppers, signing keys, the operator's account and client. Safe to
//! repeat, and to run many times at once: what is there stays as it is, and all agree on what is made.

mod operator;

pub use operator::{OperatorCredentials, reveal_operator};

use super::app::Management;
use crate::adapters::entropy::random;
use crate::adapters::fault::Fault;
use crate::adapters::own_secret::OwnSecret;
use crate::adapters::signing::RingDocument;
use crate::domain::ids::{AccountId, ClientId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use zeroize::Zeroizing;

/// What a deployment has then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bootstrapped {
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
    management: &Management,
    secrets_manager: &aws_sdk_secretsmanager::Client,
    remind: bool,
) -> Result<Bootstrapped, Fault> {
    let (config, now) = (&management.app.config, management.app.clock.now());
    let own = |id: &String| OwnSecret::new(secrets_manager.clone(), id.clone());
    own(&config.pepper_secret).ensure(first_pepper).await?;
    own(&config.signing_keys_secret).ensure(|| RingDocument::generate(now)?.to_json()).await?;
    management.app.peppers(now).await?;
    management.app.key_ring(now).await?;
    operator::ensure(management, remind).await
}

/// As the stack has Secrets Manager generate it.
#[expect(clippy::unnecessary_wraps, reason = "making a secret can fail, only not this one")]
fn first_pepper() -> Result<Zeroizing<String>, Fault> {
    let pepper = Zeroizing::new(STANDARD.encode(random::<48>()));
    Ok(Zeroizing::new(json!({ "pepper_id": "p1", "pepper": pepper.as_str() }).to_string()))
}
