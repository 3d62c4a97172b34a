//! The parameters of an authorization request.
#![expect(dead_code, reason = "read only by the macros that generate the document")]

use utoipa::IntoParams;

/// An authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2).
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuthorizationRequest {
    /// `code`
    response_type: String,
    client_id: String,
    /// One that is registered; a client with a single one may leave it out.
    redirect_uri: Option<String>,
    /// SHA-256 of the `code_verifier`, in base64url.
    code_challenge: String,
    /// `S256`
    code_challenge_method: String,
    /// Returned with the response.
    state: Option<String>,
    /// Separated by spaces; all that the client was granted if absent.
    scope: Option<String>,
    /// The API, by its audience or id; a client with a single one may leave it out.
    resource: Option<String>,
    /// Languages for the pages, the preferred one first: `de en`. Without one that they exist in, `Accept-Language` counts.
    ui_locales: Option<String>,
}
