//! The templates with which accounts create clients.

mod delete;
mod edit;
mod editor;
pub mod fields;
mod list;
mod new;

use crate::error::ConsoleError;
use crate::forms::filled_form::label_id;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::operator_request::OperatorRequest;
use crate::respond::{page_only, page_or_form_only};
use crate::routes::Routes;
use crate::state::ConsoleState;
use axum::routing::get;
use shared::domain::client::registration::template::{AskedMember, ClientTemplate};
use shared::domain::management::ManagementScope;
use shared::services::clients::{TemplateReader, Templates};
use shared::texts::Texts;

/// The routes.
pub fn routes() -> Routes {
    Routes::default()
        .route("/console/operator/templates", get(list::show).fallback(page_only))
        .route(
            "/console/operator/templates/new",
            get(new::show).post(new::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/operator/templates/{template_id}",
            get(edit::show).post(edit::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/operator/templates/{template_id}/delete",
            get(delete::show).post(delete::submit).fallback(page_or_form_only),
        )
}

/// Path of the list, or of a page below it.
fn path(below: &str) -> String {
    format!("{OPERATOR_ROOT}/templates{below}")
}

/// What people call a member that a template can ask for.
fn asked_label(texts: Texts, member: AskedMember) -> String {
    let id =
        if member == AskedMember::Secret { Some("new-client-secret") } else { label_id(member.as_str()) };
    id.map_or_else(|| member.as_str().to_owned(), |id| texts.get(id))
}

/// URL of the templates in the management API, or of one of them.
fn api_url(state: &ConsoleState, below: &str) -> String {
    format!("{}/v1/templates{below}", state.app().config.issuer)
}

/// The templates, for a person who may change them.
fn templates<'a>(
    state: &'a ConsoleState,
    request: &'a OperatorRequest,
) -> Result<Templates<'a>, ConsoleError> {
    Ok(Templates::authorize(request.management(state))?)
}

/// All templates, for a person who may change them.
async fn reader<'a>(
    state: &'a ConsoleState,
    request: &'a OperatorRequest,
) -> Result<TemplateReader<'a>, ConsoleError> {
    request.person.principal.require_scope(ManagementScope::ResourcesManage)?;
    Ok(TemplateReader::for_caller(request.management(state)).await?)
}

/// One of them.
async fn find(
    state: &ConsoleState,
    request: &OperatorRequest,
    id: &str,
) -> Result<ClientTemplate, ConsoleError> {
    Ok(reader(state, request).await?.get(id).await?)
}
