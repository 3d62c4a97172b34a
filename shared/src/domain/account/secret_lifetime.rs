//! How long the secrets of an account's clients live, where the account says so.

use crate::domain::client::secret_expiry::{MaxLifetime, SecretLimits};
use crate::domain::primitives::json_members::JsonMembers;
use crate::domain::primitives::optional_change::OptionalChange;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, Validator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The lifetimes that an account has set, in days. Absent ones are the deployment's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretLifetime {
    /// That of a new secret for which no date is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<u16>,
    /// The longest of a new secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u16>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

impl SecretLifetime {
    /// Whether both are the deployment's.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The limits of a deployment, but for what the account has set. What the deployment no longer allows does not apply.
    #[must_use]
    pub fn within(&self, deployment: SecretLimits) -> SecretLimits {
        let SecretLimits { default_days, min_days, max } = deployment;
        let days = |days: u16| days.clamp(min_days, max.days());
        let max = match self.max.map(days) {
            Some(own) if own < max.days() => MaxLifetime::OfAccount(own),
            Some(_) | None => max,
        };
        let default_days = days(self.default.unwrap_or(default_days)).min(max.days());
        SecretLimits { default_days, min_days, max }
    }

    /// What is wrong with lifetimes that an account sets, within the limits of its deployment.
    #[must_use]
    pub fn validate(&self, deployment: &SecretLimits) -> Vec<FieldError> {
        let allowed = deployment.min_days..=deployment.max.days();
        let range = format!("must be a number of days from {} to {}", allowed.start(), allowed.end());
        let mut errors = Vec::new();
        for (name, days) in [("default", self.default), ("max", self.max)] {
            if days.is_some_and(|days| !allowed.contains(&days)) {
                errors.push(FieldError::new(name, range.clone()));
            }
        }
        if let (Some(default), Some(max), true) = (self.default, self.max, errors.is_empty())
            && default > max
        {
            errors.push(FieldError::new("default", format!("must be {max} or less, which is the most")));
        }
        errors
    }
}

/// A change of an account's lifetimes (RFC 7396). Absent members stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretLifetimeChange {
    /// The new default.
    pub default: OptionalChange<u32>,
    /// The new maximum.
    pub max: OptionalChange<u32>,
}

impl SecretLifetimeChange {
    /// `null` instead of the object: both are the deployment's.
    pub const RESET: Self = Self { default: OptionalChange::Remove, max: OptionalChange::Remove };

    /// The lifetimes after the change.
    #[must_use]
    pub fn apply(&self, before: &SecretLifetime) -> SecretLifetime {
        // A number that no lifetime can be is refused by `validate` as any other that is too large.
        let days = |change: &OptionalChange<u32>, before: Option<u16>| {
            let after = change.clone().apply(before.map(u32::from));
            after.map(|days| u16::try_from(days).unwrap_or(u16::MAX))
        };
        SecretLifetime {
            default: days(&self.default, before.default),
            max: days(&self.max, before.max),
            unknown: before.unknown.clone(),
        }
    }
}

impl FromJson for SecretLifetimeChange {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        if value.is_null() {
            return Ok(Self::RESET);
        }
        let members = JsonMembers::of(value, "default and max")?;
        let mut checked = Validator::new();
        checked.extend(members.unknown(&["default", "max"]));
        let change = Self {
            default: checked.patch("default", members.field("default")),
            max: checked.patch("max", members.field("max")),
        };
        if checked.is_ok() { Ok(change) } else { Err(checked.into_errors()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    fn changed(before: &SecretLifetime, change: &Value) -> SecretLifetime {
        SecretLifetimeChange::from_json(change).expect("legal").apply(before)
    }

    #[test]
    fn a_change_merges() {
        let own = changed(&SecretLifetime::default(), &json!({ "default": 30, "max": 60 }));
        assert_eq!((own.default, own.max), (Some(30), Some(60)));
        let own = changed(&own, &json!({ "default": null }));
        assert_eq!((own.default, own.max), (None, Some(60)));
        assert_eq!(changed(&own, &json!({})), own);
        assert!(changed(&own, &Value::Null).is_default());
    }

    #[test]
    fn lifetimes_are_within_those_of_the_deployment() {
        let deployment = SecretLimits { min_days: 7, ..SecretLimits::default() };
        let paths = |change: &Value| -> Vec<String> {
            let errors = changed(&SecretLifetime::default(), change).validate(&deployment);
            errors.into_iter().map(|error| error.path).collect()
        };
        assert!(paths(&json!({ "default": 7, "max": 730 })).is_empty());
        assert_eq!(paths(&json!({ "default": 6, "max": 731 })), ["default", "max"]);
        assert_eq!(paths(&json!({ "max": 4_000_000 })), ["max"]);
        assert_eq!(paths(&json!({ "default": 61, "max": 60 })), ["default"]);
    }

    #[test]
    fn an_account_shortens_what_its_deployment_allows_and_prolongs_nothing() {
        let own = |default, max| SecretLifetime { default, max, ..SecretLifetime::default() };
        let of = |limits: SecretLimits| (limits.default_days, limits.max);
        let deployment = SecretLimits { default_days: 90, min_days: 7, max: MaxLifetime::Days(365) };
        let with = |default, max| of(own(default, max).within(deployment));
        assert_eq!(SecretLifetime::default().within(deployment), deployment);
        assert_eq!(with(Some(30), None), (30, MaxLifetime::Days(365)));
        assert_eq!(with(None, Some(60)), (60, MaxLifetime::OfAccount(60)));
        assert_eq!(with(Some(30), Some(60)), (30, MaxLifetime::OfAccount(60)));
        // The deployment has been changed since the account was.
        assert_eq!(with(Some(500), Some(700)), (365, MaxLifetime::Days(365)));
        assert_eq!(with(Some(2), Some(3)), (7, MaxLifetime::OfAccount(7)));
        assert_eq!(of(own(None, Some(730)).within(SecretLimits::default())), (90, MaxLifetime::TwoYears));
        let now = "2026-11-20T16:00:00Z".parse().expect("a timestamp");
        let limits = own(None, Some(60)).within(deployment);
        let error = limits.expires_on(Some(date(2027, 1, 20)), now).expect_err("too late");
        assert_eq!(
            error.to_string(),
            "must be 2027-01-19 or earlier: secret_lifetime_days of the account allows 60 days"
        );
        assert_eq!(limits.choices(now).into_keys().collect::<Vec<_>>(), [30, 60]);
    }

    #[test]
    fn what_is_no_number_of_days_is_named() {
        for (value, path) in [
            (json!({ "max": "30" }), "max"),
            (json!({ "default": 1.5 }), "default"),
            (json!({ "min": 3 }), "min"),
            (json!(30), ""),
        ] {
            assert_eq!(SecretLifetimeChange::from_json(&value).expect_err("bad")[0].path, path, "{value}");
        }
    }
}
