//! Public clients (RFC 6749 §2.1), which have no credentials: authorization codes with PKCE and refresh tokens are all
//! they can redeem.

use crate::adapters::store::ClientWithSecrets;
use crate::domain::oauth::error::ClientAuthFailure;
use crate::services::client_auth::{VerifiedClient, VerifiedCredential};

/// Accepts a client that presents only its id, if its `token_endpoint_auth_method` is `none`. `stored` is the client
/// that the request names, if it exists.
pub(super) fn identify_public(
    stored: Option<ClientWithSecrets>,
) -> Result<VerifiedClient, ClientAuthFailure> {
    let ClientWithSecrets { client, .. } = stored.ok_or(ClientAuthFailure::UnknownClient)?;
    if !client.token_endpoint_auth_method.is_public() {
        return Err(ClientAuthFailure::NoCredentials);
    }
    Ok(VerifiedClient { client, credential: VerifiedCredential::Public })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::{AuthMethod, Client};
    use crate::domain::primitives::display_text::Name;
    use crate::domain::primitives::ids::{AccountId, ClientId};
    use jiff::Timestamp;

    fn identify(method: AuthMethod) -> Result<VerifiedClient, ClientAuthFailure> {
        let client_id = ClientId::parse("c1").expect("legal");
        let account = AccountId::parse("T1").expect("legal");
        let name = Name::parse("Shop app").expect("legal");
        let client = Client::new(client_id, account, name, Timestamp::UNIX_EPOCH);
        let client = Client { token_endpoint_auth_method: method, ..client };
        identify_public(Some(ClientWithSecrets { client, secrets: Vec::new() }))
    }

    #[test]
    fn only_auth_method_none_needs_no_credentials() {
        for method in AuthMethod::ALL {
            let expected = if method.is_public() { Ok(()) } else { Err(ClientAuthFailure::NoCredentials) };
            assert_eq!(identify(*method).map(|_| ()), expected, "{method:?}");
        }
    }
}
