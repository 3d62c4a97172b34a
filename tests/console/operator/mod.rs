//! Pages of the operator.

mod account_changes;
mod accounts;
mod across;
mod apis;
mod deployment;
mod entering;
mod export;
mod frame;
mod import;
mod narrowing;
mod removal;
mod scale;
mod templates;
mod versions;
