//! Source address of a request.

use std::net::IpAddr;

/// Address of the caller, in the request's extensions. It is set from API Gateway's request context in Lambda, and from the
/// connection's peer in the local runner; never from a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);
