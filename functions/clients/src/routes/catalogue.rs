//! The resources and templates as one document.

use crate::json_body::{self, RequestBody, UnknownFields};
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::json;
use crate::routes::resources::request::{CreateResourceRequest, ResourceDocument};
use crate::routes::resources::response::ResourceResponse;
use crate::routes::templates::schema::{CreateTemplateRequest, TemplateResponse};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::app::ManagementState;
use shared::domain::primitives::validation::Field;
use shared::services::clients::TemplateInput;
use shared::services::resources::catalogue::Catalogue;
use std::sync::Arc;
use utoipa::ToSchema;

/// All resources, and all templates in their order.
#[derive(Serialize, ToSchema)]
pub struct CatalogueResponse {
    resources: Vec<ResourceResponse>,
    templates: Vec<TemplateResponse>,
}

/// What a catalogue is to have, as it was read in another stage.
#[derive(Deserialize, ToSchema)]
pub struct PutCatalogueRequest {
    /// Resources; of those that exist, absent members stay as they are.
    #[serde(default)]
    #[schema(value_type = Vec<CreateResourceRequest>)]
    resources: Field<Vec<Map<String, Value>>>,
    /// Templates, whole.
    #[serde(default)]
    #[schema(value_type = Vec<CreateTemplateRequest>)]
    templates: Field<Vec<Map<String, Value>>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for PutCatalogueRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

/// What was done with the resources or templates of a document, by their ids.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes ItemOutcomes")]
pub struct ItemOutcomes {
    created: Vec<String>,
    changed: Vec<String>,
    unchanged: Vec<String>,
    /// Those that are not in the document. They stay.
    others: Vec<String>,
}

/// What a document did.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes CatalogueOutcome")]
pub struct PutCatalogueResponse {
    resources: ItemOutcomes,
    templates: ItemOutcomes,
}

/// Read all resources and templates as one document, which can be put into another stage.
#[utoipa::path(
    get, path = "/v1/catalogue", tag = "resources", operation_id = "get_catalogue",
    security(("latchkey" = ["resources:manage"])),
    responses((status = 200, body = CatalogueResponse))
)]
pub async fn get(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let (resources, templates) = Catalogue::authorize(ctx.management(&state))?.read().await?;
    let body = CatalogueResponse {
        resources: resources.into_iter().map(ResourceResponse::from).collect(),
        templates: templates.into_iter().map(TemplateResponse::from).collect(),
    };
    Ok(json(StatusCode::OK, &body))
}

/// Create and change resources and templates as a document has them. What it does not have stays.
///
/// The document is checked first. If a later rule refuses one of its items, those before it are done; the same document can be
/// sent again.
#[utoipa::path(
    put, path = "/v1/catalogue", tag = "resources", operation_id = "put_catalogue",
    request_body = PutCatalogueRequest, security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 200, body = PutCatalogueResponse),
        (status = 409, description = "An id or audience is taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn put(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let catalogue = Catalogue::authorize(ctx.management(&state))?;
    let (body, mut checked) = json_body::read::<PutCatalogueRequest>(ctx.json()?)?;
    let resources = checked.optional("resources", body.resources).unwrap_or_default();
    let templates = checked.optional("templates", body.templates).unwrap_or_default();
    let mut inputs = Vec::new();
    for (index, members) in resources.into_iter().enumerate() {
        match ResourceDocument::parse(members) {
            Ok(input) => inputs.push(input),
            Err(Problem::Invalid(errors)) => {
                let path = index.to_string();
                let errors = errors.into_iter().map(|error| error.nested(&path).nested("resources"));
                checked.extend(errors);
            }
            Err(problem) => return Err(problem),
        }
    }
    if !checked.is_ok() {
        return Err(Problem::Invalid(checked.into_errors()));
    }
    let templates = templates.into_iter().map(TemplateInput::from_document).collect();
    Ok(json(StatusCode::OK, &catalogue.apply(inputs, templates).await?))
}
