//! The first things of a deployment: peppers, signing keys, the operator's account and client. Safe to
//! repeat: what is there stays as it is.

use super::app::Management;
use crate::adapters::entropy::random;
use crate::adapters::fault::Fault;
use crate::adapters::provisioning::{Addition, CreateRefused, Provisioner, SecretTerms, mint};
use crate::adapters::signing::RingDocument;
use crate::adapters::store::{Mandate, Outcome, Record, Refused};
use crate::domain::account::{Account, Status};
use crate::domain::audit::{Action, Actor, Target};
use crate::domain::client::Client;
use crate::domain::client_secret::ClientSecret;
use crate::domain::expiry;
use crate::domain::ids::{AccountId, ClientId, ResourceId};
use crate::domain::management::{self, ManagementScope};
use crate::domain::permission::Permission;
use crate::domain::scope::{Scope, ScopeSet};
use crate::domain::text::Name;
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::json;
use zeroize::Zeroizing;

/// The operator's account.
const OPERATOR_ACCOUNT: &str = "T00000001";
/// The operator's client.
const OPERATOR_CLIENT: &str = "latchkey-operator";
const DOING: &str = "setting up the operator";

/// The operator's credentials.
#[derive(Debug)]
pub struct Bootstrapped {
    /// The operator's account.
    pub account_id: AccountId,
    /// The operator's client.
    pub client_id: ClientId,
    /// Its secret, read back from the vault.
    pub client_secret: ClientSecret,
}

/// Sets up what is missing and returns the operator's credentials. `remind` says whether anybody is told
/// before the operator's secret ends.
pub async fn bootstrap(
    management: &Management,
    secrets_manager: &aws_sdk_secretsmanager::Client,
    remind: bool,
) -> Result<Bootstrapped, Fault> {
    let config = &management.app.config;
    ensure_secret(secrets_manager, &config.pepper_secret, || {
        let pepper = STANDARD.encode(random::<48>());
        Ok(json!({ "pepper_id": "p1", "pepper": pepper }).to_string())
    })
    .await?;
    ensure_secret(secrets_manager, &config.signing_keys_secret, || {
        serde_json::to_string(&RingDocument::generate()?)
            .map_err(|error| Fault::new("making the signing keys", error))
    })
    .await?;
    ensure_operator(management, remind).await
}

/// Makes a secret of the deployment unless it is there.
async fn ensure_secret(
    secrets_manager: &aws_sdk_secretsmanager::Client,
    name: &str,
    make: impl FnOnce() -> Result<String, Fault>,
) -> Result<(), Fault> {
    if secrets_manager.describe_secret().secret_id(name).send().await.is_ok() {
        return Ok(());
    }
    let value = Zeroizing::new(make()?);
    let sent = secrets_manager.create_secret().name(name).secret_string(value.as_str()).send().await;
    match sent {
        Ok(_) => Ok(()),
        Err(error)
            if matches!(error.as_service_error(), Some(CreateSecretError::ResourceExistsException(_))) =>
        {
            Ok(())
        }
        Err(error) => Err(Fault::aws("making a secret of the deployment", &error)),
    }
}

async fn ensure_operator(management: &Management, remind: bool) -> Result<Bootstrapped, Fault> {
    let app = &management.app;
    let now = app.clock.now();
    let account_id = AccountId::parse(OPERATOR_ACCOUNT).map_err(|error| Fault::new(DOING, error))?;
    let client_id = ClientId::parse(OPERATOR_CLIENT).map_err(|error| Fault::new(DOING, error))?;
    let actor = Actor { client_id: client_id.clone(), account_id: account_id.clone(), source_ip: None };
    let mandate = Mandate { actor, now, request: None };
    let provisioner = Provisioner { store: &app.store, vault: &management.vault, mandate: &mandate };
    ensure_account(&provisioner, &account_id, now).await?;
    let date = app.config.secret_limits.expires_on(None, now).map_err(|error| Fault::new(DOING, error))?;
    let terms = SecretTerms { expires_at: expiry::expires_at(date), remind };
    let peppers = app.peppers(now).await?;
    let client = operator_client(&account_id, &client_id, now)?;
    let minted = mint(&client, terms, &peppers, now);
    let client = Client { secrets: vec![minted.summary()], ..client };
    match provisioner.create_client(&client, Some(&minted)).await? {
        Ok(_) | Err(CreateRefused::IdTaken) => {}
        Err(refused) => return Err(Fault::new(DOING, format!("the client was not made: {refused:?}"))),
    }
    let known = app.store.load_client(&client_id).await?;
    let live = known.iter().flat_map(|known| known.secrets.iter().rev()).find(|secret| secret.is_live(now));
    let client_secret = if let Some(secret) = live {
        management.vault.reveal(&client_id, &secret.secret_id).await?.ok()
    } else {
        let addition = Addition { account_id: &account_id, client_id: &client_id, terms, replace: None };
        provisioner.add_secret(&addition, &peppers).await?.ok().map(|added| added.minted.value)
    };
    let client_secret = client_secret.ok_or_else(|| Fault::new(DOING, "its secret is not in the vault"))?;
    Ok(Bootstrapped { account_id, client_id, client_secret })
}

async fn ensure_account(provisioner: &Provisioner<'_>, id: &AccountId, now: Timestamp) -> Result<(), Fault> {
    let account = Account {
        account_id: id.clone(),
        account_name: Name::parse("Operator").map_err(|error| Fault::new(DOING, error))?,
        status: Status::Active,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let audit = provisioner.mandate.audit(id, Action::AccountCreated, Target::default(), &[]);
    match provisioner.store.create_account(&account, &Record { audit: &audit, receipt: None }).await? {
        Outcome::Done | Outcome::Refused(Refused::Taken) => Ok(()),
        Outcome::Refused(refused) => Err(Fault::new(DOING, format!("the account was not made: {refused:?}"))),
    }
}

fn operator_client(account_id: &AccountId, client_id: &ClientId, now: Timestamp) -> Result<Client, Fault> {
    let illegal = |error: &dyn std::fmt::Display| Fault::new(DOING, error);
    let scopes = ManagementScope::ALL.iter().map(|scope| Scope::parse(scope.as_str()));
    let permission = Permission {
        resource: ResourceId::parse(management::RESOURCE_ID).map_err(|error| illegal(&error))?,
        scopes: scopes.collect::<Result<ScopeSet, _>>().map_err(|error| illegal(&error))?,
    };
    let name = Name::parse("Latchkey operator").map_err(|error| illegal(&error))?;
    let client = Client::new(client_id.clone(), account_id.clone(), name, now);
    Ok(Client { permissions: vec![permission], ..client })
}
