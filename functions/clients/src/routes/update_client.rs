//! `PATCH …/clients/{client_id}`: changing a client's details.

use super::client_body::DetailsMembers;
use super::client_view::ClientView;
use super::clients::{load, target};
use super::key_members::inconsistencies;
use crate::body;
use crate::call::Call;
use crate::contention::Attempts;
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use shared::adapters::provisioning::Provisioner;
use shared::adapters::store::{Outcome, Record};
use shared::assembly::Management;
use shared::domain::audit::Action;
use shared::domain::client::Client;
use shared::domain::credential::still_there;
use shared::domain::key_source::KeySource;
use shared::domain::management::ManagementScope;
use shared::domain::reminder::said_of_certificate;
use std::sync::Arc;

/// Change a client's details.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}/clients/{client_id}", tag = "clients",
    request_body = DetailsMembers,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("If-Match" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 200, body = ClientView),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsManage, &account_id)?;
    let app = &management.app;
    let mandate = call.mandate();
    let provisioner = Provisioner { store: &app.store, vault: &management.vault, mandate: &mandate };
    let mut attempts = Attempts::default();
    loop {
        let before = load(&management, &account, &client_id).await?.client;
        call.caller.is_not(&before)?;
        call.caller.outranks(&before)?;
        call.if_match.check(before.version)?;
        let (body, mut checked) = body::read::<DetailsMembers>(call.json()?)?;
        let mut after = before.clone();
        body.details.apply(&mut after, app.config.max_access_token_lifetime, call.now, &mut checked);
        let errors = inconsistencies(&after, &app.config.issuer, &checked);
        checked.extend(errors);
        if !checked.is_clean() {
            return Err(Problem::Invalid(checked.into_errors()));
        }
        let view = |client| ClientView::new(client, &app.config.issuer, call.now);
        let changed = changed_members(&before, &after);
        if changed.is_empty() {
            return Ok(respond::thing(before.version, &view(before)));
        }
        (after.version, after.updated_at) = (before.version + 1, call.now);
        after.last_uses = still_there(&after);
        after.forget_unstored_values();
        after.certificate_said = said_of_certificate(&after).cloned();
        let audit = mandate.audit(&account, Action::ClientUpdated, target(&after), &changed);
        let record = Record { audit: &audit, receipt: None };
        match provisioner.update_client(&before, &after, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(respond::thing(after.version, &view(after)));
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}

fn changed_members(before: &Client, after: &Client) -> Vec<&'static str> {
    macro_rules! compare {
        ($($member:ident),+ $(,)?) => {
            [$((before.$member != after.$member).then_some(stringify!($member))),+]
        };
    }
    let member = |client: &Client| client.key_source.as_ref().map(KeySource::member);
    let keys = (before.key_source != after.key_source).then(|| [member(before), member(after)]);
    let [was, is] = keys.unwrap_or_default();
    let keys = [was.filter(|was| is != Some(was)), is];
    compare!(
        client_name,
        description,
        grant_types,
        token_endpoint_auth_method,
        federated_identities,
        access_token_lifetime,
        refresh_token_lifetime,
        redirect_uris,
        allowed_ips,
        contacts,
        secret_storage,
        secret_display,
    )
    .into_iter()
    .chain(keys)
    .flatten()
    .collect()
}
