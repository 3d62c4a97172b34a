//! Sending mail through SES.

use crate::adapters::error::BackendError;
use crate::domain::primitives::email::EmailAddress;
use aws_sdk_ses::config::retry::RetryConfig;
use aws_sdk_ses::error::ProvideErrorMetadata;
use aws_sdk_ses::operation::send_raw_email::SendRawEmailError;
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::RawMessage;

/// What SES allows in 24 hours as long as an account is in the sandbox; outside of it, it starts at 50,000.
const SANDBOX_PER_DAY: f64 = 200.0;

/// Sends mail.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: aws_sdk_ses::Client,
    configuration_set: Option<String>,
}

/// How much may be sent now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// Messages left of the last 24 hours' allowance.
    pub left: u64,
    /// Messages a second, as SES says it: any number, or none.
    pub per_second: f64,
    /// Whether SES is still in its sandbox, where it refuses every recipient that is not verified.
    pub sandbox: bool,
}

/// How often a message may arrive, where SES's answer to sending it gets lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryGuarantee {
    /// Sent once: a repeat could tell somebody the same thing twice.
    AtMostOnce,
    /// Sent again by the SDK: a second one does no harm, and none would.
    AtLeastOnce,
}

/// What became of a message.
#[derive(Debug)]
pub enum SendResult {
    /// SES has taken it.
    Accepted,
    /// SES refuses this message, or its recipient; others may do. Its own words are for the log.
    Rejected(String),
    /// SES refuses every message of this deployment, whoever the recipient. Its own words are for the log.
    AllRejected(String),
    /// SES takes no more for now.
    QuotaExceeded,
    /// Nobody knows whether it was taken.
    Unknown(BackendError),
}

impl Mailer {
    /// A mailer over this connection.
    #[must_use]
    pub fn new(client: aws_sdk_ses::Client, configuration_set: Option<String>) -> Self {
        Self { client, configuration_set }
    }

    /// What SES allows this account (`GetSendQuota`).
    pub async fn quota(&self) -> Result<Quota, BackendError> {
        let quota = self
            .client
            .get_send_quota()
            .send()
            .await
            .map_err(|error| BackendError::aws("reading the mail quota", &error))?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of messages, above zero"
        )]
        let whole = |number: f64| number.max(0.0) as u64;
        // A quota of -1 is none (SES's own convention).
        let unlimited = quota.max24_hour_send < 0.0;
        let left = if unlimited { u64::MAX } else { whole(quota.max24_hour_send - quota.sent_last24_hours) };
        let sandbox = !unlimited && quota.max24_hour_send <= SANDBOX_PER_DAY;
        Ok(Quota { left, per_second: quota.max_send_rate, sandbox })
    }

    /// Sends one message to one recipient.
    pub async fn send(
        &self,
        from: &EmailAddress,
        to: &EmailAddress,
        mime: Vec<u8>,
        delivery: DeliveryGuarantee,
    ) -> SendResult {
        let message = match RawMessage::builder().data(Blob::new(mime)).build() {
            Ok(message) => message,
            Err(error) => return SendResult::Rejected(error.to_string()),
        };
        let mut overridden = aws_sdk_ses::Config::builder();
        if delivery == DeliveryGuarantee::AtMostOnce {
            overridden = overridden.retry_config(RetryConfig::disabled());
        }
        let sent = self
            .client
            .send_raw_email()
            .source(from.as_str())
            .destinations(to.as_str())
            .raw_message(message)
            .set_configuration_set_name(self.configuration_set.clone())
            .customize()
            .config_override(overridden)
            .send()
            .await;
        match sent {
            Ok(_) => SendResult::Accepted,
            Err(error) => match error.as_service_error() {
                Some(refusal) => classify(refusal),
                None => SendResult::Unknown(BackendError::aws("sending a mail", &error)),
            },
        }
    }
}

fn classify(refusal: &SendRawEmailError) -> SendResult {
    let text =
        || format!("{}: {}", refusal.code().unwrap_or("unknown"), refusal.message().unwrap_or_default());
    match refusal {
        SendRawEmailError::AccountSendingPausedException(_)
        | SendRawEmailError::ConfigurationSetSendingPausedException(_) => SendResult::QuotaExceeded,
        _ if refusal
            .code()
            .is_some_and(|code| code.contains("Throttling") || code.contains("LimitExceeded")) =>
        {
            SendResult::QuotaExceeded
        }
        _ if matches!(
            refusal.code(),
            Some("ServiceUnavailable" | "InternalFailure" | "InternalError") | None
        ) =>
        {
            SendResult::Unknown(BackendError::new("sending a mail", text()))
        }
        // What SES says of an address, a message or a sender that is not verified. The other errors are about the
        // account, its permissions, its MAIL FROM domain or the configuration set.
        _ if matches!(refusal.code(), Some("MessageRejected" | "InvalidParameterValue")) => {
            SendResult::Rejected(text())
        }
        _ => SendResult::AllRejected(text()),
    }
}
