//! What Latchkey's functions share, on three floors: [`domain`] is pure, [`adapters`] reach the world,
//! [`assembly`] builds each once per cold start. [`wire`] turns text into values.

pub mod adapters;
pub mod assembly;
pub mod domain;
pub mod wire;
