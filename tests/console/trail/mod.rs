//! Who did what, why clients were refused, and who lets them act.

mod activity;
mod audit;
mod consents;
