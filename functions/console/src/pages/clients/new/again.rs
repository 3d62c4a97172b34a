//! The form once more: nothing was created, and everything that was typed is kept.

use super::page::NewClientForm;
use super::preset::Preset;
use crate::account_request::{AccountRequest, FORM_NUMBER_FIELD};
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::pages::clients::permissions::ticked::SCOPE_FIELD;
use crate::pages::parts::error_page::ErrorPage;
use crate::respond;
use crate::state::ConsoleState;
use axum::response::Response;
use http::StatusCode;
use shared::domain::primitives::validation::FieldError;

/// The page once more, with all boxes of an API ticked, or none.
pub async fn respond_ticked(
    state: &ConsoleState,
    request: &AccountRequest,
    preset: Preset,
    values: Vec<String>,
) -> Result<Response, ConsoleError> {
    let mut form = NewClientForm::sent(state, request, preset, Vec::new());
    let kept = form.filled.values().clone();
    form.filled = FilledForm::new(kept.without(SCOPE_FIELD).with_all(SCOPE_FIELD, values));
    Ok(respond::page(&form.page(state, request).await?))
}

/// The page once more, with complaints at the fields.
pub async fn respond_again(
    state: &ConsoleState,
    request: &AccountRequest,
    preset: Preset,
    errors: Vec<FieldError>,
) -> Result<Response, ConsoleError> {
    let page = NewClientForm::sent(state, request, preset, errors).page(state, request).await?;
    Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// The page once more, with everything that was typed: nothing was created, or the outcome is unknown. It keeps its number, so that it
/// can be sent again and makes no second client.
pub async fn respond_failed(
    state: &ConsoleState,
    request: &AccountRequest,
    preset: Preset,
    error: ConsoleError,
) -> Result<Response, ConsoleError> {
    let status = error.status();
    if !matches!(
        status,
        StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    ) {
        return Err(error);
    }
    tracing::warn!(cause = %error, "a client was not created");
    let mut form = NewClientForm::sent(state, request, preset, Vec::new());
    form.problem = Some(ErrorPage::new(&error, request.texts).message);
    form.number = request.form.get(FORM_NUMBER_FIELD).unwrap_or_default().to_owned();
    let page = form.page(state, request).await?;
    Ok(respond::page_with_status(status, &page))
}
