//! Public clients (RFC 6749 §2.1), which have nothing to prove themselves by: what they get rests on a code or a refresh
//! token, and on PKCE.

use crate::adapters::store::ClientWithSecrets;
use crate::domain::oauth::error::ClientAuthFailure;
use crate::services::client_auth::{AuthContext, AuthenticatedClient, VerifiedCredential};

/// Decides whether a client that presented nothing but its id may go on: only one whose
/// `token_endpoint_auth_method` is `none`.
pub fn authenticate_public(
    known: Option<ClientWithSecrets>,
    circumstances: &AuthContext<'_>,
) -> Result<AuthenticatedClient, ClientAuthFailure> {
    let ClientWithSecrets { client, .. } = known.ok_or(ClientAuthFailure::UnknownClient)?;
    if !client.token_endpoint_auth_method.is_public() {
        return Err(ClientAuthFailure::NoCredentials);
    }
    circumstances.allow(&client)?;
    Ok(AuthenticatedClient { client, proof: VerifiedCredential::Public })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::{AuthMethod, Client, GrantType};
    use crate::domain::primitives::display_text::Name;
    use crate::domain::primitives::ids::{AccountId, ClientId};
    use jiff::Timestamp;
    use std::collections::BTreeSet;

    fn authenticated(method: AuthMethod) -> Result<AuthenticatedClient, ClientAuthFailure> {
        let client_id = ClientId::parse("c1").expect("legal");
        let account = AccountId::parse("T1").expect("legal");
        let name = Name::parse("Shop app").expect("legal");
        let client = Client::new(client_id, account, name, Timestamp::UNIX_EPOCH);
        let grant_types = GrantType::ALL.to_vec();
        let client = Client { token_endpoint_auth_method: method, grant_types, ..client };
        let disabled_accounts = BTreeSet::new();
        let circumstances = AuthContext {
            source: None,
            path_account: None,
            disabled_accounts: &disabled_accounts,
            now: Timestamp::UNIX_EPOCH,
        };
        authenticate_public(Some(ClientWithSecrets { client, secrets: Vec::new() }), &circumstances)
    }

    #[test]
    fn only_a_client_that_says_none_needs_none() {
        for method in AuthMethod::ALL {
            let expected = if method.is_public() { Ok(()) } else { Err(ClientAuthFailure::NoCredentials) };
            assert_eq!(authenticated(*method).map(|_| ()), expected, "{method:?}");
        }
    }

    #[test]
    fn it_never_acts_in_its_own_name_whatever_its_grants_say() {
        let client = authenticated(AuthMethod::None).expect("public");
        assert!(client.may_use(GrantType::AuthorizationCode) && client.may_use(GrantType::RefreshToken));
        assert!(!client.may_use(GrantType::ClientCredentials));
    }
}
