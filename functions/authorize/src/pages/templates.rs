//! Templates of the pages of a sign-in.

use crate::pages::form_error::FormError;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared::adapters::crypto::digest::sha256;
use shared::domain::brand::Brand;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::domain::sign_in::SignInId;
use shared::texts::Texts;
use shared::web::brand::stylesheet;

/// Style sheet, with the colours of a deployment that has set none.
const STYLESHEET: &str = include_str!("../../templates/style.css");

/// The style sheet that is inline in every page.
pub struct StyleSheet {
    text: String,
    /// Its hash in the Content Security Policy, in Base64.
    pub sha256: String,
}

impl StyleSheet {
    /// The style sheet of a brand.
    pub fn of(brand: &Brand) -> Self {
        let text = stylesheet(STYLESHEET, brand);
        Self { sha256: STANDARD.encode(sha256(text.as_bytes())), text }
    }
}

/// What is around the content of every page.
pub struct Frame<'a> {
    pub host: &'a str,
    pub brand: &'a Brand,
    pub stylesheet: &'a str,
    /// URL of the logo.
    pub logo: Option<String>,
}

impl<'a> Frame<'a> {
    /// The frame of a deployment's pages.
    pub fn new(host: &'a str, brand: &'a Brand, stylesheet: &'a StyleSheet, logo: Option<String>) -> Self {
        Self { host, brand, stylesheet: &stylesheet.text, logo }
    }

    /// What the operator calls the site.
    pub fn name(&self) -> &str {
        shared::web::brand::name(self.brand, self.host)
    }

    /// Whether the foot has links of the operator.
    pub const fn has_links(&self) -> bool {
        self.brand.has_links()
    }
}

/// A customer's name for something, without characters that reorder text or are not seen. Names are validated when they
/// are set, but a stored one may be older than the rule.
pub fn display_name(name: &Name) -> String {
    without_hidden_characters(name.as_str())
}

/// A person who is signed in to the console confirms who they are.
pub struct Confirmation<'a> {
    /// Their address. No other one confirms it.
    pub email: &'a str,
    /// Where they get without it.
    pub cancel: String,
}

/// What all pages of a sign-in show.
pub struct PageContext<'a> {
    pub id: &'a SignInId,
    pub csrf_token: String,
    /// The client's name, or the console's.
    pub client_name: String,
    /// Whether it is a sign-in to the console, which has no client to go back to.
    pub is_console: bool,
    /// The client's account, if people sign in who are no members of it.
    pub application_of: Option<String>,
    /// What a person who is signed in confirms, if that is what it is for.
    pub confirms: Option<Confirmation<'a>>,
    /// Whether people can sign in with a code by e-mail.
    pub by_email: bool,
    /// Host of the upstream provider.
    pub provider: Option<&'a str>,
}

/// The title of a page with a form. What is wrong is said first, for those who hear it.
fn titled(texts: Texts, id: &str, context: &PageContext<'_>, error: Option<&FormError>) -> String {
    let title = texts.with(id, [("client", &context.client_name)]);
    if error.is_some() { texts.with("problem-title", [("title", title)]) } else { title }
}

/// Sign-in page.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage<'a> {
    pub texts: Texts,
    pub frame: Frame<'a>,
    pub context: PageContext<'a>,
    pub error: Option<FormError>,
    /// Address that is filled in; empty if there is none.
    pub email: &'a str,
}

impl SignInPage<'_> {
    fn title(&self) -> String {
        let id = if self.context.confirms.is_some() { "confirm-heading" } else { "sign-in-title" };
        titled(self.texts, id, &self.context, self.error.as_ref())
    }

    fn has_field_error(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.is_about_field)
    }
}

/// Page that asks for the code that was sent by e-mail.
#[derive(Template)]
#[template(path = "email_code.html")]
pub struct EmailCodePage<'a> {
    pub texts: Texts,
    pub frame: Frame<'a>,
    pub context: PageContext<'a>,
    pub error: Option<FormError>,
    pub email: &'a str,
    /// Whether the code can still be entered.
    pub accepts_code: bool,
    /// Lifetime of a code, in minutes.
    pub minutes: u64,
}

impl EmailCodePage<'_> {
    fn title(&self) -> String {
        titled(self.texts, "code-title", &self.context, self.error.as_ref())
    }

    fn has_field_error(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.is_about_field)
    }
}

/// A scope on the consent page.
pub struct ScopeRow<'a> {
    /// May be empty.
    pub description: &'a str,
    pub name: &'a str,
}

/// Consent page.
#[derive(Template)]
#[template(path = "consent.html")]
pub struct ConsentPage<'a> {
    pub texts: Texts,
    pub frame: Frame<'a>,
    pub context: PageContext<'a>,
    pub account: String,
    /// The client's website and its host.
    pub website: Option<(&'a str, &'a str)>,
    pub resource: String,
    pub email: &'a str,
    pub scopes: Vec<ScopeRow<'a>>,
    /// Host that gets the authorization response.
    pub redirect_host: String,
    /// Whether the client is public (RFC 6749 §2.1).
    pub is_public: bool,
    /// Whether the person is a member of the account.
    pub is_member: bool,
}

/// Page for a person that the provider authenticated, who is no member of the client's account; or of any, for the console.
#[derive(Template)]
#[template(path = "not_a_member.html")]
pub struct NotAMemberPage<'a> {
    pub texts: Texts,
    pub frame: Frame<'a>,
    pub context: PageContext<'a>,
    pub email: &'a str,
    /// The client's account; none for the console.
    pub account: Option<&'a str>,
    /// Whether the address is a member's who has signed in with another identity of the provider before.
    pub other_identity: bool,
}

/// Page on which the reader of an e-mail stops such e-mails.
#[derive(Template)]
#[template(path = "mail_stop.html")]
pub struct MailStopPage<'a> {
    pub texts: Texts,
    pub frame: Frame<'a>,
    pub email: &'a str,
    pub account: &'a str,
    pub state: MailState,
}

/// Whether the reader gets e-mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// They do.
    Sent,
    /// They get them again, as they have just asked.
    Resumed,
    /// They do not.
    Stopped,
}

impl MailStopPage<'_> {
    fn title(&self) -> String {
        self.texts.get(match self.state {
            MailState::Sent => "mail-stop-question",
            MailState::Resumed => "mail-stop-resumed",
            MailState::Stopped => "mail-stop-stopped",
        })
    }
}
