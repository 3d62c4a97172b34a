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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::{AuthMethod, Client, GrantType};
    use crate::domain::ids::{AccountId, ClientId};
    use crate::domain::text::Name;
    use jiff::Timestamp;
    use std::collections::BTreeSet;

    fn authenticated(method: AuthMethod) -> Result<AuthenticatedClient, AuthenticationFailure> {
        let client_id = ClientId::parse("c1").expect("legal");
        let account = AccountId::parse("T1").expect("legal");
        let name = Name::parse("Shop app").expect("legal");
        let client = Client::new(client_id, account, name, Timestamp::UNIX_EPOCH);
        let grant_types = GrantType::ALL.to_vec();
        let client = Client { token_endpoint_auth_method: method, grant_types, ..client };
        let suspended_accounts = BTreeSet::new();
        let circumstances = Circumstances {
            source: None,
            account_path: None,
            suspended_accounts: &suspended_accounts,
            now: Timestamp::UNIX_EPOCH,
        };
        authenticate_public(Some(ClientAndSecrets { client, secrets: Vec::new() }), &circumstances)
    }

    #[test]
    fn only_a_client_that_says_none_needs_none() {
        for method in AuthMethod::ALL {
            let expected =
                if method.is_public() { Ok(()) } else { Err(AuthenticationFailure::NoCredentials) };
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
