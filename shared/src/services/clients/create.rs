//! Creating a client, with its first secret unless it authenticates otherwise.

use crate::adapters::crypto::random::random;
use crate::adapters::store::Created;
use crate::domain::account::Status;
use crate::domain::account::limits::LimitReached;
use crate::domain::client::Client;
use crate::domain::client::permission::RequestedPermission;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::{ChosenId, ClientId, TemplateId};
use crate::domain::primitives::validation::{Field, FieldError, Validator};
use crate::domain::sign_in::rate_limit::{Counter, RateLimit, RateLimitDecision};
use crate::services::accounts::{InactiveAccount, inactive_account};
use crate::services::clients::keys::checks::record;
use crate::services::clients::keys::validate_credentials;
use crate::services::clients::secrets::NO_ROOM_FOR_LABEL;
use crate::services::clients::{
    ClientError, ClientManager, ClientMetadata, CreateClientError, NewSecret, SecretOptions, SecretRequest,
    generate_secret,
};
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::Contention;
use crate::services::principal::management_scopes;

/// How many clients a person may create. Programs are limited by what the account may have only.
const CREATIONS: RateLimit = RateLimit::hourly("client_creations", 20);

/// A new client as the caller sent it; or, for a duplicate, what differs.
#[derive(Debug)]
pub struct CreateClient {
    /// A random id if absent.
    pub client_id: Field<ChosenId<ClientId>>,
    /// Its details.
    pub metadata: ClientMetadata,
    /// Whether it is enabled; it is if absent.
    pub status: Field<Status>,
    /// Its permissions; none if absent.
    pub permissions: Field<Vec<RequestedPermission>>,
    /// Its first secret.
    pub secret: Field<SecretRequest>,
    /// The template that its values come from.
    pub template: Option<TemplateId>,
    /// Errors found while the input was read.
    pub errors: Validator,
}

/// A client that was created by this request.
#[derive(Debug)]
pub enum CreateClientOutput {
    /// Now, with its first secret unless it has none.
    New(Client, Option<NewSecret>),
    /// Before, by an equal request. The value of the secret is not shown again.
    Replayed(Client, Option<Secret>),
}

impl CreateClientOutput {
    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        match self {
            Self::New(client, _) | Self::Replayed(client, _) => client,
        }
    }
}

