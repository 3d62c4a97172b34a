//! What the OAuth endpoints take and answer.
#![expect(dead_code, reason = "nothing here runs: it is read by the macros that make the document")]

use serde_json::Value;
use utoipa::ToSchema;

/// A token request (RFC 6749 §4.1.3, §4.4.2 and §6, RFC 8707 §2).
#[derive(ToSchema)]
pub(super) struct TokenRequest {
    /// `authorization_code`, `client_credentials` or `refresh_token`
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// The code of the redirect; with `authorization_code`.
    code: Option<String>,
    /// The same as in the authorization request, if it had one; with `authorization_code`.
    redirect_uri: Option<String>,
    /// What the `code_challenge` was made of (RFC 7636 §4.5); with `authorization_code`.
    code_verifier: Option<String>,
    /// The newest one; with `refresh_token`.
    refresh_token: Option<String>,
    /// The API, by its audience or id; a client with a single one may leave it out.
    #[schema(example = "https://api.example.com")]
    resource: Option<String>,
    /// The same by another name.
    audience: Option<String>,
    /// Separated by spaces; all that was granted if absent. Not with `authorization_code`, whose request said it.
    #[schema(example = "orders:read")]
    scope: Option<String>,
    /// Unless it is in the Basic header.
    client_id: Option<String>,
    /// Unless it is in the Basic header, there is an assertion, or the client is a public one.
    client_secret: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer` (RFC 7523 §2.2)
    client_assertion_type: Option<String>,
    /// A JWT of the client's own, or of an outside issuer that vouches for it; then `client_id` is needed too.
    client_assertion: Option<String>,
}

/// A token (RFC 6749 §5.1).
#[derive(ToSchema)]
pub(super) struct TokenResponse {
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
    /// For a client whose `grant_types` hold `refresh_token`. It takes the place of the one that was presented.
    refresh_token: Option<String>,
    /// When the secret that was used ends, in seconds since 1970; absent if none was.
    client_secret_expires_at: Option<i64>,
}

/// A question about a token, or its revocation (RFC 7662 §2.1, RFC 7009 §2.1).
#[derive(ToSchema)]
pub(super) struct TokenParams {
    /// The token; any text.
    token: String,
    /// Ignored: what a token is can be told from itself.
    token_type_hint: Option<String>,
    /// Unless it is in the Basic header.
    client_id: Option<String>,
    /// Unless it is in the Basic header, or there is an assertion.
    client_secret: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer` (RFC 7523 §2.2)
    client_assertion_type: Option<String>,
    /// A JWT of the client's own, or of an outside issuer that vouches for it; then `client_id` is needed too.
    client_assertion: Option<String>,
}

/// What a token is worth (RFC 7662 §2.2). If it is not active, there is no other member.
#[derive(ToSchema)]
pub(super) struct Introspection {
    /// Issued here, within its time, not revoked; its client is of the caller's account, and enabled; the person on
    /// whose word it rests is still a member, and has not withdrawn it.
    active: bool,
    /// Absent for a refresh token.
    #[schema(example = "Bearer")]
    token_type: Option<String>,
    iss: Option<String>,
    sub: Option<String>,
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
    /// Names what the token was issued on, and what ends with it: a person's word, or a family of refresh tokens.
    grant_id: Option<String>,
}

/// An error (RFC 6749 §5.2).
#[derive(ToSchema)]
pub(super) struct OAuthError {
    #[schema(example = "invalid_client")]
    error: String,
    error_description: String,
}

/// Keys (RFC 7517 §5).
#[derive(ToSchema)]
pub(super) struct JwkSet {
    #[schema(value_type = Vec<Object>)]
    keys: Vec<Value>,
}
