//! The operator's account and client.

mod client;
mod restore;

use crate::adapters::error::BackendError;
use crate::adapters::retry::polling;
use crate::adapters::secrets_manager::client_secret_store::RevealError;
use crate::adapters::store::{AuditRecord, ClientWithSecrets, WriteConflict, WriteOutcome};
use crate::app::bootstrap::BootstrapOutcome;
use crate::app::management_state::ManagementState;
use crate::domain::account::Account;
use crate::domain::audit::{Action, Actor, Target};
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::client::secret::Secret;
use crate::domain::client::secret_expiry;
use crate::domain::client::{Client, SecretStorage};
use crate::domain::management::{OPERATOR_ACCOUNT, OPERATOR_CLIENT};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::services::audit::AuditContext;
use crate::services::clients::{
    AddSecretError, AddSecretInput, ClientProvisioner, CreateClientError, IfClientMissing, Reconciler,
    SecretOptions, generate_secret,
};
use jiff::Timestamp;

const OP: &str = "setting up the operator";
/// What helps where the operator was disabled or deleted.
const RESTORE: &str = "invoke the bootstrap function with {\"ensure\": \"operator\"} to bring it back";
/// How often the client is looked for while another run creates it: together longer than an abandoned attempt excludes
/// others.
const ATTEMPTS: usize = 180;

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
    /// Whether what was disabled or deleted is brought back.
    restores: bool,
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> BackendError {
    BackendError::new(OP, error)
}

/// Creates the operator's account, client and secret if they are missing. With `restores`, what was disabled or deleted
/// is brought back too.
pub(super) async fn ensure(
    management: &ManagementState,
    remind: bool,
    restores: bool,
) -> Result<BootstrapOutcome, BackendError> {
    let operator = Operator {
        management,
        account_id: AccountId::parse(OPERATOR_ACCOUNT).map_err(invalid)?,
        client_id: ClientId::parse(OPERATOR_CLIENT).map_err(invalid)?,
        remind,
        restores,
    };
    let mut pauses = polling(ATTEMPTS);
    loop {
        if operator.is_set_up(management.app.clock.now()).await? {
            let secret_name = management.client_secrets.name(&operator.client_id);
            let Operator { account_id, client_id, .. } = operator;
            return Ok(BootstrapOutcome { account_id, client_id, secret_name });
        }
        let pause =
            pauses.next().ok_or_else(|| BackendError::new(OP, "other runs kept setting up the operator"))?;
        tokio::time::sleep(pause).await;
    }
}

/// Reads the operator's newest live secret back.
pub async fn operator_credentials(management: &ManagementState) -> Result<OperatorCredentials, BackendError> {
    let account_id = AccountId::parse(OPERATOR_ACCOUNT).map_err(invalid)?;
    let client_id = ClientId::parse(OPERATOR_CLIENT).map_err(invalid)?;
    let known = management.app.store.load_client(&client_id).await?;
    let newest = known.as_ref().and_then(|known| newest_live(known, management.app.clock.now()));
    let secret = newest.ok_or_else(|| BackendError::new(OP, "the operator has no live secret"))?;
    let revealed = management.client_secrets.reveal(&client_id, &secret.secret_id).await;
    let client_secret = revealed.map_err(|error| match error {
        RevealError::Backend(failure) => failure,
        RevealError::NotStored => BackendError::new(OP, error),
    })?;
    Ok(OperatorCredentials { account_id, client_id, client_secret })
}

fn newest_live(known: &ClientWithSecrets, now: Timestamp) -> Option<&Secret> {
    known.secrets.iter().rev().find(|secret| secret.is_usable(now))
}

