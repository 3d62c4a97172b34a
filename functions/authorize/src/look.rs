//! The pages of a sign-in.

use crate::problem::Problem;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared::adapters::digest::sha256;
use shared::domain::sign_in::SignInId;
use shared::domain::text::{Name, is_deceptive};
use std::sync::LazyLock;

/// The style of every page, which stands in it: nothing is fetched.
pub const STYLE: &str = include_str!("../templates/style.css");

/// What the Content Security Policy lets a browser know it by.
pub static STYLE_DIGEST: LazyLock<String> = LazyLock::new(|| STANDARD.encode(sha256(STYLE.as_bytes())));

/// A customer's name for something. Names are checked when they are set, but one may be older than the rule.
pub fn shown(name: &Name) -> String {
    name.as_str().chars().filter(|c| !is_deceptive(*c)).collect()
}

/// What all pages of a sign-in have in common.
pub struct Frame<'a> {
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
pub struct Identify<'a> {
    pub frame: Frame<'a>,
    pub problem: Option<Problem>,
}

impl Identify<'_> {
    fn is_field_bad(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.of_field)
    }
}

/// Which code was in the mail?
#[derive(Template)]
#[template(path = "code.html")]
pub struct Code<'a> {
    pub frame: Frame<'a>,
    pub problem: Option<Problem>,
    pub email: &'a str,
    /// Whether it can still be typed in.
    pub usable: bool,
    pub minutes: i64,
}

impl Code<'_> {
    fn is_field_bad(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.of_field)
    }
}

/// A scope.
pub struct Line<'a> {
    /// What it allows; may be empty.
    pub words: &'a str,
    pub name: &'a str,
}

/// May it?
#[derive(Template)]
#[template(path = "consent.html")]
pub struct Ask<'a> {
    pub frame: Frame<'a>,
    pub account: String,
    pub resource: String,
    pub email: &'a str,
    pub lines: Vec<Line<'a>>,
    /// Where the browser goes afterwards.
    pub place: String,
    /// Whether the client can prove nothing about itself.
    pub public: bool,
}

/// Signed in upstream, and no member.
#[derive(Template)]
#[template(path = "stranger.html")]
pub struct Stranger<'a> {
    pub frame: Frame<'a>,
    pub email: &'a str,
    pub account: &'a str,
}
