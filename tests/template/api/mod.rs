//! The API, and the edge in front of it.

mod edge;
mod routes;
