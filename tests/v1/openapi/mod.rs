//! `/openapi.json` says what the API does: every route, every member of a request, every scope.

mod document;
mod members;
mod routes;
