//! Refresh-token families (RFC 9700 §4.14).

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::domain::oauth::refresh_token_family::{FamilyId, RefreshTokenFamily, RotatedToken, TokenDigest};
use crate::domain::sign_in::end_user::Subject;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use jiff::{SignedDuration, Timestamp};

/// How long an expired family is retained: longer than its last access tokens live, and a day more, so that the log
/// distinguishes a late token from an invented one.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 4);

/// Whether a family's current token was rotated by this call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RotateOutcome {
    /// It was.
    Rotated,
    /// It was not, because the family has changed; this is its state.
    Stale(Box<RefreshTokenFamily>),
    /// The family does not exist.
    Missing,
}

pub(super) fn family_item(family: &RefreshTokenFamily) -> Result<item::Item, BackendError> {
    let mut entry = item::write(&keys::family(&family.family_id), family)?;
    let purge_at = family.expires_at.saturating_add(RETENTION).unwrap_or(family.expires_at);
    entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
    Ok(entry)
}

/// The entry by which a family is found when its person is removed.
pub(super) fn entry_of_person(family: &RefreshTokenFamily, sub: &Subject) -> item::Item {
    let mut entry = item::key(&keys::family_of_person(sub, &family.family_id));
    let purge_at = family.expires_at.saturating_add(RETENTION).unwrap_or(family.expires_at);
    entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
    entry
}

impl Store {
    /// Stores a family. Its id is random, so that it overwrites no other.
    pub(super) async fn put_family(&self, family: &RefreshTokenFamily) -> Result<(), BackendError> {
        self.dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(family_item(family)?))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("starting a family of refresh tokens", &error))
    }

    /// A family. Consistent: a revocation acts on the next request.
    pub async fn load_family(&self, id: &FamilyId) -> Result<Option<RefreshTokenFamily>, BackendError> {
        self.load_grant("reading a family of refresh tokens", &keys::family(id)).await
    }

    /// Replaces `replaced.token`, the current token of the family as it was read, by `next`: of concurrent calls for the same
    /// token, one succeeds.
    pub async fn rotate_family(
        &self,
        family: &RefreshTokenFamily,
        replaced: &RotatedToken,
        next: &TokenDigest,
    ) -> Result<RotateOutcome, BackendError> {
        const OP: &str = "replacing a refresh token";
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::family(&family.family_id))))
            .update_expression("SET #current = :next, #replaced = :replaced, superseded = :superseded")
            .condition_expression("#current = :presented AND attribute_not_exists(revoked_at)")
            .expression_attribute_names("#current", "current")
            .expression_attribute_names("#replaced", "replaced")
            .expression_attribute_values(":next", text(next))
            .expression_attribute_values(":replaced", item::value(OP, replaced)?)
            .expression_attribute_values(
                ":superseded",
                item::value(OP, &family.superseded_after_rotation(replaced.at))?,
            )
            .expression_attribute_values(":presented", text(&replaced.token))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(RotateOutcome::Rotated) };
        let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() else {
            return Err(BackendError::aws(OP, &error));
        };
        let Some(found) = failed.item().cloned().filter(|found| !found.is_empty()) else {
            return Ok(RotateOutcome::Missing);
        };
        let family: RefreshTokenFamily = item::read(OP, found)?;
        // The SDK retries a request whose response was lost: then the earlier attempt of this call has succeeded.
        let ours = family.current == *next && family.revoked_at.is_none();
        Ok(if ours { RotateOutcome::Rotated } else { RotateOutcome::Stale(Box::new(family)) })
    }

    /// Revokes a family; whether this call did: not if it is revoked already or does not exist. Its place among the live
    /// ones is free then.
    pub async fn revoke_family(&self, id: &FamilyId, now: Timestamp) -> Result<bool, BackendError> {
        const OP: &str = "ending a family of refresh tokens";
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::family(id))))
            .update_expression("SET revoked_at = :now")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(revoked_at)")
            .expression_attribute_values(":now", item::value(OP, &now)?)
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match item::updated(OP, sent)?.and_then(|output| output.attributes) {
            Some(revoked) => self.leave_live_families(&item::read(OP, revoked)?).await.map(|()| true),
            None => Ok(false),
        }
    }
}
