//! How a program uses a client: what it is configured with, a program to copy, and how an API verifies its tokens.

pub mod program;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, NavEntry};
use crate::pages::clients::{badges, client_frame};
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use program::{ProgramCredential, ProgramLanguage, ProgramValues, verifiers};
use shared::domain::client::{Client, GrantType};
use shared::domain::resource::Resource;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "clients/use/page.html")]
struct UsePage<'a> {
    frame: Frame<'a>,
    client_id: &'a str,
    issuer: &'a str,
    people_sign_in: bool,
    signs_in_with: String,
    method: &'static str,
    /// Audiences, with their scopes.
    resources: Vec<(String, String)>,
    languages: Vec<NavEntry>,
    program: Option<String>,
    /// The variable of the environment that the program reads.
    variable: &'static str,
    /// Programs that verify tokens, each with the library that it uses.
    verifiers: [(&'static str, String); 2],
    example: Option<String>,
}

/// `GET …/clients/{client_id}/use?lang=`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let client = clients.get(&client_id).await?;
    let example = clients.example_token(&client).await?;
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let issuer = state.app().config.issuer.as_str();
    let resources = resources_of(&client, |id| catalogue.resources.get(id));
    let first = resources.first().map(|(resource, _)| *resource);
    let values = ProgramValues::of(&client, issuer, first);
    let chosen = values.as_ref().map(|values| chosen_language(&request.query, values.credential()));
    let audience = first.map_or_else(
        || "https://api.example.com".to_owned(),
        |resource| resource.audience.for_account(&client.account_id),
    );
    let alg = first.map_or("RS256", |resource| resource.token_signing_alg.as_str());
    let page = UsePage {
        frame: client_frame(&state, &request, &client, request.texts.get("use-title")),
        client_id: client.client_id.as_str(),
        issuer,
        people_sign_in: client.grant_types.contains(&GrantType::AuthorizationCode),
        signs_in_with: badges::signs_in_with(request.texts, &client),
        method: client.token_endpoint_auth_method.into(),
        resources: resources
            .iter()
            .map(|(resource, scopes)| (resource.audience.for_account(&client.account_id), scopes.clone()))
            .collect(),
        languages: chosen.map_or_else(Vec::new, |chosen| language_tabs(&request, values.as_ref(), chosen)),
        program: values.as_ref().zip(chosen).map(|(values, language)| language.program(values)),
        variable: variable(values.as_ref(), chosen),
        verifiers: verifiers(issuer, &audience, alg),
        example: example.and_then(|claims| serde_json::to_string_pretty(&claims).ok()),
    };
    Ok(respond::page(&page))
}

/// The resources that a client may call, with the scopes that it holds there.
pub fn resources_of<'a>(
    client: &Client,
    find: impl Fn(&shared::domain::primitives::ids::ResourceId) -> Option<&'a Resource>,
) -> Vec<(&'a Resource, String)> {
    let held = client.permissions.iter();
    held.filter_map(|held| Some((find(&held.resource)?, held.scopes.to_string()))).collect()
}

fn chosen_language(query: &str, credential: ProgramCredential) -> ProgramLanguage {
    let offered = ProgramLanguage::with(credential);
    let mut params = form_urlencoded::parse(query.as_bytes());
    let named = params.find(|(name, _)| name == "lang").map(|(_, code)| code);
    let found = offered.iter().copied().find(|language| Some(language.code()) == named.as_deref());
    found.unwrap_or(offered[0])
}

fn language_tabs(
    request: &AccountRequest,
    values: Option<&ProgramValues>,
    chosen: ProgramLanguage,
) -> Vec<NavEntry> {
    let offered = values.map(|values| ProgramLanguage::with(values.credential())).unwrap_or_default();
    let tab = |language: &ProgramLanguage| NavEntry {
        href: format!("{}?lang={}#program", request.path, language.code()),
        text: language.name().to_owned(),
        is_current: *language == chosen,
    };
    offered.iter().map(tab).collect()
}

const fn variable(values: Option<&ProgramValues>, chosen: Option<ProgramLanguage>) -> &'static str {
    let Some(values) = values else { return "" };
    match (values.credential(), chosen) {
        (ProgramCredential::Secret, _) => "CLIENT_SECRET",
        (ProgramCredential::Key, _) => "PRIVATE_KEY",
        (ProgramCredential::Workload, Some(ProgramLanguage::Curl)) => "WORKLOAD_TOKEN",
        (ProgramCredential::Workload, _) => "WORKLOAD_TOKEN_FILE",
    }
}
