//! Making a client with its first secret.

use super::{Minted, Provisioner};
use crate::adapters::fault::Fault;
use crate::adapters::store::{Created, NewClient, Outcome, Record, Refused};
use crate::domain::audit::{Action, Target};
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
    /// Makes a client with its first secret. Killed at any step, it leaves nothing that the sweep does
    /// not remove, and the same request succeeds at once when it comes again.
    pub async fn create_client(
        &self,
        client: &Client,
        minted: &Minted,
    ) -> Result<Result<(), CreateRefused>, Fault> {
        let (id, secret) = (&client.client_id, &minted.secret);
        let intent = (client.secret_storage == SecretStorage::SecretsManager).then(|| self.intent(id, true));
        if let Some(intent) = &intent {
            if self.store.begin(intent).await?.is_err() {
                return Ok(Err(CreateRefused::InProgress));
            }
            self.vault
                .stage(&client.account_id, id, &secret.secret_id, &minted.value, secret.expires_at)
                .await?;
        }
        let target = Target {
            client_id: Some(id.clone()),
            secret_id: Some(secret.secret_id.clone()),
            ..Target::default()
        };
        let audit = self.mandate.audit(&client.account_id, Action::ClientCreated, target, &[]);
        let created = Created::Client { client_id: id.clone(), secret_id: Some(secret.secret_id.clone()) };
        let receipt = self.mandate.receipt(created);
        let record = Record { audit: &audit, receipt: receipt.as_ref() };
        let new = NewClient { client, secret, intent: intent.as_ref() };
        let refused = match self.store.create_client(&new, &record).await? {
            Outcome::Done => {
                self.conclude(intent, &[]).await;
                return Ok(Ok(()));
            }
            // Whoever took over settles; what we would remove may be theirs by now.
            Outcome::Refused(Refused::Superseded) => return Ok(Err(CreateRefused::InProgress)),
            Outcome::Refused(Refused::Contended | Refused::Changed) => CreateRefused::InProgress,
            Outcome::Refused(Refused::Replayed) => CreateRefused::Replayed,
            Outcome::Refused(Refused::Taken | Refused::Retired) => CreateRefused::IdTaken,
            Outcome::Refused(Refused::AccountGone) => CreateRefused::AccountGone,
        };
        self.conclude(intent, std::slice::from_ref(&secret.secret_id)).await;
        Ok(Err(refused))
    }
}
