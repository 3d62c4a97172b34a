//! Answers that the AWS proxy gives instead of a service, and what else it does to calls.

use serde_json::{Value, json};
use std::time::Duration;

/// An answer that the proxy gives itself, instead of the service.
#[derive(Clone, Debug)]
pub struct InjectedFault {
    /// The operation that it answers.
    pub operation: &'static str,
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
    /// Calls of the operation that reach the service before.
    pub after: usize,
    /// Calls that it answers then.
    pub times: usize,
    /// What the caller gets.
    pub reply: Reply,
}

/// What the caller of a canned operation gets.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// The canned answer.
    InjectedFault,
    /// Nothing, and the service never hears of it.
    Silence,
    /// Nothing, although the service carries it out.
    Lost,
    /// The service's own answer, with these delays before the service gets the request and the caller the response.
    Slow { request: Duration, response: Duration },
    /// The service's own answer, changed.
    Edited(fn(&mut Value)),
}

/// Stands for every operation.
pub const ALL: &str = "*";

impl InjectedFault {
    /// An error of a JSON service, such as DynamoDB.
    pub fn json_error(operation: &'static str, code: &str) -> Self {
        let body = format!("{{\"__type\":\"{code}\",\"message\":\"as the test wants it\"}}");
        Self {
            operation,
            status: 400,
            content_type: "application/x-amz-json-1.0",
            body,
            after: 0,
            times: usize::MAX,
            reply: Reply::InjectedFault,
        }
    }

    /// Some answer of a JSON service.
    pub fn json(operation: &'static str, status: u16, body: &Value) -> Self {
        Self { status, body: body.to_string(), ..Self::json_error(operation, "") }
    }

    /// No answer at all.
    pub fn silence(operation: &'static str) -> Self {
        Self { reply: Reply::Silence, ..Self::json_error(operation, "") }
    }

    /// A success with nothing in it, which the service never hears of.
    pub fn empty_body(operation: &'static str) -> Self {
        Self { status: 200, body: String::new(), ..Self::json_error(operation, "") }
    }

    /// A success that belongs to another operation, which the service never hears of.
    pub fn of_another_operation(operation: &'static str) -> Self {
        let other = if operation == "Query" {
            json!({ "Item": { "pk": { "S": "p" }, "sk": { "S": "s" } } })
        } else {
            json!({ "Count": 0, "Items": [], "ScannedCount": 0 })
        };
        Self::json(operation, 200, &other)
    }

    /// The service's own answer, late: after the caller's time limit, where that is shorter.
    pub fn late(operation: &'static str, response: Duration) -> Self {
        Self { reply: Reply::Slow { request: Duration::ZERO, response }, ..Self::json_error(operation, "") }
    }

    /// The service gets the request late, however long the caller waits.
    pub fn held_back(operation: &'static str, request: Duration) -> Self {
        Self { reply: Reply::Slow { request, response: Duration::ZERO }, ..Self::json_error(operation, "") }
    }

    /// The service's own answer, with something changed in it.
    pub fn edited(operation: &'static str, edit: fn(&mut Value)) -> Self {
        Self { reply: Reply::Edited(edit), ..Self::json_error(operation, "") }
    }

    /// No answer, after it was carried out.
    pub fn lost(operation: &'static str) -> Self {
        Self { reply: Reply::Lost, ..Self::json_error(operation, "") }
    }

    /// An error of SES.
    pub fn ses_error(code: &str, message: &str) -> Self {
        let body = format!(
            "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type>\
             <Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        );
        Self { status: 400, content_type: "text/xml", body, ..Self::json_error("SendRawEmail", "") }
    }

    /// What SES allows.
    pub fn quota(left: u32, per_second: u32) -> Self {
        let body = format!(
            "<GetSendQuotaResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><GetSendQuotaResult>\
             <Max24HourSend>{left}.0</Max24HourSend><MaxSendRate>{per_second}.0</MaxSendRate>\
             <SentLast24Hours>0.0</SentLast24Hours></GetSendQuotaResult></GetSendQuotaResponse>"
        );
        Self { status: 200, content_type: "text/xml", body, ..Self::json_error("GetSendQuota", "") }
    }

    pub(super) fn edit(&self) -> Option<fn(&mut Value)> {
        if let Reply::Edited(edit) = self.reply { Some(edit) } else { None }
    }

    /// Whether it is about this operation.
    pub(super) fn answers(&self, operation: &str) -> bool {
        self.operation == ALL || self.operation == operation
    }

    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    pub fn after(self, after: usize) -> Self {
        Self { after, ..self }
    }
}
