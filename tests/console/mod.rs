//! The console, seen from a browser without script.

mod accounts;
mod chromium;
mod cost;
mod forms;
mod links;
mod list;
mod overview;
mod sessions;
mod sign_in;
mod status;
