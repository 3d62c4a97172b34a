//! What Latchkey's functions share. From top to bottom, each layer uses only what is below it: [`app`] builds everything
//! once per cold start, [`services`] are the use cases, [`adapters`] talk to AWS and the Internet, [`domain`] has the pure
//! rules. Beside them, for the functions: [`wire`] turns text into values of the domain, and [`web`] has what their pages
//! share. [`texts`] is what people read, in every language; [`api`] is what programs read: JSON of the management API that several
//! functions write.

pub mod adapters;
pub mod api;
pub mod app;
pub mod domain;
pub mod services;
pub mod texts;
pub mod web;
pub mod wire;
