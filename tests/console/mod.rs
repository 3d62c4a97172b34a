//! The console, seen from a browser without script.

mod brand;
mod chromium;
mod clients;
mod cost;
mod forms;
mod logo;
mod overview;
mod people;
