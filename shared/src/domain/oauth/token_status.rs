//! Whether a token of ours, within its time, still counts: since it was issued its client may have been disabled or
//! deleted, the token itself or what it was issued from may have been ended, and a person's word withdrawn.

use crate::domain::account::Status;
use crate::domain::client::Client;
use crate::domain::oauth::authorization_grant::ConsentInvalid;

/// Why it counts no more. For the log only: outside, all are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationReason {
    /// Its client is not there any more.
    ClientDeleted,
    /// Its client is disabled. Once it is enabled again, the token counts again.
    ClientDisabled,
    /// The token was revoked (RFC 7009), which nothing undoes.
    TokenRevoked,
    /// What it was issued from was ended, or is not there any more. Nothing undoes that either.
    GrantEnded,
    /// The person's word counts no more.
    NotGiven(ConsentInvalid),
}

impl RevocationReason {
    /// The reason's name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientDeleted => "client_deleted",
            Self::ClientDisabled => "client_disabled",
            Self::TokenRevoked => "token_revoked",
            Self::GrantEnded => "grant_ended",
            Self::NotGiven(ended) => ended.as_str(),
        }
    }
}

/// The client that a token still speaks for. `client` is the token's own, as it is now; `withdrawn` says what else has
/// become of the token.
pub fn require_active_client(
    client: Option<Client>,
    withdrawn: Option<RevocationReason>,
) -> Result<Client, RevocationReason> {
    let client = client.ok_or(RevocationReason::ClientDeleted)?;
    if client.status == Status::Disabled {
        return Err(RevocationReason::ClientDisabled);
    }
    withdrawn.map_or(Ok(client), Err)
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
    fn a_token_counts_while_its_client_is_active_and_nobody_has_revoked_it() {
        let (active, disabled) = (client(Status::Active), client(Status::Disabled));
        assert_eq!(require_active_client(Some(active.clone()), None), Ok(active.clone()));
        assert_eq!(
            require_active_client(Some(active), Some(RevocationReason::TokenRevoked)),
            Err(RevocationReason::TokenRevoked)
        );
        for withdrawn in [None, Some(RevocationReason::TokenRevoked), Some(RevocationReason::GrantEnded)] {
            assert_eq!(
                require_active_client(Some(disabled.clone()), withdrawn),
                Err(RevocationReason::ClientDisabled)
            );
            assert_eq!(require_active_client(None, withdrawn), Err(RevocationReason::ClientDeleted));
        }
    }
}
