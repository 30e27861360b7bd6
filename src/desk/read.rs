//! Reading: pages, cards, what is owed.

use std::ops::ControlFlow;

use super::act::Made;
use super::view::{
    DueCounts, DueFilter, DueItem, HistoryItem, ListItem, ListQuery, NextDuty, Order, Page,
    RecordView,
};
use super::{Desk, Result, unfolded, view};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::documents::issue::mark_outdated;
use crate::registers::{register, register_of};
use crate::rules::deadline::{Deadline, DeadlineState, DutyKind};
use crate::store::page::{Cut, Key, PageQuery, Row};

/// Records read at a time while all of a query are walked through.
const EACH_PAGE: usize = 500;

fn cursor(row: &Row, by_due: bool) -> String {
    match (by_due, row.due) {
        (true, Some((rank, at))) => format!("{rank}.{at}.{}", row.id),
        _ => row.id.to_string(),
    }
}

fn key(cursor: &str) -> Option<Key> {
    let parts: Option<Vec<i64>> = cursor.split('.').map(|part| part.parse().ok()).collect();
    match parts?.as_slice() {
        [id] => Some(Key::Id(*id)),
        [rank, at, id] => Some(Key::Due(*rank, *at, *id)),
        _ => None,
    }
}

impl Desk {
    /// The record of this number with everything a card shows.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read or an entry is damaged.
    pub fn view(&self, no: &str) -> Result<Option<RecordView>> {
        let (Some(register), Some(record)) = (register_of(no), self.store.record(no)?) else {
            return Ok(None);
        };
        let card = register.card(&record, &self.in_force);
        let view = RecordView {
            register,
            title: card.title,
            history: self.history(no)?,
            linked_from: Vec::new(),
            offers: card.offers,
            deadlines: card.deadlines,
            record,
        };
        self.completed(view).map(Some)
    }

    /// As [`Desk::view`], of a record that an act has just made.
    pub(super) fn view_made(&self, made: Made) -> Result<RecordView> {
        let Made { register, acted } = made;
        let record = acted.evaluated.record().map_err(unfolded)?;
        self.completed(RecordView {
            register,
            title: acted.evaluated.title,
            history: self.history(&record.head.no)?,
            linked_from: Vec::new(),
            offers: acted.offers,
            deadlines: acted.evaluated.deadlines,
            record,
        })
    }

    /// What a view says besides the record itself.
    fn completed(&self, mut view: RecordView) -> Result<RecordView> {
        view.linked_from = self.store.linked_from(&view.record.head.no)?;
        view::by_instant(&mut view.history);
        mark_outdated(&mut view, &self.rules);
        self.filed(&mut view)?;
        Ok(view)
    }

    /// Every entry of a record, in the order of typing.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read or an entry is damaged.
    pub fn history(&self, no: &str) -> Result<Vec<HistoryItem>> {
        let entries = self.store.entries_of(no);
        let entries = entries.map_err(|trouble| self.named(trouble.into()))?;
        Ok(view::history(entries))
    }

    /// Hands every record of a query to `take`, in the query's order or from its end, page by page from one unchanging view of the
    /// file; stops when it says so.
    ///
    /// # Errors
    /// What [`Desk::page`] and `take` give.
    pub fn each(
        &self,
        query: &ListQuery,
        backwards: bool,
        now: Instant,
        take: &mut dyn FnMut(ListItem) -> Result<ControlFlow<()>>,
    ) -> Result<ControlFlow<()>> {
        let mut query = ListQuery {
            after: None,
            before: backwards.then(String::new),
            limit: EACH_PAGE,
            ..query.clone()
        };
        self.store.steady(|| {
            loop {
                let mut page = self.page(&query, now)?;
                if backwards {
                    page.items.reverse();
                }
                for item in page.items {
                    if take(item)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                let (key, on) = if backwards {
                    (&mut query.before, page.previous)
                } else {
                    (&mut query.after, page.next)
                };
                if on.is_none() {
                    return Ok(ControlFlow::Continue(()));
                }
                *key = on;
            }
        })
    }

    /// How many records a query has, when that is known without walking through them.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn count(&self, query: &ListQuery) -> Result<Option<u64>> {
        let countable = query.search.is_none()
            && query.open.is_none()
            && query.class.is_none()
            && query.due.is_none()
            && query.fields.is_empty()
            && query.order == Order::Newest;
        if !countable {
            return Ok(None);
        }
        let tally = self.store.tally()?.into_iter();
        let wanted = tally.filter(|(register, state, _)| {
            query.register.as_ref().is_none_or(|code| code == register)
                && (query.states.is_empty() || query.states.contains(state))
        });
        Ok(Some(wanted.map(|(_, _, n)| n).sum()))
    }