impl Operator<'_> {
    /// Creates what is missing. `false` while another run creates it.
    async fn is_set_up(&self, now: Timestamp) -> Result<bool, BackendError> {
        let actor = Actor::of_client(self.client_id.clone(), self.account_id.clone(), None);
        let audit_context = AuditContext { actor, now, request: None };
        let (store, client_secrets) = (&self.management.app.store, &self.management.client_secrets);
        let provisioner = ClientProvisioner { store, client_secrets, audit_context: &audit_context };
        if self.restores && !self.restore(&provisioner).await? {
            return Ok(false);
        }
        match store.load_client(&self.client_id).await? {
            Some(known) => self.keep(&provisioner, &known).await,
            None => self.create(&provisioner).await,
        }
    }

    /// Keeps an existing client, but adds a secret if none is live: without one the operator is locked out.
    async fn keep(
        &self,
        provisioner: &ClientProvisioner<'_>,
        known: &ClientWithSecrets,
    ) -> Result<bool, BackendError> {
        let now = provisioner.audit_context.now;
        if known.client.account_id != self.account_id {
            return Err(BackendError::new(
                OP,
                format!("{OPERATOR_CLIENT} is a client of another account than {OPERATOR_ACCOUNT}"),
            ));
        }
        let is_stored = known.client.secret_storage == SecretStorage::SecretsManager;
        if newest_live(known, now).is_some() {
            if is_stored {
                // The run that created it may have ended before its last step.
                let reconciler =
                    Reconciler { store: provisioner.store, client_secrets: provisioner.client_secrets, now };
                reconciler.reconcile(&self.client_id, IfClientMissing::Leave).await?;
            }
            return Ok(true);
        }
        if !is_stored {
            let why = format!("{OPERATOR_CLIENT} has no live secret, and keeps none in Secrets Manager");
            return Err(BackendError::new(OP, why));
        }
        let (account_id, client_id) = (&self.account_id, &self.client_id);
        let addition = AddSecretInput { account_id, client_id, terms: self.terms(now)?, replace: None };
        let peppers = self.management.app.peppers(now).await?;
        match provisioner.add_secret(&addition, &peppers).await {
            Ok(_) => Ok(true),
            Err(AddSecretError::Backend(fault)) => Err(fault),
            Err(
                AddSecretError::NotFound
                | AddSecretError::Rotation(_)
                | AddSecretError::Replayed
                | AddSecretError::Contention(_),
            ) => Ok(false),
        }
    }

    async fn create(&self, provisioner: &ClientProvisioner<'_>) -> Result<bool, BackendError> {
        let now = provisioner.audit_context.now;
        if !self.ensure_account(provisioner).await? {
            return Ok(false);
        }
        let client = self.client(now)?;
        let peppers = self.management.app.peppers(now).await?;
        let new_secret = generate_secret(&client, self.terms(now)?, &peppers, now);
        let client = Client { secrets: vec![new_secret.summary(SecretStorage::SecretsManager)], ..client };
        match provisioner.create_client(&client, Some(&new_secret), u32::MAX).await {
            Ok(_) => Ok(true),
            Err(CreateClientError::Backend(fault)) => Err(fault),
            Err(
                CreateClientError::InProgress
                | CreateClientError::LimitReached
                | CreateClientError::Replayed
                | CreateClientError::Contention(_),
            ) => Ok(false),
            Err(CreateClientError::IdTaken) => self.is_created_elsewhere(provisioner).await,
            Err(CreateClientError::AccountInactive) => {
                Err(BackendError::new(OP, format!("the account {OPERATOR_ACCOUNT} is disabled; {RESTORE}")))
            }
        }
    }

    /// The id is used: by a client that another run has just created, or by a deleted one.
    async fn is_created_elsewhere(&self, provisioner: &ClientProvisioner<'_>) -> Result<bool, BackendError> {
        match provisioner.store.load_client(&self.client_id).await? {
            Some(_) => Ok(false),
            None => Err(BackendError::new(OP, format!("{OPERATOR_CLIENT} was deleted; {RESTORE}"))),
        }
    }

    fn terms(&self, now: Timestamp) -> Result<SecretOptions, BackendError> {
        let limits = &self.management.app.config.secret_limits;
        let date = limits.expires_on(None, now).map_err(invalid)?;
        Ok(SecretOptions { expires_at: secret_expiry::expires_at(date), remind: self.remind, label: None })
    }

    /// `false` if another run wrote it at the same time.
    async fn ensure_account(&self, provisioner: &ClientProvisioner<'_>) -> Result<bool, BackendError> {
        let now = provisioner.audit_context.now;
        if provisioner.store.load_account(&self.account_id).await?.is_some() {
            return Ok(true);
        }
        let account = Account::new(self.account_id.clone(), Name::parse("Operator").map_err(invalid)?, now);
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
                Err(BackendError::new(OP, format!("the account was not created: {refused:?}")))
            }
        }
    }
}
