//! The operator's brand on pages and in e-mails.

pub mod colour;
pub mod logo;

use crate::domain::brand::colour::BrandColour;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::link_url::LinkUrl;

/// What the operator has set of the brand; nothing of it is required.
#[derive(Clone, Debug, Default)]
pub struct Brand {
    /// Its name, in place of the host's.
    pub name: Option<Name>,
    /// The colour of buttons and links.
    pub colour: Option<BrandColour>,
    /// Where people get help.
    pub support_url: Option<LinkUrl>,
    /// Documentation for those who use the APIs.
    pub docs_url: Option<LinkUrl>,
    /// Legal notice, privacy.
    pub legal_url: Option<LinkUrl>,
}

impl Brand {
    /// Whether it has links.
    #[must_use]
    pub const fn has_links(&self) -> bool {
        self.support_url.is_some() || self.docs_url.is_some() || self.legal_url.is_some()
    }
}
