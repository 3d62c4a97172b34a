//! What the document says of the OAuth endpoints. Another function serves them, so here are only their
//! descriptions; tests compare them with what that function takes and answers.
#![expect(dead_code, reason = "nothing here runs: it is read by the macros that make the document")]

use crate::openapi::oauth_schemas::{
    Introspection, JwkSet, OAuthError, TokenParams, TokenRequest, TokenResponse,
};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi};

/// The OAuth endpoints.
#[derive(OpenApi)]
#[openapi(
    paths(
        authorize,
        token,
        account_token,
        introspect,
        check_token,
        revoke,
        authorization_server,
        openid_configuration,
        jwks
    ),
    tags((name = "oauth", description = "For programs and verifiers. Errors are those of RFC 6749 §4.1.2.1 and §5.2.")),
    modifiers(&ClientAuthentication)
)]
pub struct OAuthApiDoc;

struct ClientAuthentication;

impl Modify for ClientAuthentication {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let basic = Http::builder()
            .scheme(HttpAuthScheme::Basic)
            .description(Some("client_id and client_secret, or both of them in the body (RFC 6749 §2.3.1)"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("client_secret_basic", SecurityScheme::Http(basic));
    }
}

/// What every endpoint with client authentication may answer instead.
#[derive(IntoResponses)]
enum ClientAuthErrors {
    /// Not a request, or not one that is granted
    #[response(status = 400)]
    Request(#[to_schema] OAuthError),
    /// Client authentication failed: always the same answer, whatever the reason
    #[response(status = 401)]
    Client(#[to_schema] OAuthError),
    /// A store did not answer, and nothing was decided: try again after `Retry-After`
    #[response(status = 503)]
    Unavailable(#[to_schema] OAuthError),
}

/// An authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2).
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct AuthorizationRequest {
    /// `code`
    response_type: String,
    client_id: String,
    /// One that is registered; a client with a single one may leave it out.
    redirect_uri: Option<String>,
    /// SHA-256 of the `code_verifier`, in base64url.
    code_challenge: String,
    /// `S256`
    code_challenge_method: String,
    /// Comes back with the answer.
    state: Option<String>,
    /// Separated by spaces; all that the client was granted if absent.
    scope: Option<String>,
    /// The API, by its audience or id; a client with a single one may leave it out.
    resource: Option<String>,
}

/// Send a person here to sign in, and to let a client act for them. The answer comes with them, to the `redirect_uri`:
/// `code`, or `error` (RFC 6749 §4.1.2), with `state` and `iss` (RFC 9207).
#[utoipa::path(
    get, path = "/oauth/authorize", tag = "oauth", operation_id = "oauth_authorize",
    params(AuthorizationRequest),
    security(()),
    responses(
        (status = 303, description = "To the page where they sign in, or back to the client with an error"),
        (status = 400, description = "A page: client or `redirect_uri` are not known, so nobody is sent anywhere",
         content_type = "text/html"),
        (status = 503, description = "A page: a store did not answer; try again after `Retry-After`",
         content_type = "text/html")
    )
)]
fn authorize() {}

/// Get an access token.
#[utoipa::path(
    post, path = "/oauth/token", tag = "oauth", operation_id = "oauth_token",
    request_body(content(
        (TokenRequest = "application/x-www-form-urlencoded"), (TokenRequest = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "A token", body = TokenResponse), ClientAuthErrors)
)]
fn token() {}

/// Get an access token, as a client of this account.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/auth/token", tag = "oauth", operation_id = "oauth_account_token",
    params(("account_id" = String, Path)),
    request_body(content(
        (TokenRequest = "application/x-www-form-urlencoded"), (TokenRequest = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "A token", body = TokenResponse), ClientAuthErrors)
)]
fn account_token() {}

/// Ask what a token of the caller's own account is worth now.
#[utoipa::path(
    post, path = "/oauth/introspect", tag = "oauth", operation_id = "oauth_introspect",
    request_body(content(
        (TokenParams = "application/x-www-form-urlencoded"), (TokenParams = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "What it is worth", body = Introspection), ClientAuthErrors)
)]
fn introspect() {}

/// The same as `/oauth/introspect`.
#[utoipa::path(
    post, path = "/oauth/check_token", tag = "oauth", operation_id = "oauth_check_token",
    request_body(content(
        (TokenParams = "application/x-www-form-urlencoded"), (TokenParams = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "What it is worth", body = Introspection), ClientAuthErrors)
)]
fn check_token() {}

/// End a token of the caller's own before its time.
#[utoipa::path(
    post, path = "/oauth/revoke", tag = "oauth", operation_id = "oauth_revoke",
    request_body(content(
        (TokenParams = "application/x-www-form-urlencoded"), (TokenParams = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "It is revoked, or was nothing to revoke"), ClientAuthErrors)
)]
fn revoke() {}

/// Read the metadata (RFC 8414).
#[utoipa::path(
    get, path = "/.well-known/oauth-authorization-server", tag = "oauth", operation_id = "oauth_metadata",
    security(()),
    responses((status = 200, description = "The metadata of RFC 8414 §2", body = Object))
)]
fn authorization_server() {}

/// Read the same metadata where OpenID Connect libraries look.
#[utoipa::path(
    get, path = "/.well-known/openid-configuration", tag = "oauth", operation_id = "oauth_openid_configuration",
    security(()),
    responses((status = 200, description = "The metadata of RFC 8414 §2", body = Object))
)]
fn openid_configuration() {}

/// Read the keys that verify tokens (RFC 7517).
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "oauth", operation_id = "oauth_jwks",
    security(()),
    responses(
        (status = 200, description = "The keys, cacheable for 5 minutes", body = JwkSet),
        (status = 503, description = "A store did not answer: try again after `Retry-After`", body = OAuthError)
    )
)]
fn jwks() {}