    /// A page of a list.
    ///
    /// # Errors
    /// [`Error::Refused`] for a cursor or register that does not exist, [`Error::File`] when the file cannot be read.
    pub fn page(&self, query: &ListQuery, now: Instant) -> Result<Page> {
        if let Some(code) = query
            .register
            .as_deref()
            .filter(|code| register(code).is_none())
        {
            return Err(super::act::unknown_register(code).into());
        }
        let by_due = query.order == Order::Due;
        let wrong = || {
            let refusal = crate::base::refusal::RefusalCode::BadValue;
            crate::base::refusal::Refusal::new(refusal, Msg::new("refusal.cursor")).field("after")
        };
        let cut = match (query.after.as_deref(), query.before.as_deref()) {
            (Some(after), _) => Cut::After(key(after).ok_or_else(wrong)?),
            (None, Some("")) => Cut::Last,
            (None, Some(before)) => Cut::Before(key(before).ok_or_else(wrong)?),
            (None, None) => Cut::First,
        };
        if let Cut::After(key) | Cut::Before(key) = cut
            && matches!(key, Key::Due(..)) != by_due
        {
            return Err(wrong().into());
        }
        let today = self.rules.zone().end_of_day(self.rules.zone().date(now));
        let rows = self.store.page(&PageQuery {
            register: query.register.as_deref(),
            search: query.search.as_deref(),
            states: &query.states,
            open: query.open,
            class: query.class.as_deref(),
            late_at: (query.due == Some(DueFilter::Late)).then_some(now),
            due_by: (query.due == Some(DueFilter::Today)).then_some(today),
            owing: query.due == Some(DueFilter::Any),
            fields: &query.fields,
            by_due,
            cut,
            limit: query.limit + 1,
        })?;
        Ok(page(rows, query.limit, by_due, cut))
    }

    /// What is owed, late and at-once duties on top, then soonest first; of one register or all.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn due(&self, of: Option<&str>, limit: usize, now: Instant) -> Result<Vec<DueItem>> {
        let owed = |deadline: &Deadline| deadline.state(now) != DeadlineState::Na;
        let rows = self.store.due(of, limit, owed)?;
        Ok(rows
            .into_iter()
            .filter_map(|(no, code, title, deadline)| {
                Some(DueItem {
                    no,
                    register: register(&code)?.spec().code,
                    title,
                    deadline,
                })
            })
            .collect())
    }

    /// How much is owed.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn due_counts(&self, now: Instant) -> Result<DueCounts> {
        let today = self.rules.zone().end_of_day(self.rules.zone().date(now));
        let [late, at_once, by_today, all] = self.store.due_counts(now, today)?;
        let mut counts = DueCounts {
            late,
            at_once,
            today: by_today,
            all,
        };
        // What only a later instant opens is no line of the list.
        let duties = self.store.duties_with_opening()?.into_iter();
        for duty in duties.filter(|duty| duty.state(now) == DeadlineState::Na) {
            let counted = match (duty.kind, duty.due) {
                (DutyKind::AtOnce, _) => Some(&mut counts.at_once),
                (DutyKind::Dated, Some(due)) if due < now => Some(&mut counts.late),
                (DutyKind::Dated, Some(due)) if due <= today => Some(&mut counts.today),
                _ => None,
            };
            counts.all = counts.all.saturating_sub(1);
            if let Some(counted) = counted {
                *counted = counted.saturating_sub(1);
            }
        }
        Ok(counts)
    }

    /// How many records of each register stand in each state.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn tally(&self) -> Result<Vec<(String, String, u64)>> {
        Ok(self.store.tally()?)
    }

    /// Words typed before that begin so, the most recent first.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn suggest(&self, list: &str, begins: &str, limit: usize) -> Result<Vec<String>> {
        Ok(self.store.suggest(list, begins, limit)?)
    }
}

/// Cuts the extra row off, which only tells that there is more.
fn page(mut rows: Vec<Row>, limit: usize, by_due: bool, cut: Cut) -> Page {
    let more = rows.len() > limit;
    let backwards = matches!(cut, Cut::Before(_) | Cut::Last);
    if more && backwards {
        rows.remove(0);
    } else if more {
        rows.truncate(limit);
    }
    let first = rows.first().map(|row| cursor(row, by_due));
    let last = rows.last().map(|row| cursor(row, by_due));
    let (next, previous) = match cut {
        Cut::First => (last.filter(|_| more), None),
        Cut::After(_) => (last.filter(|_| more), first),
        Cut::Before(_) => (last, first.filter(|_| more)),
        Cut::Last => (None, first.filter(|_| more)),
    };
    let items = rows.into_iter().filter_map(item).collect();
    Page {
        items,
        next,
        previous,
    }
}

fn item(row: Row) -> Option<ListItem> {
    Some(ListItem {
        id: row.id,
        register: register(&row.register)?.spec().code,
        record: row.record,
        title: row.title,
        next: row.next.map(|deadline| NextDuty {
            code: deadline.code.clone(),
            due: deadline.due,
            deadline,
        }),
    })
}
