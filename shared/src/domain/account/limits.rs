//! What an account may use: numbers of clients, of members, and of mail recipients a day.

use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, invalid};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The highest limit of clients and members that can be set.
pub const MAX_LIMIT: u32 = 100_000;
/// The highest limit of mail recipients: those of a day are in one item.
pub const MAX_MAIL_RECIPIENTS: u32 = 10_000;

/// The limits of one account, as the operator has set them. Absent ones are the deployment's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLimits {
    /// The most clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clients: Option<u32>,
    /// The most members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<u32>,
    /// The most different recipients of reminders in one UTC day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_recipients_per_day: Option<u32>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

impl AccountLimits {
    /// Whether every limit is the deployment's.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The limits that apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EffectiveLimits {
    /// The most clients of an account.
    pub clients: u32,
    /// The most members of an account.
    pub members: u32,
    /// The most different recipients of reminders of an account in one UTC day.
    pub mail_recipients_per_day: u32,
}

impl Default for EffectiveLimits {
    /// The limits of a deployment that sets none.
    fn default() -> Self {
        Self { clients: 200, members: 200, mail_recipients_per_day: 500 }
    }
}

impl EffectiveLimits {
    /// The deployment's limits, but for those that an account has of its own.
    #[must_use]
    pub fn with(self, own: &AccountLimits) -> Self {
        Self {
            clients: own.clients.unwrap_or(self.clients),
            members: own.members.unwrap_or(self.members),
            mail_recipients_per_day: own.mail_recipients_per_day.unwrap_or(self.mail_recipients_per_day),
        }
    }
}

/// One limit as a change sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitChange {
    /// The deployment's from now on.
    Default,
    /// This number.
    Number(u32),
}

/// A change of an account's limits (RFC 7396). Absent members stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitsChange {
    /// `null`: every limit is the deployment's, but for those named.
    pub resets: bool,
    /// The new limit of clients.
    pub clients: Option<LimitChange>,
    /// The new limit of members.
    pub members: Option<LimitChange>,
    /// The new limit of mail recipients.
    pub mail_recipients_per_day: Option<LimitChange>,
}

impl LimitsChange {
    /// The limits after the change.
    #[must_use]
    pub fn apply(&self, before: &AccountLimits) -> AccountLimits {
        let number = |change: Option<LimitChange>, before: Option<u32>| match change {
            None => before.filter(|_| !self.resets),
            Some(LimitChange::Default) => None,
            Some(LimitChange::Number(number)) => Some(number),
        };
        AccountLimits {
            clients: number(self.clients, before.clients),
            members: number(self.members, before.members),
            mail_recipients_per_day: number(self.mail_recipients_per_day, before.mail_recipients_per_day),
            unknown: before.unknown.clone(),
        }
    }
}

impl LimitChange {
    fn from_json(value: &Value, max: u32) -> Result<Self, Vec<FieldError>> {
        if value.is_null() {
            return Ok(Self::Default);
        }
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        match number.filter(|number| *number <= max) {
            Some(number) => Ok(Self::Number(number)),
            None => invalid(format!(
                "must be a number from 0 to {max}; without one, the deployment's limit counts"
            )),
        }
    }
}

impl FromJson for LimitsChange {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let members = match value {
            Value::Null => return Ok(Self { resets: true, ..Self::default() }),
            Value::Object(members) => members,
            _ => return invalid("must be an object, or null"),
        };
        let (mut change, mut errors) = (Self::default(), Vec::new());
        for (name, value) in members {
            let (place, max) = match name.as_str() {
                "clients" => (&mut change.clients, MAX_LIMIT),
                "members" => (&mut change.members, MAX_LIMIT),
                "mail_recipients_per_day" => (&mut change.mail_recipients_per_day, MAX_MAIL_RECIPIENTS),
                _ => {
                    let path = name.replace('~', "~0").replace('/', "~1");
                    errors.push(FieldError::new(path, "is not a member of this request"));
                    continue;
                }
            };
            match LimitChange::from_json(value, max) {
                Ok(limit) => *place = Some(limit),
                Err(wrong) => errors.extend(wrong.into_iter().map(|error| error.nested(name))),
            }
        }
        if errors.is_empty() { Ok(change) } else { Err(errors) }
    }
}

/// What is counted of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Its clients.
    pub clients: u64,
    /// Its members.
    pub members: u64,
}

/// A limit that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitReached {
    /// The account has as many clients as it may have.
    #[error("the account has {0} clients, which is its limit")]
    Clients(u32),
    /// The account has as many members as it may have.
    #[error("the account has {0} members, which is its limit")]
    Members(u32),
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn changed(before: &AccountLimits, change: &Value) -> AccountLimits {
        LimitsChange::from_json(change).expect("legal").apply(before)
    }

    #[test]
    fn absent_limits_are_the_deployments() {
        let deployment = EffectiveLimits::default();
        assert_eq!(deployment.with(&AccountLimits::default()), deployment);
        let own = changed(&AccountLimits::default(), &json!({ "clients": 5 }));
        assert_eq!(deployment.with(&own), EffectiveLimits { clients: 5, ..deployment });
    }

    #[test]
    fn a_change_merges() {
        let own = changed(&AccountLimits::default(), &json!({ "clients": 5, "members": 0 }));
        let own = changed(&own, &json!({ "members": null, "mail_recipients_per_day": 9 }));
        assert_eq!((own.clients, own.members, own.mail_recipients_per_day), (Some(5), None, Some(9)));
        assert!(changed(&own, &Value::Null).is_default());
        assert_eq!(changed(&own, &json!({})), own);
    }

    #[test]
    fn every_bad_limit_is_reported() {
        let bad = json!({ "clients": -1, "members": 100_001, "mail_recipients_per_day": 10_001, "a/b": 1 });
        let errors = LimitsChange::from_json(&bad).expect_err("bad");
        let mut paths: Vec<_> = errors.into_iter().map(|error| error.path).collect();
        paths.sort();
        assert_eq!(paths, ["a~1b", "clients", "mail_recipients_per_day", "members"]);
        assert!(LimitsChange::from_json(&json!(5)).is_err());
    }
}
