//! Finding what must be said. The index is asked date by date, so the work follows what is due and not
//! what there is.

use crate::{Job, Summary};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use shared::adapters::fault::Fault;
use shared::adapters::store::ClientAndSecrets;
use shared::domain::email::EmailAddress;
use shared::domain::ids::{AccountId, ClientId, SecretId};
use shared::domain::reminder::{Notice, notices};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Days after its end in which a secret may still be spoken of; then it is removed.
const SPOKEN_OF_DAYS: i64 = 30;
/// Days in which a missed removal is made up for.
const REMOVED_WITHIN_DAYS: i64 = 30;
/// Clients that are read at the same time.
const AT_ONCE: usize = 16;

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
pub struct DeadSecret {
    pub account: AccountId,
    pub client: ClientId,
    pub secret: SecretId,
}

/// Everything that a run has to do.
#[derive(Debug, Default)]
pub struct Found {
    /// By account.
    pub due: BTreeMap<AccountId, Vec<DueClient>>,
    /// What can go.
    pub dead: Vec<DeadSecret>,
}

impl Job {
    /// Looks for secrets that end within the earliest rung, or ended within the last two months.
    pub(crate) async fn collect(self: &Arc<Self>, now: Timestamp, summary: &mut Summary) -> Found {
        let suspended = match self.management.app.catalogue(now).await {
            Ok(catalogue) => catalogue.value.suspended_accounts.clone(),
            Err(fault) => {
                tracing::warn!(cause = %fault, "nothing was looked for");
                summary.unreadable += 1;
                return Found::default();
            }
        };
        let mut found = Found::default();
        let mut reading: JoinSet<Result<Option<ClientAndSecrets>, Fault>> = JoinSet::new();
        let mut clients = self.clients_with_an_end(now, summary).await.into_iter();
        loop {
            while reading.len() < AT_ONCE
                && let Some(client) = clients.next()
            {
                let job = Arc::clone(self);
                reading.spawn(async move { job.management.app.store.load_client(&client).await });
            }
            match reading.join_next().await {
                None => return found,
                Some(Ok(Ok(Some(known)))) if suspended.contains(&known.client.account_id) => {}
                Some(Ok(Ok(Some(known)))) => self.consider(known, now, &mut found),
                Some(Ok(Ok(None))) => {}
                Some(Ok(Err(fault))) => {
                    tracing::warn!(cause = %fault, "a client could not be read");
                    summary.unreadable += 1;
                }
                Some(Err(error)) => {
                    tracing::error!(cause = %error, "reading a client failed");
                    summary.unreadable += 1;
                }
            }
        }
    }

    async fn clients_with_an_end(&self, now: Timestamp, summary: &mut Summary) -> BTreeSet<ClientId> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let day = |days: i64| today.checked_add(days.days()).unwrap_or(Date::MAX);
        let earliest = i64::from(self.management.app.config.reminder_days.earliest());
        let mut clients = BTreeSet::new();
        for days in -(SPOKEN_OF_DAYS + REMOVED_WITHIN_DAYS)..=earliest {
            match self.management.app.store.secrets_ending_on(day(days)).await {
                Ok(ending) => {
                    summary.unreadable += ending.unreadable;
                    clients.extend(ending.secrets.into_iter().map(|(client, _)| client));
                }
                Err(fault) => {
                    tracing::warn!(cause = %fault, "a date could not be read");
                    summary.unreadable += 1;
                }
            }
        }
        clients
    }

    fn consider(&self, known: ClientAndSecrets, now: Timestamp, found: &mut Found) {
        let (client, secrets) = (known.client, known.secrets);
        let gone = now.saturating_sub((24 * SPOKEN_OF_DAYS).hours()).unwrap_or(Timestamp::MIN);
        let dead = secrets.iter().filter(|secret| secret.expires_at < gone).map(|secret| DeadSecret {
            account: client.account_id.clone(),
            client: client.client_id.clone(),
            secret: secret.secret_id.clone(),
        });
        found.dead.extend(dead);
        let spoken_of: Vec<_> = secrets.iter().filter(|secret| secret.expires_at >= gone).cloned().collect();
        let notices = notices(&client, &spoken_of, &self.management.app.config.reminder_days, now);
        if !notices.is_empty() {
            let due = DueClient { contacts: client.contacts, notices };
            found.due.entry(client.account_id).or_default().push(due);
        }
    }
}
