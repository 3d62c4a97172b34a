//! Who is told, and when, that a secret is about to end, or has ended while it is still being tried.
//! The decision is pure; remembering it and sending it are the adapters'.

use super::account::Status;
use super::client::Client;
use super::ids::{ClientId, SecretId};
use super::secret::Secret;
use super::text::Name;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// A secret that is not the newest counts as in use for so many days after its last use.
const IN_USE_DAYS: i64 = 7;

/// How many days before its end a secret is spoken of: distinct, and the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rungs(Vec<u16>);

/// Why a text is not a list of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be up to 5 different numbers of days, each from 1 to 90, such as 14,7,1")]
pub struct InvalidRungs;

impl Default for Rungs {
    fn default() -> Self {
        Self(vec![14, 7, 1])
    }
}

impl Rungs {
    /// Reads `14,7,1`, in any order.
    pub fn parse(text: &str) -> Result<Self, InvalidRungs> {
        let days = text.split(',').map(|days| days.trim().parse::<u16>());
        let mut days: Vec<u16> = days.collect::<Result<_, _>>().map_err(|_| InvalidRungs)?;
        let count = days.len();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        let legal = days.len() == count && count <= 5 && days.iter().all(|days| (1..=90).contains(days));
        if legal { Ok(Self(days)) } else { Err(InvalidRungs) }
    }

    /// The first one: how far ahead the job looks, in days.
    #[must_use]
    pub fn earliest(&self) -> u16 {
        self.0.first().copied().unwrap_or_default()
    }

    /// The tightest rung that is reached at this instant, if the secret still works. A run that was
    /// missed delays a reminder, and never skips it.
    #[must_use]
    pub fn reached(&self, expires_at: Timestamp, now: Timestamp) -> Option<u16> {
        let left = expires_at.duration_since(now);
        let reached = |days: &&u16| left <= SignedDuration::from_hours(24 * i64::from(**days));
        if left.is_positive() { self.0.iter().rev().find(reached).copied() } else { None }
    }
}

/// What somebody is told about a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// It ends within so many days.
    Expiring(u16),
    /// It has ended, and somebody tried it since.
    Expired,
}

/// What was said last about a secret. Another `expires_at` makes it void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What.
    pub kind: NoticeKind,
    /// About which end.
    pub expires_at: Timestamp,
}

/// A secret that somebody must be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What to say.
    pub kind: NoticeKind,
    /// The client.
    pub client_id: ClientId,
    /// For people.
    pub client_name: Name,
    /// The secret.
    pub secret_id: SecretId,
    /// Its last four characters.
    pub hint: String,
    /// When it ends, or ended.
    pub expires_at: Timestamp,
    /// The last day on which it got a token.
    pub last_used_on: Option<Date>,
}

/// Everything that must be said about a client's secrets at this instant.
#[must_use]
pub fn notices(client: &Client, secrets: &[Secret], rungs: &Rungs, now: Timestamp) -> Vec<Notice> {
    if client.status == Status::Disabled {
        return Vec::new();
    }
    let newest = secrets.iter().max_by_key(|secret| (secret.created_at, &secret.secret_id));
    let concerned = |secret: &&Secret| {
        secret.remind
            && (newest.is_some_and(|newest| newest.secret_id == secret.secret_id) || in_use(secret, now))
    };
    let due = secrets.iter().filter(concerned).filter_map(|secret| Some((secret, kind(secret, rungs, now)?)));
    due.filter(|(secret, kind)| !is_said(secret, *kind))
        .map(|(secret, kind)| Notice {
            kind,
            client_id: client.client_id.clone(),
            client_name: client.client_name.clone(),
            secret_id: secret.secret_id.clone(),
            hint: secret.hint.clone(),
            expires_at: secret.expires_at,
            last_used_on: secret.last_used_on,
        })
        .collect()
}

fn kind(secret: &Secret, rungs: &Rungs, now: Timestamp) -> Option<NoticeKind> {
    if secret.is_live(now) {
        rungs.reached(secret.expires_at, now).map(NoticeKind::Expiring)
    } else {
        secret.tried_on.map(|_| NoticeKind::Expired)
    }
}

fn in_use(secret: &Secret, now: Timestamp) -> bool {
    let today = now.to_zoned(TimeZone::UTC).date();
    let since = today.checked_sub(IN_USE_DAYS.days()).unwrap_or(Date::MIN);
    secret.last_used_on.max(secret.tried_on).is_some_and(|day| day >= since)
}

/// Whether this, or something more pressing, was said about the same end.
fn is_said(secret: &Secret, kind: NoticeKind) -> bool {
    secret.said.is_some_and(|said| said.expires_at == secret.expires_at && said.kind.presses_as(kind))
}

