//! Making a client, with its first secret if it is to have one.

use super::{ATTEMPTS, Minted, Provisioner};
use crate::adapters::fault::Fault;
use crate::adapters::store::{Created, Intent, NewClient, Outcome, Record, Refused};
use crate::adapters::vault::VaultBusy;
use crate::domain::account::Status;
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::{Client, SecretStorage};

/// Why no client was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateRefused {
    /// The same request was carried out before.
    Replayed,
    /// The id belongs to another client, or did.
    IdTaken,
    /// The account is not there, or disabled.
    AccountGone,
    /// Another request is making a client of that id at this moment.
    InProgress,
}

impl Provisioner<'_> {
    /// Makes a client, and its first secret with it unless it authenticates otherwise. Killed at any step, it leaves nothing that the sweep does
    /// not remove, and the same request succeeds at once when it comes again. Returns what the trail says.
    pub async fn create_client(
        &self,
        client: &Client,
        minted: Option<&Minted>,
    ) -> Result<Result<AuditEntry, CreateRefused>, Fault> {
        let for_the_vault = minted.filter(|_| client.secret_storage == SecretStorage::SecretsManager);
        let Some(stored) = for_the_vault else {
            return self.insert_client(client, minted, None).await;
        };
        let Minted { secret, value } = stored;
        // The transaction decides; this keeps hopeless attempts, and other people's ids, from the vault.
        if let Err(refused) = self.might_create(client).await? {
            return Ok(Err(refused));
        }
        let id = &client.client_id;
        let intent = self.intent(id, true, Some(&secret.secret_id));
        if self.store.begin(&intent).await?.is_err() {
            return Ok(Err(CreateRefused::InProgress));
        }
        let staged = self.vault.stage(&client.account_id, id, &secret.secret_id, value, secret.expires_at);
        let result = match staged.await? {
            Ok(()) => self.insert_client(client, minted, Some(&intent)).await?,
            Err(VaultBusy) => Err(CreateRefused::InProgress),
        };
        self.conclude(Some(intent), stored).await;
        Ok(result)
    }

    async fn might_create(&self, client: &Client) -> Result<Result<(), CreateRefused>, Fault> {
        let (account, taken) = tokio::try_join!(
            self.store.load_account(&client.account_id),
            self.store.client_id_is_used(&client.client_id)
        )?;
        Ok(match account.map(|account| account.status) {
            None | Some(Status::Disabled) => Err(CreateRefused::AccountGone),
            Some(Status::Active) if taken => Err(CreateRefused::IdTaken),
            Some(Status::Active) => Ok(()),
        })
    }

    /// The transaction, tried again while others write the same items.
    async fn insert_client(
        &self,
        client: &Client,
        minted: Option<&Minted>,
        intent: Option<&Intent>,
    ) -> Result<Result<AuditEntry, CreateRefused>, Fault> {
        let (id, secret) = (&client.client_id, minted.map(|minted| &minted.secret));
        let secret_id = secret.map(|secret| secret.secret_id.clone());
        let target =
            Target { client_id: Some(id.clone()), secret_id: secret_id.clone(), ..Target::default() };
        let audit = self.mandate.audit(&client.account_id, Action::ClientCreated, target, &[]);
        let created = Created::Client { client_id: id.clone(), secret_id };
        let receipt = self.mandate.receipt(created);
        let record = Record { audit: &audit, receipt: receipt.as_ref() };
        let new = NewClient { client, secret, intent };
        for attempt in 1..=ATTEMPTS {
            return Ok(match self.store.create_client(&new, &record).await? {
                Outcome::Done => Ok(audit),
                Outcome::Refused(Refused::Contended | Refused::Changed) => {
                    Self::step_aside(attempt).await;
                    continue;
                }
                Outcome::Refused(Refused::Superseded) => Err(CreateRefused::InProgress),
                Outcome::Refused(Refused::Replayed) => Err(CreateRefused::Replayed),
                Outcome::Refused(Refused::Taken | Refused::Retired) => Err(CreateRefused::IdTaken),
                Outcome::Refused(Refused::AccountGone) => Err(CreateRefused::AccountGone),
            });
        }
        Ok(Err(CreateRefused::InProgress))
    }
}
