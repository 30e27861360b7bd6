//! The rows of a record and of those whose fold looks at it, written in the transaction of the entry that changes them.

use super::lookup::{evaluate, logged};
use super::{Error, Result, unfolded};
use crate::record::head::AnyRecord;
use crate::record::timeline::Timeline;
use crate::registers::dynamic::{AnyRegister, Evaluated};
use crate::registers::{Lookup, register_of};
use crate::rules::in_force::InForce;
use crate::store::Writer;
use crate::store::rows::Rows;

/// Whether the rows that stand can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// They are what the entries made.
    Sound,
    /// They are being made anew: they may be missing, or another's, and neighbours may not have seen this record yet.
    Doubtful,
}

/// Writes the rows of a record, and those of its neighbours that see it differently now.
pub(super) fn write(
    writer: &Writer<'_>,
    register: &dyn AnyRegister,
    evaluated: &Evaluated,
    rules: &InForce,
    stands: Stands,
) -> Result<()> {
    let no = evaluated.record.head.no.as_str();
    let old = match stands {
        Stands::Sound => writer.record(no)?,
        Stands::Doubtful => writer.record(no).unwrap_or_default(),
    };
    let rows = made(register, evaluated)?;
    match stands {
        Stands::Sound => writer.put_rows(&rows)?,
        Stands::Doubtful => writer.renew_rows(&rows)?,
    }
    for other in watching(register, old.as_ref(), &evaluated.record, rules, stands) {
        tell(writer, register, no, other, rules, stands)?;
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
    stands: Stands,
) -> Vec<Lookup> {
    let seen = |record: &AnyRecord| register.watchers(record, rules);
    let before = old.and_then(seen);
    let after = seen(new);
    let same_face =
        old.is_some_and(|old| register.seen_by_others(old) == register.seen_by_others(new));
    if stands == Stands::Sound && before == after && same_face {
        return Vec::new();
    }
    let before = before.filter(|before| Some(before) != after.as_ref());
    before.into_iter().chain(after).collect()
}

/// Writes the neighbours' rows anew.
fn tell(
    writer: &Writer<'_>,
    register: &dyn AnyRegister,
    own: &str,
    watching: Lookup,
    rules: &InForce,
    stands: Stands,
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
            let renewed = renew(writer, &no, rules);
            match stands {
                Stands::Sound => renewed?,
                Stands::Doubtful => unless_damaged(renewed)?,
            }
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

/// A record with an entry that cannot be read, or does not fit, is left out while rows are made anew: the proof tells
/// of it. Whatever is wrong with the file itself stays an error.
pub(super) fn unless_damaged(renewed: Result<()>) -> Result<()> {
    match renewed {
        // An entry does not know its file.
        Err(Error::File(trouble)) if trouble.path.as_os_str().is_empty() => Ok(()),
        other => other,
    }
}
