//! The operator's account and client.

use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditContext, AuditRecord, ClientWithSecrets, WriteConflict, WriteOutcome};
use crate::app::bootstrap::BootstrapOutcome;
use crate::app::state::ManagementState;
use crate::domain::account::{Account, Status};
use crate::domain::audit::{Action, Actor, Target};
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::client::permission::Permission;
use crate::domain::client::secret::Secret;
use crate::domain::client::secret_expiry;
use crate::domain::client::{Client, SecretStorage};
use crate::domain::management::{self, ManagementScope};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use crate::domain::resource::scope::{Scope, ScopeSet};
use crate::services::client_lifecycle::{
    AddSecretError, AddSecretInput, ClientProvisioner, CreateClientError, IfClientMissing, Reconciler,
    SecretOptions, generate_secret,
};
use jiff::Timestamp;
use std::time::Duration;

/// The operator's account.
const ACCOUNT: &str = "T00000001";
/// The operator's client.
const CLIENT: &str = "latchkey-operator";
const OP: &str = "setting up the operator";
/// How often the client is looked for while somebody else is making it, every [`PAUSE`]: longer than an
/// attempt that was abandoned keeps others away.
const ATTEMPTS: u32 = 180;
const PAUSE: Duration = Duration::from_millis(400);

/// The operator's credentials.
#[derive(Debug)]
pub struct OperatorCredentials {
    /// The operator's account.
    pub account_id: AccountId,
    /// The operator's client.
    pub client_id: ClientId,
    /// Its newest live secret.
    pub client_secret: ClientSecret,
}

struct Operator<'a> {
    management: &'a ManagementState,
    account_id: AccountId,
    client_id: ClientId,
    remind: bool,
}

fn illegal(error: impl std::fmt::Display) -> BackendError {
    BackendError::new(OP, error)
}

