//! What a sign-in is for.

use crate::domain::account::SignInMethods;
use crate::domain::console::path::ConsolePath;
use crate::domain::oauth::authorization::request::AuthorizationRequest;
use crate::domain::primitives::email::EmailAddress;
use serde::{Deserialize, Serialize};

/// What a sign-in is for: one attribute of its item, `request` or `console`. Versions before the console know `request` only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInPurpose {
    /// An authorization request of a client (RFC 6749 §4.1.1).
    #[serde(rename = "request")]
    Client(Box<AuthorizationRequest>),
    /// The console.
    #[serde(rename = "console")]
    Console(ConsoleRequest),
}

/// A sign-in to the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleRequest {
    /// Where it leads.
    pub to: ConsolePath,
    /// The session in which a person confirms who they are; none for a new sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirms: Option<ConfirmedSession>,
    /// The ways that are open, if it leads to an account which does not allow all.
    #[serde(default, skip_serializing_if = "SignInMethods::is_default")]
    pub methods: SignInMethods,
}

/// A session of the console that is replaced once its person has confirmed who they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmedSession {
    /// The person. No one else can confirm it.
    pub email: EmailAddress,
    /// Digest of the session's cookie.
    pub digest: String,
}

impl SignInPurpose {
    /// The client's request; `None` for the console.
    #[must_use]
    pub fn client(&self) -> Option<&AuthorizationRequest> {
        match self {
            Self::Client(request) => Some(request),
            Self::Console(_) => None,
        }
    }

    /// The request of the console; `None` for a client.
    #[must_use]
    pub const fn console(&self) -> Option<&ConsoleRequest> {
        match self {
            Self::Client(_) => None,
            Self::Console(request) => Some(request),
        }
    }
}
