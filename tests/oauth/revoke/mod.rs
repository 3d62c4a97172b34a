mod cost;
mod effects;
mod families;
