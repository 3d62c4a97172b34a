//! The claims of an access token (RFC 9068 §2.2).

use crate::domain::oauth::refresh_token_family::FamilyId;
use crate::domain::primitives::ids::{AccountId, ClientId};
use serde::{Deserialize, Serialize};

/// `typ` of the JOSE header of every access token (RFC 9068 §2.1).
pub const TYP: &str = "at+jwt";

/// What an access token says. Instants are seconds since 1970 (RFC 7519 §2, `NumericDate`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// The issuer, exactly as in the metadata.
    pub iss: String,
    /// Whom the token acts for: the client itself, or a person who let it (RFC 9068 §2.2).
    pub sub: String,
    /// The one resource it is for.
    pub aud: String,
    /// It is void from then on.
    pub exp: i64,
    /// When it was issued.
    pub iat: i64,
    /// It is void before.
    pub nbf: i64,
    /// Its own id: 128 random bits.
    pub jti: String,
    /// The client that asked for it.
    pub client_id: ClientId,
    /// Space-delimited; absent when it grants access without any particular scope.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// The account that the client belongs to.
    pub account_id: AccountId,
    /// What it was issued from, if that can be ended as a whole: the code and the refresh tokens of one authorization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<FamilyId>,
}

impl AccessTokenClaims {
    /// Whether the client acts in its own name: no person is behind it.
    #[must_use]
    pub fn is_of_the_client_itself(&self) -> bool {
        self.sub == self.client_id.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_of_the_client_itself_or_of_somebody_else() {
        let read = |sub: &str| -> AccessTokenClaims {
            let json = format!(
                r#"{{"iss":"i","sub":"{sub}","aud":"a","exp":1,"iat":0,"nbf":0,"jti":"j","client_id":"c1","account_id":"T1"}}"#
            );
            serde_json::from_str(&json).expect("claims")
        };
        assert!(read("c1").is_of_the_client_itself());
        for sub in ["", "c2", "C1", "member_0"] {
            assert!(!read(sub).is_of_the_client_itself(), "{sub}");
        }
    }
}
