//! Use cases, without HTTP and without SDK types: the management API, the job and the token endpoint call the same ones.

pub mod client_auth;
pub mod client_lifecycle;
