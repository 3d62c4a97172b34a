//! What all pages have around their content.

use crate::account_request::AccountRequest;
use crate::operator_request::{OPERATOR_ROOT, sees_operator_pages};
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use shared::domain::brand::Brand;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::services::principal::Principal;
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
    /// Address of the person who is signed in.
    pub email: Option<String>,
    /// CSRF token of the form that signs out.
    pub sign_out_token: String,
    /// Pages above this one, from the outermost.
    pub breadcrumbs: Vec<Link>,
    /// Pages of the thing that the page belongs to.
    pub tabs: Vec<NavEntry>,
    /// What has just been done.
    pub notice: Option<String>,
    /// Whether what was sent has errors.
    pub has_errors: bool,
}

/// The account in the frame, with the entries of the navigation that the person may use.
pub struct FrameAccount {
    /// The account's name.
    pub name: String,
    /// Whether the person acts there as an operator, and is no member.
    pub as_operator: bool,
    /// Entries of the navigation.
    pub entries: Vec<NavEntry>,
}

/// A link.
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// Its text.
    pub text: String,
}

/// An entry of the navigation.
pub struct NavEntry {
    /// Where it leads.
    pub href: String,
    /// Its text.
    pub text: String,
    /// Whether the page belongs to it.
    pub is_current: bool,
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
            email: None,
            sign_out_token: String::new(),
            breadcrumbs: Vec::new(),
            tabs: Vec::new(),
            notice: None,
            has_errors: false,
        }
    }

    /// The frame of a page in an account.
    pub fn in_account(state: &'a ConsoleState, request: &AccountRequest, title: String) -> Self {
        let principal = &request.person.principal;
        let account = FrameAccount {
            name: display_name(&request.account.account_name),
            as_operator: request.is_as_operator(),
            entries: entries(request, principal),
        };
        Self {
            account: Some(account),
            email: Some(request.live.session.email.to_string()),
            notice: Notice::text(&request.query, request.texts),
            sign_out_token: request.live.cookie.form_token("/console/sign-out"),
            ..Self::bare(state, request.texts, title)
        }
    }

    /// The frame of a page of the operator, with the entries of its navigation.
    pub fn for_operator(
        state: &'a ConsoleState,
        request: &AccountRequest,
        title: String,
        entries: Vec<NavEntry>,
    ) -> Self {
        let name = request.texts.get("operator-area");
        Self {
            account: Some(FrameAccount { name, as_operator: false, entries }),
            ..Self::in_account(state, request, title)
        }
    }

    /// The same frame with these pages above the page.
    pub fn below(mut self, breadcrumbs: Vec<Link>) -> Self {
        self.breadcrumbs = breadcrumbs;
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

fn entries(request: &AccountRequest, principal: &Principal) -> Vec<NavEntry> {
    let mut entries = Vec::new();
    let mut add = |below: &str, id: &str, exact: bool| {
        let href = request.url(below);
        let is_current = if exact { request.path == href } else { request.path.starts_with(&href) };
        entries.push(NavEntry { href, text: request.texts.get(id), is_current });
    };
    if principal.scopes().contains(&ManagementScope::ClientsRead) {
        add("", "nav-overview", true);
        add("/clients", "nav-clients", false);
        add("/expiries", "nav-expiry", false);
    }
    if principal.scopes().contains(&ManagementScope::AuditRead) {
        add("/audit", "nav-audit", false);
    }
    add("/apis", "nav-apis", false);
    if principal.scopes().contains(&ManagementScope::MembersManage) {
        add("/members", "nav-members", false);
        add("/settings", "nav-account-settings", false);
    }
    if sees_operator_pages(principal) {
        let href = OPERATOR_ROOT.to_owned();
        entries.push(NavEntry { href, text: request.texts.get("nav-operator"), is_current: false });
    }
    entries
}
