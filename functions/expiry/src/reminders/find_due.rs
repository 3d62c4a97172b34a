//! Finds the notices that are due and the secrets to delete. It queries the index date by date, so that a run costs what
//! is due, and not what exists.

use crate::{Job, Summary};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use shared::adapters::error::BackendError;
use shared::adapters::store::ClientWithSecrets;
use shared::domain::account::Status;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::{AccountId, ClientId, SecretId};
use shared::domain::reminder::{Notice, is_past_notice_window, notices};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Days after its expiry in which a credential is looked at: 30 in which notices are sent, and 30 more in which a
/// deletion that failed is made up for.
const LOOKBACK_DAYS: i64 = 60;
/// Clients that are read concurrently.
const CONCURRENCY: usize = 16;

/// Notices that are due for one client.
#[derive(Debug)]
pub struct DueClient {
    /// Recipients besides the account's members.
    pub contacts: Vec<EmailAddress>,
    pub notices: Vec<Notice>,
}

/// A secret that is past its notice window.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "the ids are named as everywhere")]
pub struct ExpiredSecret {
    pub account_id: AccountId,
    pub client_id: ClientId,
    pub secret_id: SecretId,
}

/// Everything that a run has to do.
#[derive(Debug, Default)]
pub struct Worklist {
    pub due: BTreeMap<AccountId, Vec<DueClient>>,
    pub expired: Vec<ExpiredSecret>,
}

impl Job {
    /// Looks at the credentials that expire within the earliest threshold, or have expired within the last two months.
    pub(crate) async fn find_due(self: &Arc<Self>, now: Timestamp, summary: &mut Summary) -> Worklist {
        let mut worklist = Worklist::default();
        let mut reads: JoinSet<Result<Option<(ClientWithSecrets, Status)>, BackendError>> = JoinSet::new();
        let mut clients = self.expiring_clients(now, summary).await.into_iter();
        loop {
            while reads.len() < CONCURRENCY
                && let Some(client) = clients.next()
            {
                let job = Arc::clone(self);
                reads.spawn(async move { job.load_with_status(&client, now).await });
            }
            match reads.join_next().await {
                None => return worklist,
                Some(Ok(Ok(Some((stored, Status::Active))))) => self.evaluate(stored, now, &mut worklist),
                Some(Ok(Ok(None | Some((_, Status::Disabled))))) => {}
                Some(Ok(Err(error))) => {
                    tracing::warn!(cause = %error, "client could not be read");
                    summary.unreadable += 1;
                }
                // A panic, which is logged where it occurs. The error quotes its message, which may hold a secret.
                Some(Err(_)) => {
                    tracing::error!("reading a client panicked");
                    summary.unreadable += 1;
                }
            }
        }
    }

    /// A client, and whether its account is active.
    async fn load_with_status(
        &self,
        client: &ClientId,
        now: Timestamp,
    ) -> Result<Option<(ClientWithSecrets, Status)>, BackendError> {
        let app = &self.management.app;
        let Some(stored) = app.store.load_client(client).await? else { return Ok(None) };
        let account = app.accounts.get(&stored.client.account_id, now).await?;
        Ok(Some((stored, account.map_or(Status::Active, |account| account.status))))
    }

    async fn expiring_clients(&self, now: Timestamp, summary: &mut Summary) -> BTreeSet<ClientId> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let day = |days: i64| today.checked_add(days.days()).unwrap_or(Date::MAX);
        let earliest = i64::from(self.management.app.config.reminder_days.earliest());
        let mut clients = BTreeSet::new();
        for days in -LOOKBACK_DAYS..=earliest {
            match self.management.app.store.clients_expiring_on(day(days)).await {
                Ok(expiring) => {
                    summary.unreadable += expiring.unreadable;
                    clients.extend(expiring.clients);
                }
                Err(error) => {
                    tracing::warn!(cause = %error, "expiry index could not be read");
                    summary.unreadable += 1;
                }
            }
        }
        clients
    }

    fn evaluate(&self, stored: ClientWithSecrets, now: Timestamp, worklist: &mut Worklist) {
        let (client, secrets) = (stored.client, stored.secrets);
        let expired = secrets.iter().filter(|secret| is_past_notice_window(secret.expires_at, now));
        worklist.expired.extend(expired.map(|secret| ExpiredSecret {
            account_id: client.account_id.clone(),
            client_id: client.client_id.clone(),
            secret_id: secret.secret_id.clone(),
        }));
        let notices = notices(&client, &secrets, &self.management.app.config.reminder_days, now);
        if !notices.is_empty() {
            let due = DueClient { contacts: client.contacts, notices };
            worklist.due.entry(client.account_id).or_default().push(due);
        }
    }
}
