//! Who uses the console: signing in, accounts of a person, sessions and links.

mod account_settings;
mod accounts;
mod ended_sessions;
mod kept_forms;
mod links;
mod members;
mod own_mail;
mod rights;
mod sessions;
mod sign_in;
mod sign_in_methods;
