//! The fault matrix: each AWS call of a request, with each fault.

use crate::support::app::TestApp;
use crate::support::fault_injection::{FAULTS, assert_unavailable, cold_start, fault, is_carried_out};
use crate::support::http::TestResponse;
use axum::Router;
use shared::app::{App, AwsClients};
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// One AWS call of a request.
#[derive(Clone, Debug)]
pub struct FaultSite {
    /// What the request needs the call for; part of the case's name.
    pub purpose: &'static str,
    pub operation: &'static str,
    /// Calls of the same operation that the request makes before this one.
    pub before: usize,
}

impl From<(&'static str, &'static str, usize)> for FaultSite {
    fn from((purpose, operation, before): (&'static str, &'static str, usize)) -> Self {
        Self { purpose, operation, before }
    }
}

/// One call with one fault.
pub struct FaultCase {
    /// From 0 on, unique in its matrix.
    pub number: usize,
    pub site: FaultSite,
    /// One of [`FAULTS`], or another name that [`fault`] knows.
    pub fault: &'static str,
    /// A function instance that has just started and calls AWS through the proxy that injects the fault.
    pub app: Arc<App>,
    pub aws: AwsClients,
}

impl FaultCase {
    /// The token function over this case's instance.
    pub fn token_router(&self) -> Router {
        token::router(Arc::clone(&self.app))
    }

    /// Whether the service carries out the call, although its caller gets no response.
    pub fn is_carried_out(&self) -> bool {
        is_carried_out(self.fault)
    }
}

impl fmt::Display for FaultCase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FaultSite { purpose, operation, before } = &self.site;
        write!(formatter, "{purpose}, {operation} {before} {}", self.fault)
    }
}

/// A request that is sent while one of its AWS calls fails, and again once all calls succeed.
pub trait FaultScenario: Send + Sync + 'static {
    /// What one case needs: the router of the case's instance, and what the request is about.
    type Prepared: Send + Sync;

    fn latchkey(&self) -> &TestApp;

    /// Creates what the request needs, before the fault is injected.
    fn prepare(&self, case: &FaultCase) -> impl Future<Output = Self::Prepared> + Send;

    /// Sends the request.
    fn act(&self, prepared: &Self::Prepared) -> impl Future<Output = TestResponse> + Send;

    /// Fails the test unless this response to the first request is right: a 503, and nothing has been decided.
    fn check_rejected(
        &self,
        case: &FaultCase,
        _prepared: &Self::Prepared,
        response: TestResponse,
    ) -> impl Future<Output = ()> + Send {
        assert_unavailable(&response, &case.to_string());
        async {}
    }

    /// Fails the test unless this response to the repeated request, without a fault, is right.
    fn check_recovered(
        &self,
        case: &FaultCase,
        prepared: &Self::Prepared,
        response: TestResponse,
    ) -> impl Future<Output = ()> + Send;
}

/// The cases of a scenario: each site with each fault.
pub struct FaultMatrix {
    pub sites: Vec<FaultSite>,
    pub faults: Vec<&'static str>,
    /// Cases that run at the same time. Most of what they do is wait for the SDK to give up.
    pub at_once: usize,
}

impl FaultMatrix {
    /// Each site with each of [`FAULTS`], all at once.
    pub fn new(sites: impl IntoIterator<Item = impl Into<FaultSite>>) -> Self {
        Self {
            sites: sites.into_iter().map(Into::into).collect(),
            faults: FAULTS.to_vec(),
            at_once: Semaphore::MAX_PERMITS,
        }
    }

    /// Runs every case and returns how many there were. The scenario is dropped by then.
    pub async fn run(self, scenario: impl FaultScenario) -> usize {
        let (scenario, permits) = (Arc::new(scenario), Arc::new(Semaphore::new(self.at_once)));
        let mut cases = JoinSet::new();
        for site in &self.sites {
            for fault in &self.faults {
                let (number, site, fault) = (cases.len(), site.clone(), *fault);
                let (scenario, permits) = (Arc::clone(&scenario), Arc::clone(&permits));
                cases.spawn(async move {
                    let _permit = permits.acquire().await.unwrap();
                    run_case(&*scenario, number, site, fault).await;
                });
            }
        }
        drop(scenario);
        let count = cases.len();
        while let Some(finished) = cases.join_next().await {
            finished.unwrap();
        }
        count
    }
}

async fn run_case(scenario: &impl FaultScenario, number: usize, site: FaultSite, name: &'static str) {
    let (app, aws, proxy) = cold_start(scenario.latchkey()).await;
    let case = FaultCase { number, site, fault: name, app, aws };
    let prepared = scenario.prepare(&case).await;
    proxy.inject(fault(name, case.site.operation).after(case.site.before));
    let rejected = scenario.act(&prepared).await;
    scenario.check_rejected(&case, &prepared, rejected).await;
    proxy.clear();
    let recovered = scenario.act(&prepared).await;
    scenario.check_recovered(&case, &prepared, recovered).await;
}
