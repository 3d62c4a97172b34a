//! Which operations there are.

use super::endpoint::Service;
use super::forms::Forms;
use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata};
use aws_smithy_runtime_api::client::interceptors::context::{Error as ErasedError, Input, Output};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use std::error::Error;
use std::fmt::Debug;
use std::sync::LazyLock;

/// An operation of a service's, with what it is asked: one of the SDK's builders of inputs.
pub trait Operation: Send {
    /// What is answered.
    type Output: Debug + Send + Sync + 'static;
    /// What the service says instead.
    type Error: Error + ProvideErrorMetadata + Send + Sync + 'static;
    /// Whose it is.
    const SERVICE: Service;

    /// How the SDK writes and reads it.
    fn forms() -> &'static Forms;

    /// What is asked, if nothing is missing.
    fn input(self) -> Result<Input, BuildError>;
}

/// Why an operation has no answer, as with the SDK's own clients.
pub type Failed<O> = SdkError<<O as Operation>::Error, HttpResponse>;

/// The error's code, as the service calls it.
pub(super) fn code<O: Operation>(error: &ErasedError) -> Option<&str> {
    error.downcast_ref::<O::Error>()?.code()
}

/// The error's own type, which the SDK's form for the operation's answers has made.
pub(super) fn error<O: Operation>(error: ErasedError) -> O::Error {
    error.downcast().expect("the operation's own error")
}

/// The same for what was answered.
pub(super) fn output<O: Operation>(output: Output) -> O::Output {
    output.downcast().expect("the operation's own output")
}

macro_rules! operations {
    ($($service:ident in $sdk:ident {
        $($module:ident: $plugin:ident, $builder:ident, $output:ident, $error:ident;)*
    })*) => {$($(
        impl Operation for $sdk::operation::$module::builders::$builder {
            type Output = $sdk::operation::$module::$output;
            type Error = $sdk::operation::$module::$error;
            const SERVICE: Service = Service::$service;

            fn forms() -> &'static Forms {
                static FORMS: LazyLock<Forms> =
                    LazyLock::new(|| Forms::of(&$sdk::operation::$module::$plugin::new()));
                &FORMS
            }

            fn input(self) -> Result<Input, BuildError> {
                self.build().map(Input::erase)
            }
        }
    )*)*};
}

operations! {
    DynamoDb in aws_sdk_dynamodb {
        delete_item: DeleteItem, DeleteItemInputBuilder, DeleteItemOutput, DeleteItemError;
        get_item: GetItem, GetItemInputBuilder, GetItemOutput, GetItemError;
        put_item: PutItem, PutItemInputBuilder, PutItemOutput, PutItemError;
        query: Query, QueryInputBuilder, QueryOutput, QueryError;
        transact_write_items:
            TransactWriteItems, TransactWriteItemsInputBuilder,
            TransactWriteItemsOutput, TransactWriteItemsError;
        update_item: UpdateItem, UpdateItemInputBuilder, UpdateItemOutput, UpdateItemError;
    }
    EventBridge in aws_sdk_eventbridge {
        put_events: PutEvents, PutEventsInputBuilder, PutEventsOutput, PutEventsError;
    }
    SecretsManager in aws_sdk_secretsmanager {
        create_secret: CreateSecret, CreateSecretInputBuilder, CreateSecretOutput, CreateSecretError;
        delete_secret: DeleteSecret, DeleteSecretInputBuilder, DeleteSecretOutput, DeleteSecretError;
        describe_secret:
            DescribeSecret, DescribeSecretInputBuilder,
            DescribeSecretOutput, DescribeSecretError;
        get_secret_value:
            GetSecretValue, GetSecretValueInputBuilder,
            GetSecretValueOutput, GetSecretValueError;
        list_secret_version_ids:
            ListSecretVersionIds, ListSecretVersionIdsInputBuilder,
            ListSecretVersionIdsOutput, ListSecretVersionIdsError;
        put_secret_value:
            PutSecretValue, PutSecretValueInputBuilder,
            PutSecretValueOutput, PutSecretValueError;
        update_secret_version_stage:
            UpdateSecretVersionStage, UpdateSecretVersionStageInputBuilder,
            UpdateSecretVersionStageOutput, UpdateSecretVersionStageError;
    }
    Ses in aws_sdk_ses {
        get_send_quota: GetSendQuota, GetSendQuotaInputBuilder, GetSendQuotaOutput, GetSendQuotaError;
        send_raw_email: SendRawEmail, SendRawEmailInputBuilder, SendRawEmailOutput, SendRawEmailError;
    }
}
