//! Registers behind one object-safe face, so that the desk, the store and the screens need not know which is which.

use std::any::Any;
use std::marker::PhantomData;

use serde_json::{Map, Value};

use super::check::check;
pub use super::fold::FoldError;
use super::fold::{ALONE, Course, Deed, complete_with_deadlines, decode};
use super::owed;
use super::register::{
    Act, Looks, Lookup, Neighbours, RecordOf, Register, RegisterSpec, Surroundings,
};
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::action::{ActionSet, ActionSpec, Lifecycle};
use crate::record::common::CommonAction;
use crate::record::decision::Decision;
use crate::record::field::{Choice, ChoiceSet, Field};
use crate::record::head::{AnyRecord, Head, Record, VOID};
use crate::record::timeline::{Fact, Timeline};
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;

/// What the desk asks of a register.
pub trait AnyRegister: Sync {
    /// What is fixed of it.
    fn spec(&self) -> &'static RegisterSpec;
    /// Its own actions.
    fn actions(&self) -> &'static [ActionSpec];
    /// Its states, in the order of a record's life, without `void`.
    fn states(&self) -> &'static ChoiceSet;
    /// Whether nobody takes this action by hand: the program itself does.
    fn reserved(&self, action: &str) -> bool;
    /// Whether this act is read once more before one key writes it, by this person.
    fn weighs(&self, action: &str, data: &Map<String, Value>, by: &str) -> bool;
    /// What a card of the record says besides what it keeps.
    fn card(&self, record: &AnyRecord, rules: &InForce) -> Card;
    /// What the check of a fact needs to know of other records.
    fn questions(&self, fact: &Fact) -> Vec<Lookup>;
    /// Whether its fold looks at other records.
    fn looks_around(&self) -> bool;
    /// What the fold of these facts needs to know of other records.
    ///
    /// # Errors
    /// [`FoldError`] when an entry does not fit its action.
    fn surroundings(&self, timeline: &Timeline, rules: &InForce) -> Result<Vec<Lookup>, FoldError>;
    /// What other records see of this one.
    fn face(&self, record: &AnyRecord, rules: &InForce) -> Face;
    /// Whether the record may become what the later timeline says: each fact that is new or was put right passes as if
    /// it had been typed right at first, and none after it becomes impossible.
    ///
    /// # Errors
    /// A refusal that names field and clause.
    fn check(
        &self,
        before: &Timeline,
        after: &Timeline,
        cx: &CheckContext<'_>,
    ) -> Result<Checked, Refusal>;
    /// What an act that was checked makes of the record.
    ///
    /// # Errors
    /// [`FoldError`] when an entry does not fit its action.
    fn acted(
        &self,
        timeline: &Timeline,
        around: &Surroundings<'_>,
        begun: &Begun,
    ) -> Result<Acted, FoldError>;
    /// The record that the facts make, and everything that is derived from it.
    ///
    /// # Errors
    /// [`FoldError`] when an entry does not fit its action.
    fn evaluate(
        &self,
        timeline: &Timeline,
        around: &Surroundings<'_>,
    ) -> Result<Evaluated, FoldError>;
    /// What the record owes and has owed.
    fn deadlines(&self, record: &AnyRecord, rules: &InForce) -> Vec<Deadline>;
    /// One line that names the record.
    fn title(&self, record: &AnyRecord) -> String;
    /// The printed number of its slip.
    fn paper_no(&self, record: &AnyRecord) -> Option<String>;

    /// The action of this name, the register's own or a common one.
    fn action(&self, name: &str) -> Option<&'static ActionSpec> {
        self.actions()
            .iter()
            .chain(CommonAction::ALL)
            .find(|spec| spec.name == name)
    }

    /// The description of a field of the record, from the first action that declares it.
    fn field(&self, key: &str) -> Option<&'static Field> {
        self.actions().iter().find_map(|action| action.field(key))
    }

    /// Every field of the register once, in the order of declaration.
    fn fields(&self) -> Vec<&'static Field> {
        let mut fields: Vec<&'static Field> = Vec::new();
        for field in self.actions().iter().flat_map(|action| action.fields) {
            if !fields.iter().any(|known| known.key == field.key) {
                fields.push(field);
            }
        }
        fields
    }
}

/// What a check may look at besides the two timelines.
#[derive(Clone, Copy)]
pub struct CheckContext<'a> {
    /// Now.
    pub now: Instant,
    /// The rules through time.
    pub rules: &'a InForce,
    /// What was found of other records.
    pub near: &'a Neighbours,
}

