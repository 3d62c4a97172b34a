//! The deny-list: access tokens that were revoked before their time (RFC 7009); and whatever else ends one early.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use crate::domain::oauth::access_token::AccessTokenClaims;
use crate::domain::oauth::token_status::RevocationReason;
use jiff::Timestamp;

/// How long an entry is kept after its token has ended, in seconds: longer than the clocks of any two
/// functions are apart. It costs nothing, since the broom comes later than that anyway.
const LEEWAY: i64 = 60 * 60;

impl Store {
    /// Revokes a token until its end. Repeating it changes nothing.
    ///
    /// There is no condition: whoever else revokes this token writes the very same item.
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
    /// Only asked of a token whose `exp` is still ahead, so an entry that is found is never out of date.
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

    /// Whether an access token was withdrawn, by itself or with what it was issued from, and why. Consistent.
    ///
    /// What it was issued from ends at some time too; by that alone no access token of it does, since whoever verifies
    /// it offline could not know.
    pub async fn revocation_status(
        &self,
        claims: &AccessTokenClaims,
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
            Some(Some(family)) if family.is_live() => {
                let given = self.validate_consent(&family.authorization, now).await?;
                Ok(given.err().map(RevocationReason::NotGiven))
            }
            Some(_) => Ok(Some(RevocationReason::GrantEnded)),
        }
    }
}
