//! Whether a token of ours, within its time, still counts: since it was issued its client may have been disabled or
//! deleted, the token itself or what it was issued from may have been ended, and a person's word withdrawn.

use super::account::Status;
use super::authorization::Ended;
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
    /// What it was issued from was ended, or is not there any more. Nothing undoes that either.
    GrantEnded,
    /// The person's word counts no more.
    NotGiven(Ended),
}

impl Withdrawn {
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
pub fn client_of(client: Option<Client>, withdrawn: Option<Withdrawn>) -> Result<Client, Withdrawn> {
    let client = client.ok_or(Withdrawn::ClientDeleted)?;
    if client.status == Status::Disabled {
        return Err(Withdrawn::ClientDisabled);
    }
    withdrawn.map_or(Ok(client), Err)
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
        assert_eq!(client_of(Some(active.clone()), None), Ok(active.clone()));
        assert_eq!(client_of(Some(active), Some(Withdrawn::TokenRevoked)), Err(Withdrawn::TokenRevoked));
        for withdrawn in [None, Some(Withdrawn::TokenRevoked), Some(Withdrawn::GrantEnded)] {
            assert_eq!(client_of(Some(disabled.clone()), withdrawn), Err(Withdrawn::ClientDisabled));
            assert_eq!(client_of(None, withdrawn), Err(Withdrawn::ClientDeleted));
        }
    }
}
