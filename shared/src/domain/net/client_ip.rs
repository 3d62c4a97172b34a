//! Source address of a request.

use std::net::IpAddr;

/// Address of the caller, in the request's extensions. In Lambda it is set from API Gateway's request context, or from
/// CloudFront's header where the request proves that it came through the edge; in the local runner, from the connection's
/// peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);
