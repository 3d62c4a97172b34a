//! Whether an issued token that has not expired is still active (RFC 7662 §2.2): since it was issued, its client may have
//! been disabled or deleted, the token or its grant revoked, or the consent withdrawn.

use crate::domain::account::Status;
use crate::domain::client::Client;
use crate::domain::oauth::authorization_grant::ConsentInvalid;

/// Why a token is not active. For the log only: the response does not distinguish them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationReason {
    /// Its client was deleted.
    ClientDeleted,
    /// Its client is disabled. Once it is enabled again, the token is active again.
    ClientDisabled,
    /// The token was revoked (RFC 7009). This is final.
    TokenRevoked,
    /// All tokens of the client were revoked. This is final.
    ClientTokensRevoked,
    /// The grant that it was issued from was revoked, or no longer exists. This is final.
    GrantRevoked,
    /// The consent is no longer valid.
    ConsentInvalid(ConsentInvalid),
}

impl RevocationReason {
    /// The reason's name in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientDeleted => "client_deleted",
            Self::ClientDisabled => "client_disabled",
            Self::TokenRevoked => "token_revoked",
            Self::ClientTokensRevoked => "client_tokens_revoked",
            Self::GrantRevoked => "grant_ended",
            Self::ConsentInvalid(reason) => reason.as_str(),
        }
    }
}

/// Requires that a token's client is active and the token not revoked. `client` is its client as it is now,
/// `token_generation` the one that the token is of, `revoked` the result of the other checks.
pub fn require_active_client(
    client: Option<Client>,
    token_generation: u64,
    revoked: Option<RevocationReason>,
) -> Result<Client, RevocationReason> {
    let client = client.ok_or(RevocationReason::ClientDeleted)?;
    if client.status == Status::Disabled {
        return Err(RevocationReason::ClientDisabled);
    }
    if token_generation < client.token_generation {
        return Err(RevocationReason::ClientTokensRevoked);
    }
    revoked.map_or(Ok(client), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::primitives::display_text::Name;
    use crate::domain::primitives::ids::{AccountId, ClientId};
    use jiff::Timestamp;

    fn client(status: Status) -> Client {
        let id = ClientId::parse("c1").expect("legal");
        let account = AccountId::parse("T1").expect("legal");
        let name = Name::parse("Order sync").expect("legal");
        Client { status, ..Client::new(id, account, name, Timestamp::UNIX_EPOCH) }
    }

    #[test]
    fn a_token_is_active_if_its_client_is_and_it_is_not_revoked() {
        let (active, disabled) = (client(Status::Active), client(Status::Disabled));
        assert_eq!(require_active_client(Some(active.clone()), 0, None), Ok(active.clone()));
        assert_eq!(
            require_active_client(Some(active), 0, Some(RevocationReason::TokenRevoked)),
            Err(RevocationReason::TokenRevoked)
        );
        for revoked in [None, Some(RevocationReason::TokenRevoked), Some(RevocationReason::GrantRevoked)] {
            assert_eq!(
                require_active_client(Some(disabled.clone()), 0, revoked),
                Err(RevocationReason::ClientDisabled)
            );
            assert_eq!(require_active_client(None, 0, revoked), Err(RevocationReason::ClientDeleted));
        }
    }

    #[test]
    fn a_token_of_an_earlier_generation_is_not_active() {
        let client = Client { token_generation: 2, ..client(Status::Active) };
        for (generation, result) in [
            (0, Err(RevocationReason::ClientTokensRevoked)),
            (1, Err(RevocationReason::ClientTokensRevoked)),
            (2, Ok(client.clone())),
        ] {
            assert_eq!(require_active_client(Some(client.clone()), generation, None), result);
        }
    }
}
