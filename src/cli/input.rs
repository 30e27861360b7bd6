//! Reading JSON from a file or standard input.

use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value};

use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};

/// The most that is read: a hundred thousand slips fit, a runaway pipe does not.
const LIMIT: u64 = 512 * 1024 * 1024;

/// One request, or many.
pub enum Input {
    /// One object.
    One(Map<String, Value>),
    /// An array or JSON lines; what is not an object is refused in its place.
    Many(Vec<Value>),
}

fn bad(why: Msg) -> Refusal {
    Refusal::new(
        RefusalCode::BadValue,
        Msg::new("refusal.json").with("why", why),
    )
}

/// The text of a file, or of standard input for `-`.
///
/// # Errors
/// `file` when it cannot be read, `bad_value` when it is not UTF-8 or too large.
pub fn text(path: &Path) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(LIMIT + 1)
            .read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
    };
    read.map_err(|e| {
        let message = Msg::new("refusal.input_file")
            .with("path", path.display().to_string())
            .with("why", e.to_string());
        Refusal::new(RefusalCode::File, message)
    })?;
    if bytes.len() as u64 > LIMIT {
        return Err(bad(Msg::new("why.too_large")));
    }
    let text = String::from_utf8(bytes).map_err(|_| bad(Msg::new("why.utf8")))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}

/// The JSON of a file: one value.
///
/// # Errors
/// `bad_value` when it is empty or does not parse, `file` when it cannot be read.
pub fn value(path: &Path) -> Result<Value, Refusal> {
    let text = text(path)?;
    if text.trim().is_empty() {
        return Err(bad(Msg::new("why.no_input")));
    }
    serde_json::from_str(&text).map_err(|e| bad(Msg::new("why.json").with("why", e.to_string())))
}

/// One object, an array, or JSON lines.
///
/// # Errors
/// As [`value`].
pub fn requests(path: &Path) -> Result<Input, Refusal> {
    let text = text(path)?;
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
        values.push(value.map_err(|e| bad(Msg::new("why.json").with("why", e.to_string())))?);
    }
    match (values.len(), values.pop()) {
        (_, None) => Err(bad(Msg::new("why.no_input"))),
        (1, Some(Value::Object(map))) => Ok(Input::One(map)),
        (1, Some(Value::Array(list))) => Ok(Input::Many(list)),
        (1, Some(_)) => Err(not_an_object()),
        (_, Some(last)) => {
            values.push(last);
            Ok(Input::Many(values))
        }
    }
}

/// Refuses what is not an object.
pub fn not_an_object() -> Refusal {
    bad(Msg::new("why.object"))
}
