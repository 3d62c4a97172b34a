//! Changes of optional members by a merge patch.

/// A change of a member that can be absent (RFC 7396).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OptionalChange<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is removed.
    Remove,
    /// It gets this value.
    Set(T),
}

impl<T> OptionalChange<T> {
    /// The member after the change.
    #[must_use]
    pub fn apply(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Remove => None,
            Self::Set(value) => Some(value),
        }
    }
}
