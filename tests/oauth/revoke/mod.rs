mod cost;
mod ending;
