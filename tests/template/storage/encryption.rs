//! A key of the operator's own reaches everything that the stack stores. Without one, nothing names a key.

use crate::template::document::Template;
use serde_json::{Value, json};

/// The value that a property has with `KmsKeyArn`, and the one that it has without it.
fn with_and_without(property: &Value) -> (&Value, &Value) {
    assert_eq!(property["Fn::If"][0], "HasKmsKey", "{property}");
    (&property["Fn::If"][1], &property["Fn::If"][2])
}

fn assert_keyed(kind: &str, property: &str) {
    for resource in Template::stack().resources(kind) {
        let (with, without) = with_and_without(&resource.properties[property]);
        assert_eq!(with, &json!({ "Ref": "KmsKeyArn" }), "{}", resource.name);
        assert_eq!(without, &json!({ "Ref": "AWS::NoValue" }), "{}", resource.name);
    }
}

#[test]
fn secrets_topics_and_logs_are_encrypted_with_the_key() {
    assert_keyed("AWS::SecretsManager::Secret", "KmsKeyId");
    assert_keyed("AWS::SNS::Topic", "KmsMasterKeyId");
    assert_keyed("AWS::Logs::LogGroup", "KmsKeyId");
}

#[test]
fn queues_are_encrypted_with_the_key_or_with_one_of_sqs() {
    assert_keyed("AWS::SQS::Queue", "KmsMasterKeyId");
    for queue in Template::stack().resources("AWS::SQS::Queue") {
        let (with, without) = with_and_without(&queue.properties["SqsManagedSseEnabled"]);
        assert_eq!((with, without), (&json!(false), &json!(true)), "{}", queue.name);
    }
}

/// `SSEEnabled` alone would mean the key of AWS that KMS charges for, instead of the one that DynamoDB owns.
#[test]
fn tables_are_encrypted_with_the_key_or_with_one_of_dynamodb() {
    for table in Template::stack().resources("AWS::DynamoDB::Table") {
        let (with, without) = with_and_without(&table.properties["SSESpecification"]);
        let own = json!({ "SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": { "Ref": "KmsKeyArn" } });
        assert_eq!((with, without), (&own, &json!({ "Ref": "AWS::NoValue" })), "{}", table.name);
    }
}

#[test]
fn environments_of_functions_are_encrypted_with_the_key() {
    let template = Template::stack();
    let globals = &template.0["Globals"]["Function"];
    let (with, without) = with_and_without(&globals["KmsKeyArn"]);
    assert_eq!((with, without), (&json!({ "Ref": "KmsKeyArn" }), &json!({ "Ref": "AWS::NoValue" })));
    assert_eq!(globals["Environment"]["Variables"]["SECRETS_KMS_KEY"], json!({ "Ref": "KmsKeyArn" }));
}

#[test]
fn pepper_and_signing_keys_are_replicated() {
    let template = Template::stack();
    for secret in template.resources("AWS::SecretsManager::Secret") {
        // The public keys are made again from the ring.
        let replicated = secret.name != "VerificationKeysSecret";
        let regions = &secret.properties["ReplicaRegions"]["Fn::If"];
        assert_eq!(regions[0] == "HasReplica", replicated, "{}", secret.name);
        if replicated {
            assert_eq!(regions[1].as_array().unwrap().len(), 2, "{}", secret.name);
        }
    }
}
