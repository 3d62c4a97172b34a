//! Routes, methods and queries that are not there.

use crate::support::app::TestApp;
use crate::v1::{ACCOUNTS, CLIENTS};

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let latchkey = TestApp::with_fixtures().await;
    for path in
        ["/v1", "/v1/", "/v1/nothing", "/v1/accounts/", "/v1/accounts/T12345678/client", "/v2/accounts"]
    {
        let answer = latchkey.get(path).await.expect(404);
        assert_eq!(answer.problem(), "not_found", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_path_that_is_no_text_is_a_problem_like_another() {
    let latchkey = TestApp::with_fixtures().await;
    for path in ["/v1/accounts/%ff", "/v1/accounts/%ff/clients", "/v1/accounts/T12345678/clients/%c3%28"] {
        let answer = latchkey.get(path).await.expect(404);
        assert_eq!(answer.problem(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn a_method_that_a_route_does_not_have_is_told_which_it_has() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    for (method, path, allowed) in [
        ("DELETE", ACCOUNTS.to_owned(), vec!["GET", "HEAD", "POST"]),
        ("PUT", client.path(), vec!["DELETE", "GET", "HEAD", "PATCH"]),
        ("GET", format!("{}/disable", client.path()), vec!["POST"]),
        ("PATCH", client.secrets(), vec!["GET", "HEAD", "POST"]),
        ("POST", "/openapi.json".to_owned(), vec!["GET", "HEAD"]),
    ] {
        let answer = latchkey.admin_request(method, &path).await.send().await.expect(405);
        assert_eq!(answer.problem(), "method_not_allowed");
        let mut names: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        names.sort_unstable();
        assert_eq!(names, allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn a_query_that_a_list_does_not_know_is_refused() {
    let latchkey = TestApp::with_fixtures().await;
    for query in ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "colour=blue"] {
        let answer = latchkey.get(&format!("{CLIENTS}?{query}")).await.expect(422);
        assert_eq!(answer.pointers(), [format!("#/{}", query.split('=').next().unwrap())], "{query}");
    }
    let both = latchkey.get(&format!("{CLIENTS}?limit=0&colour=blue&status=on")).await.expect(422);
    assert!(both.pointers().len() >= 2, "{}", both.text());
}
