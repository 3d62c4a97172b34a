//! Requests and responses of the OAuth endpoints.
#![expect(dead_code, reason = "read only by the macros that generate the document")]

use serde_json::Value;
use utoipa::{IntoResponses, ToSchema};

/// A token request (RFC 6749 §4.1.3, §4.4.2 and §6, RFC 8707 §2).
#[derive(ToSchema)]
pub struct TokenRequest {
    /// `authorization_code`, `client_credentials` or `refresh_token`
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// The code of the redirect; with `authorization_code`.
    code: Option<String>,
    /// The same as in the authorization request, if it had one; with `authorization_code`.
    redirect_uri: Option<String>,
    /// The value whose hash was `code_challenge` (RFC 7636 §4.5); with `authorization_code`.
    code_verifier: Option<String>,
    /// The newest one; with `refresh_token`.
    refresh_token: Option<String>,
    /// The API, by its audience or id; a client with a single one may leave it out.
    #[schema(example = "https://api.example.com")]
    resource: Option<String>,
    /// The same by another name.
    audience: Option<String>,
    /// Separated by spaces; all that was granted if absent. Not with `authorization_code`: the authorization request had it.
    #[schema(example = "orders:read")]
    scope: Option<String>,
    /// Unless it is in the Basic header.
    client_id: Option<String>,
    /// Unless it is in the Basic header, there is an assertion, or the client is a public one.
    client_secret: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer` (RFC 7523 §2.2)
    client_assertion_type: Option<String>,
    /// A JWT of the client's own, or of an external issuer that it is federated with; then `client_id` is needed too.
    client_assertion: Option<String>,
}

/// A token (RFC 6749 §5.1).
#[derive(ToSchema)]
pub struct TokenResponse {
    /// A JWT (RFC 9068).
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: String,
    /// Seconds.
    #[schema(example = 3600)]
    expires_in: u32,
    /// What was granted; absent if that is no particular scope.
    #[schema(example = "orders:read")]
    scope: Option<String>,
    /// For a client whose `grant_types` have `refresh_token`. It replaces the one that was presented.
    refresh_token: Option<String>,
    /// Expiry of the secret that was used, in seconds since 1970; absent if none was.
    client_secret_expires_at: Option<i64>,
}

/// An introspection or revocation request (RFC 7662 §2.1, RFC 7009 §2.1).
#[derive(ToSchema)]
pub struct TokenParams {
    /// The token; any text.
    token: String,
    /// Ignored: the form of a token tells its type.
    token_type_hint: Option<String>,
    /// Unless it is in the Basic header.
    client_id: Option<String>,
    /// Unless it is in the Basic header, or there is an assertion.
    client_secret: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer` (RFC 7523 §2.2)
    client_assertion_type: Option<String>,
    /// A JWT of the client's own, or of an external issuer that it is federated with; then `client_id` is needed too.
    client_assertion: Option<String>,
}

/// State of a token (RFC 7662 §2.2). If it is not active, there is no other member.
#[derive(ToSchema)]
pub struct Introspection {
    /// Whether the token was issued here, is not expired and not revoked; its client is enabled and in the caller's
    /// account; and the person who consented may still sign in and the consent is not withdrawn.
    active: bool,
    /// Absent for a refresh token.
    #[schema(example = "Bearer")]
    token_type: Option<String>,
    iss: Option<String>,
    sub: Option<String>,
    /// If the client acts for a person: `member` of the account, or `end_user` who is none.
    #[schema(pattern = "^(member|end_user)$")]
    subject_type: Option<String>,
    aud: Option<String>,
    /// Seconds since 1970.
    exp: Option<i64>,
    /// Seconds since 1970.
    iat: Option<i64>,
    /// Seconds since 1970.
    nbf: Option<i64>,
    jti: Option<String>,
    client_id: Option<String>,
    /// Separated by spaces; absent if the token has no scope.
    scope: Option<String>,
    account_id: Option<String>,
    /// Identifies the grant that the token rests on and is revoked with: a consent, or a family of refresh tokens.
    grant_id: Option<String>,
}

/// An error (RFC 6749 §5.2).
#[derive(ToSchema)]
pub struct OAuthError {
    #[schema(example = "invalid_client")]
    error: String,
    error_description: String,
}

/// Keys (RFC 7517 §5).
#[derive(ToSchema)]
pub struct JwkSet {
    #[schema(value_type = Vec<Object>)]
    keys: Vec<Value>,
}

/// Errors of every endpoint with client authentication.
#[derive(IntoResponses)]
pub enum ClientAuthErrors {
    /// The request is not valid, or not granted
    #[response(status = 400)]
    Request(#[to_schema] OAuthError),
    /// Client authentication failed: the response is the same for every reason
    #[response(status = 401)]
    Client(#[to_schema] OAuthError),
    /// A store failed, and nothing was decided: try again after `Retry-After`
    #[response(status = 503)]
    Unavailable(#[to_schema] OAuthError),
}
