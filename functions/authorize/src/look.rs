//! What the pages say.

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

/// What was typed in and could not be used: a fixed word in the address of the page, and nothing of what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Not an e-mail address.
    Address,
    /// Not six digits.
    Code,
}

impl Trouble {
    /// The parameter that it stands in.
    pub const PARAMETER: &str = "problem";

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Code => "code",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Address, Self::Code].into_iter().find(|trouble| trouble.as_str() == text)
    }
}

/// What went wrong, and what to do.
pub struct Problem {
    pub what: String,
    /// Whether it is about the field.
    pub of_field: bool,
}

impl Problem {
    fn of_field(what: &str) -> Self {
        Self { what: what.to_owned(), of_field: true }
    }

    pub fn of(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Address => Self::of_field("Enter an e-mail address such as ann@example.com."),
            Trouble::Code => {
                Self::of_field("Enter the 6 digits from the e-mail. This was not counted as a try.")
            }
        }
    }

    pub fn wrong(left: u8) -> Self {
        let tries = if left == 1 { "1 try".to_owned() } else { format!("{left} tries") };
        Self::of_field(&format!("That is not the code. You have {tries} left."))
    }

    pub fn spent() -> Self {
        let what = "That was not the code, and it cannot be tried again. Ask for a new one.".to_owned();
        Self { what, of_field: false }
    }

    pub fn expired() -> Self {
        Self { what: "The code has expired. Ask for a new one.".to_owned(), of_field: false }
    }

    pub fn upstream(provider: Option<&str>) -> Self {
        let provider = provider.unwrap_or("the other site");
        Self { what: format!("Signing in at {provider} did not work. You can try again."), of_field: false }
    }
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

/// Why a request leads nowhere, not even back.
#[derive(Clone, Copy)]
pub enum NoWayBack {
    ClientId,
    Client,
    RedirectMissing,
    RedirectMalformed,
    RedirectHoldsAnswer,
    RedirectUnknown,
}

/// What is offered when something did not answer.
pub enum Offer<'a> {
    Reload,
    BackTo(&'a SignInId),
}

/// A page that only says something.
pub enum Message<'a> {
    NoWayBack(NoWayBack),
    NotHere,
    Over,
    Foreign,
    Method,
    TooOften(i64),
    Unavailable(Offer<'a>),
}

/// The same, in words.
#[derive(Template)]
#[template(path = "message.html")]
pub struct Said<'a> {
    host: &'a str,
    title: &'static str,
    what: String,
    /// The code of RFC 6749 §4.1.2.1 and what is wrong, for the developer of the client.
    developer: Option<(&'static str, &'static str)>,
    page: Option<&'a SignInId>,
}

impl<'a> Message<'a> {
    pub fn page(self, host: &'a str) -> Said<'a> {
        let said =
            |title, what: &str| Said { host, title, what: what.to_owned(), developer: None, page: None };
        match self {
            Self::NoWayBack(why) => Said {
                developer: Some(why.developer()),
                ..said(
                    "This link does not work",
                    "The application that sent you here made a mistake, so nobody can be signed in to it this way. Nothing \
                 has happened. Go back to it and try again; if that does not help, tell those who run it.",
                )
            },
            Self::NotHere => said(
                "This sign-in cannot go on here",
                "It has taken too long, or it was begun in another browser. A sign-in goes on only where it was begun, \
                 within half an hour, and with cookies allowed. Go back to the application and sign in again.",
            ),
            Self::Over => said(
                "This sign-in is finished",
                "The application has had its answer, here or in another tab. You can close this page; to sign in once \
                 more, begin in the application.",
            ),
            Self::Foreign => said(
                "That was not sent from our page",
                "What you sent did not come from a page of this site, so nothing was done. Go back to the application \
                 and sign in again.",
            ),
            Self::Method => said(
                "Nothing is here",
                "This address belongs to a form and shows nothing by itself. Go back to the application and sign in \
                 again.",
            ),
            Self::TooOften(seconds) => {
                let minutes = (seconds.max(1) + 59) / 60;
                let unit = if minutes == 1 { "minute" } else { "minutes" };
                said(
                    "Too many codes",
                    &format!(
                        "So many codes were asked for in the last hour that no more are sent. Use the newest one that \
                         you got, or try again in {minutes} {unit}."
                    ),
                )
            }
            Self::Unavailable(offer) => Said {
                page: match offer {
                    Offer::Reload => None,
                    Offer::BackTo(id) => Some(id),
                },
                ..said(
                    "Something is out of order",
                    "Nothing was lost and nothing was decided. Wait a moment and try again; if you came from an \
                     application, going back to it helps too.",
                )
            },
        }
    }
}

impl NoWayBack {
    const fn developer(self) -> (&'static str, &'static str) {
        match self {
            Self::ClientId => ("invalid_request", "client_id is missing, malformed or there twice"),
            Self::Client => ("unauthorized_client", "no active client has this client_id"),
            Self::RedirectMissing => (
                "invalid_request",
                "redirect_uri is missing, and the client has not exactly one without wildcards",
            ),
            Self::RedirectMalformed => {
                ("invalid_request", "redirect_uri is no absolute URI in its normal form")
            }
            Self::RedirectHoldsAnswer => (
                "invalid_request",
                "the query of redirect_uri holds a parameter of the answer, such as state or code",
            ),
            Self::RedirectUnknown => {
                ("invalid_request", "redirect_uri is none of those registered for the client")
            }
        }
    }
}
