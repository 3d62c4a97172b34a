mod assertion;
mod bad_input;
mod cost;
mod failed_authentication;
mod faults;
mod item_size;
mod largest_client;
mod success;
