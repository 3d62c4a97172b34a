//! An operation's forms, as the SDK has them: how its request is written, and its answer read.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{
    DeserializeResponse, SerializeRequest, SharedRequestSerializer, SharedResponseDeserializer,
};
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer};

/// What the SDK says of an operation.
#[derive(Debug)]
pub struct Forms(Option<FrozenLayer>);

impl Forms {
    pub(super) fn of(operation: &impl RuntimePlugin) -> Self {
        Self(operation.config())
    }

    /// The request, to no address yet, and not signed.
    pub(super) fn request(&self, input: Input) -> Result<HttpRequest, BoxError> {
        let form = self.0.as_ref().and_then(|layer| layer.load::<SharedRequestSerializer>());
        form.ok_or("the SDK has no form for the request")?.serialize_input(input, &mut ConfigBag::base())
    }

    /// What an answer says, whose body must be in memory.
    pub(super) fn understand(&self, answer: &HttpResponse) -> Result<Output, OrchestratorError<Error>> {
        let form = self.0.as_ref().and_then(|layer| layer.load::<SharedResponseDeserializer>());
        let form = form.ok_or_else(|| OrchestratorError::other("the SDK has no form for the answer"))?;
        form.deserialize_nonstreaming_with_config(answer, &ConfigBag::base())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::aws::Operation;
    use aws_sdk_dynamodb::error::ProvideErrorMetadata;
    use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
    use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemInput, PutItemOutput};
    use aws_sdk_dynamodb::types::AttributeValue;
    use aws_sdk_ses::operation::get_send_quota::builders::GetSendQuotaInputBuilder;
    use aws_sdk_ses::operation::get_send_quota::{GetSendQuotaInput, GetSendQuotaOutput};
    use aws_smithy_types::body::SdkBody;

    fn answer(status: u16, body: &'static str) -> HttpResponse {
        HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))
    }

    #[test]
    fn a_request_is_what_the_service_documents() {
        let asked =
            PutItemInput::builder().table_name("grants").item("pk", AttributeValue::S("A".to_owned()));
        let request = PutItemInputBuilder::forms().request(asked.input().unwrap()).unwrap();
        assert_eq!((request.method(), request.uri()), ("POST", "/"));
        assert_eq!(request.headers().get("x-amz-target"), Some("DynamoDB_20120810.PutItem"));
        assert_eq!(request.headers().get("content-type"), Some("application/x-amz-json-1.0"));
        let body: serde_json::Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        assert_eq!(body, serde_json::json!({ "TableName": "grants", "Item": { "pk": { "S": "A" } } }));

        let asked = GetSendQuotaInput::builder().input().unwrap();
        let request = GetSendQuotaInputBuilder::forms().request(asked).unwrap();
        assert_eq!(request.body().bytes().unwrap(), b"Action=GetSendQuota&Version=2010-12-01");
    }

    #[test]
    fn an_answer_is_read_as_the_operations_own() {
        let output = PutItemInputBuilder::forms().understand(&answer(200, "{}")).unwrap();
        assert!(output.downcast::<PutItemOutput>().is_ok());
        let quota = "<GetSendQuotaResponse><GetSendQuotaResult><Max24HourSend>200.0</Max24HourSend>\
                     </GetSendQuotaResult></GetSendQuotaResponse>";
        let output = GetSendQuotaInputBuilder::forms().understand(&answer(200, quota)).unwrap();
        let output = output.downcast::<GetSendQuotaOutput>().unwrap();
        assert!((output.max24_hour_send() - 200.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_refusal_is_the_operations_own_error() {
        let said = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}"#;
        let error = PutItemInputBuilder::forms().understand(&answer(400, said)).unwrap_err();
        let error = error.as_operation_error().and_then(|error| error.downcast_ref::<PutItemError>());
        assert!(error.is_some_and(PutItemError::is_conditional_check_failed_exception));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_without_a_code() {
        for garbled in [answer(200, "<html>"), answer(502, "<html>")] {
            let error = PutItemInputBuilder::forms().understand(&garbled).unwrap_err();
            let error = error.as_operation_error().and_then(|error| error.downcast_ref::<PutItemError>());
            assert_eq!(error.map(ProvideErrorMetadata::code), Some(None));
        }
    }
}
