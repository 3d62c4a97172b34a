//! What ends in an account: its secrets and certificates, the soonest first, and who is reminded of them.

mod row;
mod table;

pub use row::{Expiry, ExpiryState, NextReminder};
pub use table::EXPIRY_COLUMNS;

use crate::adapters::store::{ClientWithSecrets, Cursor, MailHistory, Page};
use crate::domain::account::Status;
use crate::domain::client::Client;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::primitives::ids::ClientId;
use crate::domain::reminder::{CredentialName, ReminderSchedule, SentReminder, is_past_notice_window};
use crate::services::clients::{ClientError, ClientReader};
use crate::services::members::recipients::MailRecipients;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use row::RowContext;
use std::collections::{BTreeMap, BTreeSet};

/// The most clients that are looked at.
pub const MAX_EXPIRY_CLIENTS: usize = 5_000;

/// Clients that are read at a time: as many as fit a response of DynamoDB.
const BATCH: usize = 1_000;

/// How far back the reminders of what is listed can be, in days: what expired stays for 30 days.
const LISTED_SINCE_DAYS: i64 = 31;

/// How far ahead ends are listed if no date is named, in days.
const DEFAULT_DAYS: i64 = 90;

/// How far ahead they are listed at most, in days: a year, whatever year it is.
const MAX_DAYS: i64 = 366;

/// The last date (UTC) of a list: the requested one, from today on and at most 366 days ahead, or in 90 days.
pub fn last_date(requested: Option<Date>, now: Timestamp) -> Result<Date, InvalidLastDate> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let ahead = |days: i64| today.checked_add(days.days()).unwrap_or(Date::MAX);
    let (latest, date) = (ahead(MAX_DAYS), requested.unwrap_or_else(|| ahead(DEFAULT_DAYS)));
    if (today..=latest).contains(&date) { Ok(date) } else { Err(InvalidLastDate { today, latest }) }
}

/// A date that no list of ends can have as its last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a date from {today} to {latest}")]
pub struct InvalidLastDate {
    today: Date,
    latest: Date,
}

/// Which ends are listed.
#[derive(Clone, Copy, Debug)]
pub struct ExpiryQuery<'a> {
    /// The last date (UTC).
    pub until: Date,
    /// When notices are sent.
    pub schedule: &'a ReminderSchedule,
    /// How many days back the reminders are read that were sent about what has ended; at least those of what is listed are.
    pub history_days: i64,
}

/// What ends, a page at a time.
#[derive(Debug)]
pub struct Expiries {
    /// The secrets and certificates of enabled clients, the soonest end first. Those that have expired stay for 30 days.
    pub page: Page<Expiry>,
    /// How many there are on all pages.
    pub total: usize,
    /// Whether the account has more than [`MAX_EXPIRY_CLIENTS`] clients, of which these are the newest.
    pub is_truncated: bool,
    /// The reminders about all credentials that ended since `history_days` ago, or end.
    pub reminders: Vec<SentReminder>,
}

/// Where a credential is in the list.
#[derive(Debug)]
struct Position {
    /// The end, the client and the credential, as text that sorts as the list does.
    key: String,
    client_id: ClientId,
    name: CredentialName,
}

