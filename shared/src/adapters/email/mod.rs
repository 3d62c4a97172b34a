//! E-mails: templates, MIME, and sending through SES.

mod format;
pub mod mailer;
pub mod mime;
pub mod reminder;
pub mod sign_in_code;
pub mod stored_secret_missing;
