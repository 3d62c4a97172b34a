//! E-mails: templates, MIME, and sending through SES.

pub mod delivery_event;
mod format;
pub mod frame;
pub mod mailer;
pub mod member_notice;
pub mod mime;
pub mod new_sign_in;
pub mod reminder;
pub mod sign_in_code;
pub mod stored_secret_missing;
