//! The person that an identity of the provider belongs to.

/// Who the provider's identity is.
pub(super) enum Found<P> {
    /// This person.
    Person(P),
    /// A member's address, but another user of the provider.
    OtherIdentity,
    /// No one who may sign in.
    NotAMember,
}

impl<P> Found<P> {
    /// The same with another kind of person.
    pub(super) fn map<Q>(self, into: impl FnOnce(P) -> Q) -> Found<Q> {
        match self {
            Self::Person(person) => Found::Person(into(person)),
            Self::OtherIdentity => Found::OtherIdentity,
            Self::NotAMember => Found::NotAMember,
        }
    }
}
