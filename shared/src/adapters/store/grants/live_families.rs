//! The live families of client credentials: one set for each client and resource, so that a client which never uses its
//! refresh tokens does not fill the table with them.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use crate::domain::oauth::authorization_grant::AuthorizationGrant;
use crate::domain::oauth::refresh_token_family::RefreshTokenFamily;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// How long the set of a client's live families is retained after its last change: longer than any of them lives.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 400);

/// Whether a family was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum StartOutcome {
    /// It was.
    Started,
    /// It was not: as many of its client and resource are live as may be.
    LimitReached,
}

/// How a live family stands in the set of its client and resource.
fn live_entry(family: &RefreshTokenFamily) -> String {
    let generation = family.authorization.token_generation;
    format!("{generation}#{}#{}", family.expires_at.as_second(), family.family_id)
}

/// Whether a family of such an entry is over: it has expired, or its client's tokens were revoked.
fn is_over(entry: &str, token_generation: u64, now: Timestamp) -> bool {
    let mut parts = entry.split('#');
    let generation = parts.next().and_then(|part| part.parse::<u64>().ok());
    let expires_at = parts.next().and_then(|part| part.parse::<i64>().ok());
    generation.is_none_or(|generation| generation < token_generation)
        || expires_at.is_none_or(|expires_at| expires_at <= now.as_second())
}

/// How often a full set is emptied of families that are over, in one request.
const ATTEMPTS: usize = 3;

impl Store {
    /// Creates a family without an authorization code, unless `limit` of its client and resource are live. Its id is
    /// random, so that it overwrites no other. The set of live families has the condition; it is written first, so that
    /// a crash wastes a place and does not pass the limit.
    pub async fn start_family(
        &self,
        family: &RefreshTokenFamily,
        limit: u32,
    ) -> Result<StartOutcome, BackendError> {
        for _ in 0..ATTEMPTS {
            let Some(full) = self.enter_family(family, limit).await? else {
                return self.put_family(family).await.map(|()| StartOutcome::Started);
            };
            let generation = family.authorization.token_generation;
            let over: BTreeSet<String> =
                full.into_iter().filter(|entry| is_over(entry, generation, family.issued_at)).collect();
            if over.is_empty() {
                break;
            }
            self.remove_live_families(&family.authorization, &over).await?;
        }
        Ok(StartOutcome::LimitReached)
    }

    /// Adds a family to the set of live ones. The set as it is, if it is full.
    async fn enter_family(
        &self,
        family: &RefreshTokenFamily,
        limit: u32,
    ) -> Result<Option<BTreeSet<String>>, BackendError> {
        const OP: &str = "counting live families of refresh tokens";
        let at = keys::live_families(&family.authorization.client_id, &family.authorization.resource);
        let kept_until = family.issued_at.saturating_add(LONGEST).unwrap_or(Timestamp::MAX);
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&at)))
            .update_expression("SET purge_at = :purge_at ADD #live :entry")
            .condition_expression("attribute_not_exists(#live) OR size(#live) < :limit")
            .expression_attribute_names("#live", "live")
            .expression_attribute_values(":entry", item::string_set(&BTreeSet::from([live_entry(family)])))
            .expression_attribute_values(":limit", number(limit))
            .expression_attribute_values(":purge_at", number(kept_until.as_second()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(None) };
        let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() else {
            return Err(BackendError::aws(OP, &error));
        };
        Ok(Some(failed.item().map(|found| item::strings(found, "live")).unwrap_or_default()))
    }

    /// Makes the place of a family free that was revoked, if it is one of client credentials.
    pub(super) async fn leave_live_families(&self, family: &RefreshTokenFamily) -> Result<(), BackendError> {
        if family.authorization.consent.is_some() {
            return Ok(());
        }
        self.remove_live_families(&family.authorization, &BTreeSet::from([live_entry(family)])).await
    }

    async fn remove_live_families(
        &self,
        authorization: &AuthorizationGrant,
        entries: &BTreeSet<String>,
    ) -> Result<(), BackendError> {
        let at = keys::live_families(&authorization.client_id, &authorization.resource);
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&at)))
            .update_expression("DELETE #live :entries")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#live", "live")
            .expression_attribute_values(":entries", item::string_set(entries))
            .send()
            .await;
        item::updated("counting live families of refresh tokens", sent).map(|_| ())
    }
}
