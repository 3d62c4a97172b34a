//! The claims of an access token (RFC 9068 §2.2).

use crate::domain::account::Account;
use crate::domain::client::Client;
use crate::domain::management;
use crate::domain::oauth::effective_grant::TokenGrant;
use crate::domain::oauth::refresh_token_family::FamilyId;
use crate::domain::oauth::token_generation;
use crate::domain::primitives::ids::{AccountId, ClientId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// `typ` of the JOSE header of every access token (RFC 9068 §2.1).
pub const TYP: &str = "at+jwt";

/// Claims of an access token. Instants are seconds since 1970 (RFC 7519 §2, `NumericDate`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// `iss`, exactly as in the metadata.
    pub iss: String,
    /// `sub`: the client itself, or the end user who consented (RFC 9068 §2.2).
    pub sub: String,
    /// `aud`: the only resource that it is for.
    pub aud: String,
    /// `exp`: it is not valid from then on.
    pub exp: i64,
    /// `iat`.
    pub iat: i64,
    /// `nbf`: it is not valid before.
    pub nbf: i64,
    /// `jti`: the client's token generation, a dot, and 128 random bits.
    pub jti: String,
    /// The client that it was issued to.
    pub client_id: ClientId,
    /// Scopes, space-delimited; absent if it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// The account of the client.
    pub account_id: AccountId,
    /// The refresh-token family that it was issued with, if there is one. Revoking the family revokes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<FamilyId>,
    /// Static claims of the account. Their names are none of those above.
    #[serde(flatten)]
    pub account_claims: BTreeMap<String, Value>,
}

/// What an access token is issued from.
#[derive(Debug)]
pub struct NewAccessToken<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// The client.
    pub client: &'a Client,
    /// The client's account.
    pub account: &'a Account,
    /// What it may carry.
    pub grant: TokenGrant,
    /// The client itself, or the end user who consented.
    pub sub: String,
    /// The refresh-token family that it is issued with.
    pub grant_id: Option<FamilyId>,
    /// The time.
    pub now: Timestamp,
    /// 128 random bits in hexadecimal.
    pub random: &'a str,
}

impl From<NewAccessToken<'_>> for AccessTokenClaims {
    fn from(new: NewAccessToken<'_>) -> Self {
        let issued_at = new.now.as_second();
        let is_management = new.grant.resource.as_str() == management::RESOURCE_ID;
        Self {
            iss: new.issuer.to_owned(),
            sub: new.sub,
            aud: new.grant.audience,
            exp: issued_at + i64::from(new.grant.lifetime),
            iat: issued_at,
            nbf: issued_at,
            jti: token_generation::jti(new.client.token_generation, new.random),
            client_id: new.client.client_id.clone(),
            scope: new.grant.scopes.to_string(),
            account_id: new.client.account_id.clone(),
            grant_id: new.grant_id,
            // Not in tokens for Latchkey itself, which needs none.
            account_claims: if is_management { BTreeMap::new() } else { new.account.claims.for_tokens() },
        }
    }
}

impl AccessTokenClaims {
    /// Whether its subject is the client itself, so no end user.
    #[must_use]
    pub fn is_client_subject(&self) -> bool {
        self.sub == self.client_id.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_the_client_or_an_end_user() {
        let read = |sub: &str| -> AccessTokenClaims {
            let json = format!(
                r#"{{"iss":"i","sub":"{sub}","aud":"a","exp":1,"iat":0,"nbf":0,"jti":"j","client_id":"c1","account_id":"T1"}}"#
            );
            serde_json::from_str(&json).expect("claims")
        };
        assert!(read("c1").is_client_subject());
        for sub in ["", "c2", "C1", "member_0"] {
            assert!(!read(sub).is_client_subject(), "{sub}");
        }
    }
}
