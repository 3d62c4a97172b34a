//! How long before its end a credential is spoken of.

use jiff::{SignedDuration, Timestamp};

/// How many days before its end a credential is spoken of: distinct, and the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderSchedule(Vec<u16>);

/// Why a text is not a list of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be up to 5 different numbers of days, each from 1 to 90, such as 14,7,1")]
pub struct InvalidReminderSchedule;

impl Default for ReminderSchedule {
    fn default() -> Self {
        Self(vec![14, 7, 1])
    }
}

impl ReminderSchedule {
    /// Reads `14,7,1`, in any order.
    pub fn parse(text: &str) -> Result<Self, InvalidReminderSchedule> {
        let days = text.split(',').map(|days| days.trim().parse::<u16>());
        let mut days: Vec<u16> = days.collect::<Result<_, _>>().map_err(|_| InvalidReminderSchedule)?;
        let count = days.len();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        let legal = days.len() == count && count <= 5 && days.iter().all(|days| (1..=90).contains(days));
        if legal { Ok(Self(days)) } else { Err(InvalidReminderSchedule) }
    }

    /// The first one: how far ahead the job looks, in days.
    #[must_use]
    pub fn earliest(&self) -> u16 {
        self.0.first().copied().unwrap_or_default()
    }

    /// The tightest rung that is reached at this instant, if the credential still works. A run that was
    /// missed delays a reminder, and never skips it.
    #[must_use]
    pub fn due_threshold(&self, expires_at: Timestamp, now: Timestamp) -> Option<u16> {
        let left = expires_at.duration_since(now);
        let due_threshold = |days: &&u16| left <= SignedDuration::from_hours(24 * i64::from(**days));
        if left.is_positive() { self.0.iter().rev().find(due_threshold).copied() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn accepted_rungs_are_distinct_and_the_earliest_comes_first(text in "[0-9, -]{0,16}") {
            if let Ok(schedule) = ReminderSchedule::parse(&text) {
                prop_assert!(schedule.0.windows(2).all(|pair| pair[0] > pair[1]));
                prop_assert!(schedule.0.iter().all(|days| (1..=90).contains(days)));
            }
        }
    }

    #[test]
    fn rungs_are_read_in_any_order_and_refused_when_doubtful() {
        assert_eq!(ReminderSchedule::parse("1, 7,14"), Ok(ReminderSchedule::default()));
        for text in ["", "0", "91", "7,7", "a", "-1", "1,2,3,4,5,6"] {
            assert_eq!(ReminderSchedule::parse(text), Err(InvalidReminderSchedule), "{text}");
        }
    }
}