/// A record with everything that is derived from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// Place of its opening entry in the journal.
    pub opening: i64,
    /// What every record has.
    pub head: Head<String>,
    /// The whole record as it is stored: JSON of an [`AnyRecord`].
    pub text: String,
    /// One line that names it.
    pub title: String,
    /// Whether its life goes on.
    pub open: bool,
    /// The places it touches, the most telling first.
    pub places: Vec<String>,
    /// The printed number of its slip.
    pub paper_no: Option<String>,
    /// Everything it owes and has owed.
    pub deadlines: Vec<Deadline>,
}

impl Evaluated {
    /// The record.
    ///
    /// # Errors
    /// Never for one that a register made; serde's signature asks for it.
    pub fn record(&self) -> Result<AnyRecord, FoldError> {
        serde_json::from_str(&self.text).map_err(|why| FoldError {
            seq: self.opening,
            why: why.to_string(),
        })
    }
}

/// What a card of a record says besides what the record keeps.
#[derive(Clone, Debug)]
pub struct Card {
    /// One line that names it.
    pub title: String,
    /// Everything it owes and has owed.
    pub deadlines: Vec<Deadline>,
    /// The actions possible now: what ticks off a duty first, then the likely ones of the lifecycle table, common ones
    /// last.
    pub offers: Vec<&'static ActionSpec>,
}

/// What other records see of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Face {
    /// The records whose fold may look at it.
    pub watchers: Option<Lookup>,
    /// What they see; while it stays the same, their rows do too.
    pub seen: Value,
}

/// What a check found.
pub struct Checked {
    /// What is decided.
    pub decision: Decision,
    /// What other records saw before; none of a new record.
    pub face: Option<Face>,
    /// Where to go on from.
    pub begun: Begun,
}

/// The record up to the first fact that a change has touched, so that it need not be folded again. Made by a check, and
/// meant for the same change alone.
#[derive(Default)]
pub struct Begun(Option<Box<dyn Any>>);

/// What an act makes of a record.
#[derive(Clone, Debug)]
pub struct Acted {
    /// The record with everything that is derived from it.
    pub evaluated: Evaluated,
    /// The actions possible now.
    pub offers: Vec<&'static ActionSpec>,
    /// What other records see of it.
    pub face: Face,
}

/// A register behind [`AnyRegister`].
pub struct Dynamic<R>(PhantomData<fn() -> R>);

impl<R> Dynamic<R> {
    /// The one value.
    pub const NEW: Self = Self(PhantomData);
}

fn typed<R: Register>(record: &AnyRecord) -> Option<RecordOf<R>> {
    let head = &record.head;
    // A void record is what it was when it was voided. One that an earlier version stored does not say what that was.
    let voided_in = || match &head.voided_in {
        Some(state) => R::State::from_code(state),
        None => head.void_reason.as_ref().map(|_| R::INITIAL),
    };
    let state = R::State::from_code(&head.state).or_else(voided_in)?;
    Some(Record {
        head: head.clone().with_state(state),
        body: record.body.read().ok()?,
    })
}

fn face<R: Register>(record: &RecordOf<R>, rules: &InForce) -> Face {
    Face {
        watchers: R::watchers(record, rules),
        seen: R::seen_by_others(record),
    }
}

/// The record with everything that is derived from it.
fn evaluated<R: Register>(
    record: RecordOf<R>,
    opening: i64,
    deadlines: Vec<Deadline>,
) -> Result<Evaluated, FoldError> {
    let title = R::title(&record);
    let places = R::places(&record).into_iter().map(str::to_owned).collect();
    let paper_no = R::paper_no(&record).map(str::to_owned);
    let mut head = record.head;
    let mut state = head.state.code().to_owned();
    if head.void_reason.is_some() {
        head.voided_in = Some(std::mem::replace(&mut state, VOID.to_owned()));
    }
    let stored = Record {
        head: head.with_state(state),
        body: record.body,
    };
    let text = serde_json::to_string(&stored).map_err(|why| FoldError {
        seq: opening,
        why: why.to_string(),
    })?;
    Ok(Evaluated {
        opening,
        open: stored.head.closed.is_none(),
        head: stored.head,
        text,
        title,
        places,
        paper_no,
        deadlines,
    })
}

