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
