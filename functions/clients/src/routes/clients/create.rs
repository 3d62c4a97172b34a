//! Making a client, with its first secret unless it authenticates otherwise.

use crate::idempotency;
use crate::json_body;
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use crate::routes::accounts;
use crate::routes::clients::keys::validate;
use crate::routes::clients::permissions;
use crate::routes::clients::request::CreateClientRequest;
use crate::routes::clients::request_parts::{PermissionRequest, RequestedSecretOptions};
use crate::routes::clients::response::{ClientResponse, CreateClientResponse};
use axum::extract::State;
use axum::response::Response;
use shared::adapters::crypto::random::random;
use shared::adapters::store::Created;
use shared::app::{Config, ManagementState};
use shared::domain::client::Client;
use shared::domain::client::secret_expiry;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::primitives::validation::{Field, FieldError, Validator};
use shared::services::client_lifecycle::{
    ClientProvisioner, CreateClientError, IfClientMissing, NewSecret, Reconciler, SecretOptions,
    generate_secret,
};
use std::sync::Arc;

/// Make a client. Unless it authenticates by `private_key_jwt`, its first secret comes with it.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients", tag = "clients", request_body = CreateClientRequest,
    params(("account_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 201, body = CreateClientResponse),
        (status = 404, description = "No such account", body = ProblemDocument),
        (status = 409, description = "The id is, or was, taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(
    State(management): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    if let Some(answer) = replay(&management, &ctx).await? {
        return Ok(answer);
    }
    let (body, mut checked) = json_body::read::<CreateClientRequest>(ctx.json()?)?;
    if matches!(body.details.details.client_name, Field::Missing) {
        checked.error("client_name", "is required");
    }
    let client_defaults = client_defaults(&management.app.config, &account, ctx.now)?;
    let draft = ValidatedClient::read(body, checked, client_defaults, &management, &ctx).await?;
    persist(&management, &ctx, draft).await
}

/// A client that says nothing yet: the deployment's defaults. Its name is replaced, or complained about.
fn client_defaults(config: &Config, account: &AccountId, now: jiff::Timestamp) -> Result<Client, Problem> {
    let name = Name::parse("unnamed").map_err(|error| Problem::field("client_name", error.to_string()))?;
    let client = Client::new(ClientId::from_random_bytes(random()), account.clone(), name, now);
    Ok(Client {
        access_token_lifetime: client.access_token_lifetime.min(config.max_access_token_lifetime),
        secret_storage: config.secret_storage,
        ..client
    })
}

/// A client that was asked for and found legal.
pub struct ValidatedClient {
    /// The client.
    pub client: Client,
    /// Its first secret, if it has one.
    pub terms: Option<SecretOptions>,
}

impl ValidatedClient {
    /// Puts what was asked for on top of `base`, with every complaint at once.
    pub async fn read(
        body: CreateClientRequest,
        mut checked: Validator,
        base: Client,
        management: &ManagementState,
        ctx: &RequestContext,
    ) -> Result<Self, Problem> {
        let config = &management.app.config;
        let mut client = base;
        if let Some(id) = checked.optional("client_id", body.client_id) {
            client.client_id = id;
        }
        body.details.details.apply(&mut client, config.max_access_token_lifetime, ctx.now, &mut checked);
        let requested = checked.optional("secret", body.secret);
        let terms = if client.token_endpoint_auth_method.takes_secrets() {
            secret_options(config, requested.unwrap_or_default(), "secret/expires_on", ctx.now, &mut checked)
        } else {
            if requested.is_some() {
                checked
                    .error("secret", "a client with this token_endpoint_auth_method has none: leave it out");
            }
            None
        };
        let wanted = checked.optional("permissions", body.permissions);
        if let Some(wanted) = wanted {
            client.permissions = resolve_permissions(wanted, management, ctx, &mut checked).await?;
        }
        let errors = validate(&client, &config.issuer, &checked);
        checked.extend(errors);
        if checked.is_ok() {
            Ok(Self { client, terms })
        } else {
            Err(Problem::Invalid(checked.into_errors()))
        }
    }
}

async fn resolve_permissions(
    wanted: Vec<PermissionRequest>,
    management: &ManagementState,
    ctx: &RequestContext,
    checked: &mut Validator,
) -> Result<Vec<shared::domain::client::permission::Permission>, Problem> {
    match permissions::resolve(wanted, &management.app, ctx.now).await? {
        Ok(permissions) => {
            permissions::may_grant(&ctx.caller, &[], &permissions)?;
            Ok(permissions)
        }
        Err(errors) => {
            checked.extend(errors.into_iter().map(|error| error.nested("permissions")));
            Ok(Vec::new())
        }
    }
}

/// When a new secret ends, or a complaint.
pub fn secret_options(
    config: &Config,
    requested: RequestedSecretOptions,
    path: &str,
    now: jiff::Timestamp,
    checked: &mut Validator,
) -> Option<SecretOptions> {
    match config.secret_limits.expires_on(requested.expires_on, now) {
        Ok(date) => Some(SecretOptions {
            expires_at: secret_expiry::expires_at(date),
            remind: requested.remind.unwrap_or(true),
        }),
        Err(error) => {
            checked.extend([FieldError::new(path, error.to_string())]);
            None
        }
    }
}

/// Makes the client.
pub async fn persist(
    management: &ManagementState,
    ctx: &RequestContext,
    draft: ValidatedClient,
) -> Result<Response, Problem> {
    let app = &management.app;
    let peppers = app.peppers(ctx.now).await?;
    let new_secret = draft.terms.map(|terms| generate_secret(&draft.client, terms, &peppers, ctx.now));
    let client = Client {
        secrets: new_secret
            .iter()
            .map(|new_secret| new_secret.summary(draft.client.secret_storage))
            .collect(),
        ..draft.client
    };
    let audit_context = ctx.audit_context();
    let provisioner = ClientProvisioner {
        store: &app.store,
        client_secrets: &management.client_secrets,
        audit_context: &audit_context,
    };
    match provisioner.create_client(&client, new_secret.as_ref()).await? {
        Ok(audit) => {
            management.publish(&audit).await;
            Ok(answer(management, ctx, client, new_secret))
        }

        Err(CreateClientError::Replayed | CreateClientError::IdTaken) => {
            // Perhaps by this very request, sent twice at once.
            replay(management, ctx).await?.ok_or(Problem::Conflict(
                "client_id_taken",
                "a client has or had this id, and ids are not used again; choose another id, or leave it out",
            ))
        }
        Err(CreateClientError::AccountGone) => Err(accounts::gone(management, &client.account_id).await?),
        Err(CreateClientError::InProgress) => Err(Problem::CONTENTION),
    }
}

fn answer(
    management: &ManagementState,
    ctx: &RequestContext,
    client: Client,
    new_secret: Option<NewSecret>,
) -> Response {
    let (client_path, version) = (client_path(&client), client.version);
    let view = ClientResponse::new(client, &management.app.config.issuer, ctx.now);
    response::created(&client_path, Some(version), &CreateClientResponse::new(view, new_secret))
}

/// The answer to a repeat of a request that was carried out: the client, without its secret.
pub async fn replay(management: &ManagementState, ctx: &RequestContext) -> Result<Option<Response>, Problem> {
    let Some(created) = idempotency::find_record(management, ctx).await? else { return Ok(None) };
    let Created::Client { client_id, secret_id } = created else { return Err(Problem::IdempotencyKeyReused) };
    let app = &management.app;
    let known = app.store.load_client(&client_id).await?.ok_or(Problem::NotFound)?;
    reconcile_after_replay(management, ctx, &client_id).await;
    let secret = known.secrets.iter().find(|secret| Some(&secret.secret_id) == secret_id.as_ref());
    let (client_path, version) = (client_path(&known.client), known.client.version);
    let view = ClientResponse::new(known.client, &app.config.issuer, ctx.now);
    Ok(Some(response::created(&client_path, Some(version), &CreateClientResponse::backoff(view, secret))))
}

/// The first try may have ended before the vault's labels were moved; who repeats it wants it whole.
pub async fn reconcile_after_replay(
    management: &ManagementState,
    ctx: &RequestContext,
    client_id: &ClientId,
) {
    let reconciler =
        Reconciler { store: &management.app.store, client_secrets: &management.client_secrets, now: ctx.now };
    if let Err(fault) = reconciler.reconcile(client_id, IfClientMissing::Delete).await {
        tracing::warn!(cause = %fault, "left to the sweep");
    }
}

/// The path of a client.
pub fn client_path(client: &Client) -> String {
    format!("/v1/accounts/{}/clients/{}", client.account_id, client.client_id)
}
