//! The people who let a client act for them, and how that is ended.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::clients::permissions::words::{place, scope_words};
use crate::pages::clients::status::verified_offline;
use crate::pages::clients::{client_frame, is_for_people};
use crate::pages::parts::by_api::bare_command;
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
use crate::{paging, respond};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use shared::domain::management::ManagementScope;
use shared::domain::sign_in::consent::Consent;
use shared::domain::sign_in::end_user::SubjectType;
use shared::services::clients::ClientError;
use shared::web::response::see_other;
use std::sync::Arc;

/// A person.
struct PersonRow {
    email: String,
    is_member: bool,
    /// What the client may do for them, in words.
    granted: Vec<String>,
    since: Instant,
    used: Instant,
    /// URL of the page that ends it.
    end: Option<String>,
}

#[derive(Template)]
#[template(path = "clients/people.html")]
struct PeoplePage<'a> {
    frame: Frame<'a>,
    /// Whether people can sign in to the client at all.
    is_for_people: bool,
    rows: Vec<PersonRow>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "clients/end_consent.html")]
struct EndPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    back: String,
    consequences: Vec<String>,
    command: String,
}

/// `GET …/clients/{client_id}/people`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let (app, now, texts) = (state.app(), request.audit_context.now, request.texts);
    let mut params = form_urlencoded::parse(request.query.as_bytes());
    let after = params.find(|(name, _)| name == paging::PARAMETER).map(|(_, value)| value.into_owned());
    let position = paging::open(app, &request.path, after.as_deref(), now).await?;
    let limit = i32::try_from(paging::PAGE_SIZE).unwrap_or(i32::MAX);
    let (client, page) = clients.with_consents(&client_id, limit, position.as_ref()).await?;
    let next = paging::seal(app, &request.path, page.next, now).await?;
    let catalogue = app.catalogue(now).await?.value;
    let granted = |consent: &Consent| {
        let apis = consent.granted.iter().map(|(id, scopes)| {
            let resource = catalogue.resources.get(id);
            let words = scope_words(texts, resource, id, scopes).join(", ");
            format!("{}: {words}", place(resource, id))
        });
        apis.collect()
    };
    let may_end = request.may(ManagementScope::ClientsManage);
    let row = |consent: &Consent| PersonRow {
        email: consent.email.to_string(),
        is_member: consent.sub.subject_type() == SubjectType::Member,
        granted: granted(consent),
        since: Instant::new(texts, consent.given_at, now),
        used: Instant::new(texts, consent.used_at, now),
        end: may_end.then(|| format!("{}/{}/end", request.path, consent.sub)),
    };
    let people = PeoplePage {
        frame: client_frame(&state, &request, &client, texts.get("people-title")),
        is_for_people: is_for_people(&client),
        rows: page.items.iter().map(row).collect(),
        first: position.is_some().then(|| request.path.clone()),
        next: next.map(|next| format!("{}?{}={next}", request.path, paging::PARAMETER)),
    };
    Ok(respond::page(&people))
}

/// `GET …/clients/{client_id}/people/{sub}/end`: says what ends with a consent.
pub async fn ask(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, sub)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    request.client_manager(&state)?;
    let clients = request.clients(&state)?;
    let (client, consent) = clients.consent(&client_id, &sub).await?;
    let (texts, back) = (request.texts, request.url(&format!("/clients/{client_id}/people")));
    // It was ended meanwhile.
    let Some(consent) = consent else { return Ok(see_other(&back)) };
    let title = texts.with("end-consent-title", [("person", consent.email.as_str())]);
    let page = EndPage {
        frame: client_frame(&state, &request, &client, title),
        target: request.form_target(),
        back,
        consequences: vec![
            texts.get("end-consent-refresh"),
            verified_offline(texts, &client, request.audit_context.now),
            texts.get("end-consent-again"),
        ],
        command: bare_command("DELETE", &format!("{}/consents/{sub}", api_url(&state, &client))),
    };
    Ok(respond::page(&page))
}

/// `POST …/clients/{client_id}/people/{sub}/end`
pub async fn end(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, sub)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    clients.get(&client_id).await?;
    match clients.withdraw_consent(&client_id, &sub, &|_| true).await {
        // Ended twice, it is ended.
        Ok(()) | Err(ClientError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(see_other(&Notice::ConsentEnded.after(&request.url(&format!("/clients/{client_id}/people")))))
}
