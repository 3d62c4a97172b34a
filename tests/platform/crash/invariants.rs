//! What must hold between the two stores when nothing is in progress.

use crate::support::app::TestApp;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A client's secrets in the directory, oldest first.
type Known = BTreeMap<String, Vec<String>>;

impl TestApp {
    async fn known_secrets(&self) -> Known {
        let directory = &self.server.management.app.config.tables.directory;
        let (mut clients, mut secrets) = (BTreeSet::new(), Vec::new());
        for item in self.items(directory).await {
            let text = |name: &str| item[name].as_s().unwrap().clone();
            let Some(id) = text("pk").strip_prefix("CLIENT#").map(str::to_owned) else { continue };
            if text("sk") == "CLIENT" {
                // One that was made to use keys has nothing that the vault could keep.
                if text("token_endpoint_auth_method") != "private_key_jwt" {
                    clients.insert(id);
                }
            } else {
                let created_at: Timestamp = text("created_at").parse().unwrap();
                secrets.push((created_at, text("secret_id"), id));
            }
        }
        secrets.sort();
        let mut known: Known = clients.into_iter().map(|id| (id, Vec::new())).collect();
        for (_, secret, client) in secrets {
            known.get_mut(&client).expect("a secret belongs to a client").push(secret);
        }
        known
    }

    /// Fails unless the vault holds what the directory says, under the right labels, and no work is
    /// unfinished.
    pub async fn assert_settled(&self) {
        let grants = self.items(&self.server.management.app.config.tables.grants).await;
        let unfinished = grants.iter().filter(|item| item["pk"].as_s().unwrap() == "INTENT").count();
        assert_eq!(unfinished, 0, "work is unfinished");
        let known = self.known_secrets().await;
        let in_vault: BTreeSet<String> = self.stored_client_ids().await.into_iter().collect();
        let in_directory: BTreeSet<String> = known.keys().cloned().collect();
        assert_eq!(in_vault, in_directory, "the vault has exactly the clients of the directory");
        for (client, secrets) in known {
            assert!(secrets.len() <= 2, "{client} has {} secrets", secrets.len());
            let mut newest_first = secrets.iter().rev();
            let mut own_labels = self.stored_stages(&client).await;
            own_labels.retain(|label| !label.starts_with("AWS"));
            let expected: BTreeSet<String> = secrets.iter().cloned().collect();
            assert_eq!(own_labels, expected, "the vault keeps the live secrets of {client} and no others");
            for label in ["AWSCURRENT", "AWSPREVIOUS"] {
                let carried = self.stored_value(&client, label).await;
                let carried = carried.and_then(|value| value["secret_id"].as_str().map(str::to_owned));
                assert_eq!(carried.as_ref(), newest_first.next(), "{label} of {client}");
            }
        }
    }
}
