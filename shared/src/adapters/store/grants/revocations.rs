//! Revoked access tokens (RFC 7009), and the check of what else revokes an access token.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use crate::domain::account::EndUserPolicy;
use crate::domain::oauth::access_token::AccessTokenClaims;
use crate::domain::oauth::token_status::RevocationReason;
use jiff::Timestamp;

/// How long an entry is retained after its token has expired, in seconds: longer than the clocks of two functions differ.
const LEEWAY: i64 = 60 * 60;

impl Store {
    /// Revokes a token until it expires. Idempotent, and without a condition: every revocation of a token writes the same
    /// item.
    pub async fn revoke_token(&self, claims: &AccessTokenClaims) -> Result<(), BackendError> {
        let mut entry = item::key(&keys::revoked_token(&claims.jti));
        entry.insert("expires_at".to_owned(), number(claims.exp));
        entry.insert("purge_at".to_owned(), number(claims.exp.saturating_add(LEEWAY)));
        self.dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(entry))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("revoking a token", &error))
    }

    /// Whether the token of this `jti` was revoked. Consistent: a revocation acts on the next request.
    ///
    /// Only for tokens that have not expired, so that an entry that is found is in force.
    pub async fn is_revoked(&self, jti: &str) -> Result<bool, BackendError> {
        let output = self
            .dynamodb
            .get_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::revoked_token(jti))))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| BackendError::aws("looking whether a token was revoked", &error))?;
        Ok(output.item.is_some())
    }

    /// Why an access token was revoked, by itself or with its grant; `None` if it was not. Consistent.
    ///
    /// `end_users` says who may sign in to the token's account.
    ///
    /// The expiry of its grant alone does not revoke an access token, because a resource server that verifies it offline
    /// cannot know of it.
    pub async fn revocation_status(
        &self,
        claims: &AccessTokenClaims,
        end_users: EndUserPolicy,
        now: Timestamp,
    ) -> Result<Option<RevocationReason>, BackendError> {
        let family = async {
            match &claims.grant_id {
                Some(id) => self.load_family(id).await.map(Some),
                None => Ok(None),
            }
        };
        let (is_revoked, family) = tokio::try_join!(self.is_revoked(&claims.jti), family)?;
        if is_revoked {
            return Ok(Some(RevocationReason::TokenRevoked));
        }
        match family {
            None => Ok(None),
            Some(Some(family)) if family.is_active() => {
                let given = self.validate_consent(&family.authorization, end_users, now).await?;
                Ok(given.invalid().map(RevocationReason::ConsentInvalid))
            }
            Some(_) => Ok(Some(RevocationReason::GrantRevoked)),
        }
    }
}
