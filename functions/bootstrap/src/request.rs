//! Events of the bootstrap function: CloudFormation's custom resource requests, and an operator's manual request.

use aws_lambda_events::cloudformation::CreateRequest;
use serde::Deserialize;
use serde_json::Value;
use shared::adapters::lambda::custom_resource::{InvalidResponseUrl, ResponseUrl};
use shared::domain::primitives::email::{EmailAddress, PathSafeEmail};

/// A parsed event.
#[derive(Debug)]
pub enum Event {
    /// A request of CloudFormation.
    CustomResource(Box<CustomResourceRequest>),
    /// `{"ensure": "operator"}`, sent by an operator who invokes the function; with `member`, the address of a person who
    /// is to be one.
    Manual { member: Option<EmailAddress> },
}

/// A custom resource request, without what the bootstrap does not use.
#[derive(Debug)]
pub struct CustomResourceRequest {
    pub request_type: Result<RequestType, UnknownRequestType>,
    pub resource: Result<CustomResource, UnknownResourceType>,
    /// Where the response is sent.
    pub response_url: ResponseUrl,
    pub stack_id: String,
    pub request_id: String,
    pub logical_resource_id: String,
    /// Absent when the resource is created.
    pub physical_resource_id: Option<String>,
    /// The stack's stage before an update.
    pub previous_stage: Option<String>,
}

/// What CloudFormation does to the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestType {
    Create,
    Update,
    Delete,
}

/// A custom resource of the stack.
#[derive(Clone, Debug, PartialEq)]
pub enum CustomResource {
    /// `Custom::LatchkeyBootstrap`: the initial data, with the first person if one is named.
    Bootstrap { member: Result<Option<EmailAddress>, InvalidOperatorMember> },
    /// `Custom::LatchkeySettings`: the digest of its properties.
    Settings(Value),
}

impl CustomResourceRequest {
    /// The id of the resource. It never changes: CloudFormation replaces a resource whose physical id does.
    pub fn physical_id(&self) -> String {
        if let Some(id) = &self.physical_resource_id {
            return id.clone();
        }
        match self.resource {
            Ok(CustomResource::Bootstrap { .. }) => "latchkey-bootstrap".to_owned(),
            Ok(CustomResource::Settings(_)) => format!("latchkey-settings-{}", self.request_id),
            Err(UnknownResourceType) => "latchkey-unknown".to_owned(),
        }
    }
}

/// A `ResourceType` that the function does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ResourceType must be Custom::LatchkeyBootstrap or Custom::LatchkeySettings")]
pub struct UnknownResourceType;

/// A person who cannot be a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("OperatorMember must be an e-mail address without / ? % or #")]
pub struct InvalidOperatorMember;

/// A `RequestType` that CloudFormation does not document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("RequestType must be Create, Update or Delete")]
pub struct UnknownRequestType;

/// An event that names no response URL to send an error to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEvent {
    /// Neither a custom resource request nor a manual request.
    #[error(
        "expected a CloudFormation custom resource request, or {{\"ensure\": \"operator\"}}, to which \
         \"member\": \"<e-mail address>\" can be added"
    )]
    Unknown,
    /// The response URL is not one that a response may be sent to.
    #[error(transparent)]
    ResponseUrl(#[from] InvalidResponseUrl),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManualRequest {
    ensure: EnsureTarget,
    #[serde(default)]
    member: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum EnsureTarget {
    Operator,
}

impl Event {
    /// Parses an event. A request of an unknown type is parsed too, so that it can be answered with an error.
    pub fn parse(event: Value) -> Result<Self, InvalidEvent> {
        if event.get("ensure").is_some() {
            let ManualRequest { ensure: EnsureTarget::Operator, member } =
                serde_json::from_value(event).map_err(|_| InvalidEvent::Unknown)?;
            let member = member.as_deref().map(member_address).transpose();
            return Ok(Self::Manual { member: member.map_err(|_| InvalidEvent::Unknown)? });
        }
        let text = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
        let request_type = match text("RequestType").ok_or(InvalidEvent::Unknown)?.as_str() {
            "Create" => Ok(RequestType::Create),
            "Update" => Ok(RequestType::Update),
            "Delete" => Ok(RequestType::Delete),
            _ => Err(UnknownRequestType),
        };
        let physical_resource_id = text("PhysicalResourceId");
        let previous_stage = event.pointer("/OldResourceProperties/Stage").and_then(Value::as_str);
        let previous_stage = previous_stage.map(str::to_owned);
        // Every request type has the members of a Create request.
        let members = CreateRequest::<Value>::deserialize(&event).map_err(|_| InvalidEvent::Unknown)?;
        let resource = match members.resource_type.as_str() {
            "Custom::LatchkeyBootstrap" => {
                let named = members.resource_properties["OperatorMember"].as_str();
                let named = named.filter(|address| !address.is_empty());
                Ok(CustomResource::Bootstrap { member: named.map(member_address).transpose() })
            }
            "Custom::LatchkeySettings" => Ok(CustomResource::Settings(members.resource_properties)),
            _ => Err(UnknownResourceType),
        };
        Ok(Self::CustomResource(Box::new(CustomResourceRequest {
            request_type,
            resource,
            response_url: ResponseUrl::parse(&members.response_url)?,
            stack_id: members.stack_id,
            request_id: members.request_id,
            logical_resource_id: members.logical_resource_id,
            physical_resource_id,
            previous_stage,
        })))
    }
}

fn member_address(text: &str) -> Result<EmailAddress, InvalidOperatorMember> {
    PathSafeEmail::parse(text).map(EmailAddress::from).map_err(|_| InvalidOperatorMember)
}
