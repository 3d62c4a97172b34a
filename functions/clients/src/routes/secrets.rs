//! A client's secrets: add, list, revoke, see again.

use super::client_parts::{ExpiryDate, RequestedTerms};
use super::client_view::{NewSecretView, SecretValueView, SecretView};
use super::clients::load;
use super::create_client::{location, secret_terms, settle_again};
use crate::body::{self, Body, Unknown};
use crate::call::Call;
use crate::idempotency;
use crate::paging::List;
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use shared::adapters::provisioning::{AddRefused, Addition, Provisioner, RemoveRefused};
use shared::adapters::store::Created;
use shared::assembly::Management;
use shared::domain::audit::{Action, Target};
use shared::domain::client::SecretDisplay;
use shared::domain::ids::SecretId;
use shared::domain::management::ManagementScope;
use shared::domain::rotation::{Refusal, Replace};
use shared::domain::validation::Input;
use std::sync::Arc;
use utoipa::ToSchema;

/// A secret to be added.
#[derive(Deserialize, ToSchema)]
pub struct AddSecret {
    /// The last day (UTC) on which it works, until 23:59:00; 90 days ahead if absent.
    #[serde(default)]
    #[schema(value_type = String, format = Date, example = "2027-02-18")]
    expires_on: Input<ExpiryDate>,
    /// Whether reminders are sent; true if absent.
    #[serde(default)]
    #[schema(value_type = bool)]
    remind: Input<bool>,
    /// Which live secret it takes the place of, at once: `newest`, `oldest`, `all` or a `secret_id`.
    #[serde(default)]
    #[schema(value_type = String, example = "oldest")]
    replace: Input<Replace>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl Body for AddSecret {
    fn unknown(&self) -> &Unknown {
        &self.unknown
    }
}

/// Add a secret, beside the present one or in its place.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets", tag = "secrets",
    request_body = Option<AddSecret>,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 201, body = NewSecretView),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "Two secrets are live, and `replace` was not given", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn add(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsManage, &account_id)?;
    let app = &management.app;
    if let Some(created) = idempotency::earlier(&management, &call).await? {
        return again(&management, &call, created).await;
    }
    let (body, mut checked) = body::read::<AddSecret>(call.optional_json()?)?;
    let asked = RequestedTerms {
        expires_on: checked.optional("expires_on", body.expires_on).map(|date| date.0),
        remind: checked.optional("remind", body.remind),
    };
    let replace = checked.optional("replace", body.replace);
    let terms = secret_terms(&app.config, asked, "expires_on", call.now, &mut checked);
    let (Some(terms), true) = (terms, checked.is_clean()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let client = load(&management, &account, &client_id).await?.client;
    call.caller.outranks(&client)?;
    if !client.token_endpoint_auth_method.takes_secrets() {
        return Err(Problem::Conflict(
            "no_secrets",
            "by the client's token_endpoint_auth_method no secret would let it in; change that first",
        ));
    }
    let mandate = call.mandate();
    let provisioner = Provisioner { store: &app.store, vault: &management.vault, mandate: &mandate };
    let addition =
        Addition { account_id: &account, client_id: &client.client_id, terms, replace: replace.as_ref() };
    match provisioner.add_secret(&addition, app.peppers(call.now).await?.as_ref()).await? {
        Ok(added) => {
            management.announce(&added.audit).await;
            let location = format!("{}/secrets/{}", location(&added.client), added.minted.secret.secret_id);
            Ok(respond::created(&location, None, &NewSecretView::new(added.minted, call.now)))
        }
        Err(AddRefused::NoSuchClient) => Err(Problem::NotFound),
        Err(AddRefused::Replayed) => {
            again(&management, &call, idempotency::surely_earlier(&management, &call).await?).await
        }
        Err(AddRefused::Busy) => Err(Problem::BUSY),
        Err(AddRefused::Rotation(Refusal::NoSuchSecret)) => {
            Err(Problem::field("replace", "the client has no secret of this id"))
        }
        Err(AddRefused::Rotation(Refusal::TwoLive)) => Err(Problem::Conflict(
            "two_secrets_live",
            "two secrets are live; revoke one, or say which one the new secret replaces",
        )),
    }
}

async fn again(management: &Management, call: &Call, created: Created) -> Result<Response, Problem> {
    let Created::Secret { client_id, secret_id } = created else {
        return Err(Problem::KeyReused);
    };
    let known = management.app.store.load_client(&client_id).await?.ok_or(Problem::NotFound)?;
    settle_again(management, call, &client_id).await;
    let secret =
        known.secrets.into_iter().find(|secret| secret.secret_id == secret_id).ok_or(Problem::NotFound)?;
    let location = format!("{}/secrets/{secret_id}", location(&known.client));
    Ok(respond::created(&location, None, &NewSecretView::again(secret, call.now)))
}

/// List a client's secrets, oldest first. There are at most two, and expired ones until they are swept.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets", tag = "secrets",
    params(("account_id" = String, Path), ("client_id" = String, Path)),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = List<SecretView>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsRead, &account_id)?;
    let secrets = load(&management, &account, &client_id).await?.secrets;
    let views = secrets.into_iter().map(|secret| SecretView::new(secret, call.now)).collect();
    Ok(respond::json(StatusCode::OK, &List::<SecretView>::whole(views)))
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
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id, secret_id)): Segments<(String, String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsManage, &account_id)?;
    let client = load(&management, &account, &client_id).await?.client;
    call.caller.outranks(&client)?;
    let secret_id = SecretId::parse(&secret_id).map_err(|_| Problem::NotFound)?;
    let mandate = call.mandate();
    let provisioner =
        Provisioner { store: &management.app.store, vault: &management.vault, mandate: &mandate };
    let acceptable = |version| call.if_match.accepts(version);
    match provisioner.revoke_secret(&account, &client.client_id, &secret_id, &acceptable).await? {
        Ok(audit) => {
            management.announce(&audit).await;
            Ok(respond::no_content())
        }

        Err(RemoveRefused::NotFound) => Err(Problem::NotFound),
        Err(RemoveRefused::Changed) => Err(Problem::Changed),
        Err(RemoveRefused::Busy) => Err(Problem::BUSY),
    }
}

/// See a secret again, where the client was set to `on_request` when it was made. Each time is audited.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets/{secret_id}/value", tag = "secrets",
    params(("account_id" = String, Path), ("client_id" = String, Path), ("secret_id" = String, Path)),
    security(("latchkey" = ["secrets:reveal"])),
    responses(
        (status = 200, body = SecretValueView),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "It was shown once, and cannot be again", body = ProblemDocument)
    )
)]
pub async fn reveal(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id, secret_id)): Segments<(String, String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    const NOT_SHOWN_AGAIN: Problem = Problem::Conflict(
        "shown_once",
        "this secret was shown when it was made, and is not shown again; add a new one",
    );
    let account = call.enter(ManagementScope::SecretsReveal, &account_id)?;
    let known = load(&management, &account, &client_id).await?;
    call.caller.outranks(&known.client)?;
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
    let entry = call.mandate().audit(&account, Action::SecretRevealed, target, &[]);
    management.app.store.append_audit(&entry).await?;
    management.announce(&entry).await;
    match management.vault.reveal(&known.client.client_id, &secret.secret_id).await? {
        Ok(value) => Ok(respond::json(StatusCode::OK, &SecretValueView::new(value))),
        Err(_) => Err(NOT_SHOWN_AGAIN),
    }
}
