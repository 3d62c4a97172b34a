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
            Self::GrantRevoked => "grant_ended",
            Self::ConsentInvalid(reason) => reason.as_str(),
        }
    }
}

/// Requires that a token's client is active and the token not revoked. `client` is its client as it is now, `revoked` the
/// result of the other checks.
pub fn require_active_client(
    client: Option<Client>,
    revoked: Option<RevocationReason>,
) -> Result<Client, RevocationReason> {
    let client = client.ok_or(RevocationReason::ClientDeleted)?;
    if client.status == Status::Disabled {
        return Err(RevocationReason::ClientDisabled);
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
        assert_eq!(require_active_client(Some(active.clone()), None), Ok(active.clone()));
        assert_eq!(
            require_active_client(Some(active), Some(RevocationReason::TokenRevoked)),
            Err(RevocationReason::TokenRevoked)
        );
        for revoked in [None, Some(RevocationReason::TokenRevoked), Some(RevocationReason::GrantRevoked)] {
            assert_eq!(
                require_active_client(Some(disabled.clone()), revoked),
                Err(RevocationReason::ClientDisabled)
            );
            assert_eq!(require_active_client(None, revoked), Err(RevocationReason::ClientDeleted));
        }
    }
}
