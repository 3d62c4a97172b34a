//! A client's secrets: add, list, revoke, see again.

use crate::idempotency;
use crate::json_body::{self, RequestBody, UnknownFields};
use crate::pagination::PageResponse;
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use crate::routes::clients::create::{client_path, reconcile_after_replay, secret_options};
use crate::routes::clients::load;
use crate::routes::clients::request_parts::{DateParam, RequestedSecretOptions};
use crate::routes::clients::response::{CreateSecretResponse, SecretResponse, SecretValueResponse};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use shared::adapters::store::Created;
use shared::app::ManagementState;
use shared::domain::audit::{Action, Target};
use shared::domain::client::SecretDisplay;
use shared::domain::client::secret_rotation::{ReplacePolicy, RotationError};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::ids::SecretId;
use shared::domain::primitives::validation::Field;
use shared::services::client_lifecycle::{AddSecretError, AddSecretInput, ClientProvisioner, DeleteError};
use std::sync::Arc;
use utoipa::ToSchema;

/// A secret to be added.
#[derive(Deserialize, ToSchema)]
pub struct AddSecretRequest {
    /// The last day (UTC) on which it works, until 23:59:00; 90 days ahead if absent.
    #[serde(default)]
    #[schema(value_type = String, format = Date, example = "2027-02-18")]
    expires_on: Field<DateParam>,
    /// Whether reminders are sent; true if absent.
    #[serde(default)]
    #[schema(value_type = bool)]
    remind: Field<bool>,
    /// Which live secret it takes the place of, at once: `newest`, `oldest`, `all` or a `secret_id`.
    #[serde(default)]
    #[schema(value_type = String, example = "oldest")]
    replace: Field<ReplacePolicy>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for AddSecretRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

/// Add a secret, beside the present one or in its place.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets", tag = "secrets",
    request_body = Option<AddSecretRequest>,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 201, body = CreateSecretResponse),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "Two secrets are live, and `replace` was not given", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn add(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    let app = &management.app;
    if let Some(created) = idempotency::find_record(&management, &ctx).await? {
        return backoff(&management, &ctx, created).await;
    }
    let (body, mut checked) = json_body::read::<AddSecretRequest>(ctx.optional_json()?)?;
    let requested = RequestedSecretOptions {
        expires_on: checked.optional("expires_on", body.expires_on).map(|date| date.0),
        remind: checked.optional("remind", body.remind),
    };
    let replace = checked.optional("replace", body.replace);
    let terms = secret_options(&app.config, requested, "expires_on", ctx.now, &mut checked);
    let (Some(terms), true) = (terms, checked.is_ok()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let client = load(&management, &account, &client_id).await?.client;
    ctx.caller.ensure_scopes_cover(&client)?;
    if !client.token_endpoint_auth_method.takes_secrets() {
        return Err(Problem::Conflict(
            "no_secrets",
            "by the client's token_endpoint_auth_method no secret would let it in; change that first",
        ));
    }
    let audit_context = ctx.audit_context();
    let provisioner = ClientProvisioner {
        store: &app.store,
        client_secrets: &management.client_secrets,
        audit_context: &audit_context,
    };
    let addition = AddSecretInput {
        account_id: &account,
        client_id: &client.client_id,
        terms,
        replace: replace.as_ref(),
    };
    match provisioner.add_secret(&addition, app.peppers(ctx.now).await?.as_ref()).await? {
        Ok(added) => {
            management.publish(&added.audit).await;
            let client_path =
                format!("{}/secrets/{}", client_path(&added.client), added.new_secret.secret.secret_id);
            Ok(response::created(&client_path, None, &CreateSecretResponse::new(added.new_secret, ctx.now)))
        }
        Err(AddSecretError::NoSuchClient) => Err(Problem::NotFound),
        Err(AddSecretError::Replayed) => {
            backoff(&management, &ctx, idempotency::require_record(&management, &ctx).await?).await
        }
        Err(AddSecretError::Busy) => Err(Problem::CONTENTION),
        Err(AddSecretError::Rotation(RotationError::NoSuchSecret)) => {
            Err(Problem::field("replace", "the client has no secret of this id"))
        }
        Err(AddSecretError::Rotation(RotationError::TwoLive)) => Err(Problem::Conflict(
            "two_secrets_live",
            "two secrets are live; revoke one, or say which one the new secret replaces",
        )),
    }
}

async fn backoff(
    management: &ManagementState,
    ctx: &RequestContext,
    created: Created,
) -> Result<Response, Problem> {
    let Created::Secret { client_id, secret_id } = created else {
        return Err(Problem::IdempotencyKeyReused);
    };
    let known = management.app.store.load_client(&client_id).await?.ok_or(Problem::NotFound)?;
    reconcile_after_replay(management, ctx, &client_id).await;
    let secret =
        known.secrets.into_iter().find(|secret| secret.secret_id == secret_id).ok_or(Problem::NotFound)?;
    let client_path = format!("{}/secrets/{secret_id}", client_path(&known.client));
    Ok(response::created(&client_path, None, &CreateSecretResponse::backoff(secret, ctx.now)))
}

/// List a client's secrets, oldest first. There are at most two, and expired ones until they are swept.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets", tag = "secrets",
    params(("account_id" = String, Path), ("client_id" = String, Path)),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = PageResponse<SecretResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsRead, &account_id)?;
    let secrets = load(&management, &account, &client_id).await?.secrets;
    let views = secrets.into_iter().map(|secret| SecretResponse::new(secret, ctx.now)).collect();
    Ok(response::json(StatusCode::OK, &PageResponse::<SecretResponse>::unpaged(views)))
}

