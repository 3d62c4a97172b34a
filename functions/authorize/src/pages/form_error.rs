//! What went wrong with what somebody did on a page, and what to do about it.

/// What was typed in and could not be used: a fixed word in the address of the page, and nothing of what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormErrorCode {
    /// Not an e-mail address.
    Address,
    /// Not six digits.
    Code,
}

impl FormErrorCode {
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
pub struct FormError {
    pub what: String,
    /// Whether it is about the field.
    pub of_field: bool,
}

impl FormError {
    fn of_field(what: &str) -> Self {
        Self { what: what.to_owned(), of_field: true }
    }

    pub fn of(trouble: FormErrorCode) -> Self {
        match trouble {
            FormErrorCode::Address => Self::of_field("Enter an e-mail address such as ann@example.com."),
            FormErrorCode::Code => {
                Self::of_field("Enter the 6 digits from the e-mail. This was not counted as a try.")
            }
        }
    }

    pub fn wrong(left: u8) -> Self {
        let attempts = if left == 1 { "1 try".to_owned() } else { format!("{left} tries") };
        Self::of_field(&format!("That is not the code. You have {attempts} left."))
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
