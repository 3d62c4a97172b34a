//! Parameters of the authorization response (RFC 6749 §4.1.2).

use crate::domain::sign_in::idp_error::IdpError;

/// The parameters of the callback except `state`, which identified the sign-in. Not verified yet.
#[derive(Clone, Copy)]
pub struct AuthorizationResponse<'a> {
    /// `iss` (RFC 9207 §2).
    pub iss: Option<&'a str>,
    /// The result.
    pub outcome: CodeOrError<'a>,
}

/// `code` or `error`.
#[derive(Clone, Copy)]
pub enum CodeOrError<'a> {
    /// `code` (RFC 6749 §4.1.2).
    Code(&'a str),
    /// `error` (RFC 6749 §4.1.2.1).
    Error(&'a str),
}

impl<'a> AuthorizationResponse<'a> {
    /// Builds a response of the parameters, of which the caller ensures that each was sent at most once.
    pub fn read(
        code: Option<&'a str>,
        error: Option<&'a str>,
        iss: Option<&'a str>,
    ) -> Result<Self, IdpError> {
        let outcome = match (code, error) {
            (Some(code), None) if !code.is_empty() => CodeOrError::Code(code),
            (None, Some(error)) => CodeOrError::Error(error),
            _ => return Err(IdpError::InvalidResponse),
        };
        Ok(Self { iss, outcome })
    }
}
