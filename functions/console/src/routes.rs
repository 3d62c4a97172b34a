//! Routes, and the list of their paths: tests go through it, so that no page is without them.

use crate::state::ConsoleState;
use axum::Router;
use axum::routing::MethodRouter;
use std::sync::Arc;

/// Routes of the console.
#[derive(Default)]
pub struct Routes {
    router: Router<Arc<ConsoleState>>,
    paths: Vec<String>,
}

impl Routes {
    /// These and one more.
    pub fn route(mut self, path: &str, methods: MethodRouter<Arc<ConsoleState>>) -> Self {
        self.paths.push(path.to_owned());
        Self { router: self.router.route(path, methods), paths: self.paths }
    }

    /// These and others.
    pub fn merge(mut self, others: Self) -> Self {
        self.paths.extend(others.paths);
        Self { router: self.router.merge(others.router), paths: self.paths }
    }

    /// The router.
    pub fn into_router(self) -> Router<Arc<ConsoleState>> {
        self.router
    }

    /// Their paths, as the router has them.
    pub fn into_paths(self) -> Vec<String> {
        self.paths
    }
}
