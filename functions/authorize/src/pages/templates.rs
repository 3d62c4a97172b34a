//! The pages of a sign-in.

use crate::pages::form_error::FormError;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared::adapters::crypto::digest::sha256;
use shared::domain::primitives::display_text::{Name, is_bidi_control};
use shared::domain::sign_in::SignInId;
use std::sync::LazyLock;

/// The style of every page, which stands in it: nothing is fetched.
pub const STYLESHEET: &str = include_str!("../../templates/style.css");

/// What the Content Security Policy lets a browser know it by.
pub static STYLESHEET_HASH: LazyLock<String> =
    LazyLock::new(|| STANDARD.encode(sha256(STYLESHEET.as_bytes())));

/// A customer's name for something. Names are checked when they are set, but one may be older than the rule.
pub fn display_name(name: &Name) -> String {
    name.as_str().chars().filter(|c| !is_bidi_control(*c)).collect()
}

/// What all pages of a sign-in have in common.
pub struct PageContext<'a> {
    pub host: &'a str,
    pub id: &'a SignInId,
    pub token: String,
    pub client: String,
    pub by_mail: bool,
    pub provider: Option<&'a str>,
}

/// Who is it?
#[derive(Template)]
#[template(path = "identify.html")]
pub struct SignInPage<'a> {
    pub frame: PageContext<'a>,
    pub problem: Option<FormError>,
}

impl SignInPage<'_> {
    fn has_field_error(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.of_field)
    }
}

/// Which code was in the mail?
#[derive(Template)]
#[template(path = "code.html")]
pub struct EmailCodePage<'a> {
    pub frame: PageContext<'a>,
    pub problem: Option<FormError>,
    pub email: &'a str,
    /// Whether it can still be typed in.
    pub usable: bool,
    pub minutes: i64,
}

impl EmailCodePage<'_> {
    fn has_field_error(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.of_field)
    }
}

/// A scope.
pub struct ScopeRow<'a> {
    /// What it allows; may be empty.
    pub words: &'a str,
    pub name: &'a str,
}

/// May it?
#[derive(Template)]
#[template(path = "consent.html")]
pub struct ConsentPage<'a> {
    pub frame: PageContext<'a>,
    pub account: String,
    pub resource: String,
    pub email: &'a str,
    pub lines: Vec<ScopeRow<'a>>,
    /// Where the browser goes afterwards.
    pub display_host: String,
    /// Whether the client can prove nothing about itself.
    pub public: bool,
}

/// Signed in upstream, and no member.
#[derive(Template)]
#[template(path = "stranger.html")]
pub struct NotAMemberPage<'a> {
    pub frame: PageContext<'a>,
    pub email: &'a str,
    pub account: &'a str,
}
