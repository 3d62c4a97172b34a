//! Used client assertions (RFC 7523 §3): each is accepted once.

use crate::adapters::crypto::random::random_hex;
use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::clients::next_day;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::domain::client::credential::CredentialId;
use crate::domain::primitives::ids::ClientId;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use jiff::civil::Date;

/// Whether a `jti` was recorded by this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum JtiOutcome {
    /// It was: the assertion is accepted.
    Recorded,
    /// It was recorded before.
    Replayed,
}

impl Store {
    /// Records the `jti` of a client's assertion: of concurrent calls, one succeeds. It is retained until `purge_at`
    /// (seconds since 1970), which must be later than the assertion's `exp`.
    pub async fn record_jti(
        &self,
        client: &ClientId,
        jti: &str,
        purge_at: i64,
    ) -> Result<JtiOutcome, BackendError> {
        const OP: &str = "spending an assertion";
        // The SDK retries a request whose response was lost: the mark identifies this call's own first attempt.
        let mark = random_hex();
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(item::key(&keys::spent_assertion(client, jti))))
            .item("purge_at", number(purge_at))
            .item("spent_by", text(&*mark))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(JtiOutcome::Recorded) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                let ours = failed.item().is_some_and(|found| item::string(found, "spent_by") == mark);
                Ok(if ours { JtiOutcome::Recorded } else { JtiOutcome::Replayed })
            }
            _ => Err(BackendError::aws(OP, &error)),
        }
    }

    /// Records that a credential of a client got a token on this day. Writes nothing if that is recorded already or if the
    /// client does not exist. The client's version is unchanged.
    pub async fn record_credential_use(
        &self,
        client: &ClientId,
        credential: &CredentialId,
        day: Date,
    ) -> Result<(), BackendError> {
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::client(client))))
            .update_expression("SET last_uses.#credential = :day")
            .condition_expression(
                "attribute_exists(last_uses) AND (attribute_not_exists(last_uses.#credential) \
                 OR last_uses.#credential < :day OR last_uses.#credential > :next_day)",
            )
            .expression_attribute_names("#credential", credential.as_str())
            .expression_attribute_values(":day", text(day.to_string()))
            .expression_attribute_values(":next_day", text(next_day(day).to_string()))
            .send()
            .await;
        item::updated("recording the use of a credential", sent).map(|_| ())
    }
}