impl<R: Register> AnyRegister for Dynamic<R> {
    fn spec(&self) -> &'static RegisterSpec {
        &R::SPEC
    }

    fn actions(&self) -> &'static [ActionSpec] {
        R::Action::ALL
    }

    fn states(&self) -> &'static ChoiceSet {
        &R::State::SET
    }

    fn reserved(&self, action: &str) -> bool {
        R::RESERVED.contains(&action)
    }

    fn weighs(&self, action: &str, data: &Map<String, Value>, by: &str) -> bool {
        let life = R::Action::life(action);
        life.is_some_and(|life| life.weighs)
            || self
                .action(action)
                .is_some_and(|spec| spec.weighs(data, by))
    }

    fn card(&self, record: &AnyRecord, rules: &InForce) -> Card {
        let record = typed::<R>(record);
        let owed = record.as_ref().map(|record| owed::owed::<R>(record, rules));
        let deadlines = owed.unwrap_or_default();
        Card {
            title: record.as_ref().map_or_else(String::new, R::title),
            offers: owed::offers::<R>(record.as_ref(), &deadlines),
            deadlines,
        }
    }

    fn questions(&self, fact: &Fact) -> Vec<Lookup> {
        match decode::<R>(fact) {
            Ok(Deed::Own(action)) => R::questions(&Act::of(&fact.entry, action)),
            Ok(Deed::Common(CommonAction::Link(link))) => vec![Lookup::Record(link.to)],
            Ok(Deed::Common(_) | Deed::Desk(_)) | Err(_) => Vec::new(),
        }
    }

    fn looks_around(&self) -> bool {
        R::LOOKS_AROUND
    }

    fn surroundings(&self, timeline: &Timeline, rules: &InForce) -> Result<Vec<Lookup>, FoldError> {
        if !R::LOOKS_AROUND {
            return Ok(Vec::new());
        }
        let around = Surroundings {
            rules,
            near: &ALONE,
        };
        let mut course = Course::<R>::opened(timeline, &around)?;
        match R::looks(&course.record) {
            Looks::Nowhere => return Ok(Vec::new()),
            Looks::FromOpening => {}
            Looks::FromAll => course.take(timeline, usize::MAX, &around, &mut |_, _, _| true)?,
        }
        Ok(R::surroundings(&course.record, rules))
    }

    fn face(&self, record: &AnyRecord, rules: &InForce) -> Face {
        typed::<R>(record).map_or_else(Face::default, |record| face::<R>(&record, rules))
    }

    fn check(
        &self,
        before: &Timeline,
        after: &Timeline,
        cx: &CheckContext<'_>,
    ) -> Result<Checked, Refusal> {
        let checked = check::<R>(before, after, cx)?;
        let begun = checked
            .course
            .map(|course| Box::new(course) as Box<dyn Any>);
        Ok(Checked {
            decision: checked.decision,
            face: checked.stands.map(|record| face::<R>(&record, cx.rules)),
            begun: Begun(begun),
        })
    }

    fn acted(
        &self,
        timeline: &Timeline,
        around: &Surroundings<'_>,
        begun: &Begun,
    ) -> Result<Acted, FoldError> {
        let course = begun
            .0
            .as_ref()
            .and_then(|begun| begun.downcast_ref::<Course<R>>());
        let mut course = match course {
            Some(course) => course.clone(),
            None => Course::opened(timeline, around)?,
        };
        course.take(timeline, usize::MAX, around, &mut |_, _, _| true)?;
        let (record, deadlines) = complete_with_deadlines::<R>(course.ended(timeline), around);
        let face = face::<R>(&record, around.rules);
        let offers = owed::offers::<R>(Some(&record), &deadlines);
        let evaluated = evaluated::<R>(record, timeline.opening, deadlines)?;
        Ok(Acted {
            evaluated,
            offers,
            face,
        })
    }

    fn evaluate(
        &self,
        timeline: &Timeline,
        around: &Surroundings<'_>,
    ) -> Result<Evaluated, FoldError> {
        let mut course = Course::<R>::opened(timeline, around)?;
        course.take(timeline, usize::MAX, around, &mut |_, _, _| true)?;
        let (record, deadlines) = complete_with_deadlines::<R>(course.ended(timeline), around);
        evaluated::<R>(record, timeline.opening, deadlines)
    }

    fn deadlines(&self, record: &AnyRecord, rules: &InForce) -> Vec<Deadline> {
        typed::<R>(record).map_or_else(Vec::new, |record| owed::owed::<R>(&record, rules))
    }

    fn title(&self, record: &AnyRecord) -> String {
        typed::<R>(record).map_or_else(String::new, |record| R::title(&record))
    }

    fn paper_no(&self, record: &AnyRecord) -> Option<String> {
        R::paper_no(&typed::<R>(record)?).map(str::to_owned)
    }
}
