//! Links by which members get into the console.

use crate::json_body::{self, RequestBody, UnknownFields};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::app::ManagementState;
use shared::domain::console::path::ConsolePath;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::validation::Field;
use shared::services::console::links::ConsoleLinks;
use std::sync::Arc;
use utoipa::ToSchema;

/// A link to issue.
#[derive(Deserialize, ToSchema)]
pub struct IssueConsoleLinkRequest {
    /// The address of the member.
    #[serde(default)]
    #[schema(required = true, value_type = String, format = Email, example = "ann@acme.example")]
    pub email: Field<EmailAddress>,
    /// The page that the link leads to: the path of a page of the console. The first page if absent.
    #[serde(default)]
    #[schema(value_type = String, max_length = 1_024, default = "/console", example = "/console/accounts/T12345678/clients")]
    pub to: Field<ConsolePath>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for IssueConsoleLinkRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl IssueConsoleLinkRequest {
    fn parse(json: &[u8]) -> Result<(EmailAddress, ConsolePath), Problem> {
        let (body, mut checked) = json_body::read::<Self>(json)?;
        let email = checked.required("email", body.email);
        let to = checked.optional("to", body.to).unwrap_or_else(ConsolePath::root);
        match email {
            Some(email) if checked.is_ok() => Ok((email, to)),
            _ => Err(Problem::Invalid(checked.into_errors())),
        }
    }
}

/// A link that was issued.
#[derive(Serialize, ToSchema)]
pub struct ConsoleLinkResponse {
    /// The link. Its first use signs the user in as the member.
    #[schema(example = "https://id.example.com/console/link/4f9…")]
    url: String,
    /// It can be used until then: for 60 seconds.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Issue a link that signs a member in to the console, for a portal in which the member is signed in already. It can be
/// used once, within 60 seconds. The session has the scopes that both the caller and the member hold. Each request issues a
/// link of its own.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/console-links", tag = "members", request_body = IssueConsoleLinkRequest,
    params(("account_id" = String, Path)),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 201, body = ConsoleLinkResponse),
        (status = 403, description = "The member holds scopes that the caller lacks, or is an operator's", body = ProblemDocument),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "The account is disabled, or allows the provider only", body = ProblemDocument),
        (status = 422, body = ProblemDocument),
        (status = 429, description = "More than 60 links for the member, or 1,000 for the account, in this hour", body = ProblemDocument)
    )
)]
pub async fn issue(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let links = ConsoleLinks::authorize(ctx.management(&state), &account_id)?;
    let (email, to) = IssueConsoleLinkRequest::parse(ctx.json()?)?;
    let link = links.issue(&email, &to).await?;
    let body = ConsoleLinkResponse { url: link.url, expires_at: link.expires_at };
    Ok(json(StatusCode::CREATED, &body))
}
