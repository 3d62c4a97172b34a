//! Finding what must be said. The index is asked date by date, so the work follows what is due and not
//! what there is.

use crate::{Job, Summary};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use shared::adapters::error::BackendError;
use shared::adapters::store::ClientWithSecrets;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::{AccountId, ClientId, SecretId};
use shared::domain::reminder::{Notice, is_past_notice_window, notices};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::task::JoinSet;

/// For so many days after its end a credential is looked at: 30 in which it may still be spoken of, and 30 more
/// in which a secret's removal is made up for if it was missed.
const LOOKBACK_DAYS: i64 = 60;
/// Clients that are read at the same time.
const CONCURRENCY: usize = 16;

/// What must be said about one client.
#[derive(Debug)]
pub struct DueClient {
    /// Who is told beside the account's members.
    pub contacts: Vec<EmailAddress>,
    /// What.
    pub notices: Vec<Notice>,
}

/// A secret that ended long ago.
#[derive(Debug)]
pub struct ExpiredSecret {
    pub account: AccountId,
    pub client: ClientId,
    pub secret: SecretId,
}

/// Everything that a run has to do.
#[derive(Debug, Default)]
pub struct Worklist {
    /// By account.
    pub due: BTreeMap<AccountId, Vec<DueClient>>,
    /// What can go.
    pub dead: Vec<ExpiredSecret>,
}

impl Job {
    /// Looks for credentials that end within the earliest rung, or ended within the last two months.
    pub(crate) async fn find_due(self: &Arc<Self>, now: Timestamp, summary: &mut Summary) -> Worklist {
        let suspended = match self.management.app.catalogue(now).await {
            Ok(catalogue) => catalogue.value.disabled_accounts.clone(),
            Err(fault) => {
                tracing::warn!(cause = %fault, "nothing was looked for");
                summary.unreadable += 1;
                return Worklist::default();
            }
        };
        let mut found = Worklist::default();
        let mut reading: JoinSet<Result<Option<ClientWithSecrets>, BackendError>> = JoinSet::new();
        let mut clients = self.expiring_clients(now, summary).await.into_iter();
        loop {
            while reading.len() < CONCURRENCY
                && let Some(client) = clients.next()
            {
                let job = Arc::clone(self);
                reading.spawn(async move { job.management.app.store.load_client(&client).await });
            }
            match reading.join_next().await {
                None => return found,
                Some(Ok(Ok(Some(known)))) if suspended.contains(&known.client.account_id) => {}
                Some(Ok(Ok(Some(known)))) => self.evaluate(known, now, &mut found),
                Some(Ok(Ok(None))) => {}
                Some(Ok(Err(fault))) => {
                    tracing::warn!(cause = %fault, "a client could not be read");
                    summary.unreadable += 1;
                }
                // A panic, which is logged where it occurs. The error quotes its message, which may hold a secret.
                Some(Err(_)) => {
                    tracing::error!("reading a client failed");
                    summary.unreadable += 1;
                }
            }
        }
    }

    async fn expiring_clients(&self, now: Timestamp, summary: &mut Summary) -> BTreeSet<ClientId> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let day = |days: i64| today.checked_add(days.days()).unwrap_or(Date::MAX);
        let earliest = i64::from(self.management.app.config.reminder_days.earliest());
        let mut clients = BTreeSet::new();
        for days in -LOOKBACK_DAYS..=earliest {
            match self.management.app.store.clients_expiring_on(day(days)).await {
                Ok(ending) => {
                    summary.unreadable += ending.unreadable;
                    clients.extend(ending.clients);
                }
                Err(fault) => {
                    tracing::warn!(cause = %fault, "a date could not be read");
                    summary.unreadable += 1;
                }
            }
        }
        clients
    }

    fn evaluate(&self, known: ClientWithSecrets, now: Timestamp, found: &mut Worklist) {
        let (client, secrets) = (known.client, known.secrets);
        let dead = secrets.iter().filter(|secret| is_past_notice_window(secret.expires_at, now));
        found.dead.extend(dead.map(|secret| ExpiredSecret {
            account: client.account_id.clone(),
            client: client.client_id.clone(),
            secret: secret.secret_id.clone(),
        }));
        let notices = notices(&client, &secrets, &self.management.app.config.reminder_days, now);
        if !notices.is_empty() {
            let due = DueClient { contacts: client.contacts, notices };
            found.due.entry(client.account_id).or_default().push(due);
        }
    }
}
