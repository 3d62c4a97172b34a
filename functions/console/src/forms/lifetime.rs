//! Lifetimes of tokens in forms: a number, in the unit that the field names.

use crate::forms::Form;
use shared::domain::oauth::lifetime::{MAX_REFRESH_SECONDS, MIN_SECONDS, out_of_range};
use shared::domain::primitives::validation::FieldError;
use shared::texts::Texts;

/// The members that are lifetimes.
const MEMBERS: [&str; 2] = ["access_token_lifetime", "refresh_token_lifetime"];

/// Ending of the name of the field that holds the unit of a lifetime, in seconds.
pub const UNIT_FIELD: &str = "_unit";

/// The units of lifetimes, in seconds.
const UNITS: [u32; 4] = [86_400, 3_600, 60, 1];

/// The unit of a lifetime's field.
pub struct LifetimeUnit {
    /// Its length, in seconds.
    pub seconds: u32,
    /// Which unit it is, and the longest lifetime in it.
    pub hint: String,
    /// The shortest lifetime in it.
    pub least: u32,
    /// The longest lifetime in it.
    pub most: u32,
}

impl LifetimeUnit {
    /// The unit of a field that takes up to so many seconds.
    pub fn new(texts: Texts, seconds: u32, max_seconds: u32) -> Self {
        let hint = match seconds {
            86_400 => "hint-in-days",
            3_600 => "hint-in-hours",
            60 => "hint-in-minutes",
            _ => "hint-in-seconds",
        };
        let most = max_seconds / seconds;
        let least = MIN_SECONDS.div_ceil(seconds);
        Self { seconds, hint: texts.count(hint, u64::from(most)), least, most }
    }
}

/// The unit in which people give a lifetime, in seconds: minutes of access tokens, days of refresh tokens.
pub fn usual_unit(member: &str) -> u32 {
    if member == "access_token_lifetime" { 60 } else { 86_400 }
}

/// The largest unit that says a lifetime exactly, in seconds.
pub fn exact_unit(member: &str, seconds: u32) -> u32 {
    let most = usual_unit(member);
    UNITS.into_iter().find(|unit| *unit <= most && seconds.is_multiple_of(*unit)).unwrap_or(1)
}

/// The fields of a lifetime, in the largest unit that says it exactly.
pub fn fields(member: &str, seconds: u32) -> [(String, String); 2] {
    let unit = exact_unit(member, seconds);
    [(format!("{member}{UNIT_FIELD}"), unit.to_string()), (member.to_owned(), (seconds / unit).to_string())]
}

/// The unit of a lifetime in a form, in seconds.
pub fn unit(form: &Form, member: &str) -> u32 {
    let sent = form.get(&format!("{member}{UNIT_FIELD}")).and_then(|unit| unit.parse().ok());
    sent.filter(|unit| UNITS.contains(unit)).unwrap_or_else(|| usual_unit(member))
}

/// The seconds of a lifetime in a form; `None` if it is no whole number of its unit.
pub fn seconds(form: &Form, member: &str) -> Option<u32> {
    form.get(member)?.trim().parse::<u32>().ok()?.checked_mul(unit(form, member))
}

/// Complaints with those about lifetimes in the units of their fields: the services say them in seconds.
pub fn in_units(
    errors: Vec<FieldError>,
    max_access_seconds: u32,
    unit_of: impl Fn(&str) -> u32,
) -> Vec<FieldError> {
    let in_unit = |error: FieldError| {
        let Some(member) = MEMBERS.into_iter().find(|member| error.path == *member) else { return error };
        let max = if member == MEMBERS[0] { max_access_seconds } else { MAX_REFRESH_SECONDS };
        if error.detail != out_of_range(max, 1, "seconds") {
            return error;
        }
        let (unit, name) = match unit_of(member) {
            unit @ 86_400 => (unit, "days"),
            unit @ 3_600 => (unit, "hours"),
            unit @ 60 => (unit, "minutes"),
            _ => (1, "seconds"),
        };
        FieldError::new(member, out_of_range(max, unit, name))
    };
    errors.into_iter().map(in_unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetime_out_of_range_is_said_in_the_unit_of_its_field() {
        let said = |member: &str, max, unit| {
            let error = FieldError::new(member, out_of_range(max, 1, "seconds"));
            in_units(vec![error], 259_200, |_| unit).remove(0).detail
        };
        let access = |unit| said("access_token_lifetime", 259_200, unit);
        assert_eq!(access(60), "must be from 1 to 4320 minutes");
        assert_eq!(access(3_600), "must be from 1 to 72 hours");
        assert_eq!(access(86_400), "must be from 1 to 3 days");
        assert_eq!(access(1), "must be from 60 to 259200 seconds");
        assert_eq!(said("refresh_token_lifetime", MAX_REFRESH_SECONDS, 86_400), "must be from 1 to 365 days");
    }

    #[test]
    fn fields_of_a_lifetime_say_it_exactly() {
        for seconds in [60, 61, 90, 3_600, 5_400, 86_400, 86_401, 259_200] {
            for member in MEMBERS {
                let form: Form = fields(member, seconds).into_iter().collect();
                assert_eq!(super::seconds(&form, member), Some(seconds));
            }
        }
        assert_eq!(fields("access_token_lifetime", 90)[1].1, "90");
        assert_eq!(fields("access_token_lifetime", 86_400)[1].1, "1440");
        assert_eq!(fields("refresh_token_lifetime", 86_400)[1].1, "1");
    }
}
