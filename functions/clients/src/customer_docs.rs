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
use std::sync::Arc;

/// A document: its name below `/docs/`, where the repository has it, what it is about, and its text.
struct Document {
    name: &'static str,
    path: &'static str,
    about: &'static str,
    text: &'static str,
}

const DOCUMENTS: [Document; 5] = [
    Document {
        name: "start.md",
        path: "README.md",
        about: "a first token, and calling the management API",
        text: include_str!("../docs/start.md"),
    },
    Document {
        name: "token.md",
        path: "token/README.md",
        about: "tokens: client authentication, verification, introspection, errors",
        text: include_str!("../../token/README.md"),
    },
    Document {
        name: "authorize.md",
        path: "authorize/README.md",
        about: "the authorization code flow: acting for a person",
        text: include_str!("../../authorize/README.md"),
    },
    Document {
        name: "management.md",
        path: "clients/README.md",
        about: "the management API: clients, secrets and their rotation, audit trail",
        text: include_str!("../README.md"),
    },
    Document {
        name: "reminders.md",
        path: "expiry/README.md",
        about: "reminders before secrets and certificates expire",
        text: include_str!("../../expiry/README.md"),
    },
];

/// How documents spell the issuer.
const ISSUERS: [&str; 2] = ["http://127.0.0.1:8787", "https://id.example.com"];

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
    let found = DOCUMENTS.iter().find(|document| document.name == name).ok_or(Problem::NotFound)?;
    Ok(respond(render(found.text, &management.app.config.issuer), "text/markdown; charset=utf-8"))
}

fn respond(text: String, content_type: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

/// A document for this deployment: its issuer, links between these documents, and of other links only their text,
/// because what they lead to is the operator's.
fn render(text: &str, issuer: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("<!--"));
    let mut rendered = String::with_capacity(text.len());
    for line in lines {
        rendered += &links(line);
        rendered.push('\n');
    }
    ISSUERS.iter().fold(rendered, |text, spelled| text.replace(spelled, issuer))
}

/// A line with its links rewritten.
fn links(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("](") {
        let Some((target, after)) = after.split_once(')') else { break };
        match (before.rfind('['), served(target)) {
            (_, Some(target)) => out.extend([before, "](", &target, ")"]),
            (Some(open), None) => out.extend([&before[..open], &before[open + 1..]]),
            (None, None) => out += before,
        }
        rest = after;
    }
    out + rest
}

/// Where a link leads within these documents; `None` if it leads out of them.
fn served(target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with('#') {
        return Some(target.to_owned());
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = path.trim_start_matches("../");
    let document = DOCUMENTS.iter().find(|document| document.path == path)?;
    let anchored = !anchor.is_empty() && document.name != "start.md";
    Some(format!("/docs/{}{}", document.name, if anchored { format!("#{anchor}") } else { String::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_served_documents_stay() {
        assert_eq!(links("a [b](../token/README.md#errors) c"), "a [b](/docs/token.md#errors) c");
        assert_eq!(links("[b](../../README.md#the-first-token)"), "[b](/docs/start.md)");
        assert_eq!(links("[b](https://example.com) [c](#d)"), "[b](https://example.com) [c](#d)");
    }

    #[test]
    fn other_links_become_text() {
        assert_eq!(links("see [limits](../../infra/docs/limits.md)."), "see limits.");
    }

    #[test]
    fn documents_have_this_deployments_issuer_only() {
        for document in &DOCUMENTS {
            let text = render(document.text, "https://login.acme.test");
            assert!(text.starts_with("# "), "{}", document.name);
            assert!(ISSUERS.iter().all(|spelled| !text.contains(spelled)), "{}", document.name);
            assert!(!text.contains("<!--") && !text.contains("](../"), "{}", document.name);
        }
    }
}
