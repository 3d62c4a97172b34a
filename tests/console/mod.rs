//! The console, seen from a browser without script.

mod access;
mod brand;
mod chromium;
mod clients;
mod cost;
mod faults;
mod logo;
mod overview;
mod people;
