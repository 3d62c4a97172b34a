//! What the stack stores: its tables, the keys that encrypt it, and what of it outlives the stack.

mod encryption;
mod retention;
mod tables;
