//! What the sample account holds.

use serde_json::{Value, json};

/// The administrator of the account.
pub const ADMINISTRATOR: &str = "ann@acme.example";

/// A public key (EC P-256) of which no one has the private one.
const PUBLIC_KEY: &str = r#"{"kty":"EC","crv":"P-256","kid":"warehouse-1",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

/// A certificate of a key of which no one has the private one. It ends in 2036.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBjDCCATGgAwIBAgIUIS8QRmM9x5GZfXh9uSuLHcDpnxkwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQQmlsbGluZyAoc2FtcGxlKTAeFw0yNjExMjgwOTI1MzJaFw0z
NjExMjUwOTI1MzJaMBsxGTAXBgNVBAMMEEJpbGxpbmcgKHNhbXBsZSkwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASL1oP4xVvJeStOh9kNwKbUJIsR5P5DwAifaAgZ
xDLd7IWvC7LVkvKhWs1MLGRRrvn9W3do8w95iIl3LX8QAkIlo1MwUTAdBgNVHQ4E
FgQU6J5l58YyMJ7CXyuFpX1PjOi2H58wHwYDVR0jBBgwFoAU6J5l58YyMJ7CXyuF
pX1PjOi2H58wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAjQHt
tBk6eh8kQqn290AVuwZanYHTVN7O9H+8Ms9Icu8CIQCrAxjFkljvTvcK4O/DNAF4
u4hLO3Aw+UYMpMsyNjHbeg==
-----END CERTIFICATE-----";

/// The members: address, name, and rights.
pub fn people() -> [(&'static str, &'static str, Value); 3] {
    let all = json!(["clients:read", "clients:manage", "members:manage", "secrets:reveal", "audit:read"]);
    [
        (ADMINISTRATOR, "Ann", all),
        ("ben@acme.example", "Ben", json!(["clients:read", "clients:manage"])),
        ("cleo@acme.example", "Cleo", json!(["clients:read"])),
    ]
}

/// An API of orders, in a stage.
pub fn resource(stage: &str, name: &str) -> Value {
    let host = if stage == "test" { "orders.test.acme.example" } else { "orders.acme.example" };
    json!({
        "resource_id": format!("orders_{stage}"), "resource_name": name, "service": "orders", "stage": stage,
        "audience": format!("https://{host}"), "account_access": "all",
        "scopes": [
            { "name": "orders:read", "description": "Read orders" },
            { "name": "orders:write", "description": "Create and change orders" },
            { "name": "refunds:write", "description": "Refund payments" },
        ],
    })
}

/// Two APIs of one service and stage, of which a client holds one, and the only one of another stage.
pub fn payments() -> [Value; 3] {
    let read = json!({ "name": "payments:read", "description": "See payments" });
    let create = json!({
        "name": "payments:create", "description": "Take payments", "implies": ["payments:read"],
    });
    let payout = json!({ "name": "payouts:create", "description": "Pay out", "implies": ["payments:read"] });
    let api = |id: &str, name: &str, stage: &str, scopes: Value| {
        json!({
            "resource_id": id, "resource_name": name, "service": "payments", "stage": stage,
            "audience": format!("https://{}.acme.example", id.replace('_', "-")), "account_access": "all",
            "scopes": scopes,
        })
    };
    [
        api("payments", "Payments", "production", json!([read, create, payout])),
        api("payments_reports", "Payment reports", "production", json!([read])),
        api("payments_test", "Payments, test", "test", json!([read, create])),
    ]
}

/// The clients; some end soon.
pub fn clients(soon: &str) -> Vec<Value> {
    let permissions =
        |stage: &str, scopes: &[&str]| json!([{ "resource": format!("orders_{stage}"), "scopes": scopes }]);
    let read = || permissions("production", &["orders:read"]);
    let key: Value = serde_json::from_str(PUBLIC_KEY).unwrap_or_default();
    let browser = json!({
        "client_name": "Order board", "client_uri": "https://board.acme.example", "permissions": read(),
        "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "none",
        "redirect_uris": ["https://board.acme.example/callback"],
    });
    vec![
        json!({
            "client_name": "Deployments", "description": "Runs in GitHub Actions, without a secret.",
            "token_endpoint_auth_method": "private_key_jwt", "permissions": read(),
            "federated_identities": [{
                "issuer": "https://token.actions.githubusercontent.com",
                "subject": "repo:acme/shop:environment:production", "audience": "latchkey",
            }],
        }),
        json!({
            "client_name": "Billing", "description": "Signs with the key of a certificate.",
            "token_endpoint_auth_method": "private_key_jwt", "public_key_pem": CERTIFICATE,
            "permissions": read(),
        }),
        json!({
            "client_name": "Shops", "client_uri": "https://shops.acme.example", "permissions": read(),
            "grant_types": ["authorization_code"], "redirect_uris": ["https://*.shops.acme.example/callback"],
        }),
        json!({ "client_name": "Old import", "description": "Replaced by Order sync.", "status": "disabled" }),
        json!({ "client_name": "Price feed" }),
        json!({
            "client_name": "Warehouse", "description": "Signs with a key of its own.",
            "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [key] }, "permissions": read(),
        }),
        browser,
        json!({
            "client_name": "Test runner", "permissions": permissions("test", &["orders:read", "orders:write"]),
            "allowed_ips": ["203.0.113.0/24"],
        }),
        json!({
            "client_name": "Accounting export", "secret": { "expires_on": soon },
            "permissions": [
                { "resource": "orders_production", "scopes": ["orders:read"] },
                { "resource": "payments", "scopes": ["payments:create"] },
            ],
        }),
        json!({ "client_name": "Refunds", "contacts": ["ops@acme.example"],
            "permissions": permissions("production", &["orders:read", "refunds:write"]) }),
        json!({
            "client_name": "Order sync", "description": "Copies orders into the ERP every night.",
            "contacts": ["ops@acme.example"],
            "permissions": permissions("production", &["orders:read", "orders:write"]),
        }),
    ]
}
