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
            Some(replaced) if replaced.token == *token && now.duration_since(replaced.at).abs() < GRACE => {
                Ok(RefreshTokenState::RecentlyRotated(replaced))
            }
            Some(_) | None => Err(RefreshTokenError::Reused),
        }
    }

    /// Whether its access tokens are active (RFC 7662 §2.2): it was not revoked.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.revoked_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::primitives::ids::{AccountId, ResourceId};
    use crate::domain::primitives::unknown_attributes::UnknownAttributes;
    use crate::domain::resource::scope::ScopeSet;

    fn client(id: &str) -> ClientId {
        ClientId::parse(id).expect("legal")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("in range")
    }

    /// Its token `b` replaced `a` at second 100; it expires at second 1,000.
    fn family() -> RefreshTokenFamily {
        RefreshTokenFamily {
            family_id: FamilyId::of_digest(&"0".repeat(64)),
            authorization: AuthorizationGrant {
                client_id: client("c1"),
                account_id: AccountId::parse("T1").expect("legal"),
                resource: ResourceId::parse("orders").expect("legal"),
                scopes: ScopeSet::default(),
                consent: None,
                unknown: UnknownAttributes::default(),
            },
            issued_at: at(0),
            expires_at: at(1_000),
            current: "b".to_owned(),
            replaced: Some(RotatedToken { token: "a".to_owned(), at: at(100), successor: String::new() }),
            revoked_at: None,
        }
    }

    fn is_current(
        family: &RefreshTokenFamily,
        token: &str,
        id: &str,
        seconds: i64,
    ) -> Result<bool, RefreshTokenError> {
        let state = family.check(&token.to_owned(), &client(id), at(seconds))?;
        Ok(state == RefreshTokenState::Current)
    }

    #[test]
    fn a_rotated_token_is_accepted_within_the_grace_period() {
        let family = family();
        assert_eq!(is_current(&family, "b", "c1", 999), Ok(true));
        assert_eq!(is_current(&family, "a", "c1", 129), Ok(false));
        assert_eq!(is_current(&family, "a", "c1", 130), Err(RefreshTokenError::Reused));
        assert_eq!(is_current(&family, "a", "c1", 71), Ok(false), "another function's clock may be ahead");
        assert_eq!(
            is_current(&family, "a", "c1", 70),
            Err(RefreshTokenError::Reused),
            "the clock was set back"
        );
        assert_eq!(is_current(&family, "older", "c1", 101), Err(RefreshTokenError::Reused));
        assert_eq!(is_current(&family, "b", "c1", 1_000), Err(RefreshTokenError::Expired));
    }

    #[test]
    fn tokens_of_another_client_are_rejected() {
        for token in ["a", "b", "older"] {
            assert_eq!(is_current(&family(), token, "c2", 500), Err(RefreshTokenError::OtherClient));
        }
    }

    #[test]
    fn no_token_of_a_revoked_family_is_accepted() {
        let family = RefreshTokenFamily { revoked_at: Some(at(200)), ..family() };
        for token in ["a", "b", "older"] {
            assert_eq!(is_current(&family, token, "c1", 101), Err(RefreshTokenError::Revoked));
        }
        assert!(!family.is_active());
    }
}
