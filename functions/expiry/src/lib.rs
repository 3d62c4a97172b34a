//! The scheduled job: tells people of secrets and certificates that end, and sweeps up what was left half done.
//!
//! It runs every hour, may be killed at any moment, and may run twice at once: what was done is always
//! written down where the next run looks.

mod cleanup;
mod find_due;
mod missing_values;
mod recipients;
mod record_outcomes;
mod send_budget;
mod send_reminders;
mod summary;

pub use summary::Summary;

use jiff::{SignedDuration, Timestamp};
use shared::adapters::crypto::random::random_hex;
use shared::adapters::email::mailer::Mailer;
use shared::app::{AwsClients, ConfigError, MailConfig, ManagementState};
use std::sync::Arc;

/// No letter is begun so shortly before the deadline.
const DEADLINE_MARGIN: SignedDuration = SignedDuration::from_secs(30);

/// Everything that the job has at hand.
pub struct Job {
    management: Arc<ManagementState>,
    mailer: Mailer,
    mail: MailConfig,
}

impl Job {
    /// Assembles the job; it cannot do without a sender.
    pub fn new(management: Arc<ManagementState>, aws: &AwsClients) -> Result<Self, ConfigError> {
        let mail = management.app.config.mail.clone().ok_or(ConfigError {
            variable: "MAIL_SENDER",
            expected: "the address that reminders come from",
            got: "nothing".into(),
        })?;
        let mailer = Mailer::new(aws.ses(), mail.configuration_set.clone());
        Ok(Self { management, mailer, mail })
    }

    /// Runs once. It stops beginning letters half a minute before `deadline`; the next run goes on.
    pub async fn run(self: &Arc<Self>, deadline: Timestamp) -> Summary {
        let now = self.now();
        let stop_at = deadline.saturating_sub(DEADLINE_MARGIN).unwrap_or(deadline);
        let mut summary = Summary::default();
        let missing = self.sweep(now, &mut summary).await;
        let found = self.find_due(now, &mut summary).await;
        let holder = random_hex();
        let mut limits = self.limits(stop_at, &mut summary).await;
        self.report_missing_values(missing, &mut limits, &mut summary).await;
        self.deliver(found.due, &holder, limits, &mut summary).await;
        self.delete_expired_secrets(found.dead, stop_at, &mut summary).await;
        summary.report(&self.management.app.config.stage, self.now());
        summary
    }

    fn now(&self) -> Timestamp {
        self.management.app.clock.now()
    }
}
