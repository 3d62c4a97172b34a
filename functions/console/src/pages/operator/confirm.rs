//! The page before something that is not easily undone: it says what the change does, and can have something typed.

use crate::account_request::AccountRequest;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use askama::Template;
use askama::filters::Safe;

/// Name of the field for what is typed.
pub const TYPED: &str = "typed";

/// What a person types to confirm.
pub struct TypedField {
    /// The label, which names what is to be typed.
    pub label: Safe<String>,
    /// What was typed.
    pub typed: String,
    /// Whether it was wrong.
    pub is_wrong: bool,
}

impl TypedField {
    /// The field, with what was typed if it was wrong, or before the person proved who they are.
    pub fn new(label: Safe<String>, wrong: Option<String>, request: &AccountRequest) -> Self {
        Self { label, is_wrong: wrong.is_some(), typed: wrong.unwrap_or_else(|| request.typed(TYPED)) }
    }
}

/// The page.
#[derive(Template)]
#[template(path = "operator/confirm.html")]
pub struct ConfirmPage<'a> {
    pub frame: Frame<'a>,
    pub target: FormTarget,
    /// Hidden fields: names and values.
    pub hidden: Vec<(&'static str, String)>,
    /// What the change does.
    pub consequences: Vec<String>,
    pub typed: Option<TypedField>,
    pub button: String,
    /// Whether something ends.
    pub is_danger: bool,
    pub back: String,
    pub command: String,
}
