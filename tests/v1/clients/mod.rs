//! `/v1/accounts/{account_id}/clients`.

mod certificates;
mod consents;
mod crash;
mod create;
mod delete;
mod duplicate;
mod grants;
mod keys;
mod permissions;
mod private_keys;
mod read_and_list;
mod status;
mod update;
