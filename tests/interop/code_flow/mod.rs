//! Foreign applications send a person to Latchkey, who goes through the real pages in a real browser, and the
//! applications get what that person allowed: the authorization code flow, RFC 6749 §4.1.

mod application;
mod consent_revocation;
mod idp;
mod pages;
mod rejected;
mod setup;
mod success;

use super::program::Program;

const OPENID_CLIENT: Program = Program::Node("code_openid_client.mjs");
const OAUTH4WEBAPI: Program = Program::Node("code_oauth4webapi.mjs");
const AUTHLIB: Program = Program::Python("code_authlib.py");

const BOTH: &str = "orders:read orders:write";
