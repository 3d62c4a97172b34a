//! The list of an account's clients as CSV (RFC 4180), for spreadsheets.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::pages::clients::badges;
use crate::pages::clients::list::query::ListQuery;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use shared::domain::client::Client;
use shared::domain::primitives::link_url::LinkUrl;
use shared::domain::redirect_uri::RedirectUri;
use shared::services::clients::{AttentionInputs, MAX_SORTED};
use shared::texts::Texts;
use shared::wire::csv;
use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;

/// The most clients of a document.
const MAX_CLIENTS: usize = 5_000;

/// The columns, called as the API calls the members of a client.
const COLUMNS: [&str; 20] = [
    "client_id",
    "client_name",
    "description",
    "client_uri",
    "status",
    "attention",
    "signs_in_with",
    "token_endpoint_auth_method",
    "grant_types",
    "permissions",
    "next_end",
    "secrets_expire_at",
    "last_used_on",
    "access_token_lifetime",
    "refresh_token_lifetime",
    "redirect_uris",
    "allowed_ips",
    "contacts",
    "created_at",
    "updated_at",
];

/// `GET /console/accounts/{account_id}/clients.csv`: all clients of the list with these filters.
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let query = ListQuery::parse(&request.query);
    let inputs = clients.attention_inputs_without_mail(&request.person.member).await?;
    let (filter, order) = (query.filter(), query.order());
    let (mut rows, mut after) = (vec![COLUMNS.map(Cow::Borrowed).to_vec()], None);
    loop {
        let list = clients.list_in_order(&filter, &inputs, order, MAX_SORTED, after.as_ref()).await?;
        rows.extend(list.page.items.iter().map(|client| row(&request, client, &inputs)));
        after = list.page.next;
        if after.is_none() {
            break;
        }
        if rows.len() > MAX_CLIENTS {
            rows.push(vec![Cow::Owned(request.texts.get("csv-truncated"))]);
            break;
        }
    }
    Ok(respond::csv(&format!("api-clients-{}.csv", request.account.account_id), &csv::document(rows)))
}

fn row(request: &AccountRequest, client: &Client, inputs: &AttentionInputs) -> Vec<Cow<'static, str>> {
    let (texts, now): (Texts, Timestamp) = (request.texts, request.audit_context.now);
    let permissions = client.permissions.iter().map(|permission| {
        let scopes = joined(permission.scopes.iter());
        format!("{}: {scopes}", permission.resource)
    });
    let cells = [
        client.client_id.to_string(),
        client.client_name.to_string(),
        client.description.to_string(),
        optional(client.client_uri.as_ref().map(LinkUrl::as_str)),
        client.status.as_str().to_owned(),
        joined(inputs.of(client).iter().map(|reason| reason.as_str())),
        badges::signs_in_with(texts, client),
        client.token_endpoint_auth_method.as_str().to_owned(),
        joined(client.grant_types.iter().map(|grant| grant.as_str())),
        permissions.collect::<Vec<_>>().join("; "),
        optional(client.next_end(now)),
        joined(client.secrets.iter().map(|secret| secret.expires_at)),
        optional(client.last_used_on()),
        client.access_token_lifetime.to_string(),
        client.refresh_token_lifetime.to_string(),
        joined(client.redirect_uris.iter().map(RedirectUri::as_str)),
        joined(client.allowed_ips.iter()),
        joined(client.contacts.iter()),
        client.created_at.to_string(),
        client.updated_at.to_string(),
    ];
    cells.map(Cow::Owned).to_vec()
}

fn optional(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn joined(values: impl Iterator<Item = impl Display>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
}
