//! Fields of a form of our pages.

use shared::web::cross_site::CSRF_FIELD;
use shared::wire::params::OAuthParams;

/// Fields of a posted form.
pub struct FormFields(OAuthParams);

/// Answer of a person on the consent page. Denying is possible on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allow,
    Deny,
    /// Sign in as another person.
    SwitchUser,
}

// Names of an earlier version. While a deployment is upgraded, a page that the old version served may be posted to the
// new one, so both are read. They can go once no page of that version is open any more: a sign-in lasts 30 minutes.
const LEGACY_CSRF_FIELD: &str = "token";
const LEGACY_DENY: &str = "refuse";
const LEGACY_SWITCH_USER: &str = "other";

impl FormFields {
    /// Parses a body of `application/x-www-form-urlencoded`. `None` if it is not one, or a field is in it twice.
    pub fn parse(body: &[u8]) -> Option<Self> {
        OAuthParams::from_form(body).ok().map(Self)
    }

    /// Value of a field, `None` if it is absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }

    /// The CSRF token, empty if it is absent.
    pub fn csrf_token(&self) -> &str {
        self.get(CSRF_FIELD).or_else(|| self.get(LEGACY_CSRF_FIELD)).unwrap_or_default()
    }

    /// The decision on the consent page.
    pub fn decision(&self) -> Option<Decision> {
        match self.get("decision")? {
            "allow" => Some(Decision::Allow),
            "deny" | LEGACY_DENY => Some(Decision::Deny),
            "switch_user" | LEGACY_SWITCH_USER => Some(Decision::SwitchUser),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> FormFields {
        FormFields::parse(body.as_bytes()).expect("a form")
    }

    #[test]
    fn forms_of_the_earlier_version_are_read() {
        for (new, old, decision) in [
            ("csrf_token=abc&decision=allow", "token=abc&decision=allow", Decision::Allow),
            ("csrf_token=abc&decision=deny", "token=abc&decision=refuse", Decision::Deny),
            ("csrf_token=abc&decision=switch_user", "token=abc&decision=other", Decision::SwitchUser),
        ] {
            for body in [new, old] {
                let fields = fields(body);
                assert_eq!((fields.csrf_token(), fields.decision()), ("abc", Some(decision)), "{body}");
            }
        }
    }

    #[test]
    fn other_values_are_no_decision_and_no_token() {
        assert_eq!(fields("decision=yes").decision(), None);
        assert_eq!(fields("").decision(), None);
        assert_eq!(fields("csrf_token=&code=1").csrf_token(), "");
        assert_eq!(fields("csrf_token=new&token=old").csrf_token(), "new");
        assert!(FormFields::parse(b"token=a&token=b").is_none());
    }
}
