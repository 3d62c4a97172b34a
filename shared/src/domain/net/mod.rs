//! IP addresses and URLs of remote hosts.

pub mod client_ip;
pub mod fetch_failures;
pub mod global_ip;
pub mod ip_allowlist;
pub mod provider_url;
pub mod remote_url;
pub mod viewer_address;
