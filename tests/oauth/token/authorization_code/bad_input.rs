//! Malformed requests to redeem a code: an error of RFC 6749 §5.2, as form and as JSON, at both paths. The
//! code stays valid.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::{VERIFIER, code_form};
use serde_json::{Value, json};

#[tokio::test]
async fn malformed_requests_do_not_redeem_the_code() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    let good = code_form(&code, VERIFIER);
    let long = "x".repeat(60_000);
    let cases = [
        ("no code", good.replace("&code=", "&kode="), "invalid_request"),
        ("an empty code", good.replace(&code, ""), "invalid_request"),
        ("no verifier", good.replace("code_verifier", "verifier"), "invalid_request"),
        ("an empty verifier", good.replace(VERIFIER, ""), "invalid_request"),
        ("two codes", format!("{good}&code={code}"), "invalid_request"),
        ("two verifiers", format!("{good}&code_verifier={VERIFIER}"), "invalid_request"),
        ("two redirect_uris", format!("{good}&redirect_uri=x"), "invalid_request"),
        (
            "two resources",
            format!("{good}&resource=backoffice_api&resource=backoffice_api"),
            "invalid_request",
        ),
        ("a code that is too long", good.replace(&code, &long), "invalid_grant"),
        ("a code that is too short", good.replace(&code, &code[1..]), "invalid_grant"),
        ("a code of other characters", good.replace(&code, &format!("%2D{}", &code[1..])), "invalid_grant"),
        ("a code with a space", good.replace(&code, &format!("{code}+")), "invalid_grant"),
        ("a verifier that is too long", good.replace(VERIFIER, &long), "invalid_grant"),
        (
            "a verifier of other characters",
            good.replace(VERIFIER, &format!("{VERIFIER}%C3%A9")),
            "invalid_grant",
        ),
        ("a redirect_uri that is too long", good.replace("callback", &long), "invalid_grant"),
        ("a redirect_uri with a zero byte", good.replace("callback", "callback%00"), "invalid_grant"),
        ("bytes that are no text", good.replace(VERIFIER, "%ff"), "invalid_request"),
        ("a resource that is too long", format!("{good}&resource={long}"), "invalid_target"),
        ("a body over 64 KiB", format!("{good}&a={long}{long}"), "invalid_request"),
    ];
    for path in ["/oauth/token".to_owned(), format!("/v1/accounts/{ACCOUNT}/auth/token")] {
        for (name, form, error) in &cases {
            let request = latchkey.request("POST", &path).basic(&app.client_id, &app.client_secret);
            let response = request.form(form).send().await;
            let actual = (response.status.as_u16(), response.string("error"));
            assert_eq!(actual, (400, (*error).to_owned()), "{path}: {name}");
            assert!(!response.text().contains(&code), "{path}: {name}");
        }
        let json = |member: &str, value: Value| {
            let mut body = json!({
                "grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER,
                "redirect_uri": "https://app.example.com/callback",
            });
            body[member] = value;
            latchkey.request("POST", &path).basic(&app.client_id, &app.client_secret).json(&body)
        };
        for (member, value, error) in [
            ("code", json!(null), "invalid_request"),
            ("code", json!(1), "invalid_request"),
            ("code", json!([code]), "invalid_request"),
            ("code", json!("\u{0}"), "invalid_grant"),
            ("code_verifier", json!(null), "invalid_request"),
            ("code_verifier", json!({}), "invalid_request"),
            ("code_verifier", json!(long), "invalid_grant"),
            ("redirect_uri", json!(null), "invalid_grant"),
            ("redirect_uri", json!(["https://app.example.com/callback"]), "invalid_request"),
            ("resource", json!(["a", "b"]), "invalid_request"),
            ("resource", json!(["a"]), "invalid_target"),
        ] {
            let response = json(member, value.clone()).send().await;
            let actual = (response.status.as_u16(), response.string("error"));
            assert_eq!(actual, (400, error.to_owned()), "{path}: {member} {value}");
        }
    }
    latchkey.redeem(&app, &code).await.expect(200);
}

#[tokio::test]
async fn parameters_in_the_query_are_rejected() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    let good = code_form(&code, VERIFIER);
    for query in [
        format!("code={code}"),
        format!("code_verifier={VERIFIER}"),
        "redirect_uri=https://a.example".to_owned(),
    ] {
        let request = latchkey.request("POST", &format!("/oauth/token?{query}"));
        let response = request.basic(&app.client_id, &app.client_secret).form(&good).send().await.expect(400);
        assert_eq!(response.string("error"), "invalid_request", "{query}");
    }
    latchkey.redeem(&app, &code).await.expect(200);
}

#[tokio::test]
async fn path_of_another_account_is_rejected() {
    let latchkey = TestApp::with_members().await;
    latchkey.fixtures().account("T2").await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    let request =
        latchkey.request("POST", "/v1/accounts/T2/auth/token").basic(&app.client_id, &app.client_secret);
    request.form(&code_form(&code, VERIFIER)).send().await.expect(401);
    latchkey.redeem(&app, &code).await.expect(200);
}
