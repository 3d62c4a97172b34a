//! Parts that pages share.

pub mod by_api;
pub mod error_page;
pub mod icon;
pub mod notice;
pub mod time;
