//! Records whose lives touch everything that a paper may say.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{desk, now, who};
use crate::base::i18n::Voice;
use crate::desk::Desk;
use crate::desk::view::{Request, Target};
use crate::documents::{BUILT_IN, Documents};

#[derive(Deserialize)]
struct Life {
    name: String,
    register: String,
    /// Action, when it was typed, what.
    steps: Vec<(String, String, Map<String, Value>)>,
}

/// A file of the source tree. Lives and papers are read when the tests run: a paper is changed and looked at again
/// without building.
fn source(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// The built-in papers as their files are now.
pub(super) fn documents() -> Documents {
    let mut documents = Documents::default();
    for (name, _) in BUILT_IN {
        let text = source(&format!("assets/documents/{name}.toml"));
        if let Err(e) = documents.with_file(name, &text) {
            panic!("{e:?}");
        }
    }
    documents
}

/// A desk on which the lives of `lives.json` have been lived, and their numbers by name.
pub(super) fn lived() -> (Desk, BTreeMap<String, String>) {
    let lives: Vec<Life> = serde_json::from_str(&source("src/documents/tests/lives.json")).unwrap();
    let mut desk = desk().with_documents(Arc::new(documents()));
    let mut numbers: BTreeMap<String, String> = BTreeMap::new();
    let mut refused = Vec::new();
    for life in lives {
        for (action, at, data) in life.steps {
            let target = match numbers.get(&life.name) {
                Some(no) => Target::On(no.clone()),
                None => Target::New(life.register.clone()),
            };
            let own = numbers.get(&life.name).cloned().unwrap_or_default();
            let data = Value::Object(data).to_string().replace("{no}", &own);
            let request = Request {
                target,
                action: Some(action.clone()),
                data: serde_json::from_str(&data).unwrap(),
            };
            match desk.act(&request, &who(), now(&at)) {
                Ok(done) => {
                    let no = done.view.record.head.no;
                    numbers.entry(life.name.clone()).or_insert(no);
                }
                Err(error) => {
                    let why = error.message(&Voice::default());
                    refused.push(format!("{} {action} {at}: {why}", life.name));
                }
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    (desk, numbers)
}
