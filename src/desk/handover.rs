//! Hand-over of a shift (交接班): what the next shift has to know, gathered from everything that is open. It is read out
//! item by item, and the paper of the shift shows the same list.

use super::view::DueItem;
use super::{Desk, Result};
use crate::base::i18n::{Msg, Voice};
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::record::head::AnyRecord;
use crate::registers::label;
use crate::registers::log::LogState;
use crate::registers::outage::{self, Dark, GeneratorState, Underway};
use crate::rules::deadline::DutyKind;

/// The register of the duty log.
const LOG: &str = "log";

/// How long a shift is at most: what falls due within it is handed over.
const SHIFT_HOURS: i64 = 12;

/// Duties looked at; beyond them the list itself is what is handed over.
const MOST: usize = 500;

/// Numbers of records that are named where one duty is owed by many.
const NAMED: usize = 6;

/// One thing that the next shift has to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// An outage that goes on.
    Outage(Dark),
    /// A switching ticket that has been signed or begun and not ended.
    Ticket {
        /// Of which outage.
        no: String,
        /// The ticket's number.
        ticket: String,
        /// The step whose turn it is, counted from 1.
        turn: usize,
        /// How many steps it has.
        steps: usize,
    },
    /// A duty that is owed now, or falls due in the next shift.
    Owed {
        /// The register's code.
        register: &'static str,
        /// The duty's code.
        duty: String,
        /// The records that owe it, with when it is due, soonest first; never empty.
        by: Vec<(String, Option<Instant>)>,
    },
    /// A carried item of the log, in its own words.
    Carried {
        /// The log's line.
        no: String,
        /// What is carried on.
        text: String,
        /// Since when.
        since: Instant,
    },
}

impl Item {
    /// The record it is about, if it is about one.
    pub fn no(&self) -> Option<&str> {
        match self {
            Item::Outage(dark) => Some(&dark.no),
            Item::Ticket { no, .. } | Item::Carried { no, .. } => Some(no),
            Item::Owed { by, .. } => match by.as_slice() {
                [(no, _)] => Some(no),
                _ => None,
            },
        }
    }

    /// The item as it is read out.
    pub fn said(&self, voice: &Voice) -> String {
        match self {
            Item::Outage(dark) => said_outage(dark, voice),
            Item::Ticket {
                no,
                ticket,
                turn,
                steps,
            } => {
                let told = Msg::new("handover.ticket")
                    .with("no", no.as_str())
                    .with("ticket", ticket.as_str());
                voice.say(&told.with("turn", *turn).with("steps", *steps))
            }
            Item::Owed { register, duty, by } => said_owed(register, duty, by, voice),
            Item::Carried { text, since, .. } => {
                let told = Msg::new("handover.carried").with("text", text.as_str());
                voice.say(&told.with("since", *since))
            }
        }
    }
}

fn said_outage(dark: &Dark, voice: &Voice) -> String {
    let expected = match dark.expected {
        Some(at) => Msg::new("handover.expected").with("at", at),
        None => Msg::new("handover.unexpected"),
    };
    let told = Msg::new("handover.outage")
        .with("no", dark.no.as_str())
        .with("areas", dark.place(voice))
        .with("since", dark.since);
    let mut said = vec![voice.say(&told), voice.say(&expected)];
    said.extend(dark.held.iter().map(|held| {
        let told = Msg::new("handover.held").with("car", held.car.as_str());
        voice.say(&told.with("since", held.since))
    }));
    if dark.generator != GeneratorState::Stopped {
        said.push(dark.generator.said(voice));
    }
    said.join(&voice.text("handover.between"))
}

fn said_owed(
    register: &str,
    duty: &str,
    by: &[(String, Option<Instant>)],
    voice: &Voice,
) -> String {
    let name = label::duty(voice, register, duty);
    if let [(no, due)] = by {
        let told = match due {
            Some(due) => Msg::new("handover.owed_by").with("due", *due),
            None => Msg::new("handover.owed_now"),
        };
        return voice.say(&told.with("duty", name).with("no", no.as_str()));
    }
    let named: Vec<&str> = by.iter().take(NAMED).map(|(no, _)| no.as_str()).collect();
    let key = match by.len() > NAMED {
        true => "handover.owed_by_more",
        false => "handover.owed_by_many",
    };
    let told = Msg::new(key)
        .with("duty", name)
        .with("n", by.len())
        .with("nos", named.join(&voice.text("punct.list")));
    let soonest = by.iter().find_map(|(_, due)| *due);
    match soonest {
        Some(due) => {
            let first = voice.say(&Msg::new("handover.soonest").with("due", due));
            format!("{}{first}", voice.say(&told))
        }
        None => voice.say(&told),
    }
}

