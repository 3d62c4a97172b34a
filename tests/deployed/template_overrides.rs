//! The templates as they are deployed here: the real ones except for what the emulator cannot do. Each
//! difference is a line of `rewrite`; the two are compared, so that there is no other.

use crate::template::document::Template;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes both templates into a folder as they are deployed here, and returns the main one's path. `others` are further
/// changes of the main one: the value at each JSON pointer.
pub fn write_templates(
    real: &Template,
    monitoring: &Template,
    others: &[(String, Value)],
    folder: &Path,
) -> PathBuf {
    let mut deployed = Template(real.0.clone());
    let expected = rewrite(&mut deployed, real, others);
    let found = differences(&real.0, &deployed.0, "");
    let intended = |pointer: &String| expected.iter().any(|one| pointer.starts_with(one.as_str()));
    assert!(found.iter().all(intended), "the template of the test differs in {found:?}");
    fs::create_dir_all(folder).unwrap();
    let main = folder.join("template.json");
    fs::write(&main, deployed.0.to_string()).unwrap();
    fs::write(folder.join("monitoring.json"), simplified(monitoring).to_string()).unwrap();
    main
}

/// Applies the changes, and returns their JSON pointers.
fn rewrite(deployed: &mut Template, real: &Template, others: &[(String, Value)]) -> BTreeSet<String> {
    let mut changed = BTreeSet::new();
    let mut set = |pointer: &str, value: Value| {
        *deployed.0.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        changed.insert(pointer.to_owned());
    };
    for (pointer, value) in others {
        set(pointer, value.clone());
    }
    // The functions' configuration accepts http only for loopback, which is where the custom domain of this
    // test is.
    set("/Parameters/IssuerUrl/AllowedPattern", json!("^http://127\\.0\\.0\\.1:[0-9]+$"));
    set("/Resources/Monitoring/Properties/TemplateURL", json!("monitoring.json"));
    // The emulator checks neither the identity nor the sender of such a mail, and rejects a policy that names
    // them.
    for statement in statements(real, |statement| statement["Action"] == "ses:SendRawEmail") {
        set(&format!("{statement}/Resource"), json!("*"));
        set(&format!("{statement}/Condition"), json!({}));
    }
    // Nor does it know the keys of a DynamoDB request, and it rejects a policy with that condition.
    let by_key = |statement: &Value| statement["Condition"].to_string().contains("dynamodb:LeadingKeys");
    for statement in statements(real, by_key) {
        set(&format!("{statement}/Condition"), json!({}));
    }
    // Nor does it know which version of a secret a request names.
    let by_version =
        |statement: &Value| statement["Condition"].to_string().contains("secretsmanager:VersionStage");
    for statement in statements(real, by_version) {
        set(&format!("{statement}/Condition"), json!({}));
    }
    // The emulator has no rotation schedule. (An unused resource takes its place.)
    for schedule in real.resources("AWS::SecretsManager::RotationSchedule") {
        set(
            &format!("/Resources/{}", schedule.name),
            json!({ "Type": "AWS::CloudFormation::WaitConditionHandle" }),
        );
    }
    changed
}

/// Where the deployed templates differ from the real ones, apart from the packages and the architecture: resource and
/// property, and for a statement of a role its name. Only AWS shows what is here: an added line adds a question to
/// `infra/operate/smoke`.
const DIFFERENCES: &str = "\
AuthorizeFunctionRole KeepSignInsCodesAndConsents: Condition
AuthorizeFunctionRole NoteRefusals: Condition
AuthorizeFunctionRole PinIdentitiesAndNoteSignIns: Condition
AuthorizeFunctionRole ReadPepper: Condition
AuthorizeFunctionRole SendCodes: Condition
AuthorizeFunctionRole SendCodes: Resource
AuthorizeFunctionRole StartConsoleSessions: Condition
AuthorizeFunctionRole StopMails: Condition
BootstrapFunctionRole ReadPepper: Condition
ClientsFunctionRole CountLookUpsOfKeys: Condition
ClientsFunctionRole ReadVerificationKeysAndPepper: Condition
ClientsFunctionRole SendMailToMembers: Condition
ClientsFunctionRole SendMailToMembers: Resource
ConsoleFunctionRole ReadVerificationKeysAndPepper: Condition
ConsoleFunctionRole SendMailToMembers: Condition
ConsoleFunctionRole SendMailToMembers: Resource
ExpiryFunctionRole ChangeClients: Condition
ExpiryFunctionRole CompleteDeletions: Condition
ExpiryFunctionRole ForgetPersons: Condition
ExpiryFunctionRole KeepAccountIndex: Condition
ExpiryFunctionRole ReadClientsMembersAndResources: Condition
ExpiryFunctionRole ReadPepper: Condition
ExpiryFunctionRole RecordNames: Condition
ExpiryFunctionRole RecordNumbersAndSubjects: Condition
ExpiryFunctionRole RecordProgress: Condition
ExpiryFunctionRole SendReminders: Condition
ExpiryFunctionRole SendReminders: Resource
ExpiryFunctionRole SettleWorkAndLogMails: Condition
Parameters/IssuerUrl: AllowedPattern
Resources/Monitoring: TemplateURL
Resources/SigningKeysRotation: all of it
TokenFunctionRole AskForConsents: Condition
TokenFunctionRole NoteRefusals: Condition
TokenFunctionRole ReadSigningKeysAndPepper: Condition
TokenFunctionRole RecordTheDaysOfUse: Condition
TokenFunctionRole RedeemCodesAndReplaceRefreshTokens: Condition
TokenFunctionRole RevokeTokensAndAskWhetherTheyAre: Condition
TokenFunctionRole ShareFailuresOfHosts: Condition
TokenFunctionRole SpendAssertions: Condition";

