//! The steps of a sign-in, and the browser session that they belong to.

pub(crate) mod consent;
pub(crate) mod email_code;
pub(crate) mod form;
pub(crate) mod idp;
pub(crate) mod request_email_code;
pub(crate) mod session;
pub(crate) mod session_cookie;
