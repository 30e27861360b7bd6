//! What an entry makes of an outage from the moment power is out.

use super::{LETTER, REPORT, issue, lay_down};
use crate::base::time::Instant;
use crate::record::entry::Entry;
use crate::registers::outage::{
    Body, CarAnswer, Generator, GeneratorAnswer, Inspection, LetterStep, LiftCheck, OutageAction,
    OutageState as S, PatrolResult, Rec, ToldOf,
};

pub(super) fn apply(record: &mut Rec, entry: &Entry, action: OutageAction) {
    use OutageAction as A;
    let at = entry.at;
    let body = &mut record.body;
    match action {
        A::Cut(_) => {
            body.power.out_at = Some(at);
            record.enter(S::Out, at);
        }
        A::Classify(judged) => {
            body.event.source = Some(judged.source);
            body.event.cause = Some(judged.cause);
            body.event.judged_at = Some(at);
            expect(body, at, judged.expected_restore);
        }
        A::ContactUtility(contact) => {
            body.told.contacted_at.get_or_insert(at);
            expect(body, at, Some(contact.expected_restore));
        }
        A::RestorePart(part) => {
            body.power.areas_out = part.areas_out;
            body.power.partial_at = Some(at);
            record.enter(S::Partial, at);
        }
        A::Restore(_) => {
            body.power.areas_out.clear();
            body.power.restored_at = Some(at);
            lay_down(record);
            record.enter(S::Restored, at);
        }
        A::UtilityLetter(letter) => {
            let slot = match letter.step {
                LetterStep::Received => &mut body.papers.utility_letter_at,
                LetterStep::Forwarded => &mut body.papers.utility_letter_forwarded_at,
            };
            slot.get_or_insert(at);
        }
        A::DraftLetter(letter) => {
            body.papers.letter_drafted_at.get_or_insert(at);
            body.papers.letter_text = Some(letter.text);
            issue(record, LETTER, at);
        }
        A::WrittenReport(report) => {
            body.papers.reported_at.get_or_insert(at);
            body.papers.report_text = Some(report.text);
            issue(record, REPORT, at);
        }
        other => by_hand(body, at, other),
    }
}

/// What somebody did and saw.
fn by_hand(body: &mut Body, at: Instant, action: OutageAction) {
    use OutageAction as A;
    let scene = &mut body.scene;
    match action {
        A::OnSite(on_site) => {
            scene.on_site_at.get_or_insert(at);
            scene.on_site_by = Some(on_site.name);
        }
        A::Inform(inform) => body.told.informed.push(ToldOf { at, to: inform.to }),
        A::Generator(form) => scene.generator.push(generator(at, form)),
        A::GeneratorStop(_) => {
            let running = scene
                .generator
                .iter_mut()
                .rfind(|g| g.started && g.stopped_at.is_none());
            if let Some(running) = running {
                running.stopped_at = Some(at);
            }
        }
        A::LiftCheck(check) => scene.cars.extend(cars(at, check)),
        A::Rescue(rescue) if rescue.released => {
            let held = scene
                .cars
                .iter_mut()
                .filter(|car| car.car == rescue.car && car.held());
            held.for_each(|car| car.released_at = Some(at));
        }
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

fn expect(body: &mut Body, at: Instant, expected: Option<Instant>) {
    if expected.is_some() && expected != body.power.expected_restore {
        body.power.expected_restore = expected;
        body.power.expectations.push(at);
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
