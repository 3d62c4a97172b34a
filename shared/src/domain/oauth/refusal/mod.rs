//! Refused requests of clients, as their owner may see them. The caller learns nothing of them.

mod reason;

pub use reason::RefusalReason;

use crate::domain::oauth::error::ClientAuthFailure;
use crate::domain::primitives::ids::ClientId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// How far back the refusals of one client are shown.
pub const PERIOD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How far back the refusals of all clients of an account are shown together.
pub const ACCOUNT_PERIOD: SignedDuration = SignedDuration::from_hours(24);

/// That a client was refused for one reason in one hour, by its first refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalNote {
    /// The reason's name. A stored note may have one of a later version.
    pub reason: Cow<'static, str>,
    /// Begin of the hour, in UTC.
    pub hour: Timestamp,
    /// Address of the first caller who was refused, if it was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_address: Option<IpAddr>,
}

/// Refusals for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason's name.
    pub reason: Cow<'static, str>,
    /// Address of the first caller who was refused in the last hour of these, if it was known.
    pub first_address: Option<IpAddr>,
    /// Begin of the last hour with such a refusal.
    pub last_hour: Timestamp,
    /// The number of hours with such a refusal in the period that is shown.
    pub hours: u32,
}

/// A note of a refusal of one of an account's clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRefusalNote {
    /// The client that was refused.
    pub client_id: ClientId,
    /// Why and when.
    #[serde(flatten)]
    pub note: RefusalNote,
}

/// Refusals of one of an account's clients for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRefusal {
    /// The client that was refused.
    pub client_id: ClientId,
    /// Why, and when last.
    pub refusal: Refusal,
}

impl RefusalNote {
    /// A note of a refusal at `now`.
    #[must_use]
    pub fn new(reason: RefusalReason, address: Option<IpAddr>, now: Timestamp) -> Self {
        Self { reason: Cow::Borrowed(reason.as_str()), hour: hour_of(now), first_address: address }
    }
}

/// Begin of the hour, in UTC.
#[must_use]
pub fn hour_of(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(3_600)).unwrap_or(now)
}

/// The notes of the last seven days by reason, the latest first.
#[must_use]
pub fn summarize(notes: impl IntoIterator<Item = RefusalNote>, now: Timestamp) -> Vec<Refusal> {
    by_reason(notes.into_iter().filter(|note| now.duration_since(note.hour) < PERIOD))
}

/// The notes of the last 24 hours by client and reason, the latest first.
#[must_use]
pub fn summarize_account(
    notes: impl IntoIterator<Item = ClientRefusalNote>,
    now: Timestamp,
) -> Vec<ClientRefusal> {
    let mut by_client: BTreeMap<ClientId, Vec<RefusalNote>> = BTreeMap::new();
    for ClientRefusalNote { client_id, note } in notes {
        if now.duration_since(note.hour) < ACCOUNT_PERIOD {
            by_client.entry(client_id).or_default().push(note);
        }
    }
    let of_client = |(client_id, notes): (ClientId, Vec<RefusalNote>)| {
        let refusals = by_reason(notes).into_iter();
        refusals.map(move |refusal| ClientRefusal { client_id: client_id.clone(), refusal })
    };
    let mut refusals: Vec<_> = by_client.into_iter().flat_map(of_client).collect();
    refusals.sort_by_key(|one| std::cmp::Reverse(one.refusal.last_hour));
    refusals
}

fn by_reason(notes: impl IntoIterator<Item = RefusalNote>) -> Vec<Refusal> {
    let mut refusals: BTreeMap<Cow<'static, str>, Refusal> = BTreeMap::new();
    for note in notes {
        let RefusalNote { reason, hour, first_address } = note;
        let new = || Refusal { reason: reason.clone(), first_address, last_hour: hour, hours: 0 };
        let refusal = refusals.entry(reason.clone()).or_insert_with(new);
        refusal.hours += 1;
        if hour > refusal.last_hour {
            (refusal.last_hour, refusal.first_address) = (hour, first_address);
        }
    }
    let mut refusals: Vec<_> = refusals.into_values().collect();
    refusals.sort_by_key(|refusal| std::cmp::Reverse(refusal.last_hour));
    refusals
}

