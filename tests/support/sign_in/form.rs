//! A form of a page, as a browser without script sends it.

use crate::support::sign_in::browser::url_encoded;

/// A form of a page.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
    /// The names and values of its boxes and radio buttons, chosen or not.
    pub choices: Vec<(String, String)>,
    /// The names and values of its buttons.
    pub buttons: Vec<(String, String)>,
}

impl Form {
    /// Reads a form from its tag on.
    pub fn read(piece: &str) -> Self {
        let (head, body) = piece.split_once('>').unwrap();
        let tags = |name: &str| -> Vec<String> {
            let start = format!("<{name} ");
            let tags = body.split(&start).skip(1);
            tags.map(|rest| format!(" {}", rest.split_once('>').unwrap().0)).collect()
        };
        let named =
            |tag: &String| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()));
        // Boxes and radio buttons are sent if they are chosen.
        let is_choice =
            |tag: &&String| matches!(attribute(tag, "type").as_deref(), Some("checkbox" | "radio"));
        let is_sent =
            |tag: &&String| !tag.contains(" disabled") && (!is_choice(tag) || tag.contains(" checked"));
        let inputs = tags("input");
        let mut fields: Vec<(String, String)> = inputs.iter().filter(is_sent).filter_map(named).collect();
        for rest in body.split("<textarea ").skip(1) {
            let (tag, rest) = rest.split_once('>').unwrap();
            let text = rest.split("</textarea>").next().unwrap();
            let name = attribute(&format!(" {tag}"), "name").unwrap();
            fields.push((name, unescaped(text.strip_prefix('\n').unwrap_or(text))));
        }
        for rest in body.split("<select ").skip(1) {
            let (tag, rest) = rest.split_once('>').unwrap();
            let options = rest.split("</select>").next().unwrap().split("<option ").skip(1);
            let options: Vec<String> =
                options.map(|option| format!(" {}", option.split('>').next().unwrap())).collect();
            let chosen = options.iter().find(|option| option.contains(" selected")).or(options.first());
            let value = chosen.and_then(|option| attribute(option, "value")).unwrap_or_default();
            fields.push((attribute(&format!(" {tag}"), "name").unwrap(), value));
        }
        Self {
            action: attribute(head, "action").unwrap(),
            fields,
            choices: inputs.iter().filter(is_choice).filter_map(named).collect(),
            buttons: tags("button").iter().filter_map(named).collect(),
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The first of the values among which a field is chosen.
    #[track_caller]
    pub fn first_choice(&self, name: &str) -> &str {
        let found = self.choices.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("{name} is not among {:?}", self.choices)).1
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same form with one more value of a field, as a further box is ticked.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self
    }

    pub fn body(&self) -> String {
        url_encoded(self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

/// The value of an attribute within a tag, which begins with a space.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(unescaped(tag[start..].split('"').next()?))
}

pub fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for (entity, character) in
        [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
    {
        text = text.replace(entity, character);
    }
    text
}
