//! Families of refresh tokens (RFC 9700 §4.14.2): each use replaces the token, and one that comes back after it was
//! replaced ends the whole family, because two hold what one should.

use crate::domain::oauth::authorization_grant::AuthorizationGrant;
use crate::domain::primitives::ids::ClientId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// For so long after a token was replaced it gives its successor once more, the very same one: its client may not have
/// got the answer. Whoever holds it gains nothing that the holder of the successor does not notice. The clocks of two
/// functions may differ, so it may have been replaced as far ahead; from further ahead it counts as replaced long ago.
pub const GRACE: SignedDuration = SignedDuration::from_secs(30);

/// Names a family in tokens (`grant_id`) and in logs: 128 bits of the digest of the handle that its refresh tokens share.
/// It tells nothing about the handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FamilyId(String);

impl FamilyId {
    /// Of the SHA-256 of the handle, in hexadecimal.
    #[must_use]
    pub fn of_digest(hex: &str) -> Self {
        Self(hex.chars().take(32).collect())
    }

    /// As text.
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

/// What is kept of a refresh token: SHA-256 of its secret, in hexadecimal.
pub type TokenDigest = String;

/// A family: what all its tokens stand for, and which of them counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshTokenFamily {
    /// Its id.
    pub family_id: FamilyId,
    /// What it stands for.
    pub authorization: AuthorizationGrant,
    /// When the first token was issued.
    pub issued_at: Timestamp,
    /// None of its tokens counts from then on, however often it was replaced.
    pub expires_at: Timestamp,
    /// The token that counts.
    pub current: TokenDigest,
    /// The one before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<RotatedToken>,
    /// When it ended before its time, if it did. Nothing undoes that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

/// A token that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotatedToken {
    /// Which.
    pub token: TokenDigest,
    /// When.
    pub at: Timestamp,
    /// Its successor, sealed so that only who presents the replaced token can open it.
    pub successor: String,
}

/// What a presented refresh token of a family is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefreshTokenState<'a> {
    /// The one that counts.
    Current,
    /// The one before it, within [`GRACE`]: its successor may be told again.
    RecentlyRotated(&'a RotatedToken),
}

/// Why a presented refresh token gives nothing. For the log only: the client hears `invalid_grant`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshTokenError {
    /// It is another client's, which is not harmed by this.
    OtherClient,
    /// The family was ended.
    Revoked,
    /// It comes too late.
    Expired,
    /// It was replaced before: the family must end.
    Reused,
}

impl RefreshTokenError {
    /// The reason's name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtherClient => "other_client",
            Self::Revoked => "family_revoked",
            Self::Expired => "refresh_token_expired",
            Self::Reused => "refresh_token_reused",
        }
    }
}

impl RefreshTokenFamily {
    /// What the token with this digest is worth to this client. It is known to be of this family.
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
            Some(replaced) if replaced.token == *token && now.duration_since(replaced.at).abs() < GRACE => {
                Ok(RefreshTokenState::RecentlyRotated(replaced))
            }
            Some(_) | None => Err(RefreshTokenError::Reused),
        }
    }

    /// Whether its access tokens still count.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.revoked_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::primitives::ids::{AccountId, ResourceId};
    use crate::domain::resource::scope::ScopeSet;

    fn client(id: &str) -> ClientId {
        ClientId::parse(id).expect("legal")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("in range")
    }

    /// Its token `b` replaced `a` at second 100; it ends at second 1,000.
    fn family() -> RefreshTokenFamily {
        RefreshTokenFamily {
            family_id: FamilyId::of_digest(&"0".repeat(64)),
            authorization: AuthorizationGrant {
                client_id: client("c1"),
                account_id: AccountId::parse("T1").expect("legal"),
                resource: ResourceId::parse("orders").expect("legal"),
                scopes: ScopeSet::default(),
                consent: None,
            },
            issued_at: at(0),
            expires_at: at(1_000),
            current: "b".to_owned(),
            replaced: Some(RotatedToken { token: "a".to_owned(), at: at(100), successor: String::new() }),
            revoked_at: None,
        }
    }

    fn standing(
        family: &RefreshTokenFamily,
        token: &str,
        id: &str,
        seconds: i64,
    ) -> Result<bool, RefreshTokenError> {
        let standing = family.check(&token.to_owned(), &client(id), at(seconds))?;
        Ok(standing == RefreshTokenState::Current)
    }

    #[test]
    fn the_current_token_counts_and_the_one_before_it_for_a_short_while() {
        let family = family();
        assert_eq!(standing(&family, "b", "c1", 999), Ok(true));
        assert_eq!(standing(&family, "a", "c1", 129), Ok(false));
        assert_eq!(standing(&family, "a", "c1", 130), Err(RefreshTokenError::Reused));
        assert_eq!(standing(&family, "a", "c1", 71), Ok(false), "another function's clock may be ahead");
        assert_eq!(
            standing(&family, "a", "c1", 70),
            Err(RefreshTokenError::Reused),
            "the clock was set back"
        );
        assert_eq!(standing(&family, "older", "c1", 101), Err(RefreshTokenError::Reused));
        assert_eq!(standing(&family, "b", "c1", 1_000), Err(RefreshTokenError::Expired));
    }

    #[test]
    fn another_client_learns_nothing_and_ends_nothing() {
        for token in ["a", "b", "older"] {
            assert_eq!(standing(&family(), token, "c2", 500), Err(RefreshTokenError::OtherClient));
        }
    }

    #[test]
    fn once_revoked_no_token_counts() {
        let family = RefreshTokenFamily { revoked_at: Some(at(200)), ..family() };
        for token in ["a", "b", "older"] {
            assert_eq!(standing(&family, token, "c1", 101), Err(RefreshTokenError::Revoked));
        }
        assert!(!family.is_live());
    }
}
