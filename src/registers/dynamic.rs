//! Registers behind one object-safe face, so that the desk, the store and the screens need not know which is which.
//! What all registers share (state, times, voids, links) is checked here, once.

use std::marker::PhantomData;

use serde::Deserialize;
use serde_json::Value;

pub use super::fold::FoldError;
use super::fold::{ALONE, Deed, complete, decode, fold};
use super::register::{
    Act, Context, Lookup, Neighbours, RecordOf, Register, RegisterSpec, Surroundings,
};
use crate::base::i18n::{Msg, known_key};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::action::{ActionSet, ActionSpec, Lifecycle};
use crate::record::common::{Amend, CommonAction, Strike};
use crate::record::decision::Decision;
use crate::record::entry::Entry;
use crate::record::field::{Choice, ChoiceSet, Field};
use crate::record::head::{AnyRecord, Record, Settled, VOID};
use crate::record::request::Envelope;
use crate::record::timeline::{Fact, Timeline};
use crate::rules::deadline::{Deadline, Outcome};
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
    /// The actions possible now: what ticks off a duty first, then the likely ones of the lifecycle table, common ones
    /// last.
    fn offers(&self, record: &AnyRecord, deadlines: &[Deadline]) -> Vec<&'static ActionSpec>;
    /// What the check of a fact needs to know of other records.
    fn questions(&self, fact: &Fact) -> Vec<Lookup>;
    /// Whether its fold looks at other records.
    fn looks_around(&self) -> bool;
    /// What the fold of these facts needs to know of other records.
    ///
    /// # Errors
    /// [`FoldError`] when an entry does not fit its action.
    fn surroundings(&self, timeline: &Timeline, rules: &InForce) -> Result<Vec<Lookup>, FoldError>;
    /// The records whose fold may look at this one.
    fn watchers(&self, record: &AnyRecord, rules: &InForce) -> Option<Lookup>;
    /// What those records see of it; while it stays the same, their rows do too.
    fn seen_by_others(&self, record: &AnyRecord) -> Value;
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
    ) -> Result<Decision, Refusal>;
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
    /// The record.
    pub record: AnyRecord,
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
        body: R::Body::deserialize(&record.body).ok()?,
    })
}

fn untyped<R: Register>(mut record: RecordOf<R>) -> Result<AnyRecord, FoldError> {
    let mut state = record.head.state.code().to_owned();
    if record.head.void_reason.is_some() {
        record.head.voided_in = Some(std::mem::replace(&mut state, VOID.to_owned()));
    }
    let body = serde_json::to_value(record.body).map_err(|e| FoldError {
        seq: 0,
        why: e.to_string(),
    })?;
    Ok(Record {
        head: record.head.with_state(state),
        body,
    })
}

fn owed<R: Register>(record: &RecordOf<R>, rules: &InForce) -> Vec<Deadline> {
    let rules = rules.as_closed(record.head.closed);
    let mut deadlines = R::deadlines(record, &rules);
    if let Some(settled) = &record.head.settled {
        keep_settled(&mut deadlines, settled);
    }
    // What a void record still owed is void.
    if record.head.void_reason.is_some() {
        for deadline in deadlines.iter_mut().filter(|deadline| deadline.pending()) {
            deadline.outcome = Outcome::Void;
        }
    }
    deadlines
}

/// What an earlier version kept at closing takes the place of what the rules say.
fn keep_settled(deadlines: &mut Vec<Deadline>, settled: &Settled) {
    for kept in &settled.deadlines {
        let same = |d: &&mut Deadline| d.code == kept.code && d.round == kept.round;
        match deadlines.iter_mut().find(same) {
            Some(deadline) => {
                let derived = std::mem::replace(deadline, kept.clone());
                deadline.parts = derived.parts;
                deadline.trace = if derived.due == kept.due {
                    derived.trace
                } else {
                    let told = Msg::new("trace.settled");
                    vec![told.with("procedure", settled.procedure.as_str())]
                };
            }
            None => deadlines.push(kept.clone()),
        }
    }
}

