//! The check of a change: whether a fact can have happened, whether it may be typed, and whether those after it still can.
//! What all registers share (state, times, voids, links) is checked here, once.

use super::dynamic::CheckContext;
use super::fold::{Course, Deed, FoldError, complete, decode, fold};
use super::{Act, Context, RecordOf, Register, Surroundings};
use crate::base::i18n::{Msg, known_key};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::record::action::{ActionSet, Lifecycle};
use crate::record::common::{Amend, CommonAction, Strike};
use crate::record::decision::Decision;
use crate::record::field::Choice;
use crate::record::head::VOID;
use crate::record::timeline::{Fact, Timeline};

/// What a check found.
pub(super) struct Checked<R: Register> {
    /// What is decided.
    pub(super) decision: Decision,
    /// The record as it stood, with what follows from all its facts.
    pub(super) stands: Option<RecordOf<R>>,
    /// Its course up to the first fact that is not as before.
    pub(super) course: Option<Course<R>>,
}

/// Whether the record may become what the later timeline says: each fact that is new or was put right passes as if it
/// had been typed right at first, and none after it becomes impossible.
///
/// # Errors
/// A refusal that names field and clause.
pub(super) fn check<R: Register>(
    before: &Timeline,
    after: &Timeline,
    cx: &CheckContext<'_>,
) -> Result<Checked<R>, Refusal> {
    let around = Surroundings {
        rules: cx.rules,
        near: cx.near,
    };
    let from = after.differs_from(before);
    let (stands, course) = stood::<R>(before, after, from, &around).map_err(unreadable)?;
    let fixed = stands
        .as_ref()
        .filter(|record| R::FIXED.contains(&record.head.state));
    if let Some((record, action)) = fixed.zip(touched(before, after)) {
        return Err(not_now::<R>(record, action));
    }
    if let Some(made) = put_right::<R>(before, after) {
        let why = Msg::new("why.not_corrected").with("seq", made.seq);
        return Err(Refusal::bad("entry", why));
    }
    let changed = |fact: &Fact| before.fact(fact.seq) != Some(fact);
    let mut verdict: Result<Decision, Refusal> = Ok(Decision::default());
    if let Some(first) = after.first().filter(|first| changed(first)) {
        let Deed::Own(action) = decode::<R>(first).map_err(unreadable)? else {
            return Err(broken(&first.entry.action));
        };
        let act = Act::of(&first.entry, action);
        verdict = Ok(R::open(&act, &context(&first.entry.no, first, cx))?);
    }
    if after.comes_back_from(before) {
        only_one::<R>(after, cx)?;
    }
    let mut rest = match &course {
        Some(course) => course.clone(),
        None => Course::opened(after, &around).map_err(unreadable)?,
    };
    rest.take(after, from, &around, &mut |_, _, _| true)
        .map_err(unreadable)?;
    let judged = rest.take(after, usize::MAX, &around, &mut |record, fact, deed| {
        if changed(fact) {
            let decided = check_fact::<R>(stands.as_ref(), record, fact, deed, cx);
            let so_far = std::mem::replace(&mut verdict, Ok(Decision::default()));
            verdict = so_far.and_then(|all| Ok(with(all, decided?)));
        } else if let Err(why) = possible::<R>(record, fact, deed)
            && !was_impossible::<R>(before, fact.seq, &around)
        {
            verdict = Err(leaves_behind::<R>(fact, &why));
        }
        verdict.is_ok()
    });
    judged.map_err(unreadable)?;
    Ok(Checked {
        decision: verdict?,
        stands,
        course,
    })
}

/// What the program itself did and the change would put right: it can only be struck.
fn put_right<'a, R: Register>(before: &'a Timeline, after: &'a Timeline) -> Option<&'a Fact> {
    let mut changed = after.changed_since(before);
    changed.find(|fact| {
        let made = R::RESERVED.contains(&fact.entry.action.as_str());
        made && before.fact(fact.seq).is_some()
    })
}

/// A record that comes back is still the only one of its kind: meanwhile another may have its paper number, or be the
/// draw of its week.
fn only_one<R: Register>(after: &Timeline, cx: &CheckContext<'_>) -> Result<(), Refusal> {
    let Some(first) = after.first() else {
        return Ok(());
    };
    let Deed::Own(action) = decode::<R>(first).map_err(unreadable)? else {
        return Ok(());
    };
    let act = Act::of(&first.entry, action);
    match R::open(&act, &context(&first.entry.no, first, cx)) {
        Err(refusal) if refusal.code == RefusalCode::Duplicate => Err(refusal),
        _ => Ok(()),
    }
}

fn unreadable(why: FoldError) -> Refusal {
    broken(&why.to_string())
}

/// A record, and its course so far.
type Stood<R> = (Option<RecordOf<R>>, Option<Course<R>>);

/// The record as it stood before a change, and its course up to the first fact that is not as before (of index `from`).
fn stood<R: Register>(
    before: &Timeline,
    after: &Timeline,
    from: usize,
    around: &Surroundings<'_>,
) -> Result<Stood<R>, FoldError> {
    if before.facts.is_empty() {
        return Ok((None, None));
    }
    let mut course = Course::<R>::opened(before, around)?;
    let mut same = None;
    if from > 0 && Course::<R>::begins_alike(before, after) {
        course.take(before, from, around, &mut |_, _, _| true)?;
        same = Some(course.clone());
    }
    course.take(before, usize::MAX, around, &mut |_, _, _| true)?;
    let stands = complete::<R>(course.ended(before), around);
    Ok((Some(stands), same))
}

/// Two decisions about one change, as one.
fn with(mut all: Decision, one: Decision) -> Decision {
    all.found.extend(one.found);
    all.numbered = all.numbered.or(one.numbered);
    all.warnings.extend(one.warnings);
    all.triggers.extend(one.triggers);
    all
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

/// What the program made as a whole goes as a whole, with what it brought about.
fn only_struck<R: Register>(record: &RecordOf<R>) -> Refusal {
    let state = R::State::SET.label_key(record.head.state.code());
    let message = Msg::new("refusal.only_struck")
        .with("no", record.head.no.as_str())
        .with_key("state", state);
    Refusal::new(RefusalCode::NotNow, message)
}

fn broken(why: &str) -> Refusal {
    Refusal::new(
        RefusalCode::BadValue,
        Msg::new("refusal.unreadable").with("why", why),
    )
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
    R::presupposes(before, &Act::of(&fact.entry, action.clone()))
}

/// The whole check of one fact that is new or was put right.
fn check_fact<R: Register>(
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
        Deed::Common(CommonAction::Void(_))
            if now_stands.is_some_and(|now| R::WHOLE.contains(&now.head.state)) =>
        {
            return Err(only_struck::<R>(now_stands.unwrap_or(before)));
        }
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
        &Act::of(&fact.entry, action.clone()),
        &context(&before.head.no, fact, cx),
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
fn was_impossible<R: Register>(before: &Timeline, seq: i64, around: &Surroundings<'_>) -> bool {
    let mut impossible = false;
    let folded = fold::<R>(before, around, &mut |record, fact, deed| {
        if fact.seq == seq {
            impossible = possible::<R>(record, fact, deed).is_err();
        }
        fact.seq != seq
    });
    folded.is_err() || impossible
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
