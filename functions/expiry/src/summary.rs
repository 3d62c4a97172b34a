//! Summary of a run. It is logged, counted as metrics, and returned by the local runner.

use jiff::Timestamp;
use serde::Serialize;
use shared::adapters::telemetry::emf;
use shared::domain::primitives::ids::AccountId;
use strum::IntoStaticStr;

/// The counts of one run. `due = sent + failed + deferred`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Emails that were due: one per recipient and account.
    pub due: usize,
    /// Emails that SES accepted.
    pub sent: usize,
    /// Emails that SES rejected, or whose result is not known. The latter are due again in the next run, and so are the
    /// former if SES accepted none at all.
    pub failed: usize,
    /// Emails that were not sent for lack of time or quota, or because another run was sending them.
    #[serde(rename = "left")]
    pub deferred: usize,
    /// Of these, for lack of time or quota. A fifth of the quota is kept for codes to sign in with.
    pub deferred_by_quota: usize,
    /// Of these, because their account has had as many recipients today as it may.
    pub deferred_by_recipient_limit: usize,
    /// Notices in the emails that were sent.
    pub notices: usize,
    /// Accounts without a recipient, whose notices went to the operator.
    pub without_recipient: usize,
    /// Clients, accounts, index entries, and the quota of SES, that could not be read.
    pub unreadable: usize,
    /// Interrupted changes that were completed or undone.
    #[serde(rename = "settled")]
    pub reconciled: usize,
    /// Expired secrets that were deleted.
    pub removed: usize,
    /// Cleanup that failed; the next run tries it again.
    #[serde(rename = "unsettled")]
    pub cleanup_failed: usize,
    /// Clients whose secrets are in Secrets Manager, as the last walk over all accounts has counted them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_secrets: Option<usize>,
    /// Whether SES is still in its sandbox, where it rejects every recipient that is not verified.
    pub ses_sandbox: bool,
    /// Whether less than a fifth of SES's quota of 24 hours is left. Codes to sign in with need it too.
    pub ses_quota_low: bool,
    /// Whose emails were deferred, how many, and why: of a hundred accounts at most.
    pub deferrals: Vec<Deferral>,
}

/// The most deferrals in a summary. The log has all.
const MAX_DEFERRALS: usize = 100;

/// Emails of an account that were deferred for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deferral {
    /// The account.
    pub account_id: AccountId,
    /// Why.
    pub reason: DeferralReason,
    /// The number of emails.
    pub emails: usize,
}

/// Why an email was not attempted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeferralReason {
    /// The quota of SES, its rate, or the time of the run is used up.
    Quota,
    /// The account has had as many recipients today as it may.
    RecipientLimit,
    /// Another run is sending to the recipient, or the recipient's record is full.
    OtherRun,
}

impl Summary {
    /// Counts a deferred email.
    pub fn defer(&mut self, reason: DeferralReason) {
        self.deferred += 1;
        match reason {
            DeferralReason::Quota => self.deferred_by_quota += 1,
            DeferralReason::RecipientLimit => self.deferred_by_recipient_limit += 1,
            DeferralReason::OtherRun => {}
        }
    }

    /// Logs and counts the deferred emails of an account.
    pub fn report_deferral(&mut self, account: &AccountId, reason: DeferralReason, emails: usize) {
        let (account_id, text): (_, &'static str) = (account.as_str(), reason.into());
        tracing::warn!(account_id, reason = text, emails, "reminders deferred");
        if self.deferrals.len() < MAX_DEFERRALS {
            self.deferrals.push(Deferral { account_id: account.clone(), reason, emails });
        }
    }

    /// Logs the summary and writes its counts as metrics.
    pub fn report(&self, stage: &str, now: Timestamp) {
        let Self {
            due,
            sent,
            failed,
            deferred,
            deferred_by_quota,
            deferred_by_recipient_limit,
            notices,
            without_recipient,
            unreadable,
            reconciled,
            removed,
            cleanup_failed,
            stored_secrets,
            ses_sandbox,
            ses_quota_low,
            deferrals: _,
        } = self.clone();
        tracing::info!(
            due,
            sent,
            failed,
            left = deferred,
            deferred_by_quota,
            deferred_by_recipient_limit,
            notices,
            without_recipient,
            unreadable,
            settled = reconciled,
            removed,
            unsettled = cleanup_failed,
            stored_secrets,
            ses_sandbox,
            ses_quota_low,
            "expiry job done"
        );
        // What could not be read was not processed, and cleanup that fails in every run needs an operator.
        let succeeded = unreadable == 0 && cleanup_failed == 0;
        let counts = [
            ("expiry_succeeded", usize::from(succeeded)),
            ("expiry_due", due),
            ("expiry_sent", sent),
            ("expiry_failed", failed),
            ("expiry_left", deferred),
            ("expiry_deferred_by_quota", deferred_by_quota),
            ("expiry_deferred_by_recipient_limit", deferred_by_recipient_limit),
            ("expiry_without_recipient", without_recipient),
            ("expiry_unreadable", unreadable),
            ("expiry_settled", reconciled),
            ("expiry_removed", removed),
            ("expiry_unsettled", cleanup_failed),
            ("ses_sandbox", usize::from(ses_sandbox)),
            ("ses_quota_low", usize::from(ses_quota_low)),
        ];
        let stored_secrets = stored_secrets.map(|count| ("client_secrets_stored", count));
        let counts: Vec<_> = counts.into_iter().chain(stored_secrets).collect();
        emf::record(stage, now, &[], &counts);
    }
}
