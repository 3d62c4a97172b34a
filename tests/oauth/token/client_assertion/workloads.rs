//! Tokens of well-known issuers, in the form that these give them to workloads.

use crate::oauth::token::client_assertion::client_with;
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fake_internet::FakeInternet;
use serde_json::{Value, json};

/// A token of an outside issuer.
struct Workload {
    name: &'static str,
    issuer: &'static str,
    /// Where its keys are.
    keys: &'static str,
    alg: &'static str,
    typ: Option<&'static str>,
    subject: &'static str,
    audience: &'static str,
    /// The claim `aud`.
    aud: Value,
    lifetime: i64,
    more: Value,
}

fn workloads() -> Vec<Workload> {
    let aws = "https://11112222-3333-4444-5555-666677778888.tokens.sts.global.api.aws";
    let on_aws = |name, alg| Workload {
        name,
        issuer: aws,
        keys: "https://11112222-3333-4444-5555-666677778888.tokens.sts.global.api.aws/.well-known/jwks.json",
        alg,
        typ: Some("JWT"),
        subject: "arn:aws:iam::123456789012:role/OrderSync",
        audience: "https://id.latchkey.example",
        aud: json!(["https://id.latchkey.example"]),
        lifetime: 300,
        more: json!({
            "jti": "9f8e7d6c-0000-4000-8000-000000000000",
            "https://sts.amazonaws.com/": {
                "aws_account": "123456789012", "source_region": "eu-central-1",
                "principal_id": "arn:aws:iam::123456789012:role/OrderSync",
                "lambda_source_function_arn": "arn:aws:lambda:eu-central-1:123456789012:function:sync",
            },
        }),
    };
    vec![
        on_aws("AWS STS with ES384", "ES384"),
        on_aws("AWS STS with RS256", "RS256"),
        Workload {
            name: "GitHub Actions",
            issuer: "https://token.actions.githubusercontent.com",
            keys: "https://token.actions.githubusercontent.com/.well-known/jwks",
            alg: "RS256",
            typ: Some("JWT"),
            subject: "repo:acme/shop:ref:refs/heads/main",
            audience: "https://id.latchkey.example",
            aud: json!("https://id.latchkey.example"),
            lifetime: 300,
            more: json!({
                "jti": "example-id", "ref": "refs/heads/main", "repository": "acme/shop", "run_id": "1",
                "workflow": "deploy", "ref_protected": "true", "runner_environment": "github-hosted",
            }),
        },
        Workload {
            name: "Kubernetes",
            issuer: "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
            keys: "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE/keys",
            alg: "RS256",
            typ: None,
            subject: "system:serviceaccount:shop:order-sync",
            audience: "latchkey",
            aud: json!(["latchkey"]),
            lifetime: 3_600,
            more: json!({ "kubernetes.io": {
                "namespace": "shop", "pod": { "name": "order-sync-1", "uid": "u" },
                "serviceaccount": { "name": "order-sync", "uid": "v" }, "warnafter": 1_700_000_000,
            } }),
        },
        Workload {
            name: "Google",
            issuer: "https://accounts.google.com",
            keys: "https://www.googleapis.com/oauth2/v3/certs",
            alg: "RS256",
            typ: Some("JWT"),
            subject: "112233445566778899001",
            audience: "https://id.latchkey.example",
            aud: json!("https://id.latchkey.example"),
            lifetime: 3_600,
            more: json!({
                "azp": "112233445566778899001", "email_verified": true,
                "email": "order-sync@acme.iam.gserviceaccount.com",
            }),
        },
        Workload {
            name: "Entra",
            issuer: "https://login.microsoftonline.com/11112222-3333-4444-5555-666677778888/v2.0",
            keys: "https://login.microsoftonline.com/11112222-3333-4444-5555-666677778888/discovery/v2.0/keys",
            alg: "RS256",
            typ: Some("JWT"),
            subject: "99998888-7777-6666-5555-444433332222",
            audience: "00001111-2222-3333-4444-555566667777",
            aud: json!("00001111-2222-3333-4444-555566667777"),
            lifetime: 86_400,
            more: json!({
                "azp": "a", "azpacr": "2", "idtyp": "app", "oid": "o", "rh": "r", "uti": "u", "ver": "2.0",
                "tid": "11112222-3333-4444-5555-666677778888", "aio": "E2",
            }),
        },
        Workload {
            name: "Entra, version 1",
            issuer: "https://sts.windows.net/11112222-3333-4444-5555-666677778888/",
            keys: "https://login.microsoftonline.com/common/discovery/keys",
            alg: "RS256",
            typ: Some("JWT"),
            subject: "99998888-7777-6666-5555-444433332222",
            audience: "api://latchkey",
            aud: json!("api://latchkey"),
            lifetime: 86_400,
            more: json!({ "appid": "a", "appidacr": "2", "idtyp": "app", "ver": "1.0" }),
        },
    ]
}

/// Host and path of a URL.
fn parts(url: &str) -> (&str, String) {
    let (host, path) = url.trim_start_matches("https://").split_once('/').unwrap_or((&url[8..], ""));
    (host, format!("/{path}"))
}

#[tokio::test]
async fn tokens_of_well_known_issuers_are_accepted() {
    let internet = FakeInternet::start().await;
    let latchkey = internet.latchkey().await;
    for workload in workloads() {
        let key = TestKey::new(workload.alg).named(workload.name);
        // Members that real documents have in addition.
        let mut jwk = key.jwk();
        jwk["use"] = json!("sig");
        jwk["x5t"] = json!("abc");
        let description = json!({
            "issuer": workload.issuer, "jwks_uri": workload.keys, "response_types_supported": ["id_token"],
            "id_token_signing_alg_values_supported": [workload.alg], "subject_types_supported": ["public"],
        });
        let configuration =
            format!("{}/.well-known/openid-configuration", workload.issuer.trim_end_matches('/'));
        let (host, path) = parts(&configuration);
        internet.publish(host, &path, &description);
        let (host, path) = parts(workload.keys);
        internet.publish(host, &path, &json!({ "keys": [jwk] }));

        let identity = json!({
            "issuer": workload.issuer, "subject": workload.subject, "audience": workload.audience,
        });
        let client = client_with(&latchkey, &json!({ "federated_identities": [identity] })).await;
        let now = latchkey.now().as_second();
        let mut claims = json!({
            "iss": workload.issuer, "sub": workload.subject, "aud": workload.aud,
            "iat": now, "nbf": now, "exp": now + workload.lifetime,
        });
        claims.as_object_mut().unwrap().extend(workload.more.as_object().unwrap().clone());
        let mut header = key.header();
        if let Some(typ) = workload.typ {
            header["typ"] = json!(typ);
        }
        let form = format!("{}&client_id={client}", form(&key.sign(&header, &claims)));
        let response = latchkey.request("POST", "/oauth/token").form(&form).send().await;
        assert_eq!(response.status, 200, "{}: {}", workload.name, response.text());
    }
}
