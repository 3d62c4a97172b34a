//! E-mails: their templates, MIME, and sending them through SES.

pub mod format;
pub mod mailer;
pub mod mime;
pub mod reminder;
pub mod sign_in_code;
pub mod stored_secret_missing;