#[test]
fn emulators_stack_differs_from_the_template_in_these_places_only() {
    let real = Template::stack();
    let changed = rewrite(&mut Template(real.0.clone()), &real, &[]);
    let found: BTreeSet<_> = changed.iter().map(|pointer| place(&real, pointer)).collect();
    let expected: BTreeSet<_> = DIFFERENCES.lines().map(str::to_owned).collect();
    assert_eq!(found, expected);
}

/// A JSON pointer into the template in words.
fn place(real: &Template, pointer: &str) -> String {
    let parts: Vec<_> = pointer.split('/').skip(1).collect();
    if let Some((statement, member)) = pointer.rsplit_once('/').filter(|_| pointer.contains("/Statement/")) {
        let sid = real.0.pointer(statement).unwrap()["Sid"].as_str().unwrap();
        return format!("{} {sid}: {member}", parts[1]);
    }
    let member = parts.iter().skip(2).find(|part| **part != "Properties").map_or("all of it", |part| part);
    format!("{}/{}: {member}", parts[0], parts[1])
}

/// The places of such statements in the roles.
fn statements(template: &Template, such: impl Fn(&Value) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for role in template.resources("AWS::IAM::Role") {
        for (policy, document) in role.properties["Policies"].as_array().unwrap().iter().enumerate() {
            let statements = document["PolicyDocument"]["Statement"].as_array().unwrap();
            for (index, statement) in statements.iter().enumerate() {
                let (statement, place) = match statement.get("Fn::If") {
                    Some(optional) => (&optional[1], "/Fn::If/1"),
                    None => (statement, ""),
                };
                if such(statement) {
                    let path = format!("Policies/{policy}/PolicyDocument/Statement/{index}{place}");
                    found.push(format!("/Resources/{}/Properties/{path}", role.name));
                }
            }
        }
    }
    found
}

/// The emulator has no metric math: an alarm on several metrics watches the first of them here. And of a resource in a
/// nested stack that an update leaves alone, it forgets the attributes: an alarm's ARN is written out.
fn simplified(monitoring: &Template) -> Value {
    let mut text = monitoring.0.to_string();
    for alarm in monitoring.resources("AWS::CloudWatch::Alarm") {
        let name = alarm.name;
        let arn = format!(
            "arn:${{AWS::Partition}}:cloudwatch:${{AWS::Region}}:${{AWS::AccountId}}:alarm:${{{name}}}"
        );
        text = text.replace(&format!("${{{name}.Arn}}"), &arn);
        let attribute = json!({ "Fn::GetAtt": [name, "Arn"] });
        text = text.replace(&attribute.to_string(), &json!({ "Fn::Sub": arn }).to_string());
    }
    let mut simplified: Value = serde_json::from_str(&text).unwrap();
    for alarm in monitoring.resources("AWS::CloudWatch::Alarm") {
        let Some(metrics) = alarm.properties["Metrics"].as_array() else { continue };
        let first = metrics.iter().find_map(|one| one.get("MetricStat")).unwrap();
        let properties = simplified["Resources"][alarm.name]["Properties"].as_object_mut().unwrap();
        properties.remove("Metrics");
        properties.extend(first["Metric"].as_object().unwrap().clone());
        properties.insert("Period".to_owned(), first["Period"].clone());
        properties.insert("Statistic".to_owned(), first["Stat"].clone());
    }
    simplified
}

/// The JSON pointers at which two values differ.
fn differences(a: &Value, b: &Value, at: &str) -> BTreeSet<String> {
    match (a, b) {
        (Value::Object(one), Value::Object(other)) if !other.is_empty() => {
            let names: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            names
                .into_iter()
                .flat_map(|name| differences(&a[name], &b[name], &format!("{at}/{name}")))
                .collect()
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other).enumerate();
            pairs.flat_map(|(index, (a, b))| differences(a, b, &format!("{at}/{index}"))).collect()
        }
        _ if a == b => BTreeSet::new(),
        _ => BTreeSet::from([at.to_owned()]),
    }
}
