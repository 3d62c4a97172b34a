//! `/openapi.json` says what the API does: every route, every member of a request, every scope; and so for the
//! OAuth endpoints.

mod document;
mod members;
mod oauth;
mod routes;
