//! The scheduled job: sends notices of secrets and certificates that expire, cleans up interrupted changes, completes
//! deletions, and counts once a day what accounts have.
//!
//! It runs every hour. A run may be killed at any moment, and two may run at once: what a run has done is always
//! recorded where the next one looks.

mod accounts;
mod cleanup;
mod contacts;
mod deletions;
mod delivery_events;
mod invitations;
mod missing_values;
mod record_names;
mod reminders;
mod summary;

pub use delivery_events::{EventOutcome, handle};
pub use summary::{Deferral, DeferralReason, Summary};

use jiff::{SignedDuration, Timestamp};
use shared::adapters::crypto::random::random_hex;
use shared::adapters::email::mailer::Mailer;
use shared::app::{AwsClients, ConfigError, MailConfig, ManagementState};
use std::sync::Arc;

/// Time before the deadline after which no email is started.
const DEADLINE_MARGIN: SignedDuration = SignedDuration::from_secs(30);

/// The job and its dependencies.
pub struct Job {
    management: Arc<ManagementState>,
    mailer: Mailer,
    mail: MailConfig,
    notices_per_email: usize,
}

/// The most notices in one email: at their longest they take about 3 MB of the 10 that SES accepts.
const NOTICES_PER_EMAIL: usize = 5_000;

impl Job {
    /// Builds the job. A configuration without a sender is an error.
    pub fn new(management: Arc<ManagementState>, aws: &AwsClients) -> Result<Self, ConfigError> {
        let mail = management.app.config.mail.clone().ok_or(ConfigError {
            variable: "MAIL_SENDER",
            expected: "the address that reminders come from",
            got: "nothing".into(),
        })?;
        let mailer = Mailer::new(aws.ses(), mail.configuration_set.clone());
        Ok(Self { management, mailer, mail, notices_per_email: NOTICES_PER_EMAIL })
    }

    /// The same job with fewer notices in one email; the others follow in its next run.
    #[must_use]
    pub fn with_notices_per_email(self, most: usize) -> Self {
        Self { notices_per_email: most, ..self }
    }

    /// Runs once. It starts no email within 30 seconds of `deadline`; the next run continues.
    pub async fn run(self: &Arc<Self>, deadline: Timestamp) -> Summary {
        let now = self.now();
        let stop_at = deadline.saturating_sub(DEADLINE_MARGIN).unwrap_or(deadline);
        let mut summary = Summary::default();
        let missing = self.sweep(now, &mut summary).await;
        let worklist = self.find_due(now, &mut summary).await;
        let holder = random_hex();
        let mut budget = self.send_budget(stop_at, &mut summary).await;
        self.report_missing_values(missing, &mut budget, &mut summary).await;
        self.send_reminders(worklist.due, &holder, budget, &mut summary).await;
        self.delete_expired_secrets(worklist.expired, stop_at, &mut summary).await;
        self.record_names(&mut summary).await;
        self.end_invitations(stop_at, &mut summary).await;
        self.complete_deletions(stop_at, &mut summary).await;
        self.walk_accounts(now, stop_at, &mut summary).await;
        summary.report(&self.management.app.config.stage, self.now());
        summary
    }

    fn now(&self) -> Timestamp {
        self.management.app.clock.now()
    }
}
