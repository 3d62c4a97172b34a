//! How far the replacement of a client's secret has come. It follows from the secrets: nothing is stored about it.

use crate::domain::client::secret::{Secret, SecretStatus};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// How long a paused secret is to be watched before it is revoked.
const WATCH_PAUSED: SignedDuration = SignedDuration::from_hours(24);

/// Days within which a used secret counts as in use where it is revoked.
const IN_USE_DAYS: i64 = 7;

/// How far a rotation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationProgress<'a> {
    /// At most one secret is live: a new one is to be added.
    Add(Option<&'a Secret>),
    /// Two are live: the older one is to be ended, as soon as nothing uses it.
    End {
        /// The older one.
        old: &'a Secret,
        /// The newer one.
        new: &'a Secret,
        /// What their uses tell.
        finding: Finding,
    },
}

/// What the uses of two live secrets tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The new one was never used.
    NewUnused,
    /// The new one is paused.
    NewPaused,
    /// Both are in use. The old one was used last on this day, which is today or yesterday.
    BothUsed(Date),
    /// The new one is in use, and the old one was used last on this day, or never.
    OldIdle(Option<Date>),
    /// The old one is paused, and was so for less than a day as far as is known.
    OldPaused,
    /// The old one is paused, and was tried in the last 24 hours.
    OldPausedAndTried,
    /// The old one is paused, and was not tried for 24 hours.
    OldPausedUnmissed,
}

impl Finding {
    /// Whether the old secret can be revoked without a program that would miss it.
    #[must_use]
    pub const fn is_safe_to_end(self) -> bool {
        matches!(self, Self::OldIdle(_) | Self::OldPausedUnmissed)
    }
}

impl<'a> RotationProgress<'a> {
    /// Of secrets, oldest first. `tried_while_paused` is the begin of the last hour in which a paused one was refused;
    /// `unchanged_since`, when the client was last changed.
    #[must_use]
    pub fn of(
        secrets: &'a [Secret],
        tried_while_paused: Option<Timestamp>,
        unchanged_since: Timestamp,
        now: Timestamp,
    ) -> Self {
        let mut live = secrets.iter().filter(|secret| secret.is_live(now));
        let (Some(old), Some(new)) = (live.next(), live.next_back()) else {
            return Self::Add(secrets.iter().find(|secret| secret.is_live(now)));
        };
        let is_lately = |at: Timestamp| now.duration_since(at) < WATCH_PAUSED;
        // A note has only its hour.
        let hour_end = |hour: Timestamp| hour.saturating_add(SignedDuration::from_hours(1)).unwrap_or(hour);
        let finding = match (old.status, new.status) {
            (_, SecretStatus::Paused) => Finding::NewPaused,
            (SecretStatus::Paused, _) if tried_while_paused.map(hour_end).is_some_and(is_lately) => {
                Finding::OldPausedAndTried
            }
            (SecretStatus::Paused, _) if is_lately(unchanged_since) => Finding::OldPaused,
            (SecretStatus::Paused, _) => Finding::OldPausedUnmissed,
            _ if new.last_used_on.is_none() => Finding::NewUnused,
            _ => match old.last_used_on {
                // A use is known by its day, and a program may need a new token once a day only.
                Some(day) if day >= days_before(now, 1) => Finding::BothUsed(day),
                last => Finding::OldIdle(last),
            },
        };
        Self::End { old, new, finding }
    }
}

impl Secret {
    /// Whether it was used in the last seven days.
    #[must_use]
    pub fn is_in_use(&self, now: Timestamp) -> bool {
        self.last_used_on.is_some_and(|day| day >= days_before(now, IN_USE_DAYS))
    }
}

fn days_before(now: Timestamp, days: i64) -> Date {
    now.to_zoned(TimeZone::UTC).date().saturating_sub(days.days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::secret::SecretDigest;
    use crate::domain::primitives::ids::SecretId;
    use jiff::civil::date;

    const NOW: &str = "2026-11-27T10:30:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn secret(number: u8, used: Option<Date>, status: SecretStatus) -> Secret {
        Secret {
            secret_id: SecretId::from_random_bytes([number; 16]),
            digest: SecretDigest { pepper_id: "p1".into(), digest: vec![0; 32] },
            paused_digest: None,
            status,
            label: None,
            lookup: None,
            hint: "abcd".into(),
            created_at: at("2026-09-01T00:00:00Z"),
            expires_at: at("2026-12-01T23:59:00Z"),
            remind: true,
            revealable: false,
            last_used_on: used,
            tried_on: None,
            said: None,
        }
    }

    fn finding(secrets: &[Secret], tried: Option<&str>, changed: &str) -> Finding {
        match RotationProgress::of(secrets, tried.map(at), at(changed), at(NOW)) {
            RotationProgress::End { finding, .. } => finding,
            RotationProgress::Add(_) => panic!("two are live"),
        }
    }

    #[test]
    fn a_secret_is_added_while_at_most_one_is_live() {
        let (live, mut ended) =
            (secret(1, None, SecretStatus::Active), secret(2, None, SecretStatus::Active));
        ended.expires_at = at(NOW);
        let of = |secrets: &[Secret]| match RotationProgress::of(secrets, None, at(NOW), at(NOW)) {
            RotationProgress::Add(found) => found.map(|secret| secret.secret_id.clone()),
            RotationProgress::End { .. } => panic!("at most one is live"),
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(std::slice::from_ref(&ended)), None);
        assert_eq!(of(&[ended, live.clone()]), Some(live.secret_id));
    }

    #[test]
    fn uses_tell_whether_the_old_secret_can_be_ended() {
        let (today, yesterday) = (date(2026, 11, 27), date(2026, 11, 26));
        let earlier = date(2026, 11, 25);
        for (old, new, expected, is_safe) in [
            (None, None, Finding::NewUnused, false),
            (Some(today), None, Finding::NewUnused, false),
            (Some(today), Some(today), Finding::BothUsed(today), false),
            (Some(yesterday), Some(today), Finding::BothUsed(yesterday), false),
            (Some(earlier), Some(today), Finding::OldIdle(Some(earlier)), true),
            (None, Some(earlier), Finding::OldIdle(None), true),
        ] {
            let secrets = [secret(1, old, SecretStatus::Active), secret(2, new, SecretStatus::Active)];
            let found = finding(&secrets, None, "2026-09-01T00:00:00Z");
            assert_eq!((found, found.is_safe_to_end()), (expected, is_safe), "{old:?} {new:?}");
        }
    }

    #[test]
    fn a_paused_secret_is_watched_for_a_day() {
        let (used, paused) = (Some(date(2026, 11, 27)), SecretStatus::Paused);
        let secrets = [secret(1, used, paused), secret(2, used, SecretStatus::Active)];
        for (tried, changed, expected) in [
            (None, "2026-11-27T09:00:00Z", Finding::OldPaused),
            (None, "2026-11-26T10:30:00Z", Finding::OldPausedUnmissed),
            (Some("2026-11-26T10:00:00Z"), "2026-11-20T00:00:00Z", Finding::OldPausedAndTried),
            (Some("2026-11-26T09:00:00Z"), "2026-11-20T00:00:00Z", Finding::OldPausedUnmissed),
        ] {
            assert_eq!(finding(&secrets, tried, changed), expected, "{tried:?} {changed}");
        }
        let both = [secret(1, used, paused), secret(2, used, paused)];
        assert_eq!(finding(&both, None, NOW), Finding::NewPaused);
    }
}
