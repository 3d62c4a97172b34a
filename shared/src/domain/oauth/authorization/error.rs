//! Errors that are returned to the client (RFC 6749 §4.1.2.1).

use crate::domain::oauth::authorization::request::AuthorizationDenied;

/// An error response of the authorization endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationError {
    /// `invalid_request`.
    InvalidRequest(&'static str),
    /// `unauthorized_client`: the client may not use this flow.
    UnauthorizedClient,
    /// `access_denied`: the end user denied the request, or is not entitled to consent.
    AccessDenied(&'static str),
    /// `unsupported_response_type`: only `code` is supported.
    UnsupportedResponseType,
    /// `invalid_scope`: malformed, or more than was granted to the client.
    InvalidScope(&'static str),
    /// `invalid_target` (RFC 8707 §2).
    InvalidTarget(&'static str),
    /// `temporarily_unavailable`: no sign-in method is configured.
    TemporarilyUnavailable(&'static str),
    /// `login_required` (OpenID Connect Core 1.0 §3.1.2.6): `prompt=none`, and no one is signed in.
    LoginRequired,
    /// `request_not_supported` (OpenID Connect Core 1.0 §3.1.2.6).
    RequestNotSupported,
    /// `request_uri_not_supported` (OpenID Connect Core 1.0 §3.1.2.6).
    RequestUriNotSupported,
}

impl AuthorizationError {
    /// The `error` parameter.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied(_) => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope(_) => "invalid_scope",
            Self::InvalidTarget(_) => "invalid_target",
            Self::TemporarilyUnavailable(_) => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
        }
    }

    /// The `error_description` parameter: for the developer of the client.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        match self {
            Self::InvalidRequest(detail)
            | Self::AccessDenied(detail)
            | Self::InvalidScope(detail)
            | Self::InvalidTarget(detail)
            | Self::TemporarilyUnavailable(detail) => detail,
            Self::UnauthorizedClient => "the client's grant_types do not hold authorization_code",
            Self::UnsupportedResponseType => "response_type must be code",
            Self::LoginRequired => "prompt=none: there is no session without a page",
            Self::RequestNotSupported => "request objects are not supported: send parameters",
            Self::RequestUriNotSupported => "request_uri is not supported: send parameters",
        }
    }
}

impl From<AuthorizationDenied> for AuthorizationError {
    fn from(denied: AuthorizationDenied) -> Self {
        match denied {
            AuthorizationDenied::Grant => Self::UnauthorizedClient,
            AuthorizationDenied::Target(detail) => Self::InvalidTarget(detail),
            AuthorizationDenied::Scope => {
                Self::InvalidScope("the client was not granted all of these scopes")
            }
        }
    }
}
