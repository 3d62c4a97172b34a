//! Which clients a list has.

use crate::domain::account::Status;
use crate::domain::client::attention::Attention;
use crate::domain::client::{AuthMethod, Client};
use crate::domain::primitives::folded::folded;
use crate::services::clients::AttentionInputs;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Which clients a list has. Absent filters let all pass.
#[derive(Debug, Default)]
pub struct ClientFilter {
    /// Their status.
    pub status: Option<Status>,
    /// Why they need attention.
    pub attention: Option<AttentionFilter>,
    /// A part of their name or id, [`folded`].
    pub q: Option<String>,
    /// What they authenticate with.
    pub signs_in_with: Option<SignInMeans>,
    /// When they were last used.
    pub last_used: Option<LastUsedFilter>,
    /// One of their credentials ends within so many days.
    pub ends_within_days: Option<u16>,
}

/// Which reasons for attention pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttentionFilter {
    /// At least one reason.
    Any,
    /// This reason.
    Reason(Attention),
}

/// Which days of last use pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastUsedFilter {
    /// None: it was never used.
    Never,
    /// None of the last so many days. A client that was never used passes once it is older than that.
    NotForDays(u16),
}

/// What a client authenticates with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInMeans {
    /// A secret.
    Secret,
    /// A key of its own.
    Key,
    /// A token of the platform that it runs on.
    Platform,
    /// Nothing: it is public (RFC 6749 §2.1).
    Nothing,
}

impl SignInMeans {
    /// What this client authenticates with.
    #[must_use]
    pub const fn of(client: &Client) -> Self {
        match client.token_endpoint_auth_method {
            AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => Self::Secret,
            AuthMethod::PrivateKeyJwt if client.key_source.is_none() => Self::Platform,
            AuthMethod::PrivateKeyJwt => Self::Key,
            AuthMethod::None => Self::Nothing,
        }
    }
}

impl ClientFilter {
    /// Whether the client passes.
    #[must_use]
    pub fn matches(&self, client: &Client, inputs: &AttentionInputs) -> bool {
        self.has_status(client) && self.matches_but_status(client, inputs)
    }

    pub(super) fn has_status(&self, client: &Client) -> bool {
        self.status.is_none_or(|status| client.status == status)
    }

    pub(super) fn matches_but_status(&self, client: &Client, inputs: &AttentionInputs) -> bool {
        let attention = match &self.attention {
            None => true,
            Some(AttentionFilter::Any) => !inputs.of(client).is_empty(),
            Some(AttentionFilter::Reason(reason)) => inputs.of(client).contains(reason),
        };
        let found = self.q.as_ref().is_none_or(|part| {
            folded(client.client_name.as_str()).contains(part)
                || folded(client.client_id.as_str()).contains(part)
        });
        let now = inputs.now();
        let signs_in = self.signs_in_with.is_none_or(|means| means == SignInMeans::of(client));
        let used = self.last_used.is_none_or(|filter| filter.matches(client, now));
        let ends = self.ends_within_days.is_none_or(|days| ends_within(client, days, now));
        attention && found && signs_in && used && ends
    }
}

impl LastUsedFilter {
    fn matches(self, client: &Client, now: Timestamp) -> bool {
        match (self, client.last_used_on()) {
            (Self::Never, used) => used.is_none(),
            (Self::NotForDays(days), used) => {
                used.unwrap_or_else(|| day(client.created_at)) < day(now - whole_days(days))
            }
        }
    }
}

/// By dates: a secret that was created to end in 30 days ends within 30 days.
fn ends_within(client: &Client, days: u16, now: Timestamp) -> bool {
    client.next_end(now).is_some_and(|end| day(end) <= day(now + whole_days(days)))
}

fn whole_days(days: u16) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days))
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