/// Makes the operator's account, client and secret where they are missing.
pub(super) async fn ensure(
    management: &ManagementState,
    remind: bool,
) -> Result<BootstrapOutcome, BackendError> {
    let operator = Operator {
        management,
        account_id: AccountId::parse(ACCOUNT).map_err(illegal)?,
        client_id: ClientId::parse(CLIENT).map_err(illegal)?,
        remind,
    };
    for _ in 0..ATTEMPTS {
        if operator.is_there(management.app.clock.now()).await? {
            let secret_name = management.client_secrets.name(&operator.client_id);
            let Operator { account_id, client_id, .. } = operator;
            return Ok(BootstrapOutcome { account_id, client_id, secret_name });
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(BackendError::new(OP, "somebody else has been at it all the time"))
}

/// Reads the operator's newest live secret back.
pub async fn operator_credentials(management: &ManagementState) -> Result<OperatorCredentials, BackendError> {
    let account_id = AccountId::parse(ACCOUNT).map_err(illegal)?;
    let client_id = ClientId::parse(CLIENT).map_err(illegal)?;
    let known = management.app.store.load_client(&client_id).await?;
    let newest = known.as_ref().and_then(|known| newest_live(known, management.app.clock.now()));
    let secret = newest.ok_or_else(|| BackendError::new(OP, "the operator has no live secret"))?;
    let revealed = management.client_secrets.reveal(&client_id, &secret.secret_id).await?;
    let client_secret = revealed.map_err(|_| BackendError::new(OP, "its secret is not in the vault"))?;
    Ok(OperatorCredentials { account_id, client_id, client_secret })
}

fn newest_live(known: &ClientWithSecrets, now: Timestamp) -> Option<&Secret> {
    known.secrets.iter().rev().find(|secret| secret.is_live(now))
}

impl Operator<'_> {
    /// Makes what is missing. `false` while somebody else is making it.
    async fn is_there(&self, now: Timestamp) -> Result<bool, BackendError> {
        let actor = Actor {
            client_id: self.client_id.clone(),
            account_id: self.account_id.clone(),
            email: None,
            source_ip: None,
        };
        let audit_context = AuditContext { actor, now, request: None };
        let (store, client_secrets) = (&self.management.app.store, &self.management.client_secrets);
        let provisioner = ClientProvisioner { store, client_secrets, audit_context: &audit_context };
        match store.load_client(&self.client_id).await? {
            Some(known) => self.keep(&provisioner, &known).await,
            None => self.make(&provisioner).await,
        }
    }

    /// What is there stays, but an operator without a live secret could never get in again.
    async fn keep(
        &self,
        provisioner: &ClientProvisioner<'_>,
        known: &ClientWithSecrets,
    ) -> Result<bool, BackendError> {
        let now = provisioner.audit_context.now;
        if known.client.account_id != self.account_id {
            return Err(BackendError::new(
                OP,
                format!("{CLIENT} is a client of another account than {ACCOUNT}"),
            ));
        }
        let in_vault = known.client.secret_storage == SecretStorage::SecretsManager;
        if newest_live(known, now).is_some() {
            if in_vault {
                // Whoever made it may have been stopped before its last step.
                let reconciler =
                    Reconciler { store: provisioner.store, client_secrets: provisioner.client_secrets, now };
                reconciler.reconcile(&self.client_id, IfClientMissing::Leave).await?;
            }
            return Ok(true);
        }
        if !in_vault {
            let why = format!("{CLIENT} has no live secret, and keeps none in Secrets Manager");
            return Err(BackendError::new(OP, why));
        }
        let (account_id, client_id) = (&self.account_id, &self.client_id);
        let addition = AddSecretInput { account_id, client_id, terms: self.terms(now)?, replace: None };
        let peppers = self.management.app.peppers(now).await?;
        match provisioner.add_secret(&addition, &peppers).await? {
            Ok(_) => Ok(true),
            Err(
                AddSecretError::NoSuchClient
                | AddSecretError::Rotation(_)
                | AddSecretError::Replayed
                | AddSecretError::Busy,
            ) => Ok(false),
        }
    }

    async fn make(&self, provisioner: &ClientProvisioner<'_>) -> Result<bool, BackendError> {
        let now = provisioner.audit_context.now;
        if !self.account_is_there(provisioner).await? {
            return Ok(false);
        }
        let client = self.client(now)?;
        let peppers = self.management.app.peppers(now).await?;
        let new_secret = generate_secret(&client, self.terms(now)?, &peppers, now);
        let client = Client { secrets: vec![new_secret.summary(SecretStorage::SecretsManager)], ..client };
        match provisioner.create_client(&client, Some(&new_secret)).await? {
            Ok(_) => Ok(true),
            Err(CreateClientError::InProgress | CreateClientError::Replayed) => Ok(false),
            Err(CreateClientError::IdTaken) => self.may_be_there_now(provisioner).await,
            Err(CreateClientError::AccountGone) => {
                Err(BackendError::new(OP, format!("the account {ACCOUNT} is disabled")))
            }
        }
    }

    /// The id is used: by a client that has just been made, or by one that is gone, for good.
    async fn may_be_there_now(&self, provisioner: &ClientProvisioner<'_>) -> Result<bool, BackendError> {
        match provisioner.store.load_client(&self.client_id).await? {
            Some(_) => Ok(false),
            None => Err(BackendError::new(OP, format!("{CLIENT} was deleted, and ids are not used again"))),
        }
    }

    fn terms(&self, now: Timestamp) -> Result<SecretOptions, BackendError> {
        let limits = &self.management.app.config.secret_limits;
        let date = limits.expires_on(None, now).map_err(illegal)?;
        Ok(SecretOptions { expires_at: secret_expiry::expires_at(date), remind: self.remind })
    }

    /// `false` if somebody else was writing it at the same moment.
    async fn account_is_there(&self, provisioner: &ClientProvisioner<'_>) -> Result<bool, BackendError> {
        let now = provisioner.audit_context.now;
        if provisioner.store.load_account(&self.account_id).await?.is_some() {
            return Ok(true);
        }
        let account = Account {
            account_id: self.account_id.clone(),
            account_name: Name::parse("Operator").map_err(illegal)?,
            status: Status::Active,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let audit =
            provisioner.audit_context.audit(&self.account_id, Action::AccountCreated, Target::default(), &[]);
        match provisioner
            .store
            .create_account(&account, &AuditRecord { audit: &audit, idempotency_record: None })
            .await?
        {
            WriteOutcome::Committed | WriteOutcome::Rejected(WriteConflict::AlreadyExists) => Ok(true),
            WriteOutcome::Rejected(WriteConflict::TransactionConflict) => Ok(false),
            WriteOutcome::Rejected(refused) => {
                Err(BackendError::new(OP, format!("no account was made: {refused:?}")))
            }
        }
    }

    fn client(&self, now: Timestamp) -> Result<Client, BackendError> {
        let scopes = ManagementScope::ALL.iter().map(|scope| Scope::parse(scope.as_str()));
        let permission = Permission {
            resource: ResourceId::parse(management::RESOURCE_ID).map_err(illegal)?,
            scopes: scopes.collect::<Result<ScopeSet, _>>().map_err(illegal)?,
        };
        let name = Name::parse("Latchkey operator").map_err(illegal)?;
        let client = Client::new(self.client_id.clone(), self.account_id.clone(), name, now);
        Ok(Client { permissions: vec![permission], ..client })
    }
}
