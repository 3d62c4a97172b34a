//! Families of refresh tokens.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::adapters::store::updates;
use crate::domain::oauth::refresh_token_family::{FamilyId, RefreshTokenFamily, RotatedToken, TokenDigest};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use jiff::{SignedDuration, Timestamp};

/// How long a family is kept after it has ended: longer than the access tokens of its last hour, and a day more so
/// that a token which comes too late is told from an invented one in the log.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24 * 4);

/// Whether a family's current token was replaced by this call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RotateOutcome {
    /// It was.
    RotateOutcome,
    /// It was not, because the family is not as it was read; this is how it is.
    Stale(Box<RefreshTokenFamily>),
    /// The family is gone.
    Missing,
}

pub(super) fn family_item(family: &RefreshTokenFamily) -> Result<item::Item, BackendError> {
    let mut entry = item::write(&keys::family(&family.family_id), family)?;
    let purge_at = family.expires_at.saturating_add(REMEMBERED_FOR).unwrap_or(family.expires_at);
    entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
    Ok(entry)
}

impl Store {
    /// Remembers a family that no code stands before. Its id is random, so that it meets no other.
    pub async fn start_family(&self, family: &RefreshTokenFamily) -> Result<(), BackendError> {
        self.dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(family_item(family)?))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("starting a family of refresh tokens", &error))
    }

    /// A family. Consistent: what ended it acts on the next request.
    pub async fn load_family(&self, id: &FamilyId) -> Result<Option<RefreshTokenFamily>, BackendError> {
        self.load_grant("reading a family of refresh tokens", &keys::family(id)).await
    }

    /// Lets `next` count instead of `replaced.token`: of all who replace one token, one succeeds.
    pub async fn rotate_family(
        &self,
        id: &FamilyId,
        replaced: &RotatedToken,
        next: &TokenDigest,
    ) -> Result<RotateOutcome, BackendError> {
        const OP: &str = "replacing a refresh token";
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::family(id))))
            .update_expression("SET #current = :next, #replaced = :replaced")
            .condition_expression("#current = :presented AND attribute_not_exists(revoked_at)")
            .expression_attribute_names("#current", "current")
            .expression_attribute_names("#replaced", "replaced")
            .expression_attribute_values(":next", text(next))
            .expression_attribute_values(":replaced", item::value(OP, replaced)?)
            .expression_attribute_values(":presented", text(&replaced.token))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(RotateOutcome::RotateOutcome) };
        let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() else {
            return Err(BackendError::aws(OP, &error));
        };
        let Some(found) = failed.item().cloned().filter(|found| !found.is_empty()) else {
            return Ok(RotateOutcome::Missing);
        };
        let family: RefreshTokenFamily = item::read(OP, found)?;
        // The SDK repeats a request whose answer got lost: then the one that was faster was this very call.
        let ours = family.current == *next && family.revoked_at.is_none();
        Ok(if ours { RotateOutcome::RotateOutcome } else { RotateOutcome::Stale(Box::new(family)) })
    }

    /// Ends a family, unless it has ended or is not there.
    pub async fn revoke_family(&self, id: &FamilyId, now: Timestamp) -> Result<(), BackendError> {
        const OP: &str = "ending a family of refresh tokens";
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::family(id))))
            .update_expression("SET revoked_at = :now")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(revoked_at)")
            .expression_attribute_values(":now", item::value(OP, &now)?)
            .send()
            .await;
        updates::outcome(OP, sent).map(|_| ())
    }
}
