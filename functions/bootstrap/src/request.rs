//! What the function is asked.

use serde::Deserialize;
use serde_json::Value;
use shared::adapters::lambda::custom_resource::{InvalidResponseUrl, ResponseUrl};

/// An event.
#[derive(Debug)]
pub enum Event {
    /// CloudFormation's.
    Stack(StackRequest),
    /// An operator's, who invokes the function by hand: `{"ensure": "operator"}`.
    ManualRequest,
}

/// A request of CloudFormation for the custom resource.
#[derive(Debug)]
pub struct StackRequest {
    /// What is to be done, or a word that is not known.
    pub kind: Result<RequestType, UnknownRequestType>,
    /// Where the answer goes.
    pub response_url: ResponseUrl,
    /// For the answer.
    pub stack_id: String,
    /// For the answer.
    pub request_id: String,
    /// For the answer.
    pub logical_resource_id: String,
    /// The resource's name, once it has one.
    pub physical_resource_id: Option<String>,
}

/// What happens to the stack's resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestType {
    /// It comes.
    Create,
    /// Its properties change.
    Update,
    /// It goes.
    Delete,
}

/// A `RequestType` that CloudFormation does not document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("RequestType must be Create, Update or Delete")]
pub struct UnknownRequestType;

/// Why an event cannot even be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEvent {
    /// Nobody sends this.
    #[error("expected a CloudFormation custom resource request, or {{\"ensure\": \"operator\"}}")]
    Unknown,
    /// The answer would go where it must not.
    #[error(transparent)]
    ResponseUrl(#[from] InvalidResponseUrl),
}

/// CloudFormation may add members, so those that are not known are let through.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CustomResourceRequest {
    request_type: String,
    #[serde(rename = "ResponseURL")]
    response_url: String,
    stack_id: String,
    request_id: String,
    logical_resource_id: String,
    physical_resource_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManualRequest {
    ensure: EnsureTarget,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum EnsureTarget {
    Operator,
}

impl Event {
    /// Reads an event.
    pub fn parse(event: Value) -> Result<Self, InvalidEvent> {
        if event.get("ensure").is_some() {
            let ManualRequest { ensure: EnsureTarget::Operator } =
                serde_json::from_value(event).map_err(|_| InvalidEvent::Unknown)?;
            return Ok(Self::ManualRequest);
        }
        let stack: CustomResourceRequest =
            serde_json::from_value(event).map_err(|_| InvalidEvent::Unknown)?;
        let kind = match stack.request_type.as_str() {
            "Create" => Ok(RequestType::Create),
            "Update" => Ok(RequestType::Update),
            "Delete" => Ok(RequestType::Delete),
            _ => Err(UnknownRequestType),
        };
        Ok(Self::Stack(StackRequest {
            kind,
            response_url: ResponseUrl::parse(&stack.response_url)?,
            stack_id: stack.stack_id,
            request_id: stack.request_id,
            logical_resource_id: stack.logical_resource_id,
            physical_resource_id: stack.physical_resource_id,
        }))
    }
}
