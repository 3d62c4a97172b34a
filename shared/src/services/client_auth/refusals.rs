//! Notes of refused requests, for the owner of the client.

use crate::adapters::store::Store;
use crate::domain::oauth::refusal::{RefusalNote, RefusalReason, hour_of};
use crate::domain::primitives::ids::{AccountId, ClientId};
use jiff::Timestamp;
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Longest time for which a response waits until a refusal is noted.
const TIMEOUT: Duration = Duration::from_millis(200);
/// The most notes that an instance writes in an hour.
const MAX_NOTES: usize = 10_000;
/// The most clients that an instance reads in an hour only to note that a text presented for them is no secret.
const MAX_READS: usize = 1_000;

/// What this instance has noted in the current hour: it writes no note twice, and a flood costs no more than the first of
/// its requests.
#[derive(Debug, Default)]
pub struct RefusalLog {
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    hour: Option<Timestamp>,
    notes: HashSet<(ClientId, &'static str)>,
    /// Clients that were read only for a note, and ids that no client has.
    read: HashSet<ClientId>,
}

impl Noted {
    /// Forgets the hours before this one.
    fn begin(&mut self, now: Timestamp) {
        let hour = Some(hour_of(now));
        if self.hour != hour {
            *self = Self { hour, ..Self::default() };
        }
    }
}

impl RefusalLog {
    /// The note to write for this refusal; `None` if it was written, or attempted to be, in this hour.
    fn first_in_hour(
        &self,
        client: &ClientId,
        reason: RefusalReason,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Option<RefusalNote> {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.begin(now);
        let is_new = noted.notes.len() < MAX_NOTES && noted.notes.insert((client.clone(), reason.as_str()));
        is_new.then(|| RefusalNote::new(reason, address, now))
    }

    /// Whether a client may be read only for a note: once an hour each, and not more of them than the limit, whatever ids a
    /// caller makes up.
    pub(super) fn may_read_for(&self, client: &ClientId, now: Timestamp) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.begin(now);
        noted.read.len() < MAX_READS && noted.read.insert(client.clone())
    }

    /// Notes that an existing client, of this account, was refused. Never fails: a note that cannot be written is logged.
    pub async fn note(
        &self,
        store: &Store,
        (account, client): (&AccountId, &ClientId),
        reason: RefusalReason,
        address: Option<IpAddr>,
        now: Timestamp,
    ) {
        let Some(note) = self.first_in_hour(client, reason, address, now) else { return };
        match tokio::time::timeout(TIMEOUT, store.note_refusal(account, client, &note)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(cause = %error, "refusal not noted"),
            Err(_) => tracing::warn!("noting a refusal timed out"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::oauth::error::ClientAuthFailure;
    use jiff::SignedDuration;

    #[test]
    fn each_reason_is_noted_and_each_client_read_once_an_hour_and_no_more_than_the_limits() {
        let log = RefusalLog::default();
        let client = |number: usize| ClientId::parse(&format!("c{number}")).expect("legal");
        let reason = RefusalReason::Authentication(ClientAuthFailure::WrongSecret);
        let at = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let noted = |number, reason, now| log.first_in_hour(&client(number), reason, None, now).is_some();
        assert!(noted(0, reason, at(0)) && !noted(0, reason, at(59)));
        assert!(noted(0, ClientAuthFailure::ExpiredSecret.into(), at(59)) && noted(1, reason, at(59)));
        assert!(noted(0, reason, at(60)));
        let reads = |number, minutes| log.may_read_for(&client(number), at(minutes));
        assert!(reads(0, 60) && !reads(0, 61) && reads(0, 120));
        assert_eq!((1..2 * MAX_READS).filter(|number| reads(*number, 120)).count(), MAX_READS - 1);
        let written = (1..2 * MAX_NOTES).filter(|number| noted(*number, reason, at(121))).count();
        assert_eq!(written, MAX_NOTES);
    }
}
