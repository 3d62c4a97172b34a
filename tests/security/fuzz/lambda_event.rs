//! Events of API Gateway, sent through the routers of the three HTTP functions. AWS is a closed port, so that a
//! request that needs it is a 503.

use axum::Router;
use lambda_http::{Context, LambdaEvent};
use serde_json::{Value, json};
use shared::adapters::lambda;
use shared::app::{App, AwsClients, Clock, Config, ManagementState};
use std::net::TcpListener;
use std::sync::{Arc, LazyLock};
use tokio::runtime::Runtime;

const VARIABLES: [(&str, &str); 13] = [
    ("STAGE", "fuzz"),
    ("ISSUER", "https://id.example.com"),
    ("DIRECTORY_TABLE", "directory"),
    ("GRANTS_TABLE", "grants"),
    ("AUDIT_TABLE", "audit"),
    ("SIGNING_KEYS_SECRET", "keys"),
    ("VERIFICATION_KEYS_SECRET", "public-keys"),
    ("PEPPER_SECRET", "pepper"),
    ("MAIL_SENDER", "latchkey@example.com"),
    ("OPERATOR_EMAIL", "operator@example.com"),
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ACCESS_KEY_ID", "key"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
];

struct Functions {
    runtime: Runtime,
    routers: [Router; 3],
}

static FUNCTIONS: LazyLock<Functions> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let routers = runtime.block_on(async { routers() });
    Functions { runtime, routers }
});

fn routers() -> [Router; 3] {
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let endpoint = format!("http://{}", closed.expect("a free port"));
    let variable = |name: &str| match name {
        "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
        _ => VARIABLES.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
    };
    let config = Config::read(&variable).expect("a complete configuration");
    let aws = AwsClients::new(&config.aws);
    let app = Arc::new(App::new(config, &aws, Clock::System));
    let management = ManagementState::new(Arc::clone(&app), &aws);
    let timing = authorize::ResponseTiming::Immediate;
    let pages = authorize::AuthorizeState::new(Arc::clone(&app), &aws, timing);
    [token::router(app), authorize::router(Arc::new(pages)), clients::router(Arc::new(management))]
}

/// An event: as JSON, or built from method, path, query, host, one header and body, each after a zero byte.
pub fn lambda_event(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let event = serde_json::from_str(&text).unwrap_or_else(|_| event(&text));
    for router in &FUNCTIONS.routers {
        let status = FUNCTIONS.runtime.block_on(status(router, &event));
        assert!((200..=599).contains(&status) && status != 500, "{status} for {event}");
    }
}

fn event(text: &str) -> Value {
    let mut parts = text.splitn(7, '\0');
    let mut next = || parts.next().unwrap_or_default();
    let (method, path, query, host) = (next(), next(), next(), next());
    let (name, value) = next().split_once(':').unwrap_or_default();
    let body = next();
    json!({
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": { "host": host, name: value },
        "cookies": [value],
        "requestContext": { "http": { "method": method, "sourceIp": "192.0.2.1" }, "stage": "$default" },
        "body": body,
        "isBase64Encoded": body.ends_with('='),
    })
}

async fn status(router: &Router, event: &Value) -> u64 {
    let payload = serde_json::value::to_raw_value(event).expect("JSON");
    let event = LambdaEvent::new(payload, Context::default());
    let Ok(response) = lambda::handle_event(router.clone(), None, event).await;
    serde_json::to_value(response).expect("a response")["statusCode"].as_u64().expect("a status")
}
