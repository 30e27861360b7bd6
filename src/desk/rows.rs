//! The rows of a record and of those whose fold looks at it, written in the transaction of the entry that changes them.

use super::lookup::{evaluate, logged};
use super::{Result, unfolded};
use crate::record::head::AnyRecord;
use crate::record::timeline::Timeline;
use crate::registers::dynamic::{AnyRegister, Evaluated};
use crate::registers::{Lookup, register_of};
use crate::rules::in_force::InForce;
use crate::store::Writer;
use crate::store::rows::Rows;

/// Writes the rows of a record, and those of its neighbours that see it differently now.
pub(super) fn write(
    writer: &Writer<'_>,
    register: &dyn AnyRegister,
    evaluated: &Evaluated,
    rules: &InForce,
) -> Result<()> {
    let no = evaluated.record.head.no.as_str();
    let old = writer.record(no)?;
    put(writer, register, evaluated)?;
    for other in watching(register, old.as_ref(), &evaluated.record, rules) {
        tell(writer, register, no, other, rules)?;
    }
    Ok(())
}

/// As [`write`], whatever stands there.
pub(super) fn renew_all(
    writer: &Writer<'_>,
    register: &dyn AnyRegister,
    evaluated: &Evaluated,
    rules: &InForce,
) -> Result<()> {
    let no = evaluated.record.head.no.as_str();
    let old = writer.record(no).unwrap_or_default();
    writer.renew_rows(&made(register, evaluated)?)?;
    for other in watching(register, old.as_ref(), &evaluated.record, rules) {
        tell(writer, register, no, other, rules)?;
    }
    Ok(())
}

/// Writes the rows of a record alone.
pub(super) fn put(
    writer: &Writer<'_>,
    register: &dyn AnyRegister,
    evaluated: &Evaluated,
) -> Result<()> {
    Ok(writer.put_rows(&made(register, evaluated)?)?)
}

fn made(register: &dyn AnyRegister, evaluated: &Evaluated) -> Result<Rows> {
    Rows::of(evaluated, register.spec().code).map_err(|e| {
        unfolded(crate::registers::dynamic::FoldError {
            seq: evaluated.opening,
            why: e.to_string(),
        })
    })
}

/// Where the records are that look at this one, as it was and as it is; nothing when it looks the same to them.
fn watching(
    register: &dyn AnyRegister,
    old: Option<&AnyRecord>,
    new: &AnyRecord,
    rules: &InForce,
) -> Vec<Lookup> {
    let seen = |record: &AnyRecord| register.watchers(record, rules);
    let before = old.and_then(seen);
    let after = seen(new);
    let same_face =
        old.is_some_and(|old| register.seen_by_others(old) == register.seen_by_others(new));
    if before == after && same_face {
        return Vec::new();
    }
    before.into_iter().chain(after).collect()
}

/// Writes the neighbours' rows anew.
fn tell(
    writer: &Writer<'_>,
    register: &dyn AnyRegister,
    own: &str,
    watching: Lookup,
    rules: &InForce,
) -> Result<()> {
    let Lookup::SamePlaces {
        places,
        from,
        until,
    } = watching
    else {
        return Ok(());
    };
    for no in writer.same_places(register.spec().code, &places, (from, until))? {
        if no != own {
            renew(writer, &no, rules)?;
        }
    }
    Ok(())
}

/// Writes a record's rows as its entries make them now.
pub(super) fn renew(writer: &Writer<'_>, no: &str, rules: &InForce) -> Result<()> {
    let Some(register) = register_of(no) else {
        return Ok(());
    };
    let timeline = Timeline::of(logged(no, writer)?);
    if timeline.facts.is_empty() {
        return Ok(());
    }
    let evaluated = evaluate(register, &timeline, rules, writer)?;
    put(writer, register, &evaluated)
}
