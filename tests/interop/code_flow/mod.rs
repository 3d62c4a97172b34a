//! The authorization code flow (RFC 6749 §4.1) with client libraries and a real browser that goes through the
//! pages.

pub mod application;
mod consent_revocation;
mod idp;
mod other_origin;
mod pages;
mod rejected;
mod setup;
mod success;

use super::program::Program;

const OPENID_CLIENT: Program = Program::Node("code_openid_client.mjs");
const OAUTH4WEBAPI: Program = Program::Node("code_oauth4webapi.mjs");
const MCP_SDK: Program = Program::Node("code_mcp_sdk.mjs");
const REQUESTS_OAUTHLIB: Program = Program::Python("code_requests_oauthlib.py");
const AUTHLIB: Program = Program::Python("code_authlib.py");

pub const BOTH: &str = "orders:read orders:write";
