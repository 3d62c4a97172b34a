//! A whole Latchkey for one test: tables, keys, operator and clock of its own.

use crate::support::aws;
use crate::support::fixtures::Fixtures;
use crate::support::http::{TestRequest, TestResponse};
use crate::support::inspect::Inspect;
use ::expiry::Summary;
use axum::Router;
use jiff::{SignedDuration, Timestamp};
use local::server::{LocalConfig, LocalServer, REMIND_OPERATOR, config};
use shared::adapters::signing::KeyRingDocument;
use shared::app::{AwsClients, Config, bootstrap, operator_credentials};
use shared::services::clients::{Reconciler, SweepSummary};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;

pub const ISSUER: &str = "https://id.latchkey.example";

/// Latchkey under test: its server, its clock, requests and tokens.
pub struct TestApp {
    pub server: LocalServer,
    pub router: Router,
    admin: OnceCell<String>,
}

/// Generating signing keys takes long, so all apps share one ring.
pub fn ring() -> &'static str {
    static RING: OnceLock<String> = OnceLock::new();
    RING.get_or_init(|| {
        serde_json::to_string(&KeyRingDocument::generate(Timestamp::UNIX_EPOCH).unwrap()).unwrap()
    })
}

pub fn new_stage() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    format!("{}{}", aws::stage_prefix(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with_config(|_| {}).await
    }

    /// An app with the account `ACCOUNT` and the resource `backoffice_api` of [`crate::support::fixtures`] (scopes
    /// `orders:read` by default, and `orders:write`).
    pub async fn with_fixtures() -> Self {
        let latchkey = Self::new().await;
        latchkey.fixtures().seed().await;
        latchkey
    }

    /// An app with a changed configuration.
    pub async fn with_config(adjust: impl FnOnce(&mut Config)) -> Self {
        Self::with_endpoint(aws::endpoint(), adjust).await
    }

    /// An app that reaches AWS through `endpoint`.
    pub async fn with_endpoint(endpoint: &str, adjust: impl FnOnce(&mut Config)) -> Self {
        let local_config =
            LocalConfig { aws_endpoint: endpoint.to_owned(), issuer: ISSUER.to_owned(), stage: new_stage() };
        let mut config = config(&local_config);
        adjust(&mut config);
        let aws = AwsClients::new(&config.aws);
        let keys = aws.secrets_manager().create_secret().name(&config.signing_keys_secret);
        keys.secret_string(ring()).send().await.unwrap();
        Self::from_server(LocalServer::build(local_config, config).await.unwrap())
    }

    /// An app of a server that was built otherwise.
    pub fn from_server(server: LocalServer) -> Self {
        Self { router: server.router(), server, admin: OnceCell::new() }
    }

    /// An app whose requests go to another router than the server's: to functions that run elsewhere.
    pub fn with_router(server: LocalServer, router: Router) -> Self {
        Self { server, router, admin: OnceCell::new() }
    }

    /// Builders of accounts, resources, clients and members.
    pub fn fixtures(&self) -> Fixtures<'_> {
        Fixtures(self)
    }

    /// Read access to tables, Secrets Manager and emails.
    pub fn inspect(&self) -> Inspect<'_> {
        Inspect(self)
    }

    pub fn request(&self, method: &str, path: &str) -> TestRequest {
        TestRequest::new(self.router.clone(), method, path)
    }

    pub fn now(&self) -> Timestamp {
        self.server.clock.now()
    }

    /// Sets the clock; the operator's token is requested anew.
    pub fn set_time(&mut self, instant: Timestamp) {
        self.server.clock.set(instant);
        self.admin = OnceCell::new();
    }

    pub fn advance(&mut self, by: SignedDuration) {
        self.set_time(self.now().checked_add(by).unwrap());
    }

    /// A token of the operator, whose secret is renewed if it has expired.
    pub async fn admin(&self) -> &str {
        self.admin
            .get_or_init(async || {
                let operator = &self.server.operator;
                let (id, secret) = (operator.client_id.as_str(), operator.client_secret.expose());
                let response = self.token(id, secret, "").await;
                if response.status == 401 {
                    return self.renew_operator().await;
                }
                response.expect(200).string("access_token")
            })
            .await
    }

    /// A request with the operator's token.
    pub async fn admin_request(&self, method: &str, path: &str) -> TestRequest {
        self.request(method, path).bearer(self.admin().await)
    }

    /// Exchanges credentials for a token, with further form parameters such as `&scope=a`.
    pub async fn token(&self, id: &str, secret: &str, more: &str) -> TestResponse {
        let form = format!("grant_type=client_credentials{more}");
        self.request("POST", "/oauth/token").basic(id, secret).form(&form).send().await
    }

    /// Completes the intents that crashes have left unfinished.
    pub async fn sweep(&self) -> SweepSummary {
        let management = &self.server.management;
        let reconciler = Reconciler {
            store: &management.app.store,
            client_secrets: &management.client_secrets,
            now: self.now(),
        };
        reconciler.sweep().await.unwrap()
    }

    /// Runs the scheduled job.
    pub async fn run_job(&self) -> Summary {
        let deadline = self.now().checked_add(SignedDuration::from_mins(15)).unwrap();
        Box::pin(self.server.job.run(deadline)).await
    }

    /// Renews the operator's expired secret, as a restart does, and returns a token.
    pub async fn renew_operator(&self) -> String {
        let management = &self.server.management;
        bootstrap(management, &self.server.aws.secrets_manager(), REMIND_OPERATOR).await.unwrap();
        let renewed = operator_credentials(management).await.unwrap();
        let response = self.token(renewed.client_id.as_str(), renewed.client_secret.expose(), "").await;
        response.expect(200).string("access_token")
    }
}
