//! The way of the demo into a file: through the same door and the same rules as what a person types.

use std::collections::HashMap;

use serde_json::Value;

use super::people::OPERATORS;
use super::{Life, Recipe, lives};
use crate::desk::{Desk, Result};
use crate::registers::register;

/// Lives put into one transaction.
const BATCH: usize = 2_000;

/// What was put in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Lives told.
    pub lives: u64,
    /// Steps typed.
    pub steps: u64,
}

/// Puts the demo into an empty file; `tell` hears how many lives are in.
///
/// # Errors
/// [`crate::desk::Error`] when a step is refused (then the demo is wrong) or the file cannot be written.
pub fn fill(desk: &mut Desk, recipe: &Recipe, mut tell: impl FnMut(u64)) -> Result<Filled> {
    let mut told = lives(recipe)
        .filter(|life| register(life.register).is_some())
        .peekable();
    let mut filled = Filled::default();
    let mut numbers = HashMap::new();
    while told.peek().is_some() {
        let batch: Vec<Life> = told.by_ref().take(BATCH).collect();
        desk.bulk(|bulk| {
            for mut life in batch {
                if life.refers {
                    speak_of(&mut life, &numbers);
                }
                let no = bulk.record(life.register, &life.steps)?;
                filled.lives += 1;
                filled.steps += life.steps.len() as u64;
                if let (Some(name), Some(no)) = (life.name, no) {
                    numbers.insert(format!("{{{name}}}"), no);
                }
            }
            Ok(())
        })?;
        tell(filled.lives);
    }
    for staff in OPERATORS {
        desk.set_operator(&staff.into())?;
    }
    Ok(filled)
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
