//! How members of an account may prove who they are when they sign in to the console.

use crate::domain::console::session::AuthenticationMethod;
use crate::domain::primitives::validation::{FieldError, FromJson, from_name, invalid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A way to sign in.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SignInMethod {
    /// By a one-time code that is sent to their mailbox.
    EmailCode,
    /// At the upstream provider.
    Provider,
}

/// The ways in which members may sign in; never empty. All of them unless an account says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignInMethods(BTreeSet<SignInMethod>);

impl Default for SignInMethods {
    fn default() -> Self {
        Self(SignInMethod::VARIANTS.iter().copied().collect())
    }
}

impl SignInMethods {
    /// These; `None` if there are none.
    #[must_use]
    pub fn of(methods: BTreeSet<SignInMethod>) -> Option<Self> {
        (!methods.is_empty()).then_some(Self(methods))
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = SignInMethod> + '_ {
        self.0.iter().copied()
    }

    /// Whether it is what an account has that does not say otherwise.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a way is among them.
    #[must_use]
    pub fn contains(&self, method: SignInMethod) -> bool {
        self.0.contains(&method)
    }

    /// Those that a deployment offers. What an account has chosen stays, so that it does not become open to codes when the
    /// provider is taken away.
    #[must_use]
    pub fn offered(&self, has_provider: bool) -> Self {
        if self.is_default() && !has_provider { Self([SignInMethod::EmailCode].into()) } else { self.clone() }
    }

    /// Whether a session is allowed in the account by the way in which its person last proved who they are. A link proves no
    /// more than a code in the mailbox does, so that it is allowed where codes are.
    #[must_use]
    pub fn allow(&self, method: AuthenticationMethod) -> bool {
        match method {
            AuthenticationMethod::EmailCode | AuthenticationMethod::Link => {
                self.contains(SignInMethod::EmailCode)
            }
            AuthenticationMethod::Provider => self.contains(SignInMethod::Provider),
        }
    }
}

impl FromJson for SignInMethod {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_name(value)
    }
}

impl FromJson for SignInMethods {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let methods = Vec::<SignInMethod>::from_json(value)?;
        Self::of(methods.into_iter().collect()).map_or_else(|| invalid("must not be empty"), Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn methods(names: &[&str]) -> SignInMethods {
        SignInMethods::from_json(&json!(names)).expect("legal")
    }

    #[test]
    fn links_are_allowed_where_codes_are() {
        use AuthenticationMethod::{EmailCode, Link, Provider};
        for (names, allowed) in [
            (&["provider"][..], [false, false, true]),
            (&["email_code"], [true, true, false]),
            (&["provider", "email_code"], [true, true, true]),
        ] {
            assert_eq!([EmailCode, Link, Provider].map(|method| methods(names).allow(method)), allowed);
        }
    }

    #[test]
    fn an_account_that_chose_nothing_has_what_the_deployment_offers() {
        let default = SignInMethods::default();
        assert_eq!(default.offered(false), methods(&["email_code"]));
        assert_eq!(default.offered(true), default);
        assert_eq!(methods(&["provider"]).offered(false), methods(&["provider"]), "no code opens it");
        assert_eq!(json!(default), json!(["email_code", "provider"]));
    }

    #[test]
    fn no_way_and_unknown_ones_are_refused() {
        for (value, path) in [(json!([]), ""), (json!("provider"), ""), (json!(["provider", "sms"]), "1")] {
            assert_eq!(SignInMethods::from_json(&value).expect_err("bad")[0].path, path, "{value}");
        }
    }
}
