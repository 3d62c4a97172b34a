//! Malformed requests get an error of RFC 6749 §5.2, and change nothing.

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;

const GRANT: &str = "grant_type=client_credentials";

async fn latchkey_and_client() -> (TestApp, TestClient) {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    (latchkey, client)
}

#[tokio::test]
async fn malformed_requests_are_invalid_request() {
    let (latchkey, client) = latchkey_and_client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    let basic = || latchkey.request("POST", "/oauth/token").basic(id, secret);
    let in_query = |query: &str| {
        latchkey.request("POST", &format!("/oauth/token?{query}")).basic(id, secret).form(GRANT)
    };
    let long = format!("{GRANT}&padding={}", "x".repeat(64 * 1024));
    let both = format!("{GRANT}&client_id={id}&client_secret={secret}");
    let cases = [
        ("no body", basic()),
        ("an unknown content type", basic().body("text/plain", GRANT)),
        ("two content types", basic().form(GRANT).header("content-type", "application/json")),
        ("a multipart body", basic().body("multipart/form-data; boundary=x", GRANT)),
        ("a parameter twice", basic().form(&format!("{GRANT}&scope=orders:read&scope=orders:read"))),
        ("a body over 64 KiB", basic().form(&long)),
        ("bytes that are no text", basic().form(&format!("{GRANT}&scope=%ff"))),
        ("no grant type", basic().form("scope=orders:read")),
        ("an empty grant type", basic().form("grant_type=")),
        ("a client_id that is not the Basic one", basic().form(&format!("{GRANT}&client_id=other"))),
        ("two ways at once", basic().form(&both)),
        ("two Authorization headers", basic().basic(id, secret).form(GRANT)),
        ("credentials in the query", in_query(&format!("client_id={id}&client_secret={secret}"))),
        ("the secret in the query", in_query(&format!("client_secret={secret}"))),
        ("the grant type in the query", in_query(GRANT)),
        ("JSON that is none", basic().body("application/json", "{")),
        ("JSON that is no object", basic().body("application/json", "[]")),
        (
            "a name twice in JSON",
            basic().body(
                "application/json",
                r#"{"grant_type":"client_credentials","grant_type":"client_credentials"}"#,
            ),
        ),
        ("a wrong type in JSON", basic().body("application/json", r#"{"grant_type":1}"#)),
        (
            "an object in JSON",
            basic().body("application/json", r#"{"grant_type":"client_credentials","scope":{}}"#),
        ),
    ];
    for (name, request) in cases {
        let response = request.send().await;
        assert_eq!(
            (response.status.as_u16(), response.string("error").as_str()),
            (400, "invalid_request"),
            "{name}"
        );
        assert_eq!(response.header("cache-control"), "no-store", "{name}");
        assert!(!response.text().contains(secret.as_str()), "{name}");
    }
    latchkey.token(id, secret, "").await.expect(200);
}

#[tokio::test]
async fn malformed_basic_header_is_invalid_client() {
    let (latchkey, _) = latchkey_and_client().await;
    for header in ["Basic", "Basic ", "Basic !!!", "Basic YQ==", "Basic \u{fc}", "Digest x", "basic /w=="] {
        let response =
            latchkey.request("POST", "/oauth/token").header("authorization", header).form(GRANT).send().await;
        assert_eq!(
            (response.status.as_u16(), response.string("error").as_str()),
            (401, "invalid_client"),
            "{header}"
        );
    }
}

#[tokio::test]
async fn unknown_grant_scope_and_resource_have_own_errors() {
    let (latchkey, client) = latchkey_and_client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    for (form, error) in [
        ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
        ("grant_type=implicit", "unsupported_grant_type"),
        ("grant_type=client_credentials&scope=orders:read%09orders:write", "invalid_scope"),
        ("grant_type=client_credentials&scope=%22", "invalid_scope"),
        ("grant_type=client_credentials&scope=unknown", "invalid_scope"),
        ("grant_type=client_credentials&resource=unknown", "invalid_target"),
        ("grant_type=client_credentials&resource=a&audience=b", "invalid_target"),
    ] {
        let response =
            latchkey.request("POST", "/oauth/token").basic(id, secret).form(form).send().await.expect(400);
        assert_eq!(response.string("error"), error, "{form}");
    }
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let (latchkey, _) = latchkey_and_client().await;
    for path in ["/oauth/token", "/v1/accounts/T12345678/auth/token"] {
        for method in ["GET", "PUT", "DELETE", "PATCH"] {
            let response = latchkey.request(method, path).send().await.expect(405);
            assert_eq!(response.header("allow"), "POST");
            assert_eq!(response.header("cache-control"), "no-store");
        }
    }
}

#[tokio::test]
async fn unknown_parameters_are_ignored_and_empty_ones_absent() {
    let (latchkey, client) = latchkey_and_client().await;
    let more = "&colour=blue&scope=&resource=";
    latchkey.token(&client.client_id, &client.client_secret, more).await.expect(200);
}

#[tokio::test]
async fn what_programs_add_without_meaning_it_is_read_over() {
    let (latchkey, client) = latchkey_and_client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    let request = || latchkey.request("POST", "/oauth/token").basic(id, secret);
    let json =
        r#"{"grant_type":"client_credentials","scope":" orders:read ","retries":3,"meta":{"a":[true]}}"#;
    for (name, request) in [
        ("blanks in scope", request().form(&format!("{GRANT}&scope=+orders:read++orders:read+"))),
        ("members of any type", request().body("application/json", json)),
        ("a byte order mark before JSON", request().body("application/json", format!("\u{feff}{json}"))),
        ("a byte order mark before a form", request().form(&format!("\u{feff}{GRANT}&scope=orders:read"))),
        ("a slash for an empty path", request().form(&format!("{GRANT}&resource=https://api.example.com/"))),
        (
            "both names of the resource",
            request()
                .form(&format!("{GRANT}&resource=https://api.example.com/&audience=https://api.example.com")),
        ),
    ] {
        let response = request.send().await;
        assert_eq!(response.status, 200, "{name}: {}", response.text());
        assert_eq!(response.string("scope").split(' ').next(), Some("orders:read"), "{name}");
    }
}

#[tokio::test]
async fn default_scopes_of_openid_libraries_are_ignored() {
    let (latchkey, client) = latchkey_and_client().await;
    for (requested, granted) in [
        ("openid", "orders:read orders:write"),
        ("openid+profile+email+offline_access", "orders:read orders:write"),
        ("openid+orders:read", "orders:read"),
    ] {
        let more = format!("&scope={requested}");
        let response = latchkey.token(&client.client_id, &client.client_secret, &more).await.expect(200);
        assert_eq!(response.string("scope"), granted, "{requested}");
    }
    let other = latchkey.token(&client.client_id, &client.client_secret, "&scope=openid+address").await;
    assert_eq!(other.expect(400).string("error"), "invalid_scope");
}

#[tokio::test]
async fn arbitrary_bytes_are_client_errors() {
    let (latchkey, client) = latchkey_and_client().await;
    let types = ["application/json", "application/x-www-form-urlencoded", "", "\u{7f}"];
    let bodies: [&[u8]; 8] =
        [b"", b"\0", b"\xff\xfe", b"%", b"&&&===", b"{\"a\":", b"[[[[[[", b"\"\\ud800\""];
    for content_type in types {
        for body in bodies {
            let request =
                latchkey.request("POST", "/oauth/token").basic(&client.client_id, &client.client_secret);
            let request =
                if content_type.contains('\u{7f}') { request } else { request.body(content_type, body) };
            let status = request.send().await.status.as_u16();
            assert!((400..500).contains(&status), "{content_type} {body:?}: {status}");
        }
    }
}
