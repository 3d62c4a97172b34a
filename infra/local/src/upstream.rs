//! The sign-in provider of the local runner, configured as in Lambda but for its client secret.

use aws_sdk_secretsmanager::Client;
use shared::adapters::error::BackendError;
use shared::adapters::oidc::OidcConfig;
use shared::adapters::secrets_manager::deployment_secret::{Current, DeploymentSecret};
use std::mem;
use zeroize::Zeroizing;

/// Stores the client secret, which on this machine is itself in `UPSTREAM_CLIENT_SECRET`, in the emulator's Secrets Manager
/// as `name`. From then on the configuration has that name in its place.
pub async fn store_client_secret(
    provider: &mut OidcConfig,
    secrets: Client,
    name: String,
) -> Result<(), BackendError> {
    let value = Zeroizing::new(mem::replace(&mut provider.client_secret, name.clone()));
    let stored = DeploymentSecret::new(secrets, name);
    stored.ensure(|| Ok(value.clone())).await?;
    // It stays from run to run, and may be another provider's.
    if let Current::Value(earlier) = stored.current().await?
        && earlier.text != value
    {
        stored.replace(Some(&earlier.version_id), &value).await?;
    }
    Ok(())
}
