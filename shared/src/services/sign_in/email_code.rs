//! Identifying a person by a one-time code that is sent by e-mail.

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::random::random_hex;
use crate::adapters::crypto::session_secret::{constant_time_eq, hash_one_time_code, one_time_code};
use crate::adapters::email::mailer::{DeliveryGuarantee, Mailer, SendResult};
use crate::adapters::email::sign_in_code::SignInCodeEmail;
use crate::adapters::error::BackendError;
use crate::adapters::store::{RateLimit, RateLimitDecision, Store};
use crate::adapters::telemetry::emf;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::one_time_code::OneTimeCode;
use crate::domain::sign_in::{
    CODE_LIFETIME, CODES_FROM_SOURCE, CODES_TO_ADDRESS, CODES_WINDOW, EmailCode, SignInId,
};
use jiff::Timestamp;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

// The kinds are part of stored keys.
const PER_EMAIL: RateLimit =
    RateLimit { kind: "codes to an address", times: CODES_TO_ADDRESS, window: CODES_WINDOW };
const PER_IP: RateLimit =
    RateLimit { kind: "codes from a source", times: CODES_FROM_SOURCE, window: CODES_WINDOW };

/// Minimum response time of a request for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseTiming {
    /// At least one second. SES takes some tenths of a second, and not sending takes none: without a minimum, the
    /// response time would disclose which addresses are members'.
    Uniform,
    /// No minimum, for a developer's machine.
    Immediate,
}

impl ResponseTiming {
    /// The minimum.
    #[must_use]
    pub const fn minimum(self) -> Duration {
        match self {
            Self::Uniform => Duration::from_secs(1),
            Self::Immediate => Duration::ZERO,
        }
    }
}

/// Sends codes.
#[derive(Clone, Debug)]
pub struct EmailSender {
    /// SES.
    pub mailer: Mailer,
    /// Sender address.
    pub from: EmailAddress,
    /// Host of the page that asks for the code.
    pub host: String,
    /// Minimum response time.
    pub timing: ResponseTiming,
    /// The deployment's stage, for the metric.
    pub stage: String,
}

/// E-mail with a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeEmail<'a> {
    /// Recipient.
    pub to: &'a EmailAddress,
    /// The code.
    pub code: &'a OneTimeCode,
    /// Name of the application that the person signs in to.
    pub application: &'a Name,
    /// Address from which the code was requested.
    pub client_ip: Option<IpAddr>,
    /// Time of the request.
    pub now: Timestamp,
}

impl EmailSender {
    /// Sends a code, and counts the outcome: the page shows the same to the person whatever comes of it, so only the
    /// metric tells the operator that no one can sign in.
    pub async fn send(&self, email: &CodeEmail<'_>) -> SendResult {
        let result = self.deliver(email).await;
        emf::record(&self.stage, email.now, &[("outcome", outcome(&result))], &[("sign_in_codes", 1)]);
        result
    }

    /// A second copy of a code does no harm, so the SDK's retries are on.
    async fn deliver(&self, email: &CodeEmail<'_>) -> SendResult {
        let message = SignInCodeEmail {
            from: &self.from,
            to: email.to,
            code: email.code,
            client_name: email.application,
            host: &self.host,
            source: email.client_ip,
            now: email.now,
            message_id: &random_hex(),
        };
        match message.mime() {
            Ok(mime) => {
                self.mailer.send(&self.from, email.to, mime.to_vec(), DeliveryGuarantee::AtLeastOnce).await
            }
            Err(error) => SendResult::Unknown(error),
        }
    }
}

/// Dimension of the metric `sign_in_codes`.
const fn outcome(result: &SendResult) -> &'static str {
    match result {
        SendResult::Accepted => "sent",
        SendResult::Rejected(_) => "rejected",
        SendResult::AllRejected(_) => "all_rejected",
        SendResult::QuotaExceeded => "quota_exceeded",
        SendResult::Unknown(_) => "unknown",
    }
}

/// Counts a request for a code against the limits of its source and of the address. The limits are the same whether the
/// address is a member's or not.
pub async fn check_rate_limits(
    store: &Store,
    client_ip: Option<IpAddr>,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<RateLimitDecision, BackendError> {
    for (limit, key) in [(&PER_IP, client_network(client_ip)), (&PER_EMAIL, email.to_string())] {
        if let RateLimitDecision::RetryAfter(seconds) = store.check_rate_limit(limit, &key, now).await? {
            return Ok(RateLimitDecision::RetryAfter(seconds));
        }
    }
    Ok(RateLimitDecision::Allowed)
}

/// Generates a code, and what is stored of it.
#[must_use]
pub fn generate(
    peppers: &Peppers,
    id: &SignInId,
    email: EmailAddress,
    now: Timestamp,
) -> (OneTimeCode, EmailCode) {
    let code = one_time_code();
    let digest = hash_one_time_code(peppers, id, &email, &code);
    let expires_at = now.saturating_add(CODE_LIFETIME).unwrap_or(now);
    (code, EmailCode { email, digest, expires_at, attempts: 0, unknown: UnknownAttributes::default() })
}

/// Whether `entered` is the code that was sent, in constant time. The caller counts the attempt first.
#[must_use]
pub fn matches(peppers: &Peppers, id: &SignInId, sent: &EmailCode, entered: &OneTimeCode) -> bool {
    constant_time_eq(&hash_one_time_code(peppers, id, &sent.email, entered), &sent.digest)
}

/// The network that a client address is counted as: a household or an office has one IPv4 address, or the 2^64 addresses
/// of an IPv6 network.
fn client_network(client_ip: Option<IpAddr>) -> String {
    match client_ip.map(|ip| ip.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let network = u128::from(address) >> 64 << 64;
            format!("{}/64", Ipv6Addr::from(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_network_is_one_ipv4_address_or_an_ipv6_64() {
        for (address, network) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(client_network(address.parse().ok()), network);
        }
    }
}
