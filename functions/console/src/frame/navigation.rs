//! The account in the frame of a page, and the navigation among its pages.

use shared::domain::account::Account;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::services::principal::Principal;
use shared::texts::Texts;

/// Path of the operator's first page, and the beginning of the paths of all.
pub const OPERATOR_ROOT: &str = "/console/operator";

/// The pages of the operator in the navigation: what follows the root, the id of the text, and the right that the page needs.
pub const OPERATOR_ENTRIES: [(&str, &str, ManagementScope); 6] = [
    ("/accounts", "nav-operator-accounts", ManagementScope::AccountsManage),
    ("/attention", "nav-operator-attention", ManagementScope::AccountsManage),
    ("/expiry", "nav-operator-expiry", ManagementScope::AccountsManage),
    ("/apis", "nav-operator-apis", ManagementScope::ResourcesManage),
    ("/templates", "nav-operator-templates", ManagementScope::ResourcesManage),
    ("/deployment", "nav-operator-deployment", ManagementScope::AccountsManage),
];

/// The pages of an account in the navigation: what follows the account's, the id of the text, and the right that the page needs.
const ACCOUNT_ENTRIES: [(&str, &str, Option<ManagementScope>); 7] = [
    ("", "nav-overview", Some(ManagementScope::ClientsRead)),
    ("/clients", "nav-clients", Some(ManagementScope::ClientsRead)),
    ("/expiries", "nav-expiry", Some(ManagementScope::ClientsRead)),
    ("/apis", "nav-apis", None),
    ("/members", "nav-members", Some(ManagementScope::MembersManage)),
    ("/audit", "nav-audit", Some(ManagementScope::AuditRead)),
    ("/settings", "nav-account-settings", Some(ManagementScope::MembersManage)),
];

/// An entry of the navigation.
#[derive(Clone, Debug)]
pub struct NavEntry {
    /// Where it leads.
    pub href: String,
    /// Its text.
    pub text: String,
    /// Whether the page belongs to it.
    pub is_current: bool,
}

/// The account in the frame, with the entries of the navigation that the person may use.
#[derive(Clone, Debug)]
pub struct FrameAccount {
    /// The account's name.
    pub name: String,
    /// Whether the person acts there as an operator, and is no member.
    pub as_operator: bool,
    /// Entries of the navigation.
    pub entries: Vec<NavEntry>,
}

impl FrameAccount {
    /// That of the page at a path of an account.
    pub fn new(account: &Account, principal: &Principal, path: &str, texts: Texts) -> Self {
        let root = format!("/console/accounts/{}", account.account_id);
        let may = |right: &Option<ManagementScope>| right.is_none_or(|right| has(principal, right));
        let entries = ACCOUNT_ENTRIES.iter().filter(|(.., right)| may(right)).map(|(below, text, _)| {
            let href = format!("{root}{below}");
            let is_current = if below.is_empty() { path == href } else { path.starts_with(&href) };
            NavEntry { href, text: texts.get(text), is_current }
        });
        let operator = sees_operator_pages(principal).then(|| NavEntry {
            href: OPERATOR_ROOT.to_owned(),
            text: texts.get("nav-operator"),
            is_current: false,
        });
        Self {
            name: without_hidden_characters(account.account_name.as_str()),
            as_operator: principal.account_id() != &account.account_id,
            entries: entries.chain(operator).collect(),
        }
    }

    /// That of the page at a path of the operator, which is of no account.
    pub fn of_operator(principal: &Principal, path: &str, texts: Texts) -> Self {
        let entries = OPERATOR_ENTRIES.iter().filter(|(.., right)| has(principal, *right));
        let entries = entries.map(|(below, text, _)| {
            let href = format!("{OPERATOR_ROOT}{below}");
            NavEntry { is_current: path.starts_with(&href), href, text: texts.get(text) }
        });
        Self { name: texts.get("operator-area"), as_operator: false, entries: entries.collect() }
    }
}

/// Whether someone sees pages of the operator: a manager of accounts, or of APIs.
pub fn sees_operator_pages(principal: &Principal) -> bool {
    principal.is_operator() || principal.scopes().contains(&ManagementScope::ResourcesManage)
}

fn has(principal: &Principal, right: ManagementScope) -> bool {
    principal.require_scope(right).is_ok()
}
