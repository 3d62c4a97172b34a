//! Malformed refresh requests: an error of RFC 6749 §5.2, as form and as JSON, at both paths. The token stays
//! valid.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::{assert_error, refresh_form};
use serde_json::{Value, json};
use shared::domain::oauth::refresh_token::RefreshToken;

#[tokio::test]
async fn malformed_requests_do_not_rotate_the_token() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let token = latchkey.code_flow_tokens(&app).await.refresh;
    let good = refresh_form(&token);
    let long = "x".repeat(60_000);
    let unknown = RefreshToken::first([1; 32], [2; 32]);
    let flipped = if token.ends_with('0') { "1" } else { "0" };
    let cases = [
        ("no token", "grant_type=refresh_token".to_owned(), "invalid_request"),
        ("an empty token", refresh_form(""), "invalid_request"),
        ("two tokens", format!("{good}&refresh_token={token}"), "invalid_request"),
        ("two scopes", format!("{good}&scope=orders:read&scope=orders:read"), "invalid_request"),
        ("a token that is too long", refresh_form(&long), "invalid_grant"),
        ("a token that is cut off", refresh_form(&token[..token.len() - 1]), "invalid_grant"),
        (
            "a token with a slip",
            refresh_form(&format!("{}{flipped}", &token[..token.len() - 1])),
            "invalid_grant",
        ),
        ("an invented token", refresh_form(unknown.expose()), "invalid_grant"),
        ("a client secret", refresh_form(&app.client_secret), "invalid_grant"),
        ("bytes that are no text", refresh_form("%ff"), "invalid_request"),
        ("a malformed scope", format!("{good}&scope=a++b"), "invalid_scope"),
        ("a scope that is too long", format!("{good}&scope={long}"), "invalid_scope"),
        (
            "a scope that was not authorized",
            format!("{good}&scope=orders:read+clients:read"),
            "invalid_scope",
        ),
        ("another resource", format!("{good}&resource=latchkey"), "invalid_target"),
        ("two resources", format!("{good}&resource=a&audience=b"), "invalid_target"),
        ("a body over 64 KiB", format!("{good}&a={long}{long}"), "invalid_request"),
    ];
    for path in ["/oauth/token".to_owned(), format!("/v1/accounts/{ACCOUNT}/auth/token")] {
        let request = || latchkey.request("POST", &path).basic(&app.client_id, &app.client_secret);
        for (name, form, error) in &cases {
            let response = request().form(form).send().await;
            assert_error(&response, error, &format!("{path}: {name}"));
            assert!(!response.text().contains(&token), "{path}: {name}");
        }
        let json = |member: &str, value: &Value| {
            let mut body = json!({ "grant_type": "refresh_token", "refresh_token": token });
            body[member] = value.clone();
            request().json(&body)
        };
        for (member, value, error) in [
            ("refresh_token", json!(null), "invalid_request"),
            ("refresh_token", json!([token]), "invalid_request"),
            ("refresh_token", json!(7), "invalid_request"),
            ("refresh_token", json!("\u{0}"), "invalid_grant"),
            ("scope", json!(["orders:read"]), "invalid_request"),
            ("scope", json!("\""), "invalid_scope"),
            ("resource", json!(["latchkey"]), "invalid_target"),
        ] {
            let response = json(member, &value).send().await;
            assert_error(&response, error, &format!("{path}: {member} {value}"));
        }
    }
    let request = latchkey.request("POST", &format!("/oauth/token?refresh_token={token}"));
    let in_query = request.basic(&app.client_id, &app.client_secret).form(&good).send().await;
    assert_error(&in_query, "invalid_request", "in the query");
    assert!(latchkey.is_active(&app, &token).await);
    let after = latchkey.refresh(&app, &token, "").await.expect(200).string("refresh_token");
    latchkey.refresh(&app, &after, "").await.expect(200);
}