fn not_now<R: Register>(record: &RecordOf<R>, action: &str) -> Refusal {
    let code = R::SPEC.code;
    let state = match record.head.void_reason {
        Some(_) => VOID,
        None => record.head.state.code(),
    };
    let message = Msg::new("refusal.not_now")
        .with("no", record.head.no.as_str())
        .with_key("state", format!("state.{code}.{state}"))
        .with_key("action", known_key("action", code, action));
    Refusal::new(RefusalCode::NotNow, message)
}

fn broken(why: &str) -> Refusal {
    Refusal::new(
        RefusalCode::BadValue,
        Msg::new("refusal.unreadable").with("why", why),
    )
}

/// The act that an entry is.
fn act_of<A>(entry: &Entry, action: A) -> Act<A> {
    Act {
        envelope: Envelope::of(entry),
        action,
    }
}

/// Whether a fact can have happened to the record as it stood: its state has a row for it, there is something to act
/// upon, and it does not come before the record began.
fn possible<R: Register>(
    before: &RecordOf<R>,
    fact: &Fact,
    deed: &Deed<R::Action>,
) -> Result<(), Refusal> {
    let Deed::Own(action) = deed else {
        return Ok(());
    };
    let name = action.name();
    if fact.entry.at < before.head.opened {
        let what = Msg::new("before.opened")
            .with("no", before.head.no.as_str())
            .with("at", before.head.opened);
        return Err(Refusal::before("at", what));
    }
    let life = R::Action::life(name);
    let here = life.is_some_and(|life| life.from.contains(&before.head.state));
    if before.head.void_reason.is_some() || !here || !R::available(before, name) {
        return Err(not_now::<R>(before, name));
    }
    R::presupposes(before, &act_of(&fact.entry, action.clone()))
}

impl<R: Register> Dynamic<R> {
    /// The whole check of one fact that is new or was put right.
    fn check_fact(
        now_stands: Option<&RecordOf<R>>,
        before: &RecordOf<R>,
        fact: &Fact,
        deed: &Deed<R::Action>,
        cx: &CheckContext<'_>,
    ) -> Result<Decision, Refusal> {
        let closed_for_good = |record: &&RecordOf<R>| {
            record.head.void_reason.is_some() || R::FIXED.contains(&record.head.state)
        };
        let always = matches!(
            deed,
            Deed::Common(CommonAction::Remark(_) | CommonAction::Link(_)) | Deed::Desk(_)
        );
        if let Some(now) = now_stands.filter(closed_for_good).filter(|_| !always) {
            return Err(not_now::<R>(now, &fact.entry.action));
        }
        let action = match deed {
            Deed::Own(action) => action,
            Deed::Common(common) => {
                return check_common::<R>(now_stands.unwrap_or(before), common, cx);
            }
            Deed::Desk(_) => return Ok(Decision::default()),
        };
        if let Err(refusal) = possible::<R>(before, fact, deed) {
            // Possible later, but not when it is said to have happened.
            let later = now_stands.is_some_and(|now| {
                now.head.state_since > fact.entry.at && possible::<R>(now, fact, deed).is_ok()
            });
            return Err(match refusal.code {
                RefusalCode::NotNow if later => too_early::<R>(now_stands.unwrap_or(before)),
                _ => refusal,
            });
        }
        let around = Surroundings {
            rules: cx.rules,
            near: cx.near,
        };
        let before = complete::<R>(before.clone(), &around);
        let mut decision = R::check(
            &before,
            &act_of(&fact.entry, action.clone()),
            &Self::context(&before.head.no, fact, cx),
        )?;
        // What is put right keeps the number it was given.
        decision.numbered = decision
            .numbered
            .filter(|key| !fact.entry.found.contains_key(*key));
        Ok(decision)
    }

    fn context<'a>(no: &'a str, fact: &Fact, cx: &CheckContext<'a>) -> Context<'a> {
        Context {
            no,
            now: cx.now,
            rules: cx.rules.at(fact.entry.at),
            in_force: cx.rules,
            near: cx.near,
        }
    }

    /// Whether a fact was out of place before the change already; then the change is not to blame.
    fn was_impossible(before: &Timeline, seq: i64, around: &Surroundings<'_>) -> bool {
        let mut impossible = false;
        let folded = fold::<R>(before, around, &mut |record, fact, deed| {
            if fact.seq == seq {
                impossible = possible::<R>(record, fact, deed).is_err();
            }
            fact.seq != seq
        });
        folded.is_err() || impossible
    }
}

