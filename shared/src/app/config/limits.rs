//! What accounts may spend.

use super::{ConfigError, EnvReader};
use crate::domain::account::limits::{EffectiveLimits, MAX_LIMIT, MAX_MAIL_RECIPIENTS};

pub(super) fn account_limits(read: &EnvReader<'_>) -> Result<EffectiveLimits, ConfigError> {
    const EXPECTED: &str = "a number from 0 to 100000";
    let limit = |variable, default| read.number(variable, EXPECTED, default, |number| number <= MAX_LIMIT);
    let defaults = EffectiveLimits::default();
    Ok(EffectiveLimits {
        clients: limit("CLIENTS_PER_ACCOUNT", defaults.clients)?,
        members: limit("MEMBERS_PER_ACCOUNT", defaults.members)?,
        mail_recipients_per_day: read.number(
            "MAIL_RECIPIENTS_PER_DAY",
            "a number from 0 to 10000",
            defaults.mail_recipients_per_day,
            |number| number <= MAX_MAIL_RECIPIENTS,
        )?,
    })
}
