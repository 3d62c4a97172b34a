//! The requests of one connection of the load: one operation, repeated.

use crate::BoxError;
use crate::connection::Connection;
use crate::fixture::{self, ClientKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
/// The request body that creates a client and stores only the digest of its secret.
pub const NEW_CLIENT: &str = r#"{"client_name": "Measured"}"#;

/// The operations that are measured.
#[derive(Clone, Copy)]
pub enum Operation {
    /// `client_credentials` for the resource of this name.
    Token(&'static str),
    /// Introspection of another client's access token.
    Introspect,
    /// Exchange of a refresh token.
    Refresh,
    /// `GET` of a client.
    GetClient,
    /// `POST` of a client.
    CreateClient,
}

impl Operation {
    pub fn parse(text: &str) -> Result<Self, BoxError> {
        Ok(match text {
            "es256" => Self::Token("es256"),
            "rs256" => Self::Token("rs256"),
            "introspect" => Self::Introspect,
            "refresh" => Self::Refresh,
            "get-client" => Self::GetClient,
            "create-client" => Self::CreateClient,
            other => return Err(format!("there is no operation {other}").into()),
        })
    }
}

pub struct Session {
    operation: Operation,
    /// The number of the connection.
    index: u32,
    /// The token that the next request presents, if the operation has one.
    token: String,
}

impl Session {
    /// Gets the token that the operation presents, with one request before the measured ones.
    pub fn start(operation: Operation, index: u32, connection: &mut Connection) -> Result<Self, BoxError> {
        let es256 = fixture::audience("es256");
        let (kind, number, resource, member) = match operation {
            Operation::Token(_) => return Ok(Self { operation, index, token: String::new() }),
            // Another client's token: the client that authenticates is already read, so its own token would
            // cost one read less.
            Operation::Introspect => (ClientKind::Managing, index, es256, "access_token"),
            Operation::Refresh => (ClientKind::Refreshing, index, es256, "refresh_token"),
            Operation::GetClient | Operation::CreateClient => {
                (ClientKind::Managing, 0, format!("{}/v1", fixture::ISSUER), "access_token")
            }
        };
        let form = format!("grant_type=client_credentials&resource={resource}");
        let response = connection.send("POST /oauth/token", &basic(kind, number)?, FORM, &form)?;
        Ok(Self { operation, index, token: token_in(&response, member)? })
    }

    /// Sends one request and checks its response. `number` is that of the calling client or of the requested
    /// one.
    pub fn send(&mut self, number: u32, connection: &mut Connection) -> Result<(), BoxError> {
        let token = &self.token;
        let bearer = format!("Bearer {token}");
        let plain = ClientKind::Plain;
        let (response, expected) = match self.operation {
            Operation::Token(name) => {
                let resource = fixture::audience(name);
                let form = format!("grant_type=client_credentials&resource={resource}");
                let response = connection.send("POST /oauth/token", &basic(plain, number)?, FORM, &form)?;
                (response, r#""access_token":"ey"#)
            }
            Operation::Introspect => {
                let form = format!("token={token}");
                let response =
                    connection.send("POST /oauth/introspect", &basic(plain, number)?, FORM, &form)?;
                (response, r#""active":true"#)
            }
            Operation::Refresh => {
                let form = format!("grant_type=refresh_token&refresh_token={token}");
                let caller = basic(ClientKind::Refreshing, self.index)?;
                let response = connection.send("POST /oauth/token", &caller, FORM, &form)?;
                self.token = token_in(&response, "refresh_token")?;
                (response, r#""access_token":"ey"#)
            }
            Operation::GetClient => {
                let (id, _) = fixture::credentials(plain, number)?;
                let line = format!("GET /v1/accounts/{}/clients/{id}", fixture::ACCOUNT);
                (connection.send(&line, &bearer, JSON, "")?, r#""client_name":"#)
            }
            Operation::CreateClient => {
                let line = format!("POST /v1/accounts/{}/clients", fixture::ACCOUNT);
                (connection.send(&line, &bearer, JSON, NEW_CLIENT)?, r#""client_secret":"#)
            }
        };
        if response.contains(expected) {
            Ok(())
        } else {
            Err(format!("without {expected}: {response}").into())
        }
    }
}

fn basic(kind: ClientKind, number: u32) -> Result<String, BoxError> {
    let (id, secret) = fixture::credentials(kind, number)?;
    Ok(format!("Basic {}", STANDARD.encode(format!("{id}:{}", secret.expose()))))
}

fn token_in(response: &str, member: &str) -> Result<String, BoxError> {
    let response: Value = serde_json::from_str(response)?;
    response[member].as_str().map(str::to_owned).ok_or_else(|| format!("no {member}: {response}").into())
}
