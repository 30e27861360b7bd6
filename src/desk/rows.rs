//! The rows of a record and of those whose fold looks at it, written in the transaction of the entry that changes them.

use super::lookup::{evaluate, logged};
use super::{Error, Result, unfolded};
use crate::record::timeline::Timeline;
use crate::registers::dynamic::{Acted, AnyRegister, Evaluated, Face};
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
    acted: Acted,
    rules: &InForce,
    stands: Stands,
) -> Result<()> {
    let evaluated = &acted.evaluated;
    let no = evaluated.head.no.as_str();
    if !register.looks_around() {
        return put(writer, register, evaluated, stands);
    }
    let old = match stands {
        Stands::Sound => writer.record(no)?,
        Stands::Doubtful => writer.record(no).unwrap_or_default(),
    };
    let faces = Faces {
        before: old.map(|old| register.face(&old, rules)),
        after: acted.face,
    };
    put(writer, register, evaluated, stands)?;
    show(writer, register, no, faces, rules, stands)
}

/// What other records saw of one, and what they see now.
pub(super) struct Faces {
    /// Before; none of a new record.
    pub(super) before: Option<Face>,
    /// Now.
    pub(super) after: Face,
}

/// Writes the rows of the neighbours that see a record differently now.
pub(super) fn show(
    writer: &Writer<'_>,
    register: &dyn AnyRegister,
    no: &str,
    faces: Faces,
    rules: &InForce,
    stands: Stands,
) -> Result<()> {
    for other in watching(faces, stands) {
        tell(writer, register, no, other, rules, stands)?;
    }
    Ok(())
}

/// Writes the rows of a record alone.
pub(super) fn put(
    writer: &Writer<'_>,
    register: &dyn AnyRegister,
    evaluated: &Evaluated,
    stands: Stands,
) -> Result<()> {
    let rows = made(register, evaluated)?;
    match stands {
        Stands::Sound => writer.put_rows(&rows)?,
        Stands::Doubtful => writer.renew_rows(&rows)?,
    }
    Ok(())
}

fn made(register: &dyn AnyRegister, evaluated: &Evaluated) -> Result<Rows> {
    Rows::of(evaluated, register).map_err(|e| {
        unfolded(crate::registers::dynamic::FoldError {
            seq: evaluated.opening,
            why: e.to_string(),
        })
    })
}

/// Where the records are that look at this one, as it was and as it is; nothing when it looks the same to them.
fn watching(faces: Faces, stands: Stands) -> Vec<Lookup> {
    if stands == Stands::Sound && faces.before.as_ref() == Some(&faces.after) {
        return Vec::new();
    }
    let after = faces.after.watchers;
    let before = faces.before.and_then(|face| face.watchers);
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
    put(writer, register, &evaluated, Stands::Sound)
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
