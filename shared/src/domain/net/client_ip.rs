//! Where a request came from.

use std::net::IpAddr;

/// The address of the caller, put into the request's extensions by whoever received it: API Gateway's
/// request context in Lambda, the connection's peer in the local runner. Never a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);
