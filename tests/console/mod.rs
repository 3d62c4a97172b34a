//! The console, seen from a browser without script.

mod accounts;
mod chromium;
mod cost;
mod credentials;
mod forms;
mod links;
mod list;
mod overview;
mod rotate;
mod sessions;
mod sign_in;
mod status;
