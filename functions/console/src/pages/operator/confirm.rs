//! The page before something that is not easily undone: it says what the change does, and can have something typed.

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
    /// What was typed, if it was wrong.
    pub wrong: Option<String>,
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
