//! When notices about the expiry of a credential are due.

use jiff::{SignedDuration, Timestamp};

/// Thresholds in days before expiry at which notices are due: distinct, in descending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderSchedule(Vec<u16>);

/// Error of [`ReminderSchedule::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be up to 5 different numbers of days, each from 1 to 90, such as 14,7,1")]
pub struct InvalidReminderSchedule;

impl Default for ReminderSchedule {
    fn default() -> Self {
        Self(vec![14, 7, 1])
    }
}

impl ReminderSchedule {
    /// Parses a list such as `14,7,1`, in any order.
    pub fn parse(text: &str) -> Result<Self, InvalidReminderSchedule> {
        let days = text.split(',').map(|days| days.trim().parse::<u16>());
        let mut days: Vec<u16> = days.collect::<Result<_, _>>().map_err(|_| InvalidReminderSchedule)?;
        let count = days.len();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        let valid = days.len() == count && count <= 5 && days.iter().all(|days| (1..=90).contains(days));
        if valid { Ok(Self(days)) } else { Err(InvalidReminderSchedule) }
    }

    /// The largest threshold, in days: how far ahead the job looks.
    #[must_use]
    pub fn earliest(&self) -> u16 {
        self.0.first().copied().unwrap_or_default()
    }

    /// When the next reminder of an expiry is due; `None` if none is left.
    #[must_use]
    pub fn next_after(&self, expires_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let due = self.0.iter().map(|days| expires_at - SignedDuration::from_hours(24 * i64::from(*days)));
        due.filter(|at| *at > now).min()
    }

    /// The thresholds, in days before expiry.
    #[must_use]
    pub fn days(&self) -> &[u16] {
        &self.0
    }

    /// The smallest threshold that is reached at `now`, if the credential has not expired. If runs of the job are missed, a
    /// notice is delayed, but not skipped.
    #[must_use]
    pub fn due_threshold(&self, expires_at: Timestamp, now: Timestamp) -> Option<u16> {
        let left = expires_at.duration_since(now);
        let is_reached = |days: &&u16| left <= SignedDuration::from_hours(24 * i64::from(**days));
        if left.is_positive() { self.0.iter().rev().find(is_reached).copied() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn thresholds_are_distinct_and_in_descending_order(text in "[0-9, -]{0,16}") {
            if let Ok(schedule) = ReminderSchedule::parse(&text) {
                prop_assert!(schedule.0.windows(2).all(|pair| pair[0] > pair[1]));
                prop_assert!(schedule.0.iter().all(|days| (1..=90).contains(days)));
            }
        }
    }

    #[test]
    fn the_next_reminder_is_the_soonest_that_is_not_due_yet() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let (schedule, ends) = (ReminderSchedule::default(), at("2027-02-18T23:59:00Z"));
        let next = |now: &str| schedule.next_after(ends, at(now));
        assert_eq!(next("2027-01-01T00:00:00Z"), Some(at("2027-02-04T23:59:00Z")));
        assert_eq!(next("2027-02-04T23:59:00Z"), Some(at("2027-02-11T23:59:00Z")));
        assert_eq!(next("2027-02-17T12:00:00Z"), Some(at("2027-02-17T23:59:00Z")));
        assert_eq!(next("2027-02-18T00:00:00Z"), None);
    }

    #[test]
    fn a_schedule_is_parsed_in_any_order() {
        assert_eq!(ReminderSchedule::parse("1, 7,14"), Ok(ReminderSchedule::default()));
        for text in ["", "0", "91", "7,7", "a", "-1", "1,2,3,4,5,6"] {
            assert_eq!(ReminderSchedule::parse(text), Err(InvalidReminderSchedule), "{text}");
        }
    }
}
