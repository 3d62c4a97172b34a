//! Faults that the AWS proxy injects into calls.

use serde_json::{Value, json};
use std::time::Duration;

/// A fault in calls of one operation.
#[derive(Clone, Debug)]
pub struct InjectedFault {
    /// The operation, or [`ALL`].
    pub operation: &'static str,
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
    /// Calls of the operation that pass before the fault.
    pub after: usize,
    /// Calls that have the fault then.
    pub times: usize,
    /// The effect on the caller.
    pub reply: StubResponse,
}

/// What the caller of an operation with a fault receives.
#[derive(Clone, Copy, Debug)]
pub enum StubResponse {
    /// The response in [`InjectedFault`]; the service does not receive the request.
    Fixed,
    /// No response; the service does not receive the request.
    Silence,
    /// No response; the service executes the request.
    Lost,
    /// The service's response, with these delays before the service receives the request and the caller the
    /// response.
    Slow { request: Duration, response: Duration },
    /// The service's response, changed.
    Edited(fn(&mut Value)),
}

/// Every operation.
pub const ALL: &str = "*";

impl InjectedFault {
    /// An error of a service with a JSON protocol, such as DynamoDB.
    pub fn json_error(operation: &'static str, code: &str) -> Self {
        let body = format!("{{\"__type\":\"{code}\",\"message\":\"as the test wants it\"}}");
        Self {
            operation,
            status: 400,
            content_type: "application/x-amz-json-1.0",
            body,
            after: 0,
            times: usize::MAX,
            reply: StubResponse::Fixed,
        }
    }

    /// A response of a service with a JSON protocol.
    pub fn json(operation: &'static str, status: u16, body: &Value) -> Self {
        Self { status, body: body.to_string(), ..Self::json_error(operation, "") }
    }

    /// No response; the request is dropped.
    pub fn silence(operation: &'static str) -> Self {
        Self { reply: StubResponse::Silence, ..Self::json_error(operation, "") }
    }

    /// An empty success; the request is dropped.
    pub fn empty_body(operation: &'static str) -> Self {
        Self { status: 200, body: String::new(), ..Self::json_error(operation, "") }
    }

    /// The success of another operation; the request is dropped.
    pub fn of_another_operation(operation: &'static str) -> Self {
        let other = if operation == "Query" {
            json!({ "Item": { "pk": { "S": "p" }, "sk": { "S": "s" } } })
        } else {
            json!({ "Count": 0, "Items": [], "ScannedCount": 0 })
        };
        Self::json(operation, 200, &other)
    }

    /// The service's response after this delay, which may exceed the caller's timeout.
    pub fn late(operation: &'static str, response: Duration) -> Self {
        Self {
            reply: StubResponse::Slow { request: Duration::ZERO, response },
            ..Self::json_error(operation, "")
        }
    }

    /// The service receives the request after this delay, however long the caller waits.
    pub fn held_back(operation: &'static str, request: Duration) -> Self {
        Self {
            reply: StubResponse::Slow { request, response: Duration::ZERO },
            ..Self::json_error(operation, "")
        }
    }

    /// The service's response, changed by `edit`.
    pub fn edited(operation: &'static str, edit: fn(&mut Value)) -> Self {
        Self { reply: StubResponse::Edited(edit), ..Self::json_error(operation, "") }
    }

    /// No response; the request is executed.
    pub fn lost(operation: &'static str) -> Self {
        Self { reply: StubResponse::Lost, ..Self::json_error(operation, "") }
    }

    /// An error of SES.
    pub fn ses_error(code: &str, message: &str) -> Self {
        let body = format!(
            "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type>\
             <Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        );
        Self { status: 400, content_type: "text/xml", body, ..Self::json_error("SendRawEmail", "") }
    }

    /// SES's send quota, of which nothing is used.
    pub fn quota(left: u32, per_second: u32) -> Self {
        Self::used_quota(left, 0, per_second)
    }

    /// SES's send quota, of which so many messages were sent in the last 24 hours.
    pub fn used_quota(max: u32, sent: u32, per_second: u32) -> Self {
        let body = format!(
            "<GetSendQuotaResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><GetSendQuotaResult>\
             <Max24HourSend>{max}.0</Max24HourSend><MaxSendRate>{per_second}.0</MaxSendRate>\
             <SentLast24Hours>{sent}.0</SentLast24Hours></GetSendQuotaResult></GetSendQuotaResponse>"
        );
        Self { status: 200, content_type: "text/xml", body, ..Self::json_error("GetSendQuota", "") }
    }

    pub(super) fn edit(&self) -> Option<fn(&mut Value)> {
        if let StubResponse::Edited(edit) = self.reply { Some(edit) } else { None }
    }

    /// Whether the fault applies to this operation.
    pub(super) fn applies_to(&self, operation: &str) -> bool {
        self.operation == ALL || self.operation == operation
    }

    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    pub fn after(self, after: usize) -> Self {
        Self { after, ..self }
    }
}
