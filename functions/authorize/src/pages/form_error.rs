//! Errors of a form, as the page shows them.

use shared::texts::Texts;

/// Error in what was entered: a fixed code in the address of the page, and nothing of what was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormErrorCode {
    /// Not an e-mail address.
    Address,
    /// Not eight digits.
    Code,
}

impl FormErrorCode {
    /// Query parameter that holds the code.
    pub const PARAMETER: &str = "problem";

    /// Value of the parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Code => "code",
        }
    }

    /// Reads the value of the parameter.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Address, Self::Code].into_iter().find(|code| code.as_str() == text)
    }
}

/// What is wrong, and what to do about it.
pub struct FormError {
    pub message: String,
    /// Whether it is about the page's input field.
    pub is_about_field: bool,
}

impl FormError {
    const fn of_field(message: String) -> Self {
        Self { message, is_about_field: true }
    }

    const fn of_page(message: String) -> Self {
        Self { message, is_about_field: false }
    }

    /// What was entered cannot be used.
    pub fn invalid_input(texts: Texts, code: FormErrorCode) -> Self {
        Self::of_field(texts.get(match code {
            FormErrorCode::Address => "address-invalid",
            FormErrorCode::Code => "code-invalid",
        }))
    }

    /// The code is wrong.
    pub fn wrong_code(texts: Texts, attempts_left: u8) -> Self {
        Self::of_field(texts.count("code-wrong", u64::from(attempts_left)))
    }

    /// The code is wrong, and no attempt is left.
    pub fn no_attempts_left(texts: Texts) -> Self {
        Self::of_page(texts.get("code-no-attempts"))
    }

    /// The code has expired.
    pub fn code_expired(texts: Texts) -> Self {
        Self::of_page(texts.get("code-expired"))
    }

    /// The upstream provider did not identify the person.
    pub fn idp_failed(texts: Texts, provider: Option<&str>) -> Self {
        let provider = provider.map_or_else(|| texts.get("provider-unnamed"), str::to_owned);
        Self::of_page(texts.with("provider-failed", [("provider", provider)]))
    }
}
