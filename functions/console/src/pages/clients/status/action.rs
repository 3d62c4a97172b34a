//! What is done to a client as a whole.

use crate::pages::parts::by_api::{bare_command, create_command};
use serde_json::json;
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::texts::Texts;

/// What is done to a client as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAction {
    Disable,
    Enable,
    RevokeTokens,
    Delete,
}

impl ClientAction {
    pub(super) const ALL: [Self; 4] = [Self::Disable, Self::Enable, Self::RevokeTokens, Self::Delete];

    /// The last segment of its path.
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::RevokeTokens => "revoke-tokens",
            Self::Delete => "delete",
        }
    }

    pub(super) fn of_path(path: &str) -> Option<Self> {
        let segment = path.rsplit('/').next()?;
        Self::ALL.into_iter().find(|action| action.segment() == segment)
    }

    /// The actions that a client's page offers.
    pub fn offered(client: &Client) -> [Self; 3] {
        let toggle = if client.status == Status::Active { Self::Disable } else { Self::Enable };
        [toggle, Self::RevokeTokens, Self::Delete]
    }

    /// Text of the link to its page.
    pub fn link(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Disable => "disable-link",
            Self::Enable => "enable-link",
            Self::RevokeTokens => "revoke-tokens-link",
            Self::Delete => "delete-link",
        })
    }

    /// Whether a person has to confirm who they are: it cannot be undone (OWASP ASVS 5.0, 7.5.3).
    pub(super) const fn needs_confirmation(self) -> bool {
        matches!(self, Self::RevokeTokens | Self::Delete)
    }

    pub(super) fn title(self, texts: Texts, name: &str) -> String {
        let id = match self {
            Self::Disable => "disable-title",
            Self::Enable => "enable-title",
            Self::RevokeTokens => "revoke-tokens-title",
            Self::Delete => "delete-title",
        };
        texts.with(id, [("name", name)])
    }

    pub(super) fn button(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Disable => "disable-button",
            Self::Enable => "enable-button",
            Self::RevokeTokens => "revoke-tokens-button",
            Self::Delete => "delete-button",
        })
    }

    /// The same by the management API.
    pub(super) fn command(self, url: &str) -> String {
        match self {
            Self::Delete => bare_command("DELETE", url),
            Self::Enable => create_command(&format!("{url}/enable"), &json!({ "revoke_tokens": true })),
            Self::Disable | Self::RevokeTokens => bare_command("POST", &format!("{url}/{}", self.segment())),
        }
    }
}
