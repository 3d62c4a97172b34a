//! Steps of a sign-in.

mod after_sign_in;
mod browser;
pub(crate) mod consent;
pub(crate) mod email_code;
mod form_fields;
pub(crate) mod idp;
mod metrics;
pub(crate) mod request_email_code;
pub(crate) mod session;
mod sign_in_form;
