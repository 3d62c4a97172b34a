//! Public clients (RFC 6749 §2.1), which have nothing to prove themselves by: what they get rests on a code or a refresh
//! token, and on PKCE.

use super::{AuthenticatedClient, Circumstances, Proof};
use crate::adapters::store::ClientAndSecrets;
use crate::domain::oauth_error::AuthenticationFailure;

/// Decides whether a client that presented nothing but its id may go on: only one whose
/// `token_endpoint_auth_method` is `none`.
pub fn authenticate_public(
    known: Option<ClientAndSecrets>,
    circumstances: &Circumstances<'_>,
) -> Result<AuthenticatedClient, AuthenticationFailure> {
    let ClientAndSecrets { client, .. } = known.ok_or(AuthenticationFailure::UnknownClient)?;
    if !client.token_endpoint_auth_method.is_public() {
        return Err(AuthenticationFailure::NoCredentials);
    }
    circumstances.allow(&client)?;
    Ok(AuthenticatedClient { client, proof: Proof::Public })
}
