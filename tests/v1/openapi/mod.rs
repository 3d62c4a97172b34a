//! `/openapi.json` matches the API: every route, every member of a request, every scope; also of the OAuth
//! endpoints.

mod compatibility;
mod customer_docs;
mod document;
mod members;
mod oauth;
mod operations;
mod routes;
