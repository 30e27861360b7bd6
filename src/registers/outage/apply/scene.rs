//! What a fact makes of an outage from the moment power is out.

use super::lay_down;
use crate::base::identity::same;
use crate::base::time::Instant;
use crate::record::timeline::Fact;
use crate::registers::Surroundings;
use crate::registers::outage::{
    Body, Call, CarAnswer, Classify, ContactUtility, Generator, GeneratorAnswer, GeneratorStop,
    Inspection, LiftCheck, OpenGate, OutageAction, OutageState as S, PatrolResult, Rec, Rescue,
    Stated, ToldOf, gates,
};

/// Power goes off on purpose: what is still open just before it stays open for ever.
pub(super) fn cut(
    record: &mut Rec,
    at: Instant,
    reason: Option<String>,
    around: &Surroundings<'_>,
) {
    let open = gates::open_at(record, around.rules, at).into_iter();
    let gate = |duty: crate::rules::deadline::Deadline| OpenGate {
        code: duty.code,
        clause: duty.clause,
    };
    let open = open.map(gate).collect();
    let power = &mut record.body.power;
    power.open_at_cut = open;
    power.cut_reason = reason;
    power.out_at = Some(at);
}

pub(super) fn apply(record: &mut Rec, fact: &Fact, action: OutageAction) {
    use OutageAction as A;
    let at = fact.entry.at;
    let body = &mut record.body;
    match action {
        A::Classify(judged) => classified(body, at, judged),
        A::ContactUtility(contact) => contacted(body, at, contact),
        A::RestorePart(part) => {
            body.power.areas_out = part.areas_out;
            body.power.partial_at = Some(at);
        }
        A::Restore(_) => {
            body.power.areas_out.clear();
            body.power.restored_at = Some(at);
            body.power.restored_note.clone_from(&fact.entry.note);
            lay_down(record);
            record.enter(S::Restored, at);
        }
        other => by_hand(body, at, other),
    }
}

fn classified(body: &mut Body, at: Instant, judged: Classify) {
    let event = &mut body.event;
    event.source = Some(judged.source);
    event.cause = Some(judged.cause);
    event.judged_at = Some(at);
    event.first_judged_at.get_or_insert(at);
    if judged.expected_restore.is_some() {
        body.power.expect(at, judged.expected_restore);
    }
}

fn contacted(body: &mut Body, at: Instant, contact: ContactUtility) {
    let expected_restore = contact.expected_restore.filter(|_| !contact.unknown);
    body.told.contacted_at.get_or_insert(at);
    body.told.calls.push(Call {
        at,
        expected_restore,
        answered_by: contact.answered_by,
    });
    body.power.expect(at, expected_restore);
}

/// What somebody did and saw.
fn by_hand(body: &mut Body, at: Instant, action: OutageAction) {
    use OutageAction as A;
    let scene = &mut body.scene;
    match action {
        // The first on site counts, with his name.
        A::OnSite(on_site) if scene.on_site_at.is_none() => {
            scene.on_site_at = Some(at);
            scene.on_site_by = Some(on_site.name);
        }
        A::Inform(inform) => body.told.informed.push(ToldOf { at, to: inform.to }),
        A::Generator(form) => scene.generator.push(generator(at, form)),
        A::GeneratorStop(stop) => generator_stop(&mut scene.generator, at, stop),
        A::LiftCheck(check) => scene.cars.extend(cars(at, check)),
        A::Rescue(rescue) => rescued(&mut scene.cars, at, &rescue),
        A::Patrol(patrol) => scene.patrols.push(PatrolResult {
            at,
            result: patrol.result,
        }),
        A::Inspect(look) => {
            let (place, normal, note) = (look.place, look.normal, look.note);
            scene.inspections.push(Inspection {
                at,
                place,
                normal,
                note,
            });
        }
        _ => {}
    }
}

fn generator(at: Instant, form: Generator) -> GeneratorAnswer {
    GeneratorAnswer {
        at,
        started: form.started,
        watcher: form.watcher,
        reason: form.reason,
        areas: form.areas,
        stopped_at: None,
        runs_on: Vec::new(),
    }
}

/// All that runs is stopped, or said to run on (S7.4.3).
fn generator_stop(generators: &mut [GeneratorAnswer], at: Instant, stop: GeneratorStop) {
    for running in generators.iter_mut().filter(|g| g.running()) {
        if stop.runs_on {
            let reason = stop.reason.clone().unwrap_or_default();
            running.runs_on.push(Stated { at, reason });
        } else {
            running.stopped_at = Some(at);
        }
    }
}

fn cars(at: Instant, check: LiftCheck) -> impl Iterator<Item = CarAnswer> {
    let guard = check.guard;
    check.cars.into_iter().map(move |car| CarAnswer {
        at,
        car: car.car,
        guard: guard.clone(),
        trapped: car.trapped,
        persons: car.persons,
        released_at: None,
    })
}

fn rescued(cars: &mut [CarAnswer], at: Instant, rescue: &Rescue) {
    if rescue.released {
        let held = cars.iter_mut().filter(|car| car.held());
        for car in held.filter(|car| same(&car.car, &rescue.car)) {
            car.released_at = Some(at);
        }
    }
}
