//! A new API: its form, then what cannot be changed afterwards, then the creation.

use super::{member, path, resources};
use crate::account_request::FORM_NUMBER_FIELD;
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::frame::{Frame, Link};
use crate::operator_request::OperatorRequest;
use crate::pages::operator;
use crate::pages::operator::apis::page::example;
use crate::pages::parts::by_api::create_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};
use shared::adapters::crypto::random::random_hex;
use shared::domain::primitives::validation::{Field, Validator};
use shared::domain::resource::{AccountAccess, Resource};
use shared::services::idempotency::IdempotencyError;
use shared::services::resources::{CreateResource, ResourceError};
use shared::web::response::see_other;
use std::sync::Arc;

/// The members that the form asks for.
const MEMBERS: [&str; 8] = [
    "resource_id",
    "resource_name",
    "audience",
    "service",
    "stage",
    "token_signing_alg",
    "account_access",
    "documentation_url",
];

#[derive(Template)]
#[template(path = "operator/apis/new.html")]
struct NewPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    number: String,
    form: FilledForm,
    /// Why nothing was created, if it is not about a field.
    problem: Option<String>,
    back: String,
    command: String,
}

#[derive(Template)]
#[template(path = "operator/apis/review.html")]
struct ReviewPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    hidden: Vec<(&'static str, String)>,
    resource: &'a Resource,
    example: Option<(String, String)>,
    is_for_all: bool,
    back: String,
    command: String,
}

/// `GET /console/operator/apis/new`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    resources(&state, &request)?;
    let preset = [("token_signing_alg", "RS256"), ("account_access", "entitled"), ("stage", "production")];
    let form = preset.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Ok(respond::page(&page(&state, &request, FilledForm::new(form), None)))
}

/// `POST /console/operator/apis/new`: shows what is about to be created, or creates it.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let step = request.form.get("step").unwrap_or_default().to_owned();
    if step == "change" {
        resources(&state, &request)?;
        return Ok(respond::page(&page(&state, &request, FilledForm::new(request.form.clone()), None)));
    }
    let request = request.recognised_by_form()?;
    let resources = resources(&state, &request)?;
    let new = creation(&body(&request.form));
    let result = if step == "create" { resources.create(new).await } else { resources.preview(new).await };
    match result {
        Ok(resource) if step == "create" => Ok(see_other(&Notice::Created.after(&path(&resource, "")))),
        Ok(resource) => Ok(respond::page(&review(&state, &request, &resource))),
        Err(error) => rejected(&state, &request, error),
    }
}

/// The members that are filled in.
fn body(form: &Form) -> Map<String, Value> {
    let filled = MEMBERS.iter().filter_map(|name| Some(((*name).to_owned(), json!(form.get(name)?.trim()))));
    filled.filter(|(_, value)| *value != "").collect()
}

fn creation(body: &Map<String, Value>) -> CreateResource {
    CreateResource {
        resource_id: member(body, "resource_id"),
        resource_name: member(body, "resource_name"),
        audience: member(body, "audience"),
        service: member(body, "service"),
        stage: member(body, "stage"),
        scopes: Field::Missing,
        default_scopes: Field::Missing,
        token_signing_alg: member(body, "token_signing_alg"),
        account_access: member(body, "account_access"),
        documentation_url: member(body, "documentation_url"),
        errors: Validator::new(),
    }
}

/// The form again, with what is wrong.
fn rejected(
    state: &ConsoleState,
    request: &OperatorRequest,
    error: ResourceError,
) -> Result<Response, ConsoleError> {
    let texts = request.texts;
    let at_member = error.at_member();
    let (errors, problem) = match error {
        ResourceError::Invalid(errors) => (errors, None),
        _ if at_member.is_some() => (Vec::from_iter(at_member), None),
        ResourceError::Idempotency(IdempotencyError::KeyReused) => {
            (Vec::new(), Some(texts.get("form-sent-before")))
        }
        ResourceError::TooManyResources | ResourceError::CatalogueTooLarge => {
            (Vec::new(), Some(texts.get("apis-full")))
        }
        other => return Err(other.into()),
    };
    let form = FilledForm::new(request.form.clone()).with_errors_at(errors, &MEMBERS);
    let again = page(state, request, form, problem);
    Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
}

fn crumbs(request: &OperatorRequest) -> Vec<Link> {
    vec![Link { href: format!("{OPERATOR_ROOT}/apis"), text: request.texts.get("nav-operator-apis") }]
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    form: FilledForm,
    problem: Option<String>,
) -> NewPage<'a> {
    let mut frame = operator::frame(state, request, request.texts.get("api-new")).below(crumbs(request));
    frame.has_errors = form.has_errors() || problem.is_some();
    let url = format!("{}/v1/resources", state.app().config.issuer);
    NewPage {
        frame,
        target: request.form_target(),
        number: random_hex(),
        command: create_command(&url, &body(form.values()).into()),
        form,
        problem,
        back: format!("{OPERATOR_ROOT}/apis"),
    }
}

fn review<'a>(state: &'a ConsoleState, request: &OperatorRequest, resource: &'a Resource) -> ReviewPage<'a> {
    let number = request.form.get(FORM_NUMBER_FIELD).unwrap_or_default().to_owned();
    let filled = MEMBERS.iter().map(|name| (*name, request.form.get(name).unwrap_or_default().to_owned()));
    ReviewPage {
        frame: operator::frame(state, request, request.texts.get("api-review")).below(crumbs(request)),
        target: request.form_target(),
        hidden: filled.chain([(FORM_NUMBER_FIELD, number)]).collect(),
        example: example(request, resource),
        is_for_all: resource.account_access == AccountAccess::All,
        resource,
        back: format!("{OPERATOR_ROOT}/apis"),
        command: create_command(
            &format!("{}/v1/resources", state.app().config.issuer),
            &body(&request.form).into(),
        ),
    }
}
