//! A form that is longer than it may be.

use std::fmt;

/// A form that is longer than it may be, as it was sent.
pub struct LongForm {
    /// The path that it was sent to.
    pub path: String,
    /// Its fields; none if it was too long to be read.
    pub fields: Vec<(String, String)>,
    /// How long it may be, in bytes.
    pub limit: usize,
}

/// Without what is filled in.
impl fmt::Debug for LongForm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LongForm").field("limit", &self.limit).finish_non_exhaustive()
    }
}
