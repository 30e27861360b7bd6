//! The thread that owns the desk. It answers questions in order, says of those that a newer one of the same screen has
//! overtaken that they have been, and says when another process has written.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant as Moment};

use super::message::{Answer, Ask, Got, Message, Owed, Slot, Want};
use crate::base::i18n::Msg;
use crate::desk::dark::Blackout;
use crate::desk::{Desk, Error};
use crate::press::filing;
use crate::store::FileTrouble;

/// How often the file is looked at for other people's changes.
const LOOK: Duration = Duration::from_millis(400);

/// Works until the other side is gone.
pub fn work(mut desk: Desk, asks: &Receiver<Ask>, to: &Sender<Message>) {
    let mut looked = Moment::now();
    loop {
        let first = match asks.recv_timeout(LOOK) {
            Ok(ask) => Some(ask),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let waiting: Vec<Ask> = first.into_iter().chain(asks.try_iter()).collect();
        for seq in overtaken(&waiting) {
            let got = Ok(Got::Overtaken);
            if to.send(Message::Answer(Answer { seq, got })).is_err() {
                return;
            }
        }
        for ask in current(waiting) {
            let got = answer(&mut desk, &ask);
            if to
                .send(Message::Answer(Answer { seq: ask.seq, got }))
                .is_err()
            {
                return;
            }
        }
        if looked.elapsed() >= LOOK {
            looked = Moment::now();
            let changed = matches!(desk.changed(), Ok(true));
            if changed && to.send(Message::Changed(desk.rules())).is_err() {
                return;
            }
        }
    }
}

/// The numbers of the questions that a newer one of the same part of the same screen has overtaken.
pub(super) fn overtaken(waiting: &[Ask]) -> Vec<u64> {
    let gone = |ask: &&Ask| {
        let newer = |other: &Ask| other.slot == ask.slot && other.seq > ask.seq;
        ask.slot != Slot::Must && waiting.iter().any(newer)
    };
    waiting.iter().filter(gone).map(|ask| ask.seq).collect()
}

/// The questions that still matter, in order: of each part of a screen the newest, and all that must not be left out.
pub(super) fn current(mut waiting: Vec<Ask>) -> Vec<Ask> {
    let gone = overtaken(&waiting);
    waiting.retain(|ask| !gone.contains(&ask.seq));
    waiting
}

/// The answer to a question.
pub(super) fn answer(desk: &mut Desk, ask: &Ask) -> Result<Got, Error> {
    let now = ask.now;
    Ok(match &ask.want {
        Want::Owed(limit) => Got::Owed(Box::new(Owed {
            items: desk.due(None, *limit, now)?,
            counts: desk.due_counts(now)?,
            clock_behind: desk.clock_went_back(now)?,
            dark: desk.dark(now)?,
        })),
        Want::Handover(shift) => Got::Handover(desk.handover(shift, now)?),
        Want::Note(noted, who) => {
            desk.note_machine(noted, who, now)?;
            Got::Noted
        }
        Want::Blackout(gone, who) => match desk.blackout(*gone, who, now)? {
            Blackout::Already(dark) => Got::Dark(dark),
            Blackout::Recorded(done) => Got::Done(done),
        },
        Want::Page(query) => Got::Page(desk.page(query, now)?),
        Want::View(no) => Got::View(desk.view(no)?.map(Box::new)),
        Want::Act(request, who) => Got::Done(Box::new(desk.act_by_clock(request, who, now)?)),
        Want::Undo(who) => Got::Undone(Box::new(desk.undo(who, now)?)),
        Want::Preview(request, who) => Got::Preview(Box::new(desk.dry_run(request, who, now)?)),
        Want::Suggest(list, begins) => Got::Words(desk.suggest(list, begins, 5)?),
        Want::SaveDraft(draft) => {
            desk.save_draft(draft)?;
            Got::Draft
        }
        Want::DeleteDraft(form) => {
            desk.delete_draft(form)?;
            Got::Draft
        }
        Want::Drafts => Got::Drafts(desk.drafts()?),
        Want::Operators => Got::Operators(desk.operators()?),
        Want::SetOperator(operator) => {
            desk.set_operator(operator)?;
            Got::Operator
        }
        Want::Papers(no) => {
            let view = desk.view(no)?;
            let offers = view.map(|view| desk.paper_offers(&view)).transpose()?;
            Got::Papers(no.clone(), offers.unwrap_or_default())
        }
        Want::Draw(sought) => {
            let drawn = desk.draw(&sought.no, &sought.document, sought.item.as_deref())?;
            Got::Drawn(sought.clone(), Box::new(drawn))
        }
        Want::Print(sought, print, who) => {
            let item = sought.item.as_deref();
            let printed = desk.print(&sought.no, &sought.document, item, who, now)?;
            let rules = desk.rules();
            let folder = filing::folder(desk.path(), &rules, "print_folder");
            let filed = filing::file(&sought.no, &printed, *print, &folder, desk, now)
                .map_err(|error| after_issue(error, printed.issued))?;
            Got::Printed(sought.clone(), Box::new(printed), filed)
        }
    })
}

/// What could not be written was issued nevertheless; that has to be said.
fn after_issue(error: Error, issued: bool) -> Error {
    match error {
        Error::File(trouble) if issued => Error::File(FileTrouble {
            reason: Msg::new("outlet.not_filed").with("why", trouble.reason),
            path: trouble.path,
        }),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Instant;
    use crate::tui::message::{Asker, Part};

    #[test]
    fn every_question_comes_back_overtaken_or_answered() {
        let folder = tempfile::tempdir().unwrap();
        let rules = crate::rules::ruleset::Rules::built_in().unwrap();
        let path = folder.path().join("desk.db");
        let desk = Desk::open(&path, crate::store::Mode::Create, rules).unwrap();
        let (asks, questions) = std::sync::mpsc::channel();
        let (to, messages) = std::sync::mpsc::channel();
        for seq in 1..=3 {
            let slot = Asker::Tab(1).part(Part::Shown);
            let now = Instant::default();
            let want = Want::Page(crate::desk::view::ListQuery::default());
            asks.send(Ask {
                seq,
                slot,
                now,
                want,
            })
            .unwrap();
        }
        drop(asks);
        work(desk, &questions, &to);
        let back = messages.try_iter().filter_map(|message| match message {
            Message::Answer(answer) => Some((answer.seq, matches!(answer.got, Ok(Got::Overtaken)))),
            _ => None,
        });
        let back: Vec<(u64, bool)> = back.collect();
        assert_eq!(back, [(1, true), (2, true), (3, false)]);
    }

    #[test]
    fn a_newer_question_of_the_same_screen_overtakes_and_writing_is_never_left_out() {
        let ask = |seq, slot| Ask {
            seq,
            slot,
            now: Instant::default(),
            want: Want::Drafts,
        };
        let waiting = vec![
            ask(1, Asker::Over(8).part(Part::Preview)),
            ask(2, Slot::Must),
            ask(3, Asker::Over(8).part(Part::Preview)),
            ask(4, Slot::Must),
            ask(5, Asker::Tab(1).part(Part::Shown)),
            ask(6, Asker::Tab(2).part(Part::Shown)),
            ask(7, Asker::Over(8).part(Part::Words)),
            ask(8, Asker::Over(9).part(Part::Preview)),
        ];
        assert_eq!(overtaken(&waiting), [1]);
        let left: Vec<u64> = current(waiting).iter().map(|ask| ask.seq).collect();
        assert_eq!(left, [2, 3, 4, 5, 6, 7, 8]);
    }
}
