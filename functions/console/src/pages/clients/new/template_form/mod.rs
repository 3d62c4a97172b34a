//! Creating a client with one of the operator's templates: only what it asks for is a field, and what it fixes is text.

mod fields;
mod preset_text;

use super::{crumbs, show_credentials};
use crate::account_request::{AccountRequest, FORM_NUMBER_FIELD};
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::forms::{Form, lifetime};
use crate::frame::{Frame, display_name};
use crate::pages::clients::rotate::form::SecretForm;
use crate::pages::parts::by_api::create_command;
use crate::pages::parts::error_page::ErrorPage;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::response::Response;
use fields::{FieldKind, TemplateField, fields_of, lifetime_unit, members};
use http::StatusCode;
use preset_text::PresetRow;
use serde_json::{Value, json};
use shared::domain::client::registration::template::{AskedMember, ClientTemplate};
use shared::domain::primitives::ids::TemplateId;
use shared::domain::primitives::link_url::LinkUrl;
use shared::domain::primitives::validation::FieldError;
use shared::services::clients::{ClientError, TemplateError, TemplateReader};
use std::sync::Arc;
use strum::VariantArray;

#[derive(Template)]
#[template(path = "clients/new/template.html")]
struct TemplatePage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    number: String,
    template_id: &'a str,
    summary: &'a str,
    documentation: Option<&'a str>,
    cancel: String,
    form: FilledForm,
    /// What it asks for.
    asked: Vec<TemplateField>,
    /// What has a default and may be changed.
    preset: Vec<TemplateField>,
    /// What it fixes.
    fixed: Vec<PresetRow>,
    secret: Option<SecretForm>,
    /// Why nothing was created, if it is not about a field.
    problem: Option<String>,
    is_linked: bool,
    command: String,
}

/// What the form is shown with.
#[derive(Default)]
pub struct ShownForm {
    /// What is filled in.
    pub form: FilledForm,
    /// Whether a link filled it in.
    pub is_linked: bool,
    problem: Option<String>,
    number: Option<String>,
}

/// The templates that the account may use, in their order.
pub async fn offered(
    state: &ConsoleState,
    request: &AccountRequest,
) -> Result<Vec<ClientTemplate>, ConsoleError> {
    Ok(reader(state, request).list().await?)
}

