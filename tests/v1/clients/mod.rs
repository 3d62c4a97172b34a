//! `/v1/accounts/{account_id}/clients`.

mod crash;
mod create;
mod delete;
mod duplicate;
mod permissions;
mod read_and_list;
mod status;
mod update;