impl ClientReader<'_> {
    /// What ends until a date, the soonest end first. A position is valid for its date only.
    pub async fn expiries(
        &self,
        query: ExpiryQuery<'_>,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Expiries, ClientError> {
        let account = self.account().await?;
        let now = self.ctx.now();
        let (clients, is_truncated) = self.ending_clients(query.until).await?;
        let mut positions: Vec<Position> =
            clients.iter().flat_map(|client| positions(client, query.until, now)).collect();
        positions.sort_by(|one, other| one.key.cmp(&other.key));
        let total = positions.len();
        positions.retain(|position| after.is_none_or(|after| position.key.as_str() > after.as_str()));
        let next = (positions.len() > limit).then(|| Cursor::from_text(positions[limit - 1].key.clone()));
        positions.truncate(limit);
        let store = self.ctx.store();
        let (known, members, history) = tokio::try_join!(
            async { Ok(store.load_secrets_of(of_page(clients, &positions)).await?) },
            async { Ok(store.load_members(&self.account_id).await?) },
            self.mail_history(query.history_days.max(LISTED_SINCE_DAYS)),
        )?;
        let MailHistory { mail, sent: reminders } = history;
        let recipients = MailRecipients::new(members, &account.contacts, mail);
        let context =
            RowContext { recipients: &recipients, reminders: &reminders, schedule: query.schedule, now };
        let page = Page { items: in_order(&context, &known, positions), next };
        Ok(Expiries { page, total, is_truncated, reminders })
    }

    /// What ends of one client, the soonest first, with who gets the next reminders. `sent` are the notices that were sent.
    #[must_use]
    pub fn expiries_of(
        &self,
        known: &ClientWithSecrets,
        recipients: &MailRecipients,
        sent: &[SentReminder],
        schedule: &ReminderSchedule,
    ) -> Vec<Expiry> {
        let context = RowContext { recipients, reminders: sent, schedule, now: self.ctx.now() };
        let mut rows: Vec<Expiry> = context.rows(known).collect();
        rows.sort_by_key(|row| row.expires_at);
        rows
    }

    /// The next ends of these clients, the soonest first, without their reminders.
    pub async fn next_ends(
        &self,
        clients: Vec<Client>,
        schedule: &ReminderSchedule,
        limit: usize,
    ) -> Result<Vec<Expiry>, ClientError> {
        let now = self.ctx.now();
        let now_key = key_of_end(now);
        let of_client = |client: &Client| positions(client, Date::MAX, now);
        let mut ends: Vec<Position> = clients.iter().flat_map(of_client).collect();
        ends.retain(|position| position.key > now_key);
        ends.sort_by(|one, other| one.key.cmp(&other.key));
        ends.truncate(limit);
        let known = self.ctx.store().load_secrets_of(of_page(clients, &ends)).await?;
        let recipients = MailRecipients::default();
        let context = RowContext { recipients: &recipients, reminders: &[], schedule, now };
        Ok(in_order(&context, &known, ends))
    }

    /// The enabled clients of which something ends until a date, and whether there are more than were read.
    async fn ending_clients(&self, until: Date) -> Result<(Vec<Client>, bool), ClientError> {
        let now = self.ctx.now();
        let ends = |client: &Client| !positions(client, until, now).is_empty();
        let (mut clients, mut after) = (Vec::new(), None);
        for _ in 0..MAX_EXPIRY_CLIENTS / BATCH {
            let page = self.ctx.store().list_clients(&self.account_id, BATCH, after.as_ref(), ends).await?;
            clients.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok((clients, false));
            }
        }
        Ok((clients, true))
    }
}

/// The rows at these positions. What was deleted since the clients were read has none.
fn in_order(context: &RowContext<'_>, known: &[ClientWithSecrets], positions: Vec<Position>) -> Vec<Expiry> {
    let mut rows: BTreeMap<(ClientId, CredentialName), Expiry> = BTreeMap::new();
    for known in known {
        rows.extend(context.rows(known).map(|row| ((row.client_id.clone(), row.credential.name()), row)));
    }
    positions.into_iter().filter_map(|found| rows.remove(&(found.client_id, found.name))).collect()
}

/// The beginning of the keys of what ends at an instant.
fn key_of_end(at: Timestamp) -> String {
    format!("{:012}\n", at.as_second())
}

/// The clients of a page.
fn of_page(clients: Vec<Client>, positions: &[Position]) -> Vec<Client> {
    let wanted: BTreeSet<&ClientId> = positions.iter().map(|position| &position.client_id).collect();
    clients.into_iter().filter(|client| wanted.contains(&client.client_id)).collect()
}

/// What ends of a client until a date, or has expired within the last 30 days.
fn positions(client: &Client, until: Date, now: Timestamp) -> Vec<Position> {
    if client.status == Status::Disabled {
        return Vec::new();
    }
    let takes_secrets = client.token_endpoint_auth_method.takes_secrets();
    let secrets = client.secrets.iter().filter(|_| takes_secrets);
    let secrets =
        secrets.map(|secret| (secret.expires_at, CredentialName::SecretId(secret.secret_id.clone())));
    let certificate = client.key_source.as_ref().and_then(ClientKeys::certificate);
    let certificate = certificate.map(|certificate| {
        (certificate.expires_at, CredentialName::Thumbprint(certificate.thumbprint.clone()))
    });
    let ends = secrets
        .chain(certificate)
        .filter(|(at, _)| at.to_zoned(TimeZone::UTC).date() <= until && !is_past_notice_window(*at, now));
    ends.map(|(at, name)| {
        let text = match &name {
            CredentialName::SecretId(id) => id.as_str(),
            CredentialName::Thumbprint(thumbprint) => thumbprint,
        };
        let key = format!("{}{}\n{text}", key_of_end(at), client.client_id);
        Position { key, client_id: client.client_id.clone(), name }
    })
    .collect()
}