/// The addresses of the last seven days' notes of one reason, each with its last hour, the latest first.
#[must_use]
pub fn addresses(
    notes: impl IntoIterator<Item = RefusalNote>,
    reason: ClientAuthFailure,
    now: Timestamp,
) -> Vec<(IpAddr, Timestamp)> {
    let mut last_hours: BTreeMap<IpAddr, Timestamp> = BTreeMap::new();
    let is_of_reason =
        |note: &RefusalNote| note.reason == reason.as_str() && now.duration_since(note.hour) < PERIOD;
    for note in notes.into_iter().filter(is_of_reason) {
        if let Some(address) = note.first_address {
            let last = last_hours.entry(address).or_insert(note.hour);
            *last = note.hour.max(*last);
        }
    }
    let mut addresses: Vec<_> = last_hours.into_iter().collect();
    addresses.sort_by_key(|(_, hour)| std::cmp::Reverse(*hour));
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_of_the_last_week_are_counted_by_reason() {
        let now: Timestamp = "2026-11-27T10:30:00Z".parse().expect("a time");
        let note = |reason: ClientAuthFailure, hours: i64, last: u8| {
            let at = now.checked_sub(SignedDuration::from_hours(hours)).expect("in range");
            RefusalNote::new(reason.into(), Some(IpAddr::from([203, 0, 113, last])), at)
        };
        let (wrong, expired) = (ClientAuthFailure::WrongSecret, ClientAuthFailure::ExpiredSecret);
        let notes = [note(expired, 3, 1), note(wrong, 0, 2), note(expired, 1, 3), note(expired, 24 * 8, 4)];
        let refusals = summarize(notes, now);
        let seen: Vec<_> = refusals.iter().map(|one| (&*one.reason, one.hours, one.first_address)).collect();
        let address = |last| Some(IpAddr::from([203, 0, 113, last]));
        assert_eq!(seen, [("wrong_secret", 1, address(2)), ("expired_secret", 2, address(3))]);
        assert_eq!(refusals[0].last_hour.to_string(), "2026-11-27T10:00:00Z");
    }

    #[test]
    fn clients_of_an_account_are_apart_and_only_those_of_the_last_day_are_there() {
        let now: Timestamp = "2026-11-27T10:30:00Z".parse().expect("a time");
        let note = |client: &str, hours: i64| ClientRefusalNote {
            client_id: ClientId::parse(client).expect("legal"),
            note: RefusalNote::new(
                ClientAuthFailure::WrongSecret.into(),
                None,
                now.checked_sub(SignedDuration::from_hours(hours)).expect("in range"),
            ),
        };
        let refusals = summarize_account([note("a", 5), note("b", 1), note("a", 3), note("c", 25)], now);
        let seen: Vec<_> = refusals.iter().map(|one| (one.client_id.as_str(), one.refusal.hours)).collect();
        assert_eq!(seen, [("b", 1), ("a", 2)]);
    }

    #[test]
    fn each_address_of_the_last_week_is_there_once() {
        let now: Timestamp = "2026-11-27T10:30:00Z".parse().expect("a time");
        let note = |reason: ClientAuthFailure, hours: i64, last: u8| {
            let at = now.checked_sub(SignedDuration::from_hours(hours)).expect("in range");
            RefusalNote::new(reason.into(), Some(IpAddr::from([203, 0, 113, last])), at)
        };
        let (address, secret) = (ClientAuthFailure::AddressNotAllowed, ClientAuthFailure::WrongSecret);
        let notes = [
            note(address, 30, 1),
            note(address, 2, 2),
            note(address, 1, 1),
            note(secret, 0, 3),
            note(address, 24 * 8, 4),
        ];
        let found = addresses(notes, address, now);
        let last: Vec<_> =
            found.iter().map(|(address, hour)| (address.to_string(), hour.to_string())).collect();
        let expected = [("203.0.113.1", "2026-11-27T09:00:00Z"), ("203.0.113.2", "2026-11-27T08:00:00Z")];
        assert_eq!(last, expected.map(|(address, hour)| (address.to_owned(), hour.to_owned())));
    }
}
