//! What a client signs in with: its secrets, and what is done to each of them; its keys and platforms.

mod actions;
pub mod key_rows;
pub mod once;
mod revoke;
pub mod secret_view;

use crate::account_request::MembersRequest;
use crate::error::ConsoleError;
use crate::frame::Frame;
use crate::pages::clients::badges;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::clients::reminders;
use crate::pages::clients::rotate;
use crate::pages::clients::{client_frame, credentials_url};
use crate::pages::parts::by_api::bare_command;
use crate::respond::{self, page_only, page_or_form_only, post_only};
use crate::routes::Routes;
use crate::state::ConsoleState;
use actions::{ActionForm, SecretAction};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use key_rows::{KeyRow, key_rows};
use secret_view::SecretView;
use shared::domain::audit::ActionGroup;
use shared::domain::client::{AuthMethod, SecretDisplay};
use shared::domain::management::ManagementScope;
use shared::domain::reminder::{CredentialName, next_notices};
use std::sync::Arc;

/// A secret, with what the person may do to it.
struct SecretCard {
    secret: SecretView,
    forms: Vec<ActionForm>,
    /// URL of the page that revokes it.
    revoke: Option<String>,
    /// What pausing it does, for those who may.
    pause_hint: Option<String>,
}

#[derive(Template)]
#[template(path = "clients/credentials/page.html")]
struct CredentialsPage<'a> {
    frame: Frame<'a>,
    signs_in_with: String,
    takes_secrets: bool,
    /// URL of the steps from secrets to keys, if it has both.
    moves_to_keys: Option<String>,
    /// Whether it has secrets that are not accepted any more.
    has_unused_secrets: bool,
    /// Whether it signs in with nothing.
    is_public: bool,
    secrets: Vec<SecretCard>,
    /// URL of the changes of its secrets, for those who may read the audit trail.
    changes: Option<String>,
    /// Who gets reminders; `None` if nothing ends.
    recipients: Option<String>,
    keys: Vec<KeyRow>,
    /// URL of the page that adds a secret, and the text of the link.
    rotate: Option<(String, String)>,
    /// What the buttons of a secret do, as requests to the management API.
    commands: Option<String>,
    /// URLs of the pages that change how it signs in, and with which keys.
    change: Option<[String; 2]>,
}

/// The routes of the pages about credentials.
pub fn routes() -> Routes {
    let page =
        |below: &str| format!("/console/accounts/{{account_id}}/clients/{{client_id}}/credentials{below}");
    let action = |segment: &str| page(&format!("/secrets/{{secret_id}}/{segment}"));
    let router = Routes::default()
        .route(&page(""), get(show).fallback(page_only))
        .route(&page("/rotate"), get(rotate::show).post(rotate::add).fallback(page_or_form_only))
        .route(
            &page("/leaked"),
            get(rotate::leaked::show).post(rotate::leaked::submit).fallback(page_or_form_only),
        )
        .route(&page("/download"), post(once::download).fallback(post_only))
        .route(&page("/test"), post(once::test).fallback(post_only))
        .route(&page("/done"), post(once::done).fallback(post_only))
        .route(&action("show"), post(actions::reveal).fallback(post_only))
        .route(&action("revoke"), get(revoke::show).post(revoke::submit).fallback(page_or_form_only));
    SecretAction::ALL.into_iter().fold(router, |router, known| {
        router.route(&action(known.segment()), post(actions::submit).fallback(post_only))
    })
}

/// `GET …/clients/{client_id}/credentials`
async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    MembersRequest { request, members }: MembersRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let known = clients.with_secrets(&client_id).await?;
    let (client, texts, now) = (&known.client, request.texts, request.audit_context.now);
    let can_manage = request.may(ManagementScope::ClientsManage);
    let is_shown_again =
        client.secret_display == SecretDisplay::OnRequest && request.may(ManagementScope::SecretsReveal);
    let next = next_notices(client, &known.secrets, &state.app().config.reminder_days, now);
    let takes_secrets = client.token_endpoint_auth_method.takes_secrets();
    let live = known.secrets.iter().filter(|secret| secret.is_live(now)).count();
    let usable = known.secrets.iter().filter(|secret| takes_secrets && secret.is_usable(now)).count();
    let recipients = if next.is_empty() {
        None
    } else {
        let known = clients.mail_recipients_among(members).await?;
        Some(reminders::recipients_text(texts, &known.of(&client.contacts, now)))
    };
    let card = |secret: &shared::domain::client::secret::Secret| {
        let name = CredentialName::SecretId(secret.secret_id.clone());
        let due = next.iter().find(|(ending, _)| ending.name() == name).map(|(_, at)| *at);
        let view = SecretView::new(texts, secret, now).reminded(texts, due, now);
        let url = credentials_url(&request, &client_id, &format!("/secrets/{}", secret.secret_id));
        let mut forms = Vec::new();
        if is_shown_again && secret.revealable && secret.is_live(now) {
            forms.push(ActionForm::new(&request, &url, "show", texts.get("secret-show")));
        }
        if can_manage {
            let offered = SecretAction::offered(secret, now).into_iter();
            forms.extend(
                offered.map(|action| ActionForm::new(&request, &url, action.segment(), action.text(texts))),
            );
        }
        let pause_hint = (can_manage && secret.is_usable(now))
            .then(|| texts.get(if usable == 1 { "secret-pause-only-hint" } else { "secret-pause-hint" }));
        SecretCard { secret: view, forms, revoke: can_manage.then(|| format!("{url}/revoke")), pause_hint }
    };
    let page = CredentialsPage {
        frame: client_frame(&state, &request, client, texts.get("credentials-title")),
        signs_in_with: badges::signs_in_with(texts, client),
        takes_secrets,
        moves_to_keys: (can_manage && takes_secrets && client.has_keys_or_identities())
            .then(|| credentials_url(&request, &client_id, "/method#move")),
        has_unused_secrets: !takes_secrets && live > 0,
        is_public: client.token_endpoint_auth_method == AuthMethod::None,
        secrets: known.secrets.iter().map(card).collect(),
        changes: request.may(ManagementScope::AuditRead).then(|| {
            let group: &str = ActionGroup::Secrets.into();
            request.url(&format!("/audit?client={client_id}&what={group}"))
        }),
        recipients,
        keys: key_rows(texts, client, now),
        rotate: (can_manage && takes_secrets).then(|| {
            let text = texts.get(if live == 0 { "rotate-link-add" } else { "rotate-link" });
            (credentials_url(&request, &client_id, "/rotate"), text)
        }),
        commands: (can_manage && !client.secrets.is_empty())
            .then(|| secret_commands(&api_url(&state, client))),
        change: can_manage
            .then(|| ["/method", "/keys"].map(|below| credentials_url(&request, &client_id, below))),
    };
    Ok(respond::page(&page))
}

/// What the buttons of a secret do, as requests to the management API. The secret's id is no part of the page.
fn secret_commands(client: &str) -> String {
    let secret = format!("{client}/secrets/'$SECRET_ID'");
    let pause = bare_command("POST", &format!("{secret}/pause"));
    let resume = bare_command("POST", &format!("{secret}/resume"));
    format!("{pause}\n\n{resume}\n\n{}", bare_command("DELETE", &secret))
}
