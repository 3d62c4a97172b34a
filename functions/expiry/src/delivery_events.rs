//! Events of the function: the schedule's, and SES's about e-mails that did not reach their recipient, which SNS delivers.

use crate::{Job, Summary};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use shared::adapters::email::delivery_event::{self, Undelivered};
use shared::services::accounts::{MailDelivery, MailError};
use std::sync::Arc;

/// What came of an event.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum EventOutcome {
    /// The job ran.
    Run(Box<Summary>),
    /// Addresses get no more reminders.
    Suppressed {
        /// How many, without those that got none already.
        suppressed: usize,
    },
}

/// Handles an event. Any that is no message of SNS runs the job. A message that cannot be read is logged and dropped, since it
/// would not be read the next time either; after an error, Lambda delivers the event again.
pub async fn handle(job: &Arc<Job>, event: &Value, deadline: Timestamp) -> Result<EventOutcome, MailError> {
    let Some(messages) = delivery_event::sns_messages(event) else {
        return Ok(EventOutcome::Run(Box::new(Box::pin(job.run(deadline)).await)));
    };
    let mut suppressed = 0;
    for message in messages {
        match delivery_event::parse(&message) {
            Ok(Some(undelivered)) => suppressed += usize::from(job.suppress(&undelivered).await?),
            Ok(None) => {}
            // The error quotes nothing but the position: the message holds addresses.
            Err(error) => {
                tracing::warn!(line = error.line(), column = error.column(), "event of SES not readable");
            }
        }
    }
    Ok(EventOutcome::Suppressed { suppressed })
}

impl Job {
    /// Sends no more reminders to the recipient. Whether this is news.
    async fn suppress(&self, undelivered: &Undelivered) -> Result<bool, MailError> {
        let Undelivered { recipient, reason } = undelivered;
        let (account_id, reason_text) = (recipient.account_id.as_str(), reason.as_str());
        // An e-mail of a deployment whose tables were restored may be about an account that is not there.
        if self.management.app.store.load_account(&recipient.account_id).await?.is_none() {
            tracing::info!(account_id, reason = reason_text, "e-mail of an unknown account not delivered");
            return Ok(false);
        }
        let delivery = MailDelivery {
            store: &self.management.app.store,
            events: &self.management.events,
            now: self.now(),
        };
        let is_new = delivery.suppress_undelivered(recipient, *reason).await?;
        tracing::warn!(account_id, reason = reason_text, is_new, "e-mail not delivered");
        Ok(is_new)
    }
}
