//! The configuration of the console.

use super::{ConfigError, EnvReader};
use crate::domain::console::session::SessionLifetime;
use jiff::SignedDuration;

pub(super) fn sessions(read: &EnvReader<'_>) -> Result<SessionLifetime, ConfigError> {
    let idle = read.number("CONSOLE_IDLE_MINUTES", "minutes, from 5 to 60", 30_u16, |minutes| {
        (5..=60).contains(&minutes)
    })?;
    let absolute = read
        .number("CONSOLE_SESSION_HOURS", "hours, from 1 to 24", 12_u16, |hours| (1..=24).contains(&hours))?;
    Ok(SessionLifetime {
        idle: SignedDuration::from_mins(i64::from(idle)),
        absolute: SignedDuration::from_hours(i64::from(absolute)),
    })
}
