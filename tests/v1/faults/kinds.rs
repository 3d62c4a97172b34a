//! Every kind of request that reads or writes, each on an item of its own.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{ACCOUNTS, AUDIT, CLIENTS, MEMBERS, RESOURCES};
use serde_json::{Value, json};

/// Method, path, and a body unless it is null.
pub type Request = (&'static str, String, Value);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    CreateClient,
    CreateWithoutSecret,
    ChangeClient,
    ReplacePermissions,
    Duplicate,
    Enable,
    Disable,
    DeleteClient,
    AddSecret,
    RevokeSecret,
    Reveal,
    CreateAccount,
    DisableAccount,
    AddMember,
    InviteMember,
    InviteAgain,
    RequestAddress,
    ChangeMember,
    RemoveMember,
    IssueConsoleLink,
    CreateResource,
    ChangeResource,
    DeleteResource,
    ListClients,
    ListMembers,
    ListAccounts,
    ReadAudit,
}

impl FaultKind {
    /// Creates the item that the request changes, and returns the request.
    pub async fn prepare(self, latchkey: &TestApp, key: usize) -> Request {
        match self {
            Self::CreateClient => ("POST", CLIENTS.to_owned(), json!({ "client_name": format!("c{key}!") })),
            Self::CreateWithoutSecret => {
                let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
                let members = json!({
                    "client_name": format!("k{key}!"), "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [jwk] },
                });
                ("POST", CLIENTS.to_owned(), members)
            }
            Self::ChangeClient
            | Self::ReplacePermissions
            | Self::Duplicate
            | Self::Enable
            | Self::Disable
            | Self::DeleteClient
            | Self::AddSecret
            | Self::RevokeSecret
            | Self::Reveal => self.prepare_client(latchkey, key).await,
            Self::CreateAccount => {
                let body = json!({ "account_id": format!("A{key}"), "account_name": "Another" });
                ("POST", ACCOUNTS.to_owned(), body)
            }
            Self::DisableAccount => {
                latchkey.fixtures().account(&format!("A{key}")).await;
                ("PATCH", format!("{ACCOUNTS}/A{key}"), json!({ "status": "disabled" }))
            }
            Self::AddMember => ("POST", MEMBERS.to_owned(), member(key)),
            Self::InviteMember => ("POST", MEMBERS.to_owned(), invited(key)),
            Self::InviteAgain => {
                latchkey.post(MEMBERS, &invited(key)).await.expect(201);
                ("POST", format!("{MEMBERS}/ann{key}@acme.example/invitation"), Value::Null)
            }
            Self::RequestAddress => {
                latchkey.post(MEMBERS, &member(key)).await.expect(201);
                let body = json!({ "email": format!("anna{key}@acme.example") });
                ("PATCH", format!("{MEMBERS}/ann{key}@acme.example"), body)
            }
            Self::ChangeMember => {
                latchkey.post(MEMBERS, &member(key)).await.expect(201);
                ("PATCH", format!("{MEMBERS}/ann{key}@acme.example"), json!({ "name": "Anna" }))
            }
            Self::RemoveMember => {
                latchkey.post(MEMBERS, &member(key)).await.expect(201);
                ("DELETE", format!("{MEMBERS}/ann{key}@acme.example"), Value::Null)
            }
            Self::IssueConsoleLink => {
                latchkey.post(MEMBERS, &member(key)).await.expect(201);
                let to = format!("/console/accounts/{ACCOUNT}");
                let body = json!({ "email": format!("ann{key}@acme.example"), "to": to });
                ("POST", format!("{ACCOUNTS}/{ACCOUNT}/console-links"), body)
            }
            Self::CreateResource => ("POST", RESOURCES.to_owned(), resource(key)),
            Self::ChangeResource => {
                latchkey.fixtures().resource(&resource(key)).await;
                ("PATCH", format!("{RESOURCES}/r{key}"), json!({ "resource_name": "Changed" }))
            }
            Self::DeleteResource => {
                latchkey.fixtures().resource(&resource(key)).await;
                ("DELETE", format!("{RESOURCES}/r{key}"), Value::Null)
            }
            Self::ListClients => ("GET", CLIENTS.to_owned(), Value::Null),
            Self::ListMembers => ("GET", MEMBERS.to_owned(), Value::Null),
            Self::ListAccounts => ("GET", ACCOUNTS.to_owned(), Value::Null),
            Self::ReadAudit => ("GET", AUDIT.to_owned(), Value::Null),
        }
    }

    async fn prepare_client(self, latchkey: &TestApp, key: usize) -> Request {
        let permissions = json!([{ "resource": "backoffice_api", "scopes": ["orders:read"] }]);
        let members = json!({ "permissions": permissions, "secret_display": "on_request" });
        let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
        let (path, secret) = (client.path(), format!("{}/secrets/{}", client.path(), client.secret_id));
        match self {
            Self::ReplacePermissions => {
                let permissions = json!([{ "resource": "backoffice_api", "scopes": ["orders:write"] }]);
                ("PUT", format!("{path}/permissions"), json!({ "permissions": permissions }))
            }
            Self::Duplicate => {
                ("POST", format!("{path}/duplicate"), json!({ "client_name": format!("d{key}!") }))
            }
            Self::Enable => {
                latchkey.post(&format!("{path}/disable"), &json!({})).await.expect(200);
                ("POST", format!("{path}/enable"), Value::Null)
            }
            Self::Disable => ("POST", format!("{path}/disable"), Value::Null),
            Self::DeleteClient => ("DELETE", path, Value::Null),
            Self::AddSecret => ("POST", format!("{path}/secrets"), json!({})),
            Self::RevokeSecret => ("DELETE", secret, Value::Null),
            Self::Reveal => ("GET", format!("{secret}/value"), Value::Null),
            _ => ("PATCH", path, json!({ "description": format!("d{key}!") })),
        }
    }

    /// Whether the request changes a resource, which takes the lock of all resources.
    pub const fn changes_resources(self) -> bool {
        matches!(self, Self::CreateResource | Self::ChangeResource | Self::DeleteResource)
    }

    /// Whether it changes the number of clients or of members.
    pub const fn is_counted(self) -> bool {
        matches!(
            self,
            Self::CreateClient
                | Self::CreateWithoutSecret
                | Self::Duplicate
                | Self::DeleteClient
                | Self::AddMember
                | Self::InviteMember
                | Self::RemoveMember
        )
    }

    /// The statuses that a request of this kind ends with, however often it is sent.
    pub const fn final_statuses(self) -> &'static [u16] {
        match self {
            Self::CreateClient
            | Self::CreateWithoutSecret
            | Self::Duplicate
            | Self::AddSecret
            | Self::CreateAccount
            | Self::AddMember
            | Self::InviteMember
            | Self::IssueConsoleLink
            | Self::CreateResource => &[201],
            // The first attempt may have been executed although its response was lost.
            Self::RevokeSecret | Self::DeleteClient | Self::RemoveMember | Self::DeleteResource => {
                &[204, 404]
            }
            // Each repetition of a count whose response was lost counts, which may use up the mails of the day.
            Self::InviteAgain | Self::RequestAddress => &[200, 429],
            _ => &[200],
        }
    }
}

fn member(key: usize) -> Value {
    json!({ "email": format!("ann{key}@acme.example"), "name": "Ann", "permissions": ["clients:read"] })
}

fn invited(key: usize) -> Value {
    let mut body = member(key);
    body["invite"] = json!(true);
    body
}

fn resource(key: usize) -> Value {
    json!({ "resource_id": format!("r{key}"), "scopes": [{ "name": "a" }] })
}
