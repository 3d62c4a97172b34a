//! A deployment whose `Stage` is changed: refused before anything is created, and the refusal can be rolled back.

use super::EmptyDeployment;
use super::custom_resource::{invoke, invoke_with};
use crate::support::aws;
use bootstrap::BootstrapHandler;
use serde_json::{Value, json};

/// The same tables with the names and the functions of another stage.
fn renamed(deployment: &EmptyDeployment, stage: &str) -> BootstrapHandler {
    let mut config = deployment.config.clone();
    stage.clone_into(&mut config.stage);
    config.pepper_secret = format!("latchkey/{stage}/pepper");
    config.signing_keys_secret = format!("latchkey/{stage}/signing-keys");
    config.verification_keys_secret = format!("latchkey/{stage}/verification-keys");
    BootstrapHandler::new(Ok(config))
}

/// The stage in the properties of the resource before an update.
fn before(stage: &str) -> impl FnOnce(&mut Value) {
    let old = json!({ "Stage": stage, "Revision": "1" });
    move |request| request["OldResourceProperties"] = old
}

#[tokio::test]
async fn another_stage_is_refused_and_can_be_rolled_back() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await.with_stack_secrets().await;
    let stage = deployment.local_config.stage.clone();
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    assert_eq!(invoke(&handler, "Create").await["Status"], "SUCCESS");
    let (values, other) = (deployment.values().await, format!("{stage}-2"));

    for kind in ["Update", "Create"] {
        let refused = invoke_with(&renamed(&deployment, &other), kind, before(&stage)).await;
        assert_eq!(refused["Status"], "FAILED", "{kind}");
        let reason = refused["Reason"].as_str().unwrap();
        assert!(
            reason.starts_with(&format!("Stage cannot change: the directory belongs to the stage {stage}")),
            "{reason}"
        );
    }
    for created in ["pepper", "signing-keys", "verification-keys"] {
        assert_eq!(deployment.value(&format!("latchkey/{other}/{created}")).await, None, "{created}");
    }
    // CloudFormation rolls back with another update, from the stage that was refused.
    let back = invoke_with(&handler, "Update", before(&other)).await;
    assert_eq!(back["Status"], "SUCCESS", "{back}");
    assert!(deployment.values().await == values);
}

#[tokio::test]
async fn directory_without_a_recorded_stage_belongs_to_the_stage_before() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await.with_stack_secrets().await;
    let stage = deployment.local_config.stage.clone();
    // An earlier version has created it, and recorded no stage.
    deployment.bootstrap().await.unwrap();
    let other = format!("{stage}-2");
    let refused = invoke_with(&renamed(&deployment, &other), "Update", before(&stage)).await;
    assert_eq!(refused["Status"], "FAILED");
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    assert_eq!(invoke_with(&handler, "Update", before(&other)).await["Status"], "SUCCESS");
}
