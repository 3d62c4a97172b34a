//! Families of refresh tokens (RFC 9700 §4.14.2): each use rotates the token. If a rotated token is used again, the whole
//! family is revoked, because two parties have a token that only one should have.

use crate::domain::oauth::authorization_grant::AuthorizationGrant;
use crate::domain::primitives::ids::ClientId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use strum::IntoStaticStr;

/// How long after its rotation a token still yields the same successor: its client may not have received the response.
/// A thief of the token gains nothing that the holder of the successor does not notice.
///
/// The clocks of two functions may differ, so that a rotation may also lie this far ahead. One further ahead is treated as
/// long ago.
pub const GRACE: SignedDuration = SignedDuration::from_secs(30);

/// The most live families of client credentials of one client for one resource. Beyond it a token comes without a refresh
/// token.
pub const MAX_LIVE_OF_CLIENT_CREDENTIALS: u32 = 20;

/// The most tokens that are remembered besides the current one and the one that it replaced. A client that refreshes more often
/// within [`GRACE`] and then presents an older token is treated as two parties.
const MAX_SUPERSEDED: usize = 16;

/// Id of a family in tokens (`grant_id`) and logs: 128 bits of the digest of the handle that its refresh tokens share. The
/// handle cannot be derived from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FamilyId(String);

impl FamilyId {
    /// Id of the family whose handle has this SHA-256, in hexadecimal.
    #[must_use]
    pub fn of_digest(hex: &str) -> Self {
        Self(hex.chars().take(32).collect())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FamilyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 of a refresh token's secret, in hexadecimal.
pub type TokenDigest = String;

/// A family: the grant of its tokens, and which of them is valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshTokenFamily {
    /// Its id.
    pub family_id: FamilyId,
    /// The grant that its tokens represent.
    pub authorization: AuthorizationGrant,
    /// When the first token was issued.
    pub issued_at: Timestamp,
    /// Expiry of all its tokens. Rotation does not extend it.
    pub expires_at: Timestamp,
    /// The valid token.
    pub current: TokenDigest,
    /// The token that it replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<RotatedToken>,
    /// Tokens that were rotated before that, not longer than [`GRACE`] before it, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<SupersededToken>,
    /// When it was revoked. A revocation is final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

/// A token that was rotated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotatedToken {
    /// Digest of the token.
    pub token: TokenDigest,
    /// When it was rotated.
    pub at: Timestamp,
    /// Its successor, encrypted with a key that is derived from the rotated token.
    pub successor: String,
}

/// A rotated token whose successor was rotated too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupersededToken {
    /// Digest of the token.
    pub token: TokenDigest,
    /// When it was rotated.
    pub at: Timestamp,
}

/// State of a presented refresh token of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefreshTokenState<'a> {
    /// The valid token.
    Current,
    /// The token that it replaced, within [`GRACE`]: its successor may be returned again.
    RecentlyRotated(&'a RotatedToken),
}

/// Error of a presented refresh token, for the log. The client gets `invalid_grant`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RefreshTokenError {
    /// It is another client's. The family stays valid.
    OtherClient,
    /// The family was revoked.
    #[strum(serialize = "family_revoked")]
    Revoked,
    /// The family has expired.
    #[strum(serialize = "refresh_token_expired")]
    Expired,
    /// It was rotated within [`GRACE`], and its successor too: a late request of a client that has gone on. The family stays
    /// valid.
    #[strum(serialize = "refresh_token_superseded")]
    Superseded,
    /// It was rotated before: the family must be revoked.
    #[strum(serialize = "refresh_token_reused")]
    Reused,
}

impl RefreshTokenError {
    /// The reason's name in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl RefreshTokenFamily {
    /// State of the token with this digest, which must be of this family, for this client.
    pub fn check(
        &self,
        token: &TokenDigest,
        client: &ClientId,
        now: Timestamp,
    ) -> Result<RefreshTokenState<'_>, RefreshTokenError> {
        if self.authorization.client_id != *client {
            return Err(RefreshTokenError::OtherClient);
        }
        if self.revoked_at.is_some() {
            return Err(RefreshTokenError::Revoked);
        }
        if now >= self.expires_at {
            return Err(RefreshTokenError::Expired);
        }
        if self.current == *token {
            return Ok(RefreshTokenState::Current);
        }
        match &self.replaced {
            Some(replaced) if replaced.token == *token && is_recent(replaced.at, now) => {
                Ok(RefreshTokenState::RecentlyRotated(replaced))
            }
            Some(_) | None => {
                let superseded = |old: &SupersededToken| old.token == *token && is_recent(old.at, now);
                let is_superseded = self.superseded.iter().any(superseded);
                Err(if is_superseded { RefreshTokenError::Superseded } else { RefreshTokenError::Reused })
            }
        }
    }

    /// The superseded tokens once the current token is rotated.
    #[must_use]
    pub fn superseded_after_rotation(&self, now: Timestamp) -> Vec<SupersededToken> {
        let replaced =
            self.replaced.iter().map(|old| SupersededToken { token: old.token.clone(), at: old.at });
        let recent = replaced.chain(self.superseded.iter().cloned()).filter(|old| is_recent(old.at, now));
        recent.take(MAX_SUPERSEDED).collect()
    }

    /// Whether its access tokens are active (RFC 7662 §2.2): it was not revoked.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.revoked_at.is_none()
    }
}

fn is_recent(rotated_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(rotated_at).abs() < GRACE
}

#[cfg(test)]
mod tests;