impl ClientManager<'_> {
    /// Creates a client. One with management scopes, and no allowlist of its own, gets the caller's.
    pub async fn create(&self, mut new: CreateClient) -> Result<CreateClientOutput, ClientError> {
        if let Some(replayed) = self.find_replayed().await? {
            return Ok(replayed);
        }
        if matches!(new.metadata.client_name, Field::Missing) {
            new.errors.error("client_name", "is required");
        }
        let inherits_allowlist = matches!(new.metadata.allowed_ips, Field::Missing);
        let base = self.default_client()?;
        let (mut client, options) = self.validate(new, base).await?;
        if inherits_allowlist && !management_scopes(&client.permissions).is_empty() {
            client.allowed_ips = self.ctx.principal.allowed_ips().to_vec();
        }
        self.ctx.principal.ensure_networks_cover(&client)?;
        self.insert(client, options).await
    }

    /// A client with the deployment's defaults. Its name is a placeholder.
    fn default_client(&self) -> Result<Client, ClientError> {
        let policy = self.ctx.backend.policy;
        let name = Name::parse("unnamed")
            .map_err(|error| ClientError::Invalid(vec![FieldError::new("client_name", error.to_string())]))?;
        let id = ClientId::from_random_bytes(random());
        let client = Client::new(id, self.account_id.clone(), name, self.ctx.now());
        Ok(Client {
            access_token_lifetime: policy.default_access_token_lifetime.min(policy.max_access_token_lifetime),
            secret_storage: policy.secret_storage,
            ..client
        })
    }

    /// `base` with the input applied and the options of its first secret, or every error at once.
    pub(super) async fn validate(
        &self,
        new: CreateClient,
        base: Client,
    ) -> Result<(Client, Option<SecretOptions>), ClientError> {
        let (policy, now) = (self.ctx.backend.policy, self.ctx.now());
        let (mut checked, mut client) = (new.errors, base);
        let before = client.clone();
        if let Some(id) = checked.optional("client_id", new.client_id) {
            let id = id.into_inner();
            if !self.ctx.principal.is_operator() && !id.is_within(&self.account_id) {
                checked.error("client_id", format!("must start with {0}-, {0}. or {0}_", self.account_id));
            }
            client.client_id = id;
        }
        client.template = new.template;
        if let Some(status) = checked.optional("status", new.status) {
            client.status = status;
        }
        self.check_secret_storage(&new.metadata.secret_storage, client.secret_storage, &mut checked)?;
        new.metadata.apply(&mut client, policy.max_access_token_lifetime, now, &mut checked);
        let requested = checked.optional("secret", new.secret);
        let options = if client.token_endpoint_auth_method.takes_secrets() {
            let requested = requested.unwrap_or_default();
            requested.options(self.secret_limits().await?, "secret/expires_on", now, &mut checked)
        } else {
            if requested.is_some() {
                checked
                    .error("secret", "a client with this token_endpoint_auth_method has none: leave it out");
            }
            None
        };
        let label = options.as_ref().and_then(|options| options.label.as_ref());
        if label.is_some_and(|label| !client.has_room_for(label)) {
            checked.error("secret/label", NO_ROOM_FOR_LABEL);
        }
        if let Some(requested) = checked.optional("permissions", new.permissions) {
            client.permissions = self.resolve_permissions(requested, &mut checked).await?;
            self.ctx.principal.ensure_may_grant(&[], &client.permissions)?;
        }
        let errors = validate_credentials(&client, &policy.issuer, &checked);
        checked.extend(errors);
        checked.extend(client.validate_new_values(&before));
        if checked.is_ok() { Ok((client, options)) } else { Err(ClientError::Invalid(checked.into_errors())) }
    }

    pub(super) async fn insert(
        &self,
        client: Client,
        options: Option<SecretOptions>,
    ) -> Result<CreateClientOutput, ClientError> {
        let now = self.ctx.now();
        let account = self.account().await?;
        if account.status == Status::Disabled {
            return Err(ClientError::AccountDisabled);
        }
        let limit = self.ctx.backend.policy.limits.with(&account.limits).clients;
        self.count_creation().await?;
        let mut client = client;
        let checks = self.check_keys(&client).await?;
        record(&mut client, checks);
        let peppers = self.ctx.backend.peppers.get(now).await?;
        let secret = options.map(|options| generate_secret(&client, options, &peppers, now));
        let summaries = secret.iter().map(|secret| secret.summary(client.secret_storage)).collect();
        let client = Client { secrets: summaries, ..client };
        match self.provisioner().create_client(&client, secret.as_ref(), limit).await {
            Ok(audit) => {
                self.ctx.publish(&audit).await;
                Ok(CreateClientOutput::New(client, secret))
            }
            // An equal request that was sent at the same time may have created it.
            Err(CreateClientError::Replayed | CreateClientError::IdTaken) => {
                self.find_replayed().await?.ok_or(ClientError::IdTaken)
            }
            Err(CreateClientError::LimitReached) => {
                let reached = ClientError::LimitReached(LimitReached::Clients(limit));
                self.find_replayed().await?.ok_or(reached)
            }
            Err(CreateClientError::AccountInactive) => {
                Err(match inactive_account(self.ctx.store(), &client.account_id).await? {
                    InactiveAccount::NotFound => ClientError::NotFound,
                    InactiveAccount::Disabled => ClientError::AccountDisabled,
                })
            }
            Err(CreateClientError::InProgress) => Err(Contention.into()),
            Err(CreateClientError::Contention(contention)) => Err(contention.into()),
            Err(CreateClientError::Backend(fault)) => Err(fault.into()),
        }
    }

    async fn count_creation(&self) -> Result<(), ClientError> {
        if self.ctx.principal.client_id().is_some() {
            return Ok(());
        }
        let counter = Counter { limit: CREATIONS, key: self.ctx.principal.key() };
        match self.ctx.store().check_rate_limit(&counter, self.ctx.now()).await? {
            RateLimitDecision::Allowed => Ok(()),
            RateLimitDecision::RetryAfter(seconds) => Err(ClientError::RateLimited(seconds)),
        }
    }

    /// The client that this request created when it came first, if it is a repeat.
    pub(super) async fn find_replayed(&self) -> Result<Option<CreateClientOutput>, ClientError> {
        let Some(created) = self.ctx.find_created().await? else { return Ok(None) };
        let Created::Client { client_id, secret_id } = created else {
            return Err(IdempotencyError::KeyReused.into());
        };
        let known = self.ctx.store().load_client(&client_id).await?.ok_or(ClientError::NotFound)?;
        self.reconcile_after_replay(&client_id).await;
        let secret = known.secrets.into_iter().find(|secret| Some(&secret.secret_id) == secret_id.as_ref());
        Ok(Some(CreateClientOutput::Replayed(known.client, secret)))
    }
}
