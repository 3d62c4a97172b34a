//! What infra/docs/restore.md promises: a directory restored into another table, and a pepper that is put back.

use crate::support::app::{ISSUER, TestApp};
use crate::support::aws;
use local::server::{LocalConfig, LocalServer};
use shared::app::Config;

/// The functions after a cold start with this configuration.
async fn start(config: Config) -> TestApp {
    let (aws_endpoint, issuer) = (aws::endpoint().to_owned(), ISSUER.to_owned());
    let local = LocalConfig { aws_endpoint, issuer, stage: config.stage.clone() };
    TestApp::from_server(LocalServer::build(local, config).await.unwrap())
}

#[tokio::test]
async fn restored_directory_has_all_that_was_in_the_old_one() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let mut config = latchkey.server.management.app.config.clone();
    let restored = format!("{}-then", config.tables.directory);
    let dynamodb = latchkey.server.aws.dynamodb();
    let restore = dynamodb.restore_table_to_point_in_time().use_latest_restorable_time(true);
    let restore = restore.source_table_name(&config.tables.directory).target_table_name(&restored);
    restore.send().await.unwrap();
    let later = latchkey.fixtures().client().await;

    config.tables.directory = restored;
    let restored = start(config).await;
    restored.token(&client.client_id, &client.client_secret, "").await.expect(200);
    restored.token(&later.client_id, &later.client_secret, "").await.expect(401);
    // By its index too.
    let path = format!("/v1/accounts/{}/clients", client.account_id);
    let listed = restored.admin_request("GET", &path).await.send().await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
}

#[tokio::test]
async fn exported_pepper_is_put_back_and_secrets_are_verified_again() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let config = latchkey.server.management.app.config.clone();
    let secrets = latchkey.server.aws.secrets_manager();
    let exported = secrets.get_secret_value().secret_id(&config.pepper_secret).send().await.unwrap();
    let exported = exported.secret_string.unwrap();
    let delete = secrets.delete_secret().secret_id(&config.pepper_secret);
    delete.force_delete_without_recovery(true).send().await.unwrap();

    // A cold start of functions never makes a pepper: only a deployment does.
    let (cold, _, _) = crate::support::fault_injection::cold_start(&latchkey).await;
    let lost = TestApp::with_router(latchkey.server.clone(), token::router(cold));
    lost.token(&client.client_id, &client.client_secret, "").await.expect(503);

    secrets.create_secret().name(&config.pepper_secret).secret_string(exported).send().await.unwrap();
    lost.token(&client.client_id, &client.client_secret, "").await.expect(200);
}
