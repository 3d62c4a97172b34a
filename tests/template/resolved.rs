//! The value that CloudFormation computes once the parameters are known, as far as the functions' variables
//! need it.

use super::document::Template;
use serde_json::Value;

/// The required parameters; all others have a default.
pub const REQUIRED_PARAMETERS: [(&str, &str); 2] =
    [("MailSender", "latchkey@latchkey.example"), ("OperatorEmail", "operator@latchkey.example")];

impl Template {
    /// A value with every default in it. An attribute of a resource becomes a URL, since the issuer is one.
    pub fn resolve(&self, value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Object(intrinsic) => {
                let (name, argument) = intrinsic.iter().next().unwrap();
                match name.as_str() {
                    "Ref" => self.referred_value(argument.as_str().unwrap()),
                    "Fn::GetAtt" => "https://attribute.example".to_owned(),
                    "Fn::Sub" => argument.as_str().unwrap().to_owned(),
                    "Fn::If" => {
                        let holds =
                            self.condition_holds(&self.0["Conditions"][argument[0].as_str().unwrap()]);
                        self.resolve(&argument[if holds { 1 } else { 2 }])
                    }
                    other => panic!("{other} is not resolved here"),
                }
            }
            other => other.to_string(),
        }
    }

    fn referred_value(&self, name: &str) -> String {
        let given = REQUIRED_PARAMETERS
            .iter()
            .find(|(given, _)| *given == name)
            .map(|(_, value)| (*value).to_owned());
        let parameter = &self.0["Parameters"][name];
        match (given, parameter) {
            (Some(value), _) => value,
            // A reference to a resource becomes its logical id.
            (None, Value::Null) => name.to_owned(),
            (None, parameter) => self.resolve(&parameter["Default"]),
        }
    }

    fn condition_holds(&self, condition: &Value) -> bool {
        let (name, argument) = condition.as_object().unwrap().iter().next().unwrap();
        match name.as_str() {
            "Condition" => self.condition_holds(&self.0["Conditions"][argument.as_str().unwrap()]),
            "Fn::Equals" => self.resolve(&argument[0]) == self.resolve(&argument[1]),
            "Fn::Not" => !self.condition_holds(&argument[0]),
            "Fn::And" => argument.as_array().unwrap().iter().all(|one| self.condition_holds(one)),
            other => panic!("{other} is not resolved here"),
        }
    }
}
