//! What the functions with pages share: cookies, protection against cross-site requests, security headers, HTML responses, the
//! operator's brand.

pub mod brand;
pub mod cross_site;
pub mod customer_documents;
pub mod expiry_calendar;
pub mod logo;
pub mod page_cookie;
pub mod response;
pub mod security_headers;