/// One of them; `None` if there is none of this id.
pub async fn find(
    state: &ConsoleState,
    request: &AccountRequest,
    id: &str,
) -> Result<Option<ClientTemplate>, ConsoleError> {
    match reader(state, request).get(id).await {
        Ok(template) => Ok(Some(template)),
        Err(TemplateError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn reader<'a>(state: &'a ConsoleState, request: &'a AccountRequest) -> TemplateReader<'a> {
    TemplateReader::offered_to(request.management(state), Arc::clone(&request.account))
}

/// The page of the form.
pub async fn respond_form(
    state: &ConsoleState,
    request: &AccountRequest,
    template: &ClientTemplate,
    shown: ShownForm,
    status: StatusCode,
) -> Result<Response, ConsoleError> {
    let (config, now, texts) = (&state.app().config, request.audit_context.now, request.texts);
    let catalogue = state.app().catalogue(now).await?.value;
    let members = members(template, shown.form.values());
    let mut body = json!({ "template": template.template_id });
    if let Value::Object(body) = &mut body {
        body.extend(members);
    }
    let secret = template.asked.contains(&AskedMember::Secret).then(|| secret_form(state, request, &shown));
    let title = display_name(&template.title);
    let mut frame = Frame::in_account(state, request, title).below(crumbs(request));
    frame.has_errors = shown.form.has_errors() || shown.problem.is_some();
    let [asked, preset] = fields_of(texts, template, config.max_access_token_lifetime);
    let page = TemplatePage {
        frame,
        target: request.form_target_at(&request.url("/clients/new")),
        number: shown.number.unwrap_or_else(|| request.new_form_number()),
        template_id: template.template_id.as_str(),
        summary: template.summary.as_str(),
        documentation: template.documentation_url.as_ref().map(LinkUrl::as_str),
        cancel: request.url("/clients"),
        form: shown.form,
        asked,
        preset,
        fixed: preset_text::rows(texts, template, &catalogue),
        secret,
        problem: shown.problem,
        is_linked: shown.is_linked,
        command: create_command(
            &format!("{}/v1/accounts/{}/clients", config.issuer, request.account.account_id),
            &body,
        ),
    };
    Ok(respond::page_with_status(status, &page))
}

fn secret_form(state: &ConsoleState, request: &AccountRequest, shown: &ShownForm) -> SecretForm {
    let (limits, now) = (request.secret_limits(state), request.audit_context.now);
    if request.form.get("ends").is_none() {
        return SecretForm::new(request.texts, limits, now);
    }
    let mut secret = SecretForm::filled(request.texts, limits, now, &request.form);
    secret.end_error = shown.form.error("expires_on");
    secret.label_error = shown.form.error("label");
    secret
}

/// The form with its defaults, and what a link fills in.
pub fn first_form(template: &ClientTemplate, linked: Vec<(String, String)>) -> ShownForm {
    let is_linked = !linked.is_empty();
    let presets = fields::default_values(template).into_iter();
    let presets =
        presets.filter(|(name, _)| !linked.iter().any(|(other, _)| other == name)).collect::<Vec<_>>();
    let form: Form = linked.into_iter().chain(presets).collect();
    ShownForm { form: FilledForm::new(form), is_linked, ..ShownForm::default() }
}

/// The fields of the form, in their order: what it asks for, the secret, and what it presets.
fn order(template: &ClientTemplate) -> Vec<&'static str> {
    let asked = template.asked.iter().map(|member| member.as_str());
    asked
        .chain(["expires_on", "label"])
        .chain(AskedMember::VARIANTS.iter().map(|member| member.as_str()))
        .collect()
}

/// The form as it was typed.
pub fn restored_form(form: &Form) -> ShownForm {
    ShownForm { form: FilledForm::new(form.clone()), ..ShownForm::default() }
}

/// Creates a client of a form that was sent, and shows its credentials once.
pub async fn create(
    state: &ConsoleState,
    request: &AccountRequest,
    id: &TemplateId,
) -> Result<Response, ConsoleError> {
    let template = find(state, request, id.as_str()).await?.ok_or(ConsoleError::NotFound)?;
    let clients = request.client_manager(state)?;
    let members = members(&template, &request.form);
    let created = match clients.from_template(id, &members).await {
        Ok(new) => clients.create(new).await,
        Err(error) => Err(error),
    };
    let sent = |errors: Vec<FieldError>| {
        let max = state.app().config.max_access_token_lifetime;
        let errors = lifetime::in_units(errors, max, |member| lifetime_unit(&template, member));
        FilledForm::new(request.form.clone()).with_errors(errors).in_order(&order(&template))
    };
    match created {
        Ok(created) => show_credentials(state, request, &created).await,
        Err(ClientError::Invalid(errors)) => {
            let shown = ShownForm { form: sent(errors), ..ShownForm::default() };
            respond_form(state, request, &template, shown, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => {
            let error = ConsoleError::from(error);
            let status = error.status();
            // Nothing was created, or the outcome is unknown: the form keeps its number, and makes no second client.
            if !matches!(
                status,
                StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
            ) {
                return Err(error);
            }
            tracing::warn!(cause = %error, "a client was not created");
            let shown = ShownForm {
                form: sent(Vec::new()),
                problem: Some(ErrorPage::new(&error, request.texts).message),
                number: request.form.get(FORM_NUMBER_FIELD).map(str::to_owned),
                is_linked: false,
            };
            respond_form(state, request, &template, shown, status).await
        }
    }
}
