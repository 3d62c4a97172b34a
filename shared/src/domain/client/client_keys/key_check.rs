//! What was found when the keys of a client were last looked at: when they were registered, or named in a change.

use crate::domain::client::credential::{CredentialId, LastUses};
use crate::domain::jose::ignored_key::{IgnoredKey, IgnoredKeyReason};
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The most ignored keys that are recorded for one client: they are stored with it.
pub const MAX_IGNORED_KEYS: usize = 2;
/// Whether the keys of a source were found.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum KeysFound {
    /// At least one key that can verify.
    Found,
    /// A key set, without any key that can verify.
    NoneUsable,
    /// No key set.
    Unavailable,
    /// They were not looked at, because the account had done so too often in the hour.
    NotChecked,
}

/// What was found at one source of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredKeyCheck", into = "StoredKeyCheck")]
pub struct KeyCheck {
    /// The `jwks_uri` or federated identity; `None` for keys that are stored with the client.
    pub credential: Option<CredentialId>,
    /// The result.
    pub keys: KeysFound,
    /// The day (UTC) of the check.
    pub checked_on: Date,
    /// Keys of the set that are passed over, the first ones of them.
    pub ignored: Vec<IgnoredKey>,
}

/// The stored form. Its names and values are short, because a client and its secrets fit one read unit whatever was found.
#[derive(Clone, Serialize, Deserialize)]
struct StoredKeyCheck {
    /// The credential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    c: Option<CredentialId>,
    /// The result.
    k: String,
    /// The day, counted from 1970.
    d: i32,
    /// Ignored keys: each the reason and the `kid`, with a blank between them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    i: Vec<String>,
}

const EPOCH: Date = Date::constant(1970, 1, 1);

impl From<KeyCheck> for StoredKeyCheck {
    fn from(check: KeyCheck) -> Self {
        let ignored = |ignored: &IgnoredKey| match &ignored.kid {
            Some(kid) => format!("{} {kid}", ignored.reason.code()),
            None => ignored.reason.code().to_owned(),
        };
        Self {
            k: check.keys.code().to_owned(),
            d: EPOCH.until(check.checked_on).map_or(0, |span| span.get_days()),
            i: check.ignored.iter().map(ignored).collect(),
            c: check.credential,
        }
    }
}

impl From<StoredKeyCheck> for KeyCheck {
    fn from(stored: StoredKeyCheck) -> Self {
        let ignored = |text: &String| {
            let (code, kid) =
                text.split_once(' ').map_or((text.as_str(), None), |(code, kid)| (code, Some(kid)));
            IgnoredKey::new(kid, IgnoredKeyReason::of_code(code))
        };
        Self {
            credential: stored.c,
            keys: KeysFound::of_code(&stored.k),
            checked_on: EPOCH.checked_add(Span::new().days(stored.d)).unwrap_or(EPOCH),
            ignored: stored.i.iter().map(ignored).collect(),
        }
    }
}

impl KeysFound {
    const fn code(self) -> &'static str {
        match self {
            Self::Found => "f",
            Self::NoneUsable => "n",
            Self::Unavailable => "u",
            Self::NotChecked => "c",
        }
    }

    /// The result of a code; one of a later version is none.
    fn of_code(code: &str) -> Self {
        Self::VARIANTS.iter().copied().find(|found| found.code() == code).unwrap_or(Self::NotChecked)
    }
}

impl KeyCheck {
    /// Whether what was found is still so, as far as is known: a credential that got a token on a later day works.
    #[must_use]
    pub fn is_current(&self, last_uses: &LastUses) -> bool {
        let last_use = self.credential.as_ref().and_then(|credential| last_uses.get(credential));
        last_use.is_none_or(|day| *day <= self.checked_on)
    }
}

/// The checks of a client after a change: those of credentials that it has, the new ones in place of the old unless nothing
/// but the day is new, and no more ignored keys than are recorded.
#[must_use]
pub fn merged(
    old: &[KeyCheck],
    new: Vec<KeyCheck>,
    credentials: &[CredentialId],
    has_inline: bool,
) -> Vec<KeyCheck> {
    let is_kept = |check: &&KeyCheck| {
        let is_present = check.credential.as_ref().map_or(has_inline, |id| credentials.contains(id));
        is_present && !new.iter().any(|newer| newer.credential == check.credential)
    };
    let mut checks: Vec<KeyCheck> = old.iter().filter(is_kept).cloned().collect();
    let says_the_same = |newer: &KeyCheck, check: &&KeyCheck| {
        newer.keys == KeysFound::Found
            && **check == KeyCheck { checked_on: check.checked_on, ..newer.clone() }
    };
    let of_new =
        |newer: KeyCheck| old.iter().find(|check| says_the_same(&newer, check)).cloned().unwrap_or(newer);
    checks.extend(new.into_iter().map(of_new));
    let mut left = MAX_IGNORED_KEYS;
    for check in &mut checks {
        check.ignored.truncate(left);
        left -= check.ignored.len();
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(credential: Option<&str>, ignored: usize) -> KeyCheck {
        KeyCheck {
            credential: credential.map(CredentialId::of_jwks_uri),
            keys: KeysFound::Found,
            checked_on: Date::constant(2026, 11, 27),
            ignored: vec![IgnoredKey::new(Some("k"), IgnoredKeyReason::Invalid); ignored],
        }
    }

    #[test]
    fn checks_follow_the_credentials() {
        let old = [check(Some("a"), 1), check(Some("b"), 1), check(None, 1)];
        let present = ["b", "c"].map(CredentialId::of_jwks_uri);
        let merged = merged(&old, vec![check(Some("c"), 9)], &present, true);
        assert_eq!(merged, [check(Some("b"), 1), check(None, 1), check(Some("c"), 0)]);
    }

    #[test]
    fn a_check_is_read_as_it_was_stored() {
        for keys in KeysFound::VARIANTS {
            for reason in IgnoredKeyReason::ALL {
                let ignored = vec![IgnoredKey::new(Some("a kid"), *reason), IgnoredKey::new(None, *reason)];
                let check = KeyCheck { keys: *keys, ignored, ..check(Some("a"), 0) };
                let stored = serde_json::to_string(&check).expect("JSON");
                assert_eq!(serde_json::from_str::<KeyCheck>(&stored).expect("as written"), check, "{stored}");
            }
        }
        let later = r#"{"k":"z","d":20000,"i":["z x"]}"#;
        let later: KeyCheck = serde_json::from_str(later).expect("of a later version");
        assert_eq!((later.keys, later.ignored[0].reason), (KeysFound::NotChecked, IgnoredKeyReason::Invalid));
    }

    #[test]
    fn a_later_use_overrules_a_check() {
        let check = check(Some("a"), 0);
        let uses = |day| LastUses::from([(CredentialId::of_jwks_uri("a"), Date::constant(2026, 11, day))]);
        assert!(check.is_current(&LastUses::new()) && check.is_current(&uses(27)));
        assert!(!check.is_current(&uses(28)));
    }
}
