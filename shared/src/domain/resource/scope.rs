//! Scopes (RFC 6749 §3.3).

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;

/// The longest scope token, in characters.
pub const MAX_SCOPE_LENGTH: usize = 128;

/// One scope token: 1 to 128 printable ASCII characters without space, `"` and `\`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(String);

/// Error of [`Scope::parse`] and [`ScopeSet::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 128 printable ASCII characters without space, quote and backslash")]
pub struct InvalidScope;

impl Scope {
    /// Parses a `scope-token` (RFC 6749 §3.3).
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        let legal = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if (1..=MAX_SCOPE_LENGTH).contains(&text.len()) && text.bytes().all(legal) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidScope)
        }
    }

    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromJson for Scope {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

/// A set of scopes; as a parameter, space-delimited and in alphabetical order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScopeSet(BTreeSet<Scope>);

impl ScopeSet {
    /// Parses a `scope` parameter. Order and repetition have no meaning. Spaces at the ends and repeated ones, which the
    /// grammar does not have and programs that join lists send, mean nothing either.
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        text.split(' ').filter(|scope| !scope.is_empty()).map(Scope::parse).collect()
    }

    /// Whether it has no scopes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of scopes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The scopes, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// Whether it has this scope.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|own| own.as_str() == scope)
    }

    /// Whether it has this scope.
    #[must_use]
    pub fn has(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Whether `other` has all of its scopes.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// The scopes that fulfil the predicate.
    #[must_use]
    pub fn filtered(&self, predicate: impl Fn(&Scope) -> bool) -> Self {
        self.0.iter().filter(|scope| predicate(scope)).cloned().collect()
    }

    /// Adds a scope; whether it was not there before.
    pub fn insert(&mut self, scope: Scope) -> bool {
        self.0.insert(scope)
    }

    /// The scopes that `other` has too.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.0.intersection(&other.0).cloned().collect()
    }

    /// The scopes of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.0.union(&other.0).cloned().collect()
    }

    /// The scopes that `other` does not have.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.0.difference(&other.0).cloned().collect()
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl FromJson for ScopeSet {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        Vec::<Scope>::from_json(value).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_scope_has_the_characters_of_the_grammar() {
        for text in ["orders:read", "!", "#", "https://example.com/a.b", "~"] {
            assert!(Scope::parse(text).is_ok(), "{text}");
        }
        for text in ["", "a b", "\"", "\\", "é", "\u{7f}", &"x".repeat(129)] {
            assert_eq!(Scope::parse(text), Err(InvalidScope), "{text}");
        }
    }

    #[test]
    fn a_scope_parameter_is_delimited_by_spaces() {
        for text in ["b a b", " b a", "b a ", "b   a"] {
            assert_eq!(ScopeSet::parse(text).expect("good").to_string(), "a b", "{text:?}");
        }
        for text in ["", " ", "   "] {
            assert!(ScopeSet::parse(text).expect("good").is_empty(), "{text:?}");
        }
        for text in ["a\tb", "a\nb", "a\u{a0}b"] {
            assert!(ScopeSet::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_scope_set_is_parsed_from_its_own_text(text in "\\PC{0,80}") {
            if let Ok(scopes) = ScopeSet::parse(&text) {
                prop_assert_eq!(ScopeSet::parse(&scopes.to_string()), Ok(scopes));
            }
        }
    }
}
