//! Rejects successful responses that cannot belong to their operation.
//!
//! The SDK ignores unknown and missing members of a response. Therefore it would read an empty body, or the response of
//! another operation, as "there is no such item", and a revoked token as one that was never revoked.

use crate::adapters::error::ImplausibleResponse;
use aws_sdk_dynamodb::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use serde::de::IgnoredAny;
use std::collections::HashMap;

/// Checks the outermost members of each successful JSON response.
#[derive(Debug)]
pub(super) struct ResponseCheck;

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for ResponseCheck {
    fn name(&self) -> &'static str {
        "ResponseCheck"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Errors have their own format, and SES responds in XML, whose parser checks the operation.
        let Some(expected) = cfg.load::<Metadata>().and_then(|metadata| expected(metadata.name())) else {
            return Ok(());
        };
        if context.output_or_error().is_err() {
            return Ok(());
        }
        let body = context.response().body().bytes().unwrap_or_default();
        if expected.holds(body) { Ok(()) } else { Err(ImplausibleResponse.into()) }
    }
}

/// The members of an operation's response, by AWS's API references.
struct Expected {
    /// Members that are always present.
    always: &'static [&'static str],
    /// Members of other operations' responses only. Members that are in neither list are ignored.
    never: &'static [&'static str],
}

impl Expected {
    #[expect(clippy::zero_sized_map_values, reason = "the names of an object's members are its keys")]
    fn holds(&self, body: &[u8]) -> bool {
        let Ok(members) = serde_json::from_slice::<HashMap<&str, IgnoredAny>>(body) else { return false };
        self.always.iter().all(|member| members.contains_key(member))
            && !self.never.iter().any(|member| members.contains_key(member))
    }
}

/// The response of every operation with a JSON response that Latchkey calls.
fn expected(operation: &str) -> Option<Expected> {
    let (always, never): (&[_], &[_]) = match operation {
        "GetItem" => (&[], &["Attributes", "Items", "Count"]),
        "BatchGetItem" => (&["Responses"], &["Attributes", "Item", "Items", "Count"]),
        "Query" => (&["Items", "Count"], &["Attributes", "Item"]),
        "PutItem" | "UpdateItem" | "DeleteItem" => (&[], &["Item", "Items", "Count"]),
        "TransactWriteItems" => (&[], &["Attributes", "Item", "Items", "Count"]),
        "GetSecretValue" => (&["ARN", "Name", "VersionId"], &[]),
        "PutSecretValue" => (&["ARN", "Name", "VersionId"], &["SecretString"]),
        "DescribeSecret" => (&["ARN", "Name"], &["VersionId"]),
        "ListSecretVersionIds" => (&["ARN", "Name", "Versions"], &[]),
        "CreateSecret" | "DeleteSecret" | "UpdateSecretVersionStage" => (&["ARN", "Name"], &[]),
        "PutEvents" => (&["Entries", "FailedEntryCount"], &[]),
        _ => return None,
    };
    Some(Expected { always, never })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest response of each operation that AWS documents.
    const GOOD: [(&str, &str); 14] = [
        ("GetItem", "{}"),
        ("BatchGetItem", r#"{"Responses":{"table":[]},"UnprocessedKeys":{}}"#),
        ("Query", r#"{"Count":0,"Items":[],"ScannedCount":0}"#),
        ("PutItem", "{}"),
        ("UpdateItem", r#"{"Attributes":{}}"#),
        ("DeleteItem", "{}"),
        ("TransactWriteItems", "{}"),
        ("GetSecretValue", r#"{"ARN":"a","Name":"n","VersionId":"v","SecretString":"s"}"#),
        ("PutSecretValue", r#"{"ARN":"a","Name":"n","VersionId":"v","VersionStages":[]}"#),
        ("DescribeSecret", r#"{"ARN":"a","Name":"n"}"#),
        ("ListSecretVersionIds", r#"{"ARN":"a","Name":"n","Versions":[]}"#),
        ("CreateSecret", r#"{"ARN":"a","Name":"n"}"#),
        ("UpdateSecretVersionStage", r#"{"ARN":"a","Name":"n"}"#),
        ("PutEvents", r#"{"Entries":[],"FailedEntryCount":0}"#),
    ];

    fn holds(operation: &str, body: &str) -> bool {
        expected(operation).unwrap().holds(body.as_bytes())
    }

    #[test]
    fn documented_responses_hold() {
        for (operation, body) in GOOD {
            assert!(holds(operation, body), "{operation}");
        }
    }

    #[test]
    fn members_that_are_added_later_do_no_harm() {
        for (operation, body) in GOOD {
            let body = body.replacen('{', r#"{"Later":[{"Items":1}]"#, 1).replacen("]\"", "],\"", 1);
            assert!(holds(operation, &body), "{operation}: {body}");
        }
    }

    #[test]
    fn what_is_no_object_does_not_hold() {
        for (operation, _) in GOOD {
            for body in ["", " ", "null", "[]", "\"{}\"", "{", "<html></html>", "{}{}"] {
                assert!(!holds(operation, body), "{operation}: {body}");
            }
        }
    }

    #[test]
    fn another_operations_response_does_not_hold() {
        let of = |operation: &str| GOOD.iter().find(|(name, _)| *name == operation).unwrap().1;
        for (operation, other) in [
            ("GetItem", of("Query")),
            ("GetItem", of("UpdateItem")),
            ("BatchGetItem", of("GetItem")),
            ("BatchGetItem", of("Query")),
            ("Query", of("GetItem")),
            ("Query", r#"{"Item":{}}"#),
            ("PutItem", of("Query")),
            ("UpdateItem", r#"{"Item":{}}"#),
            ("DeleteItem", of("Query")),
            ("TransactWriteItems", of("UpdateItem")),
            ("GetSecretValue", of("ListSecretVersionIds")),
            ("GetSecretValue", of("CreateSecret")),
            ("PutSecretValue", of("GetSecretValue")),
            ("PutSecretValue", of("UpdateSecretVersionStage")),
            ("DescribeSecret", of("GetSecretValue")),
            ("ListSecretVersionIds", of("GetSecretValue")),
            ("CreateSecret", of("GetItem")),
            ("UpdateSecretVersionStage", of("PutItem")),
            ("PutEvents", of("PutItem")),
        ] {
            assert!(!holds(operation, other), "{operation}: {other}");
        }
    }
}
