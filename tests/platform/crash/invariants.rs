//! Invariants between the two stores when no request is in progress.

use crate::support::inspect::Inspect;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A client's secrets in the directory, oldest first, and whether they are paused.
type SecretsByClient = BTreeMap<String, Vec<(String, bool)>>;

impl Inspect<'_> {
    async fn secrets_in_directory(self) -> SecretsByClient {
        let directory = &self.0.server.management.app.config.tables.directory;
        let (mut clients, mut secrets) = (BTreeSet::new(), Vec::new());
        for item in self.items(directory).await {
            let text = |name: &str| item[name].as_s().unwrap().clone();
            let Some(id) = text("pk").strip_prefix("CLIENT#").map(str::to_owned) else { continue };
            if text("sk") == "CLIENT" {
                // A client that uses keys has no secret to store.
                if text("token_endpoint_auth_method") != "private_key_jwt" {
                    clients.insert(id);
                }
            } else {
                let created_at: Timestamp = text("created_at").parse().unwrap();
                secrets.push((created_at, text("secret_id"), item.contains_key("paused_digest"), id));
            }
        }
        secrets.sort();
        let mut by_client: SecretsByClient = clients.into_iter().map(|id| (id, Vec::new())).collect();
        for (_, secret, is_paused, client) in secrets {
            by_client.get_mut(&client).expect("a secret belongs to a client").push((secret, is_paused));
        }
        by_client
    }

    /// Fails unless Secrets Manager holds exactly the live secrets of the directory under the right stages, and
    /// no intent is unfinished.
    pub async fn assert_settled(self) {
        let grants = self.items(&self.0.server.management.app.config.tables.grants).await;
        let unfinished = grants.iter().filter(|item| item["pk"].as_s().unwrap() == "INTENT").count();
        assert_eq!(unfinished, 0, "intents are unfinished");
        let by_client = self.secrets_in_directory().await;
        let stored_ids: BTreeSet<String> = self.stored_client_ids().await.into_iter().collect();
        let directory_ids: BTreeSet<String> = by_client.keys().cloned().collect();
        assert_eq!(stored_ids, directory_ids, "Secrets Manager has exactly the clients of the directory");
        for (client, secrets) in by_client {
            assert!(secrets.len() <= 2, "{client} has {} secrets", secrets.len());
            let mut newest_first = secrets.iter().rev().filter(|(_, is_paused)| !is_paused).map(|(id, _)| id);
            let mut custom_stages = self.stored_stages(&client).await;
            custom_stages.retain(|stage| !stage.starts_with("AWS"));
            let expected: BTreeSet<String> = secrets.iter().map(|(id, _)| id.clone()).collect();
            assert_eq!(
                custom_stages, expected,
                "Secrets Manager has the live secrets of {client} and no others"
            );
            for stage in ["AWSCURRENT", "AWSPREVIOUS"] {
                let stored = self.stored_value(&client, stage).await;
                let stored = stored.and_then(|value| value["secret_id"].as_str().map(str::to_owned));
                assert_eq!(stored.as_ref(), newest_first.next(), "{stage} of {client}");
            }
        }
    }
}
