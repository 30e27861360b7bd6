//! The acceptance cases in `tests/cases`: steps on a fresh file, each with what its answer must hold.
//!
//! An object asks for its keys, `null` for absence, strings that are instants compare as instants, a list of objects
//! with a `code` is matched by code (and round); `$has`, `$without`, `$len`, `$any`, `$re` as in the case files.

use std::collections::BTreeMap;

use serde_json::Value;

use super::common::Site;

fn instant(text: &str) -> Option<i64> {
    (text.len() >= 16 && text.as_bytes()[10] == b'T')
        .then(|| dutydesk::base::time::Zone::default().parse(text))
        .flatten()
        .map(|at| at.unix())
}

fn differ(want: &Value, have: &Value, path: &str, out: &mut Vec<String>) {
    match want {
        Value::Null if have.is_null() => {}
        Value::Object(map) if map.keys().any(|key| key.starts_with('$')) => {
            special(map, have, path, out)
        }
        Value::Object(map) if have.is_object() => {
            for (key, want) in map {
                differ(want, &have[key], &format!("{path}.{key}"), out);
            }
        }
        Value::Array(list) if have.is_array() => lists(list, have.as_array().unwrap(), path, out),
        Value::String(text)
            if instant(text).is_some() && instant(text) == have.as_str().and_then(instant) => {}
        _ if want == have => {}
        _ => out.push(format!("{path}: {have}, want {want}")),
    }
}

fn same(want: &Value, have: &Value) -> bool {
    let mut out = Vec::new();
    differ(want, have, "", &mut out);
    out.is_empty()
}

fn lists(want: &[Value], have: &[Value], path: &str, out: &mut Vec<String>) {
    if !want.is_empty() && want.iter().all(|item| item["code"].is_string()) {
        for item in want {
            let fits = |other: &&Value| {
                other["code"] == item["code"]
                    && (item["round"].is_null() || other["round"] == item["round"])
            };
            let found: Vec<&Value> = have.iter().filter(fits).collect();
            if !found.iter().any(|other| same(item, other)) {
                out.push(format!("{path}: nothing like {item} among {found:?}"));
            }
        }
    } else if want.len() != have.len() {
        out.push(format!("{path}: {} items, want {}", have.len(), want.len()));
    } else {
        for (index, (want, have)) in want.iter().zip(have).enumerate() {
            differ(want, have, &format!("{path}[{index}]"), out);
        }
    }
}

fn special(map: &serde_json::Map<String, Value>, have: &Value, path: &str, out: &mut Vec<String>) {
    let list = have.as_array().cloned().unwrap_or_default();
    for (key, want) in map {
        let fine = match key.as_str() {
            "$has" => want
                .as_array()
                .unwrap()
                .iter()
                .all(|item| list.iter().any(|other| same(item, other))),
            "$without" => want
                .as_array()
                .unwrap()
                .iter()
                .all(|code| list.iter().all(|other| other["code"] != *code)),
            "$len" => {
                want.as_u64()
                    == Some(
                        have.as_str()
                            .map_or(list.len(), |text| text.chars().count())
                            as u64,
                    )
            }
            "$any" => want.as_array().unwrap().iter().any(|item| same(item, have)),
            other => panic!("{path}: the case asks for {other}, which this test does not know"),
        };
        if !fine {
            out.push(format!("{path}: {have} does not hold {key} {want}"));
        }
    }
}

fn fill(value: &Value, saved: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => {
            let filled = saved.iter().fold(text.clone(), |text, (name, value)| {
                text.replace(&format!("${name}"), value)
            });
            Value::String(filled)
        }
        Value::Array(list) => list.iter().map(|item| fill(item, saved)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, item)| (key.clone(), fill(item, saved)))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn run(case: &Value) -> Vec<String> {
    let mut site = Site::new();
    let mut saved = BTreeMap::new();
    let mut problems = Vec::new();
    for (index, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        if let Some(now) = step["now"].as_str().or(case["now"].as_str()) {
            now.clone_into(&mut site.now);
        }
        let args = fill(&step["args"], &saved);
        let args: Vec<&str> = args
            .as_array()
            .unwrap()
            .iter()
            .map(|arg| arg.as_str().unwrap())
            .collect();
        let input = fill(&step["stdin"], &saved);
        let input = input.as_str().map_or_else(
            || {
                if input.is_null() {
                    String::new()
                } else {
                    input.to_string()
                }
            },
            str::to_owned,
        );
        let answer = site.run_with(&args, &input);
        let mut out = Vec::new();
        let code = step["exit"].as_i64().unwrap_or(0);
        if i64::from(answer.code) != code {
            out.push(format!(
                "exit {}, want {code}: {} {}",
                answer.code, answer.out, answer.err
            ));
        }
        for text in step["text_has"].as_array().into_iter().flatten() {
            if !answer.out.contains(text.as_str().unwrap()) {
                out.push(format!("stdout lacks {text}"));
            }
        }
        if step.get("expect").is_some() || step.get("save").is_some() {
            let got = answer.json();
            differ(
                step.get("expect")
                    .unwrap_or(&Value::Object(serde_json::Map::new())),
                &got,
                "",
                &mut out,
            );
            for (name, key) in step["save"].as_object().into_iter().flatten() {
                let value = &got[key.as_str().unwrap()];
                saved.insert(name.clone(), value.as_str().unwrap_or_default().to_owned());
            }
        }
        problems.extend(
            out.into_iter()
                .map(|problem| format!("step {} {args:?}: {problem}", index + 1)),
        );
    }
    problems
}

fn file(name: &str) {
    let path = format!("{}/tests/cases/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    let failed: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            run(case)
                .into_iter()
                .map(|problem| format!("{}: {problem}", case["name"]))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn complaint_classes() {
    file("01-class");
}

#[test]
fn working_days_and_bills() {
    file("02-workday-and-bill");
}

#[test]
fn repair_slips() {
    file("03-work-order");
}

#[test]
fn complaints() {
    file("04-complaint");
}

#[test]
fn outages() {
    file("05-outage");
}

#[test]
fn applications() {
    file("06-application");
}
