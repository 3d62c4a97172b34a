//! How far a client has come from secrets to keys, without an outage.

use crate::domain::client::Client;
use crate::domain::client::active_credentials::credentials;
use crate::domain::client::secret::Secret;
use jiff::Timestamp;

/// A step from secrets to keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrationStep {
    /// It gets a key or an identity, beside its secrets.
    Register,
    /// The key or identity is in use, and no secret was used in the last seven days.
    SignIn,
    /// No secret is accepted.
    RefuseSecrets,
    /// No secret is left.
    RevokeSecrets,
}

/// The steps in their order, each with whether a client with these secrets has taken it.
#[must_use]
pub fn steps(client: &Client, secrets: &[Secret], now: Timestamp) -> [(MigrationStep, bool); 4] {
    let method = client.token_endpoint_auth_method;
    let refuses_secrets = !method.takes_secrets() && !method.is_public();
    let uses_key = credentials(client).any(|credential| client.last_uses.contains_key(&credential));
    let uses_secret = secrets.iter().any(|secret| secret.is_in_use(now));
    let has_secret = secrets.iter().any(|secret| secret.is_live(now));
    [
        (MigrationStep::Register, client.has_keys_or_identities()),
        (MigrationStep::SignIn, uses_key && !uses_secret),
        (MigrationStep::RefuseSecrets, refuses_secrets),
        (MigrationStep::RevokeSecrets, refuses_secrets && !has_secret),
    ]
}
