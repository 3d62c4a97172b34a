mod active;
mod cost;
mod inactive;