/// Revoke a secret at once. The last one may go too.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets/{secret_id}", tag = "secrets",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("secret_id" = String, Path),
        ("If-Match" = Option<String>, Header, description = "the ETag of the client")
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "The client has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn revoke(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id, secret_id)): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    let client = load(&management, &account, &client_id).await?.client;
    ctx.caller.ensure_scopes_cover(&client)?;
    let secret_id = SecretId::parse(&secret_id).map_err(|_| Problem::NotFound)?;
    let audit_context = ctx.audit_context();
    let provisioner = ClientProvisioner {
        store: &management.app.store,
        client_secrets: &management.client_secrets,
        audit_context: &audit_context,
    };
    let acceptable = |version| ctx.if_match.accepts(version);
    match provisioner.revoke_secret(&account, &client.client_id, &secret_id, &acceptable).await? {
        Ok(audit) => {
            management.publish(&audit).await;
            Ok(response::no_content())
        }

        Err(DeleteError::NotFound) => Err(Problem::NotFound),
        Err(DeleteError::Changed) => Err(Problem::PreconditionFailed),
        Err(DeleteError::Busy) => Err(Problem::CONTENTION),
    }
}

/// See a secret again, where the client was set to `on_request` when it was made. Each time is audited.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets/{secret_id}/value", tag = "secrets",
    params(("account_id" = String, Path), ("client_id" = String, Path), ("secret_id" = String, Path)),
    security(("latchkey" = ["secrets:reveal"])),
    responses(
        (status = 200, body = SecretValueResponse),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "It was shown once, and cannot be again", body = ProblemDocument)
    )
)]
pub async fn reveal(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id, secret_id)): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    const NOT_SHOWN_AGAIN: Problem = Problem::Conflict(
        "shown_once",
        "this secret was shown when it was made, and is not shown again; add a new one",
    );
    let account = ctx.authorize_account(ManagementScope::SecretsReveal, &account_id)?;
    let known = load(&management, &account, &client_id).await?;
    ctx.caller.ensure_scopes_cover(&known.client)?;
    let wanted = known.secrets.iter().find(|secret| secret.secret_id.as_str() == secret_id);
    let secret = wanted.ok_or(Problem::NotFound)?;
    if !secret.revealable || known.client.secret_display == SecretDisplay::Once {
        return Err(NOT_SHOWN_AGAIN);
    }
    let target = Target {
        client_id: Some(known.client.client_id.clone()),
        secret_id: Some(secret.secret_id.clone()),
        ..Target::default()
    };
    let entry = ctx.audit_context().audit(&account, Action::SecretRevealed, target, &[]);
    management.app.store.append_audit(&entry).await?;
    management.publish(&entry).await;
    match management.client_secrets.reveal(&known.client.client_id, &secret.secret_id).await? {
        Ok(value) => Ok(response::json(StatusCode::OK, &SecretValueResponse::new(value))),
        Err(_) => Err(NOT_SHOWN_AGAIN),
    }
}
