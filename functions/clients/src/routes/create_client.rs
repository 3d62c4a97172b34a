//! Making a client, with its first secret unless it authenticates otherwise.

use super::client_body::CreateClient;
use super::client_parts::{RequestedTerms, WantedPermission};
use super::client_view::{ClientView, CreatedClientView};
use super::key_members::inconsistencies;
use super::{accounts, permissions};
use crate::body;
use crate::call::Call;
use crate::idempotency;
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use shared::adapters::entropy::random;
use shared::adapters::provisioning::{
    Absent, CreateRefused, Minted, Provisioner, SecretTerms, Settler, mint,
};
use shared::adapters::store::Created;
use shared::assembly::{Config, Management};
use shared::domain::client::Client;
use shared::domain::expiry;
use shared::domain::ids::{AccountId, ClientId};
use shared::domain::management::ManagementScope;
use shared::domain::text::Name;
use shared::domain::validation::{Checked, FieldError, Input};
use std::sync::Arc;

/// Make a client. Unless it authenticates by `private_key_jwt`, its first secret comes with it.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients", tag = "clients", request_body = CreateClient,
    params(("account_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 201, body = CreatedClientView),
        (status = 404, description = "No such account", body = ProblemDocument),
        (status = 409, description = "The id is, or was, taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(
    State(management): State<Arc<Management>>,
    Segments(account_id): Segments<String>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsManage, &account_id)?;
    if let Some(answer) = answered_before(&management, &call).await? {
        return Ok(answer);
    }
    let (body, mut checked) = body::read::<CreateClient>(call.json()?)?;
    if matches!(body.details.details.client_name, Input::Absent) {
        checked.complain("client_name", "is required");
    }
    let blank = blank(&management.app.config, &account, call.now)?;
    let draft = Draft::read(body, checked, blank, &management, &call).await?;
    make(&management, &call, draft).await
}

/// A client that says nothing yet: the deployment's defaults. Its name is replaced, or complained about.
fn blank(config: &Config, account: &AccountId, now: jiff::Timestamp) -> Result<Client, Problem> {
    let name = Name::parse("unnamed").map_err(|error| Problem::field("client_name", error.to_string()))?;
    let client = Client::new(ClientId::from_entropy(random()), account.clone(), name, now);
    Ok(Client {
        access_token_lifetime: client.access_token_lifetime.min(config.max_access_token_lifetime),
        secret_storage: config.secret_storage,
        ..client
    })
}

/// A client that was asked for and found legal.
pub struct Draft {
    /// The client.
    pub client: Client,
    /// Its first secret, if it has one.
    pub terms: Option<SecretTerms>,
}

impl Draft {
    /// Puts what was asked for on top of `base`, with every complaint at once.
    pub async fn read(
        body: CreateClient,
        mut checked: Checked,
        base: Client,
        management: &Management,
        call: &Call,
    ) -> Result<Self, Problem> {
        let config = &management.app.config;
        let mut client = base;
        if let Some(id) = checked.optional("client_id", body.client_id) {
            client.client_id = id;
        }
        body.details.details.apply(&mut client, config.max_access_token_lifetime, call.now, &mut checked);
        let asked = checked.optional("secret", body.secret);
        let terms = if client.token_endpoint_auth_method.takes_secrets() {
            secret_terms(config, asked.unwrap_or_default(), "secret/expires_on", call.now, &mut checked)
        } else {
            if asked.is_some() {
                checked.complain(
                    "secret",
                    "a client with this token_endpoint_auth_method has none: leave it out",
                );
            }
            None
        };
        let wanted = checked.optional("permissions", body.permissions);
        if let Some(wanted) = wanted {
            client.permissions = permitted(wanted, management, call, &mut checked).await?;
        }
        let errors = inconsistencies(&client, &config.issuer, &checked);
        checked.extend(errors);
        if checked.is_clean() {
            Ok(Self { client, terms })
        } else {
            Err(Problem::Invalid(checked.into_errors()))
        }
    }
}

async fn permitted(
    wanted: Vec<WantedPermission>,
    management: &Management,
    call: &Call,
    checked: &mut Checked,
) -> Result<Vec<shared::domain::permission::Permission>, Problem> {
    match permissions::resolve(wanted, &management.app, call.now).await? {
        Ok(permissions) => {
            permissions::may_grant(&call.caller, &[], &permissions)?;
            Ok(permissions)
        }
        Err(errors) => {
            checked.extend(errors.into_iter().map(|error| error.below("permissions")));
            Ok(Vec::new())
        }
    }
}

/// When a new secret ends, or a complaint.
pub fn secret_terms(
    config: &Config,
    asked: RequestedTerms,
    path: &str,
    now: jiff::Timestamp,
    checked: &mut Checked,
) -> Option<SecretTerms> {
    match config.secret_limits.expires_on(asked.expires_on, now) {
        Ok(date) => {
            Some(SecretTerms { expires_at: expiry::expires_at(date), remind: asked.remind.unwrap_or(true) })
        }
        Err(error) => {
            checked.extend([FieldError::new(path, error.to_string())]);
            None
        }
    }
}

/// Makes the client.
pub async fn make(management: &Management, call: &Call, draft: Draft) -> Result<Response, Problem> {
    let app = &management.app;
    let peppers = app.peppers(call.now).await?;
    let minted = draft.terms.map(|terms| mint(&draft.client, terms, &peppers, call.now));
    let client = Client {
        secrets: minted.iter().map(|minted| minted.summary(draft.client.secret_storage)).collect(),
        ..draft.client
    };
    let mandate = call.mandate();
    let provisioner = Provisioner { store: &app.store, vault: &management.vault, mandate: &mandate };
    match provisioner.create_client(&client, minted.as_ref()).await? {
        Ok(audit) => {
            management.announce(&audit).await;
            Ok(answer(management, call, client, minted))
        }

        Err(CreateRefused::Replayed | CreateRefused::IdTaken) => {
            // Perhaps by this very request, sent twice at once.
            answered_before(management, call).await?.ok_or(Problem::Conflict(
                "client_id_taken",
                "a client has or had this id, and ids are not used again; choose another id, or leave it out",
            ))
        }
        Err(CreateRefused::AccountGone) => Err(accounts::gone(management, &client.account_id).await?),
        Err(CreateRefused::InProgress) => Err(Problem::BUSY),
    }
}

fn answer(management: &Management, call: &Call, client: Client, minted: Option<Minted>) -> Response {
    let (location, version) = (location(&client), client.version);
    let view = ClientView::new(client, &management.app.config.issuer, call.now);
    respond::created(&location, Some(version), &CreatedClientView::new(view, minted))
}

/// The answer to a repeat of a request that was carried out: the client, without its secret.
pub async fn answered_before(management: &Management, call: &Call) -> Result<Option<Response>, Problem> {
    let Some(created) = idempotency::earlier(management, call).await? else { return Ok(None) };
    let Created::Client { client_id, secret_id } = created else { return Err(Problem::KeyReused) };
    let app = &management.app;
    let known = app.store.load_client(&client_id).await?.ok_or(Problem::NotFound)?;
    settle_again(management, call, &client_id).await;
    let secret = known.secrets.iter().find(|secret| Some(&secret.secret_id) == secret_id.as_ref());
    let (location, version) = (location(&known.client), known.client.version);
    let view = ClientView::new(known.client, &app.config.issuer, call.now);
    Ok(Some(respond::created(&location, Some(version), &CreatedClientView::again(view, secret))))
}

/// The first try may have ended before the vault's labels were moved; who repeats it wants it whole.
pub async fn settle_again(management: &Management, call: &Call, client_id: &ClientId) {
    let settler = Settler { store: &management.app.store, vault: &management.vault, now: call.now };
    if let Err(fault) = settler.settle(client_id, Absent::Delete).await {
        tracing::warn!(cause = %fault, "left to the sweep");
    }
}

/// The path of a client.
pub fn location(client: &Client) -> String {
    format!("/v1/accounts/{}/clients/{}", client.account_id, client.client_id)
}
