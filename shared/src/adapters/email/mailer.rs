//! Sending e-mail through SES.

use crate::adapters::email::delivery_event::{ACCOUNT_TAG, account_tag};
use crate::adapters::error::BackendError;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use aws_sdk_ses::config::retry::RetryConfig;
use aws_sdk_ses::error::ProvideErrorMetadata;
use aws_sdk_ses::operation::send_raw_email::SendRawEmailError;
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::{MessageTag, RawMessage};

/// The messages in 24 hours that SES allows an account in the sandbox. Outside it, the quota starts at 50,000.
const SANDBOX_PER_DAY: f64 = 200.0;

/// Sends e-mail.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: aws_sdk_ses::Client,
    configuration_set: Option<String>,
}

/// The number of messages that may be sent now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// Messages left of the quota of the last 24 hours.
    pub left: u64,
    /// The part of it, a fifth of the whole quota, that is kept for codes to sign in with.
    pub kept_for_codes: u64,
    /// Messages per second, as SES reports it: zero or any positive number.
    pub per_second: f64,
    /// Whether the account is in the SES sandbox, where recipients that are not verified are rejected.
    pub sandbox: bool,
    /// Whether less than a fifth of the quota of the last 24 hours is left.
    pub is_low: bool,
}

/// One message to one recipient.
#[derive(Debug)]
pub struct OutgoingEmail<'a> {
    /// The sender.
    pub from: &'a EmailAddress,
    /// The recipient.
    pub to: &'a EmailAddress,
    /// The account that it is about, which SES's events about the message name; none if it is about no account alone.
    pub account_id: Option<&'a AccountId>,
    /// The whole message (RFC 5322).
    pub mime: Vec<u8>,
    /// How often it may arrive.
    pub delivery: DeliveryGuarantee,
}

/// How often a message may arrive if SES's response is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryGuarantee {
    /// Not retried: the recipient must not get the message twice.
    AtMostOnce,
    /// Retried by the SDK: a second copy does no harm, but a missing one does.
    AtLeastOnce,
}

/// The result of sending a message.
#[derive(Debug)]
pub enum SendResult {
    /// SES has accepted it.
    Accepted,
    /// SES rejects this message or its recipient; others may be accepted. With SES's error, for the log.
    Rejected(String),
    /// SES rejects every message of this deployment, to any recipient. With SES's error, for the log.
    AllRejected(String),
    /// SES accepts no more messages for now.
    QuotaExceeded,
    /// It is unknown whether SES has accepted it.
    Unknown(BackendError),
}

impl Mailer {
    /// A mailer over this connection.
    #[must_use]
    pub fn new(client: aws_sdk_ses::Client, configuration_set: Option<String>) -> Self {
        Self { client, configuration_set }
    }

    /// The account's quota (`GetSendQuota`).
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
        // A quota of -1 means that there is no limit.
        let unlimited = quota.max24_hour_send < 0.0;
        let left = if unlimited { u64::MAX } else { whole(quota.max24_hour_send - quota.sent_last24_hours) };
        let sandbox = !unlimited && quota.max24_hour_send <= SANDBOX_PER_DAY;
        let kept_for_codes = if unlimited { 0 } else { whole(quota.max24_hour_send) / 5 };
        let is_low = left < kept_for_codes;
        Ok(Quota { left, kept_for_codes, per_second: quota.max_send_rate, sandbox, is_low })
    }

    /// Sends a message.
    pub async fn send(&self, email: OutgoingEmail<'_>) -> SendResult {
        let account = email.account_id.map(account_tag);
        let tag =
            account.map(|value| MessageTag::builder().name(ACCOUNT_TAG).value(value).build()).transpose();
        let message = RawMessage::builder().data(Blob::new(email.mime)).build();
        let (message, tag) = match (message, tag) {
            (Ok(message), Ok(tag)) => (message, tag),
            (Err(error), _) | (_, Err(error)) => return SendResult::Rejected(error.to_string()),
        };
        let mut overridden = aws_sdk_ses::Config::builder();
        if email.delivery == DeliveryGuarantee::AtMostOnce {
            overridden = overridden.retry_config(RetryConfig::disabled());
        }
        // Without a configuration set there are no events that a tag would be in.
        let tags = self.configuration_set.as_ref().and(tag).map(|tag| vec![tag]);
        let sent = self
            .client
            .send_raw_email()
            .source(email.from.as_str())
            .destinations(email.to.as_str())
            .raw_message(message)
            .set_configuration_set_name(self.configuration_set.clone())
            .set_tags(tags)
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
        // The codes about an address, a message or a sender that is not verified. The others are about the account, its
        // permissions, its MAIL FROM domain or the configuration set.
        _ if matches!(refusal.code(), Some("MessageRejected" | "InvalidParameterValue")) => {
            SendResult::Rejected(text())
        }
        _ => SendResult::AllRejected(text()),
    }
}
