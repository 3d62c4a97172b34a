//! Public clients (RFC 6749 §2.1), which have no credentials: authorization codes with PKCE and refresh tokens are all
//! they can redeem.

use crate::adapters::store::ClientWithSecrets;
use crate::domain::oauth::error::ClientAuthFailure;
use crate::services::client_auth::{AuthContext, AuthenticatedClient, VerifiedCredential};

/// Accepts a client that presents only its id, if its `token_endpoint_auth_method` is `none`. `stored` is the client
/// that the request names, if it exists.
pub(super) fn authenticate_public(
    stored: Option<ClientWithSecrets>,
    context: &AuthContext<'_>,
) -> Result<AuthenticatedClient, ClientAuthFailure> {
    let ClientWithSecrets { client, .. } = stored.ok_or(ClientAuthFailure::UnknownClient)?;
    if !client.token_endpoint_auth_method.is_public() {
        return Err(ClientAuthFailure::NoCredentials);
    }
    context.check_access(&client)?;
    Ok(AuthenticatedClient { client, credential: VerifiedCredential::Public })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::{AuthMethod, Client, GrantType};
    use crate::domain::primitives::display_text::Name;
    use crate::domain::primitives::ids::{AccountId, ClientId};
    use jiff::Timestamp;
    use std::collections::BTreeSet;

    fn authenticate(method: AuthMethod) -> Result<AuthenticatedClient, ClientAuthFailure> {
        let client_id = ClientId::parse("c1").expect("legal");
        let account = AccountId::parse("T1").expect("legal");
        let name = Name::parse("Shop app").expect("legal");
        let client = Client::new(client_id, account, name, Timestamp::UNIX_EPOCH);
        let grant_types = GrantType::ALL.to_vec();
        let client = Client { token_endpoint_auth_method: method, grant_types, ..client };
        let disabled_accounts = BTreeSet::new();
        let context = AuthContext {
            client_ip: None,
            path_account: None,
            disabled_accounts: &disabled_accounts,
            now: Timestamp::UNIX_EPOCH,
        };
        authenticate_public(Some(ClientWithSecrets { client, secrets: Vec::new() }), &context)
    }

    #[test]
    fn only_auth_method_none_needs_no_credentials() {
        for method in AuthMethod::ALL {
            let expected = if method.is_public() { Ok(()) } else { Err(ClientAuthFailure::NoCredentials) };
            assert_eq!(authenticate(*method).map(|_| ()), expected, "{method:?}");
        }
    }

    #[test]
    fn public_client_never_uses_client_credentials() {
        let client = authenticate(AuthMethod::None).expect("public");
        assert!(client.may_use(GrantType::AuthorizationCode) && client.may_use(GrantType::RefreshToken));
        assert!(!client.may_use(GrantType::ClientCredentials));
    }
}
