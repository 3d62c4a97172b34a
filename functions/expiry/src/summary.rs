//! What a run did. It is logged, and in the local runner answered.

use serde::Serialize;

/// The counts of one run. `due = sent + failed + left`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Letters that were to be sent: one per recipient and account.
    pub due: usize,
    /// Letters that SES took.
    pub sent: usize,
    /// Letters that SES refused, or of which nobody knows what became. The latter are due again in the next
    /// run, and so are the former if SES took none at all.
    pub failed: usize,
    /// Letters that there was no time or no quota for, or that another run was writing.
    pub left: usize,
    /// Notices in the letters that were sent.
    pub notices: usize,
    /// Accounts without anybody to tell: the operator was told instead.
    pub without_recipient: usize,
    /// Clients or accounts that could not be read, and index entries that are none.
    pub unreadable: usize,
    /// Unfinished work that was settled.
    pub settled: usize,
    /// Secrets that had ended long ago and were removed.
    pub removed: usize,
    /// Clean-up that failed, and will be tried again.
    pub unsettled: usize,
}

impl Summary {
    /// One event for the whole run.
    pub fn log(&self) {
        let Self {
            due,
            sent,
            failed,
            left,
            notices,
            without_recipient,
            unreadable,
            settled,
            removed,
            unsettled,
        } = *self;
        tracing::info!(
            due,
            sent,
            failed,
            left,
            notices,
            without_recipient,
            unreadable,
            settled,
            removed,
            unsettled,
            "expiry job done"
        );
    }
}
