//! Errors of a form, as the page shows them.

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
    fn of_field(message: &str) -> Self {
        Self { message: message.to_owned(), is_about_field: true }
    }

    fn of_page(message: &str) -> Self {
        Self { message: message.to_owned(), is_about_field: false }
    }

    /// What was entered cannot be used.
    pub fn invalid_input(code: FormErrorCode) -> Self {
        match code {
            FormErrorCode::Address => Self::of_field("Enter an e-mail address such as ann@example.com."),
            FormErrorCode::Code => {
                Self::of_field("Enter the 8 digits from the e-mail. This was not counted as a try.")
            }
        }
    }

    /// The code is wrong.
    pub fn wrong_code(attempts_left: u8) -> Self {
        let tries = if attempts_left == 1 { "1 try".to_owned() } else { format!("{attempts_left} tries") };
        Self::of_field(&format!("That is not the code. You have {tries} left."))
    }

    /// The code is wrong, and no attempt is left.
    pub fn no_attempts_left() -> Self {
        Self::of_page("That was not the code, and it cannot be tried again. Ask for a new one.")
    }

    /// The code has expired.
    pub fn code_expired() -> Self {
        Self::of_page("The code has expired. Ask for a new one.")
    }

    /// The upstream provider did not identify the person.
    pub fn idp_failed(provider: Option<&str>) -> Self {
        let provider = provider.unwrap_or("the other site");
        Self::of_page(&format!("Signing in at {provider} did not work. You can try again."))
    }
}
