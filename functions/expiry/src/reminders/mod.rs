//! Reminders: what is due, who gets it, sending it within the budget, and recording what came of it.

pub mod find_due;
mod recipients;
mod record_outcomes;
pub mod send_budget;
mod send_email;
mod send_reminders;
