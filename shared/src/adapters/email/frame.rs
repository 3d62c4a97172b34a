//! What all e-mails have in common: the reader's language, and the operator's brand.

use crate::domain::brand::Brand;
use crate::texts::Texts;

/// The name in e-mails of an operator who has set none.
const DEFAULT_NAME: &str = "Latchkey";

/// The button of a brand without a colour.
const DEFAULT_BUTTON: &str = "background:#1a5fb4;color:#ffffff";

/// The reader's language and the operator's brand.
#[derive(Clone, Copy, Debug)]
pub struct MailFrame<'a> {
    /// The texts in the reader's language.
    pub texts: Texts,
    /// The operator's brand.
    pub brand: &'a Brand,
    /// The operator's logo, a PNG.
    pub logo: Option<&'a [u8]>,
}

impl MailFrame<'_> {
    /// The name of those who send it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.brand.name.as_ref().map_or(DEFAULT_NAME, |name| name.as_str())
    }

    /// The line above the heading.
    pub(super) fn header(&self, account_id: &str) -> String {
        self.texts.with("mail-header", [("brand", self.name()), ("account", account_id)])
    }

    /// The colours of a button, as a style.
    pub(super) fn button(&self) -> String {
        self.brand.colour.map_or_else(
            || DEFAULT_BUTTON.to_owned(),
            |colour| {
                let palette = colour.on_light();
                format!("background:{};color:{}", palette.fill, palette.on_fill)
            },
        )
    }

    pub(super) fn has_links(&self) -> bool {
        self.brand.has_links()
    }
}
