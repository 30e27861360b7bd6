//! The way of the demo into a file: through the same door and the same rules as what a person types.

use std::collections::HashMap;

use serde_json::Value;

use super::people::OPERATORS;
use super::{Life, Recipe, lives};
use crate::desk::{Desk, Result};

/// Lives put into one transaction.
const BATCH: usize = 1_500;

/// Puts the demo into an empty file; `tell` hears how much of how much is in.
///
/// # Errors
/// [`crate::desk::Error`] when a step is refused (then the demo is wrong) or the file cannot be written.
pub fn fill(desk: &mut Desk, recipe: &Recipe, mut tell: impl FnMut(u64, u64)) -> Result<()> {
    let mut told = lives(recipe);
    let all = told.len();
    let mut numbers = HashMap::new();
    while told.len() > 0 {
        let batch: Vec<Life> = told.by_ref().take(BATCH).flatten().collect();
        let begun = batch.first().and_then(|life| life.steps.first());
        let Some(begun) = begun.map(|step| step.now) else {
            continue;
        };
        desk.bulk(begun, |bulk| {
            for mut life in batch {
                if life.refers {
                    speak_of(&mut life, &numbers);
                }
                let no = bulk.record(life.register, &life.steps)?;
                if let (Some(name), Some(no)) = (life.name, no) {
                    numbers.insert(format!("{{{name}}}"), no);
                }
            }
            Ok(())
        })?;
        tell((all - told.len()) as u64, all as u64);
    }
    for staff in OPERATORS {
        desk.set_operator(&staff.into())?;
    }
    Ok(())
}

/// Puts numbers where a life speaks of another by name.
fn speak_of(life: &mut Life, numbers: &HashMap<String, String>) {
    let put = |value: &mut Value| {
        if let Some(no) = value.as_str().and_then(|name| numbers.get(name)) {
            *value = Value::String(no.clone());
        }
    };
    for value in life
        .steps
        .iter_mut()
        .flat_map(|step| step.data.values_mut())
    {
        match value {
            Value::Array(list) => list.iter_mut().for_each(put),
            other => put(other),
        }
    }
}
