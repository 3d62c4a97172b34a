//! The console, seen from a browser without script.

mod access;
mod apis;
mod brand;
mod chromium;
mod clients;
mod cost;
mod error_pages;
mod expiry;
mod faults;
mod logo;
mod operator;
mod overview;
mod people;
mod trail;
