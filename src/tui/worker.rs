//! The thread that owns the desk. It answers questions in order, leaves out those that a newer one of the same screen
//! has overtaken, and says when another process has written.

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

/// The questions that still matter, in order: of each part of a screen the newest, and all that must not be left out.
pub(super) fn current(waiting: Vec<Ask>) -> Vec<Ask> {
    let newest = |ask: &Ask| {
        ask.slot == Slot::Must
            || !waiting
                .iter()
                .any(|other| other.slot == ask.slot && other.seq > ask.seq)
    };
    let keep: Vec<bool> = waiting.iter().map(newest).collect();
    waiting
        .into_iter()
        .zip(keep)
        .filter_map(|(ask, keep)| keep.then_some(ask))
        .collect()
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
        let left: Vec<u64> = current(waiting).iter().map(|ask| ask.seq).collect();
        assert_eq!(left, [2, 3, 4, 5, 6, 7, 8]);
    }
}
