//! What a run did. It is logged and counted, and in the local runner answered.

use jiff::Timestamp;
use serde::Serialize;
use shared::adapters::telemetry::emf;

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
    /// Whether SES is still in its sandbox, where it refuses every recipient that is not verified.
    pub ses_sandbox: bool,
}

impl Summary {
    /// One event for the whole run, and its counts as metrics.
    pub fn report(&self, stage: &str, now: Timestamp) {
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
            ses_sandbox,
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
            ses_sandbox,
            "expiry job done"
        );
        // What could not be read was not looked at; what was not settled is tried again, but not for ever.
        let succeeded = unreadable == 0 && unsettled == 0;
        let counts = [
            ("expiry_succeeded", usize::from(succeeded)),
            ("expiry_due", due),
            ("expiry_sent", sent),
            ("expiry_failed", failed),
            ("expiry_left", left),
            ("expiry_without_recipient", without_recipient),
            ("expiry_unreadable", unreadable),
            ("expiry_settled", settled),
            ("expiry_removed", removed),
            ("expiry_unsettled", unsettled),
            ("ses_sandbox", usize::from(ses_sandbox)),
        ];
        emf::count(stage, now, &[], &counts);
    }
}
