mod active;
mod cost;
mod inactive;
mod refresh_tokens;
