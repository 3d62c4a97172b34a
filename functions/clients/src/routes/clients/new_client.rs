//! A new client as it is sent: whole, or with a template.

use crate::json_body;
use crate::problem::Problem;
use crate::routes::clients::request::CreateClientRequest;
use serde_json::{Map, Value};
use shared::domain::primitives::ids::TemplateId;
use shared::domain::primitives::validation::FromJson;
use shared::services::clients::CreateClient;

/// A new client as it is sent.
pub enum NewClient {
    /// With a template, and these members beside it.
    FromTemplate(TemplateId, Map<String, Value>),
    /// Without one.
    Whole(Box<CreateClient>),
}

impl NewClient {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<Self, Problem> {
        let mut members = json_body::read_object(json)?;
        let template = members.remove("template").map(|template| TemplateId::from_json(&template));
        match template {
            Some(Ok(template)) => Ok(Self::FromTemplate(template, members)),
            // One that is not valid is named with the other errors.
            Some(Err(_)) | None => CreateClientRequest::parse(json).map(|new| Self::Whole(Box::new(new))),
        }
    }
}
