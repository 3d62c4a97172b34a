//! `/v1/accounts/{account_id}/clients`.

mod certificates;
mod consents;
mod crash_recovery;
mod create;
mod delete;
mod duplicate;
mod grants;
mod keys;
mod new_values;
mod permissions;
mod read_and_list;
mod rejects_private_keys;
mod status;
mod update;
