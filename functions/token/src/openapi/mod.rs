//! OpenAPI description of the endpoints, which stands with their handlers; here are the paths that share a handler with
//! another one.
#![expect(dead_code, reason = "read only by the macros that generate the document")]

pub mod schemas;

use crate::{introspect, metadata, revoke, token_endpoint};
use schemas::{ClientAuthErrors, Introspection, TokenParams, TokenRequest, TokenResponse};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The function's part of the document.
#[derive(OpenApi)]
#[openapi(
    paths(
        token_endpoint::token,
        account_token,
        introspect::introspect,
        check_token,
        revoke::revoke,
        metadata::metadata,
        openid_configuration,
        metadata::jwks
    ),
    modifiers(&ClientAuthentication)
)]
pub struct ApiDoc;

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

/// The same as `/oauth/introspect`.
#[utoipa::path(
    post, path = "/oauth/check_token", tag = "oauth", operation_id = "oauth_check_token",
    request_body(content(
        (TokenParams = "application/x-www-form-urlencoded"), (TokenParams = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "The state of the token", body = Introspection), ClientAuthErrors)
)]
fn check_token() {}

/// Read the same metadata at the path of OpenID Connect Discovery.
#[utoipa::path(
    get, path = "/.well-known/openid-configuration", tag = "oauth", operation_id = "oauth_openid_configuration",
    security(()),
    responses((status = 200, description = "The metadata of RFC 8414 §2", body = Object))
)]
fn openid_configuration() {}
