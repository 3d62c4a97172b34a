//! What all pages have around their content.

pub mod navigation;
mod person;
pub mod seen;

pub use navigation::NavEntry;
pub use person::FramePerson;

use crate::account_request::AccountRequest;
use crate::pages::clients::badges::StatusBadge;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use navigation::FrameAccount;
use shared::domain::brand::Brand;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::services::console::LiveSession;
use shared::texts::Texts;
use shared::web::{brand, logo};

/// The frame of a page: title, navigation, who is signed in.
pub struct Frame<'a> {
    /// Texts in the person's language.
    pub texts: Texts,
    /// What the site calls itself: the operator's name, or its host.
    pub site: &'a str,
    /// The operator's brand.
    pub brand: &'a Brand,
    /// URL of the operator's logo.
    pub logo: Option<String>,
    /// The style sheet.
    pub stylesheet: &'a str,
    /// Heading of the page.
    pub title: String,
    /// The account of the page.
    pub account: Option<FrameAccount>,
    /// The person who is signed in.
    pub person: Option<FramePerson>,
    /// Pages above this one, from the outermost.
    pub breadcrumbs: Vec<Link>,
    /// The client that the page is about.
    pub client: Option<FrameClient>,
    /// Pages of the thing that the page belongs to.
    pub tabs: Vec<NavEntry>,
    /// What has just been done.
    pub notice: Option<String>,
    /// Whether the form is shown as it was typed before the person proved who they are.
    pub is_restored: bool,
    /// Whether what was sent has errors.
    pub has_errors: bool,
}

/// The client of a page, above the links to its pages.
pub struct FrameClient {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its status.
    pub status: StatusBadge,
    /// Whether its name is the heading of the page.
    pub is_heading: bool,
    /// What is done to it most.
    pub main_action: Option<Link>,
    /// What else can be done to it; the last cannot be undone.
    pub actions: Vec<Link>,
}

/// A link.
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// Its text.
    pub text: String,
}

/// A customer's name for something, without characters that reorder text or are not seen. Names are validated when they are
/// set, but a stored one may be older than the rule.
pub fn display_name(name: &Name) -> String {
    without_hidden_characters(name.as_str())
}

impl<'a> Frame<'a> {
    /// A frame without account and person.
    pub fn bare(state: &'a ConsoleState, texts: Texts, title: String) -> Self {
        let own = &state.app().config.brand;
        Self {
            texts,
            site: brand::name(own, state.host()),
            brand: own,
            logo: state.app().logo.kept(state.app().clock.now()).as_deref().map(logo::url),
            stylesheet: state.pages.stylesheet(),
            title,
            account: None,
            person: None,
            breadcrumbs: Vec::new(),
            client: None,
            tabs: Vec::new(),
            notice: None,
            is_restored: false,
            has_errors: false,
        }
    }

    /// The same frame with the person of a session.
    pub fn for_person(self, live: &LiveSession) -> Self {
        Self { person: Some(FramePerson::of(live)), ..self }
    }

    /// The frame of a page in an account.
    pub fn in_account(state: &'a ConsoleState, request: &AccountRequest, title: String) -> Self {
        let (account, principal) = (&request.account, &request.person.principal);
        Self {
            account: Some(FrameAccount::new(account, principal, &request.path, request.texts)),
            is_restored: request.restored().is_some(),
            notice: match request.restored() {
                Some(_) => Some(request.texts.get("draft-kept")),
                None => Notice::text(&request.query, request.texts),
            },
            ..Self::bare(state, request.texts, title).for_person(&request.live)
        }
    }

    /// The frame of a page of the operator.
    pub fn for_operator(state: &'a ConsoleState, request: &AccountRequest, title: String) -> Self {
        let principal = &request.person.principal;
        Self {
            account: Some(FrameAccount::of_operator(principal, &request.path, request.texts)),
            ..Self::in_account(state, request, title)
        }
    }

    /// The same frame with these pages above the page.
    pub fn below(mut self, breadcrumbs: Vec<Link>) -> Self {
        self.breadcrumbs = breadcrumbs;
        self
    }

    /// The same frame for a page about a client.
    pub fn about(mut self, client: FrameClient) -> Self {
        self.client = Some(client);
        self
    }

    /// The same frame with these pages beside the page.
    pub fn among(mut self, tabs: Vec<NavEntry>) -> Self {
        self.tabs = tabs;
        self
    }

    /// Content of `<title>`: page, account, site.
    pub fn document_title(&self) -> String {
        let problem = if self.has_errors {
            self.texts.with("problem-title", [("title", &self.title)])
        } else {
            self.title.clone()
        };
        let parts = [
            Some(problem),
            self.account.as_ref().map(|account| account.name.clone()),
            Some(self.site.to_owned()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// The style sheet with the labels of the list of clients.
    pub fn list_labels(&self) -> String {
        respond::list_labels(self.texts)
    }

    /// Language tag of the page.
    pub fn lang(&self) -> &'static str {
        self.texts.language().tag()
    }
}
