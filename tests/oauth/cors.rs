//! Pages of other origins (Fetch Standard): what they may call, and that nothing else is open to them.

use crate::support::app::TestApp;
use crate::support::http::TestResponse;
use crate::support::sign_in::code_flow::{VERIFIER, code_form};

const PAGE: &str = "https://app.example.org";
/// What the page sends. `*` would not include `Authorization`.
const HEADERS: &str = "authorization,content-type,mcp-protocol-version";

/// The routes that pages may call, with their methods.
const OPEN: [(&str, &str); 6] = [
    ("POST", "/oauth/token"),
    ("POST", "/v1/accounts/T12345678/auth/token"),
    ("POST", "/oauth/revoke"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/.well-known/openid-configuration"),
    ("GET", "/.well-known/jwks.json"),
];

async fn preflight(latchkey: &TestApp, method: &str, path: &str) -> TestResponse {
    latchkey
        .request("OPTIONS", path)
        .header("origin", PAGE)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", HEADERS)
        .send()
        .await
}

#[tokio::test]
async fn page_of_another_origin_redeems_its_code_and_revokes_its_token() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().public_client().await;
    let code = latchkey.fixtures().code(&app).await;
    let send = async |path: &str, form: &str| {
        let form = format!("{form}&client_id={}", app.client_id);
        let response = latchkey.request("POST", path).header("origin", PAGE).form(&form).send().await;
        assert_eq!(response.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(response.header("access-control-allow-credentials"), "", "{path}");
        response
    };
    let tokens = send("/oauth/token", &code_form(&code, VERIFIER)).await.expect(200);
    send("/oauth/token", "grant_type=refresh_token").await.expect(400);
    let path = format!("/v1/accounts/{}/auth/token", app.account_id);
    let refreshed = format!("grant_type=refresh_token&refresh_token={}", tokens.string("refresh_token"));
    let tokens = send(&path, &refreshed).await.expect(200);
    let revoked =
        send("/oauth/revoke", &format!("token={}", tokens.string("refresh_token"))).await.expect(200);
    assert_eq!((revoked.text().as_str(), revoked.header("content-type")), ("", "application/json"));
}

#[tokio::test]
async fn preflights_allow_any_header() {
    let latchkey = TestApp::new().await;
    for (method, path) in OPEN {
        let response = preflight(&latchkey, method, path).await.expect(200);
        assert_eq!(response.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(response.header("access-control-allow-methods"), method, "{path}");
        assert_eq!(response.header("access-control-allow-headers"), HEADERS, "{path}");
        assert_eq!(response.header("access-control-allow-credentials"), "", "{path}");
        assert!(response.header("access-control-max-age").parse::<u32>().unwrap() > 0, "{path}");
    }
}

#[tokio::test]
async fn everything_else_is_closed_to_other_origins() {
    let latchkey = TestApp::new().await;
    let document = latchkey.request("GET", "/openapi.json").send().await.expect(200).json();
    let mut closed = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let path = path.replace("{account_id}", "T12345678").replace(['{', '}'], "");
        for method in operations.as_object().unwrap().keys().filter(|name| *name != "parameters") {
            let method = method.to_uppercase();
            if OPEN.contains(&(method.as_str(), path.as_str())) {
                continue;
            }
            for response in [
                preflight(&latchkey, &method, &path).await,
                latchkey.request(&method, &path).header("origin", PAGE).send().await,
            ] {
                let headers = response.headers.keys().map(http::HeaderName::as_str);
                let opened = headers.filter(|name| name.starts_with("access-control-")).count();
                assert_eq!(opened, 0, "{method} {path}: {:?}", response.headers);
            }
            closed += 1;
        }
    }
    assert!(closed > 30, "{closed} of the document");
}
