//! Pages: templates, responses, errors.

pub(crate) mod error_page;
pub(crate) mod form_error;
pub(crate) mod logo;
pub(crate) mod response;
pub(crate) mod sign_in_page;
pub(crate) mod templates;
