//! Whether an access token of ours, within its time, still counts: since it was issued its client may have
//! been disabled or deleted, and the token itself revoked.

use super::account::Status;
use super::client::Client;

/// Why it counts no more. For the log only: outside, all are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// Its client is not there any more.
    ClientDeleted,
    /// Its client is disabled. Once it is enabled again, the token counts again.
    ClientDisabled,
    /// The token was revoked (RFC 7009), which nothing undoes.
    TokenRevoked,
}

impl Withdrawn {
    /// The reason's name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientDeleted => "client_deleted",
            Self::ClientDisabled => "client_disabled",
            Self::TokenRevoked => "token_revoked",
        }
    }
}

/// The client that a token still speaks for. `client` is the token's own, as it is now.
pub fn client_of(client: Option<Client>, is_revoked: bool) -> Result<Client, Withdrawn> {
    let client = client.ok_or(Withdrawn::ClientDeleted)?;
    if client.status == Status::Disabled {
        return Err(Withdrawn::ClientDisabled);
    }
    if is_revoked { Err(Withdrawn::TokenRevoked) } else { Ok(client) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{AccountId, ClientId};
    use crate::domain::text::Name;
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
        assert_eq!(client_of(Some(active.clone()), false), Ok(active.clone()));
        assert_eq!(client_of(Some(active), true), Err(Withdrawn::TokenRevoked));
        for is_revoked in [false, true] {
            assert_eq!(client_of(Some(disabled.clone()), is_revoked), Err(Withdrawn::ClientDisabled));
            assert_eq!(client_of(None, is_revoked), Err(Withdrawn::ClientDeleted));
        }
    }
}