impl NoticeKind {
    /// Whether it is as pressing as `other`, or more.
    fn presses_as(self, other: Self) -> bool {
        match (self, other) {
            (Self::Expired, _) => true,
            (Self::Expiring(_), Self::Expired) => false,
            (Self::Expiring(said), Self::Expiring(due)) => said <= due,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::AccountId;
    use crate::domain::secret::SecretDigest;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn client() -> Client {
        let name = Name::parse("Order sync").expect("legal");
        let account = AccountId::parse("T1").expect("legal");
        Client::new(ClientId::parse("c1").expect("legal"), account, name, at("2026-01-01T00:00:00Z"))
    }

    fn secret(number: u8, expires_at: &str) -> Secret {
        Secret {
            secret_id: SecretId::from_entropy([number; 16]),
            digest: SecretDigest { pepper_id: "p1".into(), digest: vec![0; 32] },
            hint: "abcd".into(),
            created_at: Timestamp::from_second(i64::from(number)).expect("in range"),
            expires_at: at(expires_at),
            remind: true,
            revealable: false,
            last_used_on: None,
            tried_on: None,
            said: None,
        }
    }

    fn kinds(secrets: &[Secret], now: &str) -> Vec<NoticeKind> {
        notices(&client(), secrets, &Rungs::default(), at(now))
            .into_iter()
            .map(|notice| notice.kind)
            .collect()
    }

    const END: &str = "2026-12-31T23:59:00Z";

    #[test]
    fn fourteen_days_to_the_second() {
        let secrets = [secret(1, END)];
        assert_eq!(kinds(&secrets, "2026-12-17T23:58:59Z"), []);
        assert_eq!(kinds(&secrets, "2026-12-17T23:59:00Z"), [NoticeKind::Expiring(14)]);
        assert_eq!(kinds(&secrets, "2026-12-17T23:59:01Z"), [NoticeKind::Expiring(14)]);
    }

    #[test]
    fn only_the_tightest_rung_that_is_reached() {
        let secrets = [secret(1, END)];
        assert_eq!(kinds(&secrets, "2026-12-24T23:58:59Z"), [NoticeKind::Expiring(14)]);
        assert_eq!(kinds(&secrets, "2026-12-24T23:59:00Z"), [NoticeKind::Expiring(7)]);
        assert_eq!(kinds(&secrets, "2026-12-31T12:00:00Z"), [NoticeKind::Expiring(1)]);
    }

    #[test]
    fn around_the_end_itself() {
        let mut tried = secret(1, END);
        tried.tried_on = Some(at(END).to_zoned(TimeZone::UTC).date());
        assert_eq!(kinds(std::slice::from_ref(&tried), "2026-12-31T23:58:59Z"), [NoticeKind::Expiring(1)]);
        assert_eq!(kinds(std::slice::from_ref(&tried), END), [NoticeKind::Expired]);
        assert_eq!(kinds(std::slice::from_ref(&tried), "2026-12-31T23:59:01Z"), [NoticeKind::Expired]);
        assert_eq!(kinds(&[secret(1, END)], END), [], "nobody tries it any more");
    }

    #[test]
    fn what_was_said_is_not_said_again_until_it_presses_more_or_the_end_moves() {
        let mut known = secret(1, END);
        known.said = Some(Said { kind: NoticeKind::Expiring(14), expires_at: at(END) });
        assert_eq!(kinds(std::slice::from_ref(&known), "2026-12-20T00:00:00Z"), []);
        assert_eq!(kinds(std::slice::from_ref(&known), "2026-12-25T00:00:00Z"), [NoticeKind::Expiring(7)]);
        known.said = Some(Said { kind: NoticeKind::Expiring(1), expires_at: at("2026-06-30T23:59:00Z") });
        assert_eq!(kinds(std::slice::from_ref(&known), "2026-12-20T00:00:00Z"), [NoticeKind::Expiring(14)]);
    }

    #[test]
    fn the_newest_and_whatever_else_is_in_use() {
        let (mut old, new) = (secret(1, END), secret(2, "2027-06-30T23:59:00Z"));
        assert_eq!(kinds(&[old.clone(), new.clone()], "2026-12-20T00:00:00Z"), []);
        old.last_used_on = Some(jiff::civil::date(2026, 12, 13));
        assert_eq!(kinds(&[old.clone(), new.clone()], "2026-12-20T12:00:00Z"), [NoticeKind::Expiring(14)]);
        assert_eq!(kinds(&[old, new], "2026-12-21T00:00:00Z"), []);
    }

    #[test]
    fn who_did_not_ask_and_who_is_disabled_is_left_out() {
        let mut silent = secret(1, END);
        silent.remind = false;
        assert_eq!(kinds(&[silent], "2026-12-20T00:00:00Z"), []);
        let disabled = Client { status: Status::Disabled, ..client() };
        let found = notices(&disabled, &[secret(1, END)], &Rungs::default(), at("2026-12-20T00:00:00Z"));
        assert_eq!(found, []);
    }

    #[test]
    fn leap_day_and_year_end_are_days_like_others() {
        let secrets = [secret(1, "2028-03-01T23:59:00Z")];
        assert_eq!(kinds(&secrets, "2028-02-16T23:58:59Z"), []);
        assert_eq!(kinds(&secrets, "2028-02-16T23:59:00Z"), [NoticeKind::Expiring(14)]);
        let secrets = [secret(1, "2027-01-05T23:59:00Z")];
        assert_eq!(kinds(&secrets, "2026-12-22T23:59:00Z"), [NoticeKind::Expiring(14)]);
    }

    proptest! {
        #[test]
        fn accepted_rungs_are_distinct_and_the_earliest_comes_first(text in "[0-9, -]{0,16}") {
            if let Ok(rungs) = Rungs::parse(&text) {
                prop_assert!(rungs.0.windows(2).all(|pair| pair[0] > pair[1]));
                prop_assert!(rungs.0.iter().all(|days| (1..=90).contains(days)));
            }
        }
    }

    #[test]
    fn rungs_are_read_in_any_order_and_refused_when_doubtful() {
        assert_eq!(Rungs::parse("1, 7,14"), Ok(Rungs::default()));
        for text in ["", "0", "91", "7,7", "a", "-1", "1,2,3,4,5,6"] {
            assert_eq!(Rungs::parse(text), Err(InvalidRungs), "{text}");
        }
    }
}
