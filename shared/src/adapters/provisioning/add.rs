//! Adding a secret to a client, in the place of others or beside them.

use super::value_source::NoValue;
use super::{ATTEMPTS, Minted, Provisioner, SecretTerms, mint};
use crate::adapters::fault::Fault;
use crate::adapters::peppers::Peppers;
use crate::adapters::store::{ClientAndSecrets, Created, Intent, Outcome, Record, Refused, SecretsChange};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::{Client, SecretStorage};
use crate::domain::ids::{AccountId, ClientId, SecretId};
use crate::domain::rotation::{Refusal, Replace, dropped_by_addition};
use jiff::{Timestamp, ToSpan};

/// How often an addition starts over that a sweep has taken over: by the clock it was abandoned.
const STARTS: usize = 2;

/// What is asked for.
#[derive(Debug)]
pub struct Addition<'a> {
    /// The account that the client must belong to.
    pub account_id: &'a AccountId,
    /// The client.
    pub client_id: &'a ClientId,
    /// When the new secret ends.
    pub terms: SecretTerms,
    /// What it takes the place of.
    pub replace: Option<&'a Replace>,
}

/// A secret was added.
#[derive(Debug)]
pub struct Added {
    /// The client as it is now.
    pub client: Client,
    /// The new secret.
    pub minted: Minted,
    /// What the trail says.
    pub audit: AuditEntry,
}

/// Why no secret was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddRefused {
    /// The account has no such client.
    NoSuchClient,
    /// Two are live and nobody said which to replace; or the one to replace is not there.
    Rotation(Refusal),
    /// The same request was carried out before.
    Replayed,
    /// Too many others were changing the client at the same time.
    Busy,
}

impl Provisioner<'_> {
    /// Adds a secret. The client's version is the lock: of many requests at once, each sees the secrets
    /// that the one before it left.
    pub async fn add_secret(
        &self,
        addition: &Addition<'_>,
        peppers: &Peppers,
    ) -> Result<Result<Added, AddRefused>, Fault> {
        for _ in 0..STARTS {
            if let Some(result) = self.try_to_add(addition, peppers).await? {
                return Ok(result);
            }
        }
        Ok(Err(AddRefused::Busy))
    }

    /// One attempt with a secret of its own. `None` if a sweep has taken it over: nothing was added, and what it
    /// had put into Secrets Manager is gone.
    async fn try_to_add(
        &self,
        addition: &Addition<'_>,
        peppers: &Peppers,
    ) -> Result<Option<Result<Added, AddRefused>>, Fault> {
        let Some(known) = self.load(addition).await? else {
            return Ok(Some(Err(AddRefused::NoSuchClient)));
        };
        if let Err(refusal) = dropped_by_addition(&known.secrets, addition.replace, self.mandate.now) {
            return Ok(Some(Err(AddRefused::Rotation(refusal))));
        }
        let minted = mint(&known.client, addition.terms, peppers, self.after_the_newest(&known));
        let (secret, value) = (&minted.secret, &minted.value);
        let intent = self.begin(&known.client, Some(&secret.secret_id)).await?;
        if intent.is_some() {
            let (account, client, id) = (addition.account_id, addition.client_id, &secret.secret_id);
            if self.vault.stage(account, client, id, value, secret.expires_at).await?.is_err() {
                self.conclude(intent, &NoValue).await;
                return Ok(Some(Err(AddRefused::Busy)));
            }
        }
        let inserted = self.insert(addition, &minted, known, intent.as_ref()).await?;
        self.conclude(intent, &minted).await;
        Ok(inserted.map(|result| result.map(|(client, audit)| Added { client, minted, audit })))
    }

    /// When the new secret is made: after the present ones, whatever the clocks of two functions say, so
    /// that the newest is the one that came last.
    fn after_the_newest(&self, known: &ClientAndSecrets) -> Timestamp {
        let next =
            known.secrets.last().and_then(|newest| newest.created_at.checked_add(1.millisecond()).ok());
        next.map_or(self.mandate.now, |next| next.max(self.mandate.now))
    }

    async fn load(&self, addition: &Addition<'_>) -> Result<Option<ClientAndSecrets>, Fault> {
        let known = self.store.load_client(addition.client_id).await?;
        Ok(known.filter(|known| known.client.account_id == *addition.account_id))
    }

    /// The transaction, tried again while others change the client. `None` if a sweep has taken over.
    async fn insert(
        &self,
        addition: &Addition<'_>,
        minted: &Minted,
        mut known: ClientAndSecrets,
        intent: Option<&Intent>,
    ) -> Result<Option<Result<(Client, AuditEntry), AddRefused>>, Fault> {
        let created = Created::Secret {
            client_id: addition.client_id.clone(),
            secret_id: minted.secret.secret_id.clone(),
        };
        let receipt = self.mandate.receipt(created);
        for attempt in 1..=ATTEMPTS {
            let dropped = match dropped_by_addition(&known.secrets, addition.replace, self.mandate.now) {
                Ok(dropped) => dropped,
                Err(refusal) => return Ok(Some(Err(AddRefused::Rotation(refusal)))),
            };
            let client = with_secret(&known.client, minted, &dropped, self.mandate.now);
            let target = Target {
                client_id: Some(client.client_id.clone()),
                secret_id: Some(minted.secret.secret_id.clone()),
                revoked_secret_ids: dropped.clone(),
                ..Target::default()
            };
            let audit = self.mandate.audit(addition.account_id, Action::SecretCreated, target, &[]);
            let record = Record { audit: &audit, receipt: receipt.as_ref() };
            let change = SecretsChange {
                client: &client,
                read: &known.client,
                added: Some(&minted.secret),
                dropped: &dropped,
                intent,
            };
            match self.store.change_secrets(&change, &record).await? {
                Outcome::Done => return Ok(Some(Ok((client, audit)))),
                Outcome::Refused(Refused::Replayed) => return Ok(Some(Err(AddRefused::Replayed))),
                Outcome::Refused(Refused::Superseded) => return Ok(None),
                Outcome::Refused(_) => Self::step_aside(attempt).await,
            }
            known = match self.load(addition).await? {
                // Its storage decided what was done so far; a change of it in between starts over.
                Some(latest) if latest.client.secret_storage == known.client.secret_storage => latest,
                Some(_) => return Ok(Some(Err(AddRefused::Busy))),
                None => return Ok(Some(Err(AddRefused::NoSuchClient))),
            };
        }
        Ok(Some(Err(AddRefused::Busy)))
    }

    /// Whether the vault has a part in this client's changes.
    pub(super) fn uses_vault(client: &Client) -> bool {
        client.secret_storage == SecretStorage::SecretsManager
    }
}

fn with_secret(client: &Client, minted: &Minted, dropped: &[SecretId], now: Timestamp) -> Client {
    let mut client = client.clone();
    client.secrets.retain(|summary| !dropped.contains(&summary.secret_id));
    client.secrets.push(minted.summary(client.secret_storage));
    client.version += 1;
    client.updated_at = now;
    client
}