/// What everything that is handed over is taken from.
pub struct Sources<'a> {
    /// The number of the shift that ends.
    pub shift: &'a str,
    /// What is dark.
    pub dark: &'a [Dark],
    /// The outages that are not closed.
    pub outages: &'a [AnyRecord],
    /// The lines of the log that are still open.
    pub log: &'a [AnyRecord],
    /// What is owed, soonest first.
    pub due: &'a [DueItem],
    /// Until when what falls due is handed over.
    pub until: Instant,
}

/// Everything that is handed over, in the order in which it is read out: what is dark, tickets under way, carried items,
/// then what is owed. Of what is dark its duties are not listed besides: its sheet is what the next shift opens.
pub fn pack(from: &Sources<'_>) -> Vec<Item> {
    let dark = from.dark.iter().cloned().map(Item::Outage);
    let tickets = from.outages.iter().flat_map(tickets);
    let carried = from.log.iter().filter_map(carried);
    let listed = from.dark.iter().map(|dark| dark.no.as_str());
    let listed = listed.chain([from.shift]);
    let listed: Vec<&str> = listed
        .chain(
            from.log
                .iter()
                .filter(|r| is_carried(r))
                .map(|r| r.head.no.as_str()),
        )
        .collect();
    let owed = from.due.iter().filter(|item| {
        let falls_due = match (item.deadline.kind, item.deadline.due) {
            (DutyKind::Dated, Some(due)) => due <= from.until,
            (kind, _) => kind == DutyKind::AtOnce,
        };
        // What the log still owes, such as the slip of a night repair, is handed over whenever it falls due.
        let of_the_log = item.register == LOG && item.deadline.kind == DutyKind::Dated;
        (falls_due || of_the_log) && !listed.contains(&item.no.as_str())
    });
    dark.chain(tickets)
        .chain(carried)
        .chain(by_duty(owed))
        .collect()
}

fn tickets(record: &AnyRecord) -> impl Iterator<Item = Item> {
    let no = record.head.no.clone();
    let underway = outage::underway(record).into_iter();
    underway.filter_map(move |underway| match underway {
        Underway::Ticket {
            ticket,
            turn,
            steps,
            ..
        } => Some(Item::Ticket {
            no: no.clone(),
            ticket,
            turn,
            steps,
        }),
        Underway::Accident(_) => None,
    })
}

/// What many records owe is one item.
fn by_duty<'a>(owed: impl Iterator<Item = &'a DueItem>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for item in owed {
        let code = &item.deadline.code;
        let known = items.iter_mut().find_map(|known| match known {
            Item::Owed { register, duty, by } => {
                (*register == item.register && duty == code).then_some(by)
            }
            _ => None,
        });
        let one = (item.no.clone(), item.deadline.due);
        match known {
            Some(by) => by.push(one),
            None => items.push(Item::Owed {
                register: item.register,
                duty: code.clone(),
                by: vec![one],
            }),
        }
    }
    items
}

fn is_carried(record: &AnyRecord) -> bool {
    record.head.state == LogState::Carried.code()
}

fn carried(record: &AnyRecord) -> Option<Item> {
    is_carried(record).then(|| Item::Carried {
        no: record.head.no.clone(),
        text: record
            .body
            .get("text")
            .and_then(|text| text.as_str())
            .unwrap_or_default()
            .to_owned(),
        since: record.head.received,
    })
}

impl Desk {
    /// What the shift of this number hands over now.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn handover(&self, shift: &str, now: Instant) -> Result<Vec<Item>> {
        let dark = self.dark(now)?;
        let outages = self.store.records_going_on(outage::REGISTER)?;
        let log = self.store.records_going_on(LOG)?;
        let due = self.due(None, MOST, now)?;
        let until = now.plus_hours(SHIFT_HOURS);
        Ok(pack(&Sources {
            shift,
            dark: &dark,
            outages: &outages,
            log: &log,
            due: &due,
            until,
        }))
    }
}
