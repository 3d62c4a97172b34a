//! `GET /llms.txt` and `GET /docs/{name}`: the documents that programs and people of customers need, with this
//! deployment's own issuer in them.

use crate::problem::Problem;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::{HeaderValue, header};
use shared::app::ManagementState;
use shared::web::customer_documents::{DOCUMENTS, Document};
use std::sync::Arc;

/// The routes of the documents, which are open to everyone.
pub fn routes() -> Router<Arc<ManagementState>> {
    Router::new().route("/llms.txt", get(index)).route("/docs/{name}", get(document))
}

async fn index(State(management): State<Arc<ManagementState>>) -> Response {
    let issuer = &management.app.config.issuer;
    let documents = DOCUMENTS
        .iter()
        .map(|Document { name, about, .. }| format!("- [{name}]({issuer}/docs/{name}): {about}"));
    let text = format!(
        "# Latchkey at {issuer}\n\n\
         > OAuth 2.0 access tokens for API clients, and a management API for them.\n\n\
         ## Docs\n\n\
         {}\n\
         - [OpenAPI 3.1]({issuer}/openapi.json): every route and member\n\
         - [Metadata]({issuer}/.well-known/oauth-authorization-server): RFC 8414\n",
        documents.collect::<Vec<_>>().join("\n"),
    );
    respond(text, "text/plain; charset=utf-8")
}

async fn document(
    State(management): State<Arc<ManagementState>>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let found = Document::named(&name).ok_or(Problem::NotFound)?;
    Ok(respond(found.text(&management.app.config.issuer), "text/markdown; charset=utf-8"))
}

fn respond(text: String, content_type: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}
