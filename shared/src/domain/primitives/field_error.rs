//! The error of one member of a JSON body.

/// An error in one member of a JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The member, as a JSON pointer without its leading `#/`: `permissions/0/scopes`.
    pub path: String,
    /// What is wrong and what would be valid, in words for the sender.
    pub detail: String,
}

impl FieldError {
    /// An error of the member at `path`.
    pub fn new(path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { path: path.into(), detail: detail.into() }
    }

    /// The same error with its path relative to the containing member.
    #[must_use]
    pub fn nested(self, parent: &str) -> Self {
        let path = if self.path.is_empty() { parent.to_owned() } else { format!("{parent}/{}", self.path) };
        Self { path, ..self }
    }
}
