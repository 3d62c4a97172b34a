mod cost;
mod ending;
mod families;
