//! Adding a secret to a client, in the place of others or beside them.

use super::{ATTEMPTS, Minted, Provisioner, SecretTerms, mint};
use crate::adapters::fault::Fault;
use crate::adapters::peppers::Peppers;
use crate::adapters::store::{ClientAndSecrets, Created, Outcome, Record, Refused, SecretsChange};
use crate::domain::audit::{Action, Target};
use crate::domain::client::{Client, SecretStorage};
use crate::domain::ids::{AccountId, ClientId, SecretId};
use crate::domain::rotation::{Refusal, Replace, dropped_by_addition};

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
        let Some(known) = self.load(addition).await? else {
            return Ok(Err(AddRefused::NoSuchClient));
        };
        if let Err(refusal) = dropped_by_addition(&known.secrets, addition.replace, self.mandate.now) {
            return Ok(Err(AddRefused::Rotation(refusal)));
        }
        let minted = mint(&known.client, addition.terms, peppers, self.mandate.now);
        let (secret, value) = (&minted.secret, &minted.value);
        let intent = self.begin(&known.client).await?;
        if intent.is_some() {
            self.vault
                .stage(addition.account_id, addition.client_id, &secret.secret_id, value, secret.expires_at)
                .await?;
        }
        match self.insert(addition, &minted, known).await? {
            Ok((client, dropped)) => {
                self.conclude(intent, &dropped).await;
                Ok(Ok(Added { client, minted }))
            }
            Err(refused) => {
                self.conclude(intent, std::slice::from_ref(&secret.secret_id)).await;
                Ok(Err(refused))
            }
        }
    }

    async fn load(&self, addition: &Addition<'_>) -> Result<Option<ClientAndSecrets>, Fault> {
        let known = self.store.load_client(addition.client_id).await?;
        Ok(known.filter(|known| known.client.account_id == *addition.account_id))
    }

    /// The transaction, tried again while others change the client.
    async fn insert(
        &self,
        addition: &Addition<'_>,
        minted: &Minted,
        mut known: ClientAndSecrets,
    ) -> Result<Result<(Client, Vec<SecretId>), AddRefused>, Fault> {
        let created = Created::Secret {
            client_id: addition.client_id.clone(),
            secret_id: minted.secret.secret_id.clone(),
        };
        let receipt = self.mandate.receipt(created);
        for attempt in 1..=ATTEMPTS {
            let dropped = match dropped_by_addition(&known.secrets, addition.replace, self.mandate.now) {
                Ok(dropped) => dropped,
                Err(refusal) => return Ok(Err(AddRefused::Rotation(refusal))),
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
                read_version: known.client.version,
                added: Some(&minted.secret),
                dropped: &dropped,
            };
            match self.store.change_secrets(&change, &record).await? {
                Outcome::Done => return Ok(Ok((client, dropped))),
                Outcome::Refused(Refused::Replayed) => return Ok(Err(AddRefused::Replayed)),
                Outcome::Refused(_) => Self::step_aside(attempt).await,
            }
            known = match self.load(addition).await? {
                // Its storage decided what was done so far; a change of it in between starts over.
                Some(latest) if latest.client.secret_storage == known.client.secret_storage => latest,
                Some(_) => return Ok(Err(AddRefused::Busy)),
                None => return Ok(Err(AddRefused::NoSuchClient)),
            };
        }
        Ok(Err(AddRefused::Busy))
    }

    /// Whether the vault has a part in this client's changes.
    pub(super) fn uses_vault(client: &Client) -> bool {
        client.secret_storage == SecretStorage::SecretsManager
    }
}

fn with_secret(client: &Client, minted: &Minted, dropped: &[SecretId], now: jiff::Timestamp) -> Client {
    let mut client = client.clone();
    client.secrets.retain(|summary| !dropped.contains(&summary.secret_id));
    client.secrets.push(minted.summary());
    client.version += 1;
    client.updated_at = now;
    client
}
