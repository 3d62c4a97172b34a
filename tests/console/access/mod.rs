//! Who gets where in the console, on every route that it has: tests go through the list of its router.

mod by_api;
mod forgery;
mod headers;
mod kept_forms;
mod people;
mod redirects;
mod roles;
mod routes;
