//! Unknown routes, methods and queries.

use crate::support::app::TestApp;
use crate::v1::{ACCOUNTS, CLIENTS};

#[tokio::test]
async fn unknown_path_is_a_problem_document() {
    let latchkey = TestApp::with_fixtures().await;
    for path in
        ["/v1", "/v1/", "/v1/nothing", "/v1/accounts//", "/v1/accounts/T12345678/client", "/v2/accounts"]
    {
        let response = latchkey.get(path).await.expect(404);
        assert_eq!(response.problem(), "not_found", "{path}");
        assert_eq!(response.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn path_that_is_not_utf8_is_a_problem_document() {
    let latchkey = TestApp::with_fixtures().await;
    for path in ["/v1/accounts/%ff", "/v1/accounts/%ff/clients", "/v1/accounts/T12345678/clients/%c3%28"] {
        let response = latchkey.get(path).await.expect(404);
        assert_eq!(response.problem(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn method_not_allowed_lists_allowed_methods() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for (method, path, allowed) in [
        ("DELETE", ACCOUNTS.to_owned(), vec!["GET", "HEAD", "POST"]),
        ("PUT", client.path(), vec!["DELETE", "GET", "HEAD", "PATCH"]),
        ("GET", format!("{}/disable", client.path()), vec!["POST"]),
        ("PATCH", client.secrets(), vec!["GET", "HEAD", "POST"]),
        ("POST", "/openapi.json".to_owned(), vec!["GET", "HEAD"]),
    ] {
        let response = latchkey.admin_request(method, &path).await.send().await.expect(405);
        assert_eq!(response.problem(), "method_not_allowed");
        let mut names: Vec<_> = response.header("allow").split(',').map(str::trim).collect();
        names.sort_unstable();
        assert_eq!(names, allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn unknown_query_parameter_of_list_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    for query in ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "colour=blue"] {
        let response = latchkey.get(&format!("{CLIENTS}?{query}")).await.expect(422);
        assert_eq!(response.pointers(), [format!("#/{}", query.split('=').next().unwrap())], "{query}");
    }
    let both = latchkey.get(&format!("{CLIENTS}?limit=0&colour=blue&status=on")).await.expect(422);
    assert!(both.pointers().len() >= 2, "{}", both.text());
}