/// What a change does to entries that stood before it, by the action that does it; a fact that is only added, at whatever
/// place, does nothing to them.
fn touched(before: &Timeline, after: &Timeline) -> Option<&'static str> {
    if after.strikes != before.strikes {
        return Some(Strike::NAME);
    }
    let mut stood = before.facts.iter();
    stood
        .any(|fact| after.fact(fact.seq) != Some(fact))
        .then_some(Amend::NAME)
}

/// The refusal of a fact that is said to have happened before what it follows.
fn too_early<R: Register>(record: &RecordOf<R>) -> Refusal {
    let what = Msg::new("before.state")
        .with_key("state", R::State::SET.label_key(record.head.state.code()))
        .with("at", record.head.state_since);
    Refusal::before("at", what)
}

/// The refusal of a change that leaves a later fact without what it follows.
fn leaves_behind<R: Register>(fact: &Fact, why: &Refusal) -> Refusal {
    let message = Msg::new("refusal.leaves_behind")
        .with("seq", fact.seq)
        .with_key(
            "action",
            known_key("action", R::SPEC.code, &fact.entry.action),
        )
        .with("at", fact.entry.at)
        .with("why", why.message.clone());
    Refusal::new(RefusalCode::Before, message).field("at")
}

fn check_common<R: Register>(
    record: &RecordOf<R>,
    action: &CommonAction,
    cx: &CheckContext<'_>,
) -> Result<Decision, Refusal> {
    match action {
        CommonAction::Link(link) if link.to == record.head.no => {
            Err(Refusal::bad("to", Msg::new("why.link_to_itself")))
        }
        CommonAction::Link(link) if !cx.near.records.contains_key(&link.to) => {
            let message = Msg::new("refusal.unknown_record").with("no", link.to.as_str());
            Err(Refusal::new(RefusalCode::UnknownRecord, message).field("to"))
        }
        CommonAction::Link(link)
            if record
                .head
                .links
                .iter()
                .any(|l| l.to == link.to && l.kind == link.kind.code()) =>
        {
            let message = Msg::new("refusal.linked").with("no", link.to.as_str());
            Err(Refusal::new(RefusalCode::Duplicate, message).field("to"))
        }
        CommonAction::ExplainBreach(explain)
            if !record.head.breaches.iter().any(|b| b.code == explain.code) =>
        {
            let why = Msg::new("why.no_breach").with("code", explain.code.as_str());
            Err(Refusal::bad("code", why))
        }
        _ => Ok(Decision::default()),
    }
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

    fn offers(&self, record: &AnyRecord, deadlines: &[Deadline]) -> Vec<&'static ActionSpec> {
        let common = |name: &str| CommonAction::ALL.iter().find(|spec| spec.name == name);
        let changeable = |record: &RecordOf<R>| {
            record.head.void_reason.is_none() && !R::FIXED.contains(&record.head.state)
        };
        let Some(record) = typed::<R>(record).filter(changeable) else {
            return ["remark", "link"].into_iter().filter_map(common).collect();
        };
        let state = record.head.state;
        let mut owed: Vec<&Deadline> = deadlines.iter().filter(|d| d.pending()).collect();
        owed.sort_by_key(|deadline| deadline.order());
        let ticks = owed
            .iter()
            .filter_map(|deadline| deadline.tick.as_ref())
            .filter(|tick| tick.register.is_none())
            .map(|tick| tick.action.as_str());
        let rows = || R::Action::ALL.iter().zip(R::Action::LIVES);
        let likely = rows()
            .filter(|(_, life)| life.likely.contains(&state))
            .map(|(spec, _)| spec.name);
        let others = rows().map(|(spec, _)| spec.name);
        let mut offers: Vec<&'static ActionSpec> = Vec::new();
        for name in ticks.chain(likely).chain(others) {
            let possible = R::Action::life(name).is_some_and(|life| life.from.contains(&state))
                && R::available(&record, name)
                && R::offered(&record, name);
            let spec = R::Action::ALL.iter().find(|spec| spec.name == name);
            if let Some(spec) = spec.filter(|_| possible)
                && !offers.iter().any(|known| known.name == spec.name)
            {
                offers.push(spec);
            }
        }
        let unexplained = record.head.breaches.iter().any(|b| b.reason.is_empty());
        let explain = unexplained.then_some("explain_breach");
        let last = ["remark", "amend", "link", "void"];
        offers.extend(explain.into_iter().chain(last).filter_map(common));
        offers
    }

    fn questions(&self, fact: &Fact) -> Vec<Lookup> {
        match decode::<R>(fact) {
            Ok(Deed::Own(action)) => R::questions(&act_of(&fact.entry, action)),
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
        let record = fold::<R>(timeline, &around, &mut |_, _, _| true)?;
        Ok(R::surroundings(&record, rules))
    }

    fn watchers(&self, record: &AnyRecord, rules: &InForce) -> Option<Lookup> {
        R::watchers(&typed::<R>(record)?, rules)
    }

    fn seen_by_others(&self, record: &AnyRecord) -> Value {
        typed::<R>(record).map_or(Value::Null, |record| R::seen_by_others(&record))
    }

    fn check(
        &self,
        before: &Timeline,
        after: &Timeline,
        cx: &CheckContext<'_>,
    ) -> Result<Decision, Refusal> {
        let around = Surroundings {
            rules: cx.rules,
            near: cx.near,
        };
        let unreadable = |why: FoldError| broken(&why.to_string());
        let stands = match before.facts.is_empty() {
            true => None,
            false => Some(fold::<R>(before, &around, &mut |_, _, _| true).map_err(unreadable)?),
        };
        let from = after.differs_from(before);
        let fixed = stands
            .as_ref()
            .filter(|record| R::FIXED.contains(&record.head.state));
        if let Some((record, action)) = fixed.zip(touched(before, after)) {
            return Err(not_now::<R>(record, action));
        }
        let changed = |fact: &Fact| before.fact(fact.seq) != Some(fact);
        let mut verdict: Result<Decision, Refusal> = Ok(Decision::default());
        if let Some(first) = after.first().filter(|first| changed(first)) {
            let Deed::Own(action) = decode::<R>(first).map_err(unreadable)? else {
                return Err(broken(&first.entry.action));
            };
            let act = act_of(&first.entry, action);
            verdict = Ok(R::open(&act, &Self::context(&first.entry.no, first, cx))?);
        }
        let mut index = 0;
        let folded = fold::<R>(after, &around, &mut |record, fact, deed| {
            index += 1;
            if index < from {
                return true;
            }
            if changed(fact) {
                let decided = Self::check_fact(stands.as_ref(), record, fact, deed, cx);
                verdict = match (
                    std::mem::replace(&mut verdict, Ok(Decision::default())),
                    decided,
                ) {
                    (Ok(mut all), Ok(one)) => {
                        all.found.extend(one.found);
                        all.numbered = all.numbered.or(one.numbered);
                        all.warnings.extend(one.warnings);
                        all.triggers.extend(one.triggers);
                        Ok(all)
                    }
                    (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
                };
            } else if let Err(why) = possible::<R>(record, fact, deed)
                && !Self::was_impossible(before, fact.seq, &around)
            {
                verdict = Err(leaves_behind::<R>(fact, &why));
            }
            verdict.is_ok()
        });
        folded.map_err(unreadable)?;
        verdict
    }

    fn evaluate(
        &self,
        timeline: &Timeline,
        around: &Surroundings<'_>,
    ) -> Result<Evaluated, FoldError> {
        let record = fold::<R>(timeline, around, &mut |_, _, _| true)?;
        Ok(Evaluated {
            opening: timeline.opening,
            title: R::title(&record),
            open: record.head.closed.is_none(),
            places: R::places(&record).into_iter().map(str::to_owned).collect(),
            paper_no: R::paper_no(&record).map(str::to_owned),
            deadlines: owed::<R>(&record, around.rules),
            record: untyped::<R>(record)?,
        })
    }

    fn deadlines(&self, record: &AnyRecord, rules: &InForce) -> Vec<Deadline> {
        typed::<R>(record).map_or_else(Vec::new, |record| owed::<R>(&record, rules))
    }

    fn title(&self, record: &AnyRecord) -> String {
        typed::<R>(record).map_or_else(String::new, |record| R::title(&record))
    }

    fn paper_no(&self, record: &AnyRecord) -> Option<String> {
        R::paper_no(&typed::<R>(record)?).map(str::to_owned)
    }
}
