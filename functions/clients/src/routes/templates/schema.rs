//! Templates as they are sent and answered, for the documentation.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use shared::domain::client::registration::name_pattern::NamePattern;
use shared::domain::client::registration::template::{AskedMember, ClientTemplate};
use shared::domain::primitives::display_text::{Description, Name};
use shared::domain::primitives::ids::TemplateId;
use shared::domain::primitives::link_url::LinkUrl;
use utoipa::ToSchema;

/// What a template says of the members of a client.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what TemplateInput reads")]
pub struct CreateTemplateRequest {
    /// Its id; never changes.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "checkout")]
    template_id: String,
    #[schema(inline)]
    #[serde(flatten)]
    members: UpdateTemplateRequest,
}

/// A change of a template, as a merge patch (RFC 7396): also of the objects in it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what TemplateInput reads")]
pub struct UpdateTemplateRequest {
    /// What it is called. Required for a new one.
    #[schema(
        required = false,
        nullable = false,
        min_length = 1,
        max_length = 100,
        example = "Checkout client"
    )]
    title: Option<String>,
    /// What it is for, in one sentence.
    #[schema(required = false, nullable = false, max_length = 500)]
    summary: Option<String>,
    /// Its place among the others, the least first; 0 if absent.
    #[schema(required = false, nullable = false, maximum = 9999)]
    order: Option<u32>,
    /// Where its documentation is: https.
    #[schema(max_length = 500)]
    documentation_url: Option<String>,
    /// Members of a client that cannot be sent otherwise.
    #[schema(value_type = Option<Object>, required = false, nullable = false, example = json!({"access_token_lifetime": 14_400}))]
    fixed: Option<Value>,
    /// Members of a client that have these values if they are not sent.
    #[schema(value_type = Option<Object>, required = false, nullable = false)]
    defaults: Option<Value>,
    /// Members of a client that are to be sent: `client_name`, `description`, `client_uri`, `redirect_uris`, `contacts`,
    /// `allowed_ips`, `jwks_uri`, `public_key_pem`, `access_token_lifetime`, `refresh_token_lifetime`, `secret`.
    #[schema(required = false, nullable = false, example = json!(["client_uri"]))]
    asked: Option<Vec<String>>,
    /// The name of a client for which none is sent. `{client_uri_host}` is the host of its `client_uri`.
    #[schema(max_length = 100, example = "Checkout client – {client_uri_host}")]
    name_pattern: Option<String>,
}

/// A preset for creating clients.
#[derive(Serialize, ToSchema)]
pub struct TemplateResponse {
    #[schema(value_type = String)]
    template_id: TemplateId,
    #[schema(value_type = String)]
    title: Name,
    #[schema(value_type = String)]
    summary: Description,
    order: u32,
    #[schema(value_type = Option<String>)]
    documentation_url: Option<LinkUrl>,
    #[schema(value_type = Object)]
    fixed: Map<String, Value>,
    #[schema(value_type = Object)]
    defaults: Map<String, Value>,
    #[schema(value_type = Vec<String>)]
    asked: Vec<AskedMember>,
    #[schema(value_type = Option<String>)]
    name_pattern: Option<NamePattern>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<ClientTemplate> for TemplateResponse {
    fn from(template: ClientTemplate) -> Self {
        Self {
            template_id: template.template_id,
            title: template.title,
            summary: template.summary,
            order: template.order,
            documentation_url: template.documentation_url,
            fixed: template.fixed,
            defaults: template.defaults,
            asked: template.asked,
            name_pattern: template.name_pattern,
            created_at: template.created_at,
            updated_at: template.updated_at,
        }
    }
}
