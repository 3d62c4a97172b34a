//! Who uses the console: signing in, accounts of a person, sessions and links.

mod accounts;
mod links;
mod sessions;
mod sign_in;
