//! AWS: the SDK's operations, sent by ourselves.
//!
//! What an operation's request and answer look like, and what errors there are, is the SDK's; how it is signed is its
//! library's. What is not is the SDK's clients: plugins, interceptors and rules for endpoints, put together anew for
//! each request. They took a fifth of the processor's time for a token, a fifth of a cold start's and an eighth of the
//! program. What of it is needed is here: an endpoint, a pool of connections, a time limit, and further attempts.

mod endpoint;
mod forms;
mod names;
mod operation;
mod patience;
mod pool;
mod sign;
mod trust;

pub use endpoint::Service;
pub use names::Names;
pub use operation::{Failed, Operation};
pub use patience::Patience;
pub use pool::{Pool, pool};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::body::SdkBody;
use forms::Forms;
use http::{HeaderValue, Uri, header};
use http_body_util::BodyExt;
use sign::Signer;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::time::{sleep, timeout};

/// What is needed to reach AWS, or an emulator of it.
#[derive(Clone, Debug)]
pub struct AwsAccess {
    /// `AWS_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`: they come with the environment and never
    /// change in it.
    pub credentials: Credentials,
    /// `AWS_ENDPOINT_URL`: an emulator, or `None` for AWS itself.
    pub endpoint: Option<String>,
}

/// Sends operations to AWS, over one pool of connections for all services.
#[derive(Clone, Debug)]
pub struct Aws {
    line: Arc<Line>,
    patience: Patience,
}

#[derive(Debug)]
struct Line {
    access: AwsAccess,
    names: Names,
    signer: Signer,
    pool: Pool,
}

/// An error whose type only the operation knows.
type Erased = SdkError<Error, HttpResponse>;

/// How we are called in AWS's own logs.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("latchkey/", env!("CARGO_PKG_VERSION")));

impl Aws {
    /// Connects to nothing yet: the first operation does.
    #[must_use]
    pub fn new(access: &AwsAccess) -> Self {
        let names = Names::default();
        let pool = pool(access, names.clone());
        let line = Line { access: access.clone(), names, signer: Signer::new(access), pool };
        Self { line: Arc::new(line), patience: Patience::default() }
    }

    /// The same, over the same connections, with another patience.
    #[must_use]
    pub fn with(&self, patience: Patience) -> Self {
        Self { line: Arc::clone(&self.line), patience }
    }

    /// Looks up where services are, for the first connection to each. Waits on this thread: only for a function's start.
    pub fn look_ahead(&self, services: &[Service]) {
        for service in services {
            let endpoint = endpoint::of(*service, &self.line.access).parse::<Uri>();
            if let Some(name) = endpoint.as_ref().ok().and_then(Uri::host) {
                self.line.names.look_ahead(name);
            }
        }
    }

    /// Sends an operation, and again where that may help.
    ///
    /// One that changes something may so be carried out twice, the first time without our hearing of it. Whoever sends
    /// such a one gives it a condition or a request token.
    pub async fn send<O: Operation>(&self, asked: O) -> Result<O::Output, Failed<O>> {
        let forms = O::forms();
        let request = forms.request(asked.input()?).map_err(Failed::<O>::construction_failure)?;
        let sent = self.deliver(O::SERVICE, forms, request, operation::code::<O>).await;
        let output = sent.map_err(|error| error.map_service_error(operation::error::<O>))?;
        Ok(operation::output::<O>(output))
    }

    async fn deliver(
        &self,
        service: Service,
        forms: &Forms,
        mut request: HttpRequest,
        code: fn(&Error) -> Option<&str>,
    ) -> Result<Output, Erased> {
        let endpoint = endpoint::of(service, &self.line.access);
        request.set_uri(endpoint).map_err(Erased::construction_failure)?;
        let all = async {
            let mut attempt = 1;
            loop {
                let failed = match self.attempt(service, forms, &request).await {
                    Ok(output) => return Ok(output),
                    Err(failed) => failed,
                };
                let Some(pause) = self.patience.pause_after(attempt, &failed, code) else {
                    return Err(failed);
                };
                tracing::debug!(service = service.signed_as(), attempt, "AWS is asked again");
                sleep(pause).await;
                attempt += 1;
            }
        };
        timeout(self.patience.in_all, all).await.map_err(Erased::timeout_error)?
    }

    async fn attempt(
        &self,
        service: Service,
        forms: &Forms,
        request: &HttpRequest,
    ) -> Result<Output, Erased> {
        let request =
            request.try_clone().ok_or("a request that is a stream").map_err(Erased::construction_failure)?;
        let mut request = request.try_into_http1x().map_err(Erased::construction_failure)?;
        request.headers_mut().insert(header::USER_AGENT, USER_AGENT);
        self.line.signer.sign(service, now(), &mut request).map_err(Erased::construction_failure)?;
        let answer = async {
            let (head, body) = self.line.pool.request(request).await.map_err(lost)?.into_parts();
            let body = SdkBody::from(body.collect().await.map_err(lost)?.to_bytes());
            HttpResponse::try_from(http::Response::from_parts(head, body)).map_err(lost)
        };
        let answer = timeout(self.patience.each, answer).await.map_err(Erased::timeout_error)?;
        let answer = answer.map_err(Erased::dispatch_failure)?;
        forms.understand(&answer).map_err(|error| refusal(error, answer))
    }
}

/// What an answer that is no output comes to: an error of the service's, or nothing that could be read.
fn refusal(error: OrchestratorError<Error>, answer: HttpResponse) -> Erased {
    if !error.is_operation_error() {
        return Erased::response_error(error, answer);
    }
    let mut own = None;
    error.map_operation_error(|error| own = Some(error));
    match own {
        Some(own) => Erased::service_error(own, answer),
        None => Erased::response_error("an error without a cause", answer),
    }
}

/// The machine's own time, whatever that of the deployment is: AWS compares it with its own.
#[expect(clippy::disallowed_methods, reason = "only signatures are of this time")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Whatever happens on the way.
fn lost(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ConnectorError {
    ConnectorError::io(error.into())
}
