//! Answers for people, on a terminal or a printer: plain text, aligned by display width.

use unicode_width::UnicodeWidthStr;

use super::Session;
use crate::base::i18n::{Voice, clean};
use crate::desk::told::{Teller, Told};
use crate::desk::view::{Done, DueItem, HistoryItem, ListItem, Page, RecordView};
use crate::record::entry::Breach;
use crate::record::head::AnyRecord;
use crate::registers::dynamic::AnyRegister;
use crate::registers::{label, register};
use crate::rules::deadline::{Deadline, DeadlineState, Outcome};
use crate::rules::ruleset::Rules;
use crate::tables::safe::guarded;

/// Prints a line for people: nothing in it can move the cursor.
fn out(line: &str) {
    super::out(&clean(line));
}

/// Text without control characters, cut to `width` columns, padded on the right.
pub fn cell(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let w = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + w > width {
            break;
        }
        out.push(c);
        used += w;
    }
    out.extend(std::iter::repeat_n(' ', width - used));
    out
}

/// The symbol of a deadline, so that colour is never needed.
fn mark(deadline: &Deadline, session: &Session) -> &'static str {
    match deadline.state(session.now()) {
        DeadlineState::Late if deadline.pending() => "‼",
        DeadlineState::Late => "✗",
        DeadlineState::Met => "✓",
        DeadlineState::Na | DeadlineState::Void => "–",
        DeadlineState::Open if deadline.kind == crate::rules::deadline::DutyKind::AtOnce => "○",
        DeadlineState::Open => "·",
    }
}

fn when(deadline: &Deadline, voice: &Voice, now: crate::base::time::Instant) -> String {
    let provisional = if deadline.provisional {
        format!(" {}", voice.text("due.provisional"))
    } else {
        String::new()
    };
    match (&deadline.outcome, deadline.due) {
        (Outcome::Done(at), Some(due)) => format!(
            "{} {} ({} {})",
            voice.text("due.done"),
            voice.at(*at),
            voice.text("due.due"),
            voice.at(due)
        ),
        (Outcome::Done(at), None) => format!("{} {}", voice.text("due.done"), voice.at(*at)),
        (Outcome::NotApplicable(why), _) => voice.say(why),
        (Outcome::Void, _) => voice.text("due.void"),
        (Outcome::Pending, Some(due)) if due < now => format!(
            "{}{provisional} {} {}",
            voice.at(due),
            voice.text("due.late"),
            voice.span(now.seconds_since(due))
        ),
        (Outcome::Pending, Some(due)) => format!(
            "{}{provisional} {} {}",
            voice.at(due),
            voice.text("due.left"),
            voice.span(due.seconds_since(now))
        ),
        (Outcome::Pending, None) => format!(
            "{} {}",
            voice.text("due.elapsed"),
            voice.span(now.seconds_since(deadline.from))
        ),
    }
}

/// What was done: number, what is owed now, warnings.
pub fn done(session: &Session, done: &Done) {
    let voice = &session.voice();
    let head = &done.view.record.head;
    let state = voice.text(&format!(
        "state.{}.{}",
        done.view.register.spec().code,
        head.state
    ));
    out(&format!(
        "✓ {} {state}  {}",
        head.no,
        cell(&done.view.title, 60).trim_end()
    ));
    for deadline in done
        .view
        .deadlines
        .iter()
        .filter(|d| d.pending() && !d.silent)
    {
        out(&deadline_line(session, done.view.register, deadline));
    }
    let silent = head
        .breaches
        .iter()
        .filter(|breach| breach.reason.is_empty());
    for breach in silent {
        out(&breach_line(session, done.view.register, breach));
    }
    for spawned in &done.spawned {
        out(&format!("  + {spawned}"));
    }
    for warning in &done.warnings {
        eprintln!("! {}", clean(&voice.say(warning)));
    }
}

fn deadline_line(session: &Session, register: &dyn AnyRegister, deadline: &Deadline) -> String {
    let voice = &session.voice();
    let name = label::duty(voice, register.spec().code, &deadline.code);
    let round = if deadline.round > 1 {
        format!(" ({})", deadline.round)
    } else {
        String::new()
    };
    format!(
        "  {} {} {}  {}",
        mark(deadline, session),
        cell(&format!("{name}{round}"), 24),
        when(deadline, voice, session.now()),
        deadline.clause
    )
}

/// A record with its deadlines and history; with `why`, how each due instant came about.
pub fn record(
    session: &Session,
    view: &RecordView,
    rules: &Rules,
    paper: &dyn Fn(&str) -> String,
    why: bool,
) {
    let voice = &session.voice();
    let head = &view.record.head;
    let code = view.register.spec().code;
    let class = head
        .class
        .as_ref()
        .map(|class| format!(" · {}", voice.text(&format!("class.{class}"))))
        .unwrap_or_default();
    out(&format!(
        "{} {}{class} · {}",
        head.no,
        voice.text(&format!("register.{code}")),
        voice.text(&format!("state.{code}.{}", head.state))
    ));
    out(&format!(
        "{} {}",
        voice.text("field.received"),
        voice.at(head.received)
    ));
    if let Some(reason) = &head.void_reason {
        out(&format!("{}: {reason}", label::action(voice, code, "void")));
    }
    for (key, value) in label::body(voice, rules, view.register, &view.record) {
        out(&format!(
            "  {} {}",
            cell(&key, 20),
            value.replace('\n', "\n                       ")
        ));
    }
    if !view.deadlines.is_empty() {
        out(&voice.text("card.deadlines"));
    }
    for deadline in &view.deadlines {
        out(&deadline_line(session, view.register, deadline));
        if why {
            for line in &deadline.trace {
                out(&format!("      {}", voice.say(line)));
            }
            if let Some(text) = rules.clause_text(&deadline.clause) {
                out(&format!("      {}: {text}", deadline.clause));
            }
        }
    }
    for breach in &head.breaches {
        out(&breach_line(session, view.register, breach));
    }
    for link in &head.links {
        out(&format!(
            "  → {} {}",
            voice.text(&format!("link.{}", link.kind)),
            link.to
        ));
    }
    out(&voice.text("card.history"));
    let teller = Teller {
        voice,
        rules,
        at: &|at| voice.at(at),
        paper,
    };
    for (item, told) in view.history.iter().zip(teller.history(view)) {
        entry(session, item, &told);
    }
}

/// A breach; one without a reason says so.
fn breach_line(session: &Session, register: &dyn AnyRegister, breach: &Breach) -> String {
    let voice = &session.voice();
    let reason = match breach.reason.as_str() {
        "" => voice.text("told.unexplained"),
        reason => reason.to_owned(),
    };
    format!(
        "  ✗ {} {} {} {} {reason}",
        voice.text("card.breach"),
        breach.clause,
        label::duty(voice, register.spec().code, &breach.code),
        voice.at(breach.at),
    )
}

/// An entry of the history: when, what, who; beneath it what was said, what stood there before, who struck it.
fn entry(session: &Session, item: &HistoryItem, told: &Told) {
    let voice = &session.voice();
    let entry = item.stands();
    let marks = told.marks.iter();
    let marks: String = marks.map(|mark| format!(" ({mark})")).collect();
    let head = format!(
        "  {} {} {}{marks}  #{}",
        voice.at(entry.at),
        cell(&told.action, 12.max(told.action.width())),
        entry.by,
        item.seq
    );
    out(&head);
    for line in told.said.iter().chain(&told.was).chain(&told.struck) {
        out(&format!("      {}", line.replace('\n', "\n      ")));
    }
}

fn columns(session: &Session, register: &dyn AnyRegister) -> Vec<(&'static str, String, usize)> {
    let spec = register.spec();
    spec.columns
        .iter()
        .map(|key| {
            let width = label::column_width(register, key);
            (*key, label::field(&session.voice(), spec.code, key), width)
        })
        .collect()
}

/// A column of a list as text.
pub fn column(session: &Session, register: &dyn AnyRegister, key: &str, item: &ListItem) -> String {
    let voice = &session.voice();
    match key {
        "next" => item.next.as_ref().map_or_else(String::new, |next| {
            let name = label::duty(voice, register.spec().code, &next.code);
            format!(
                "{} {name} {}",
                mark(&next.deadline, session),
                when(&next.deadline, voice, session.now())
            )
        }),
        key => head_or_field(session, register, &item.record, key),
    }
}

fn head_or_field(
    session: &Session,
    register: &dyn AnyRegister,
    record: &AnyRecord,
    key: &str,
) -> String {
    label::value(&session.voice(), &session.rules, register, record, key)
}

/// A page as a table.
pub fn table(session: &Session, code: &str, page: &Page) {
    let Some(register) = register(code) else {
        return;
    };
    let columns = columns(session, register);
    let line = |cells: Vec<String>| out(cells.join(" ").trim_end());
    line(
        columns
            .iter()
            .map(|(_, label, width)| cell(label, (*width).max(label.width())))
            .collect(),
    );
    for item in &page.items {
        line(
            columns
                .iter()
                .map(|(key, label, width)| {
                    cell(
                        &column(session, register, key, item),
                        (*width).max(label.width()),
                    )
                })
                .collect(),
        );
    }
    if let Some(next) = &page.next {
        eprintln!("--after {next}");
    }
}

/// Lines of a list as CSV.
pub fn csv(session: &Session, code: &str, items: &[ListItem]) {
    let Some(register) = register(code) else {
        return;
    };
    let columns = columns(session, register);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let _ = writer.write_record(columns.iter().map(|(_, label, _)| label.as_str()));
    for item in items {
        let _ = writer.write_record(
            columns
                .iter()
                .map(|(key, _, _)| guarded(&column(session, register, key, item))),
        );
    }
    if let Ok(bytes) = writer.into_inner() {
        out(String::from_utf8_lossy(&bytes).trim_end());
    }
}

/// What is owed, one line each.
pub fn due(session: &Session, items: &[DueItem]) {
    let voice = &session.voice();
    for item in items {
        let name = label::duty(voice, item.register, &item.deadline.code);
        out(&format!(
            "{} {} {} {} {}  {}",
            mark(&item.deadline, session),
            cell(&item.no, 14),
            cell(&name, 20),
            cell(&item.title, 30),
            when(&item.deadline, voice, session.now()),
            item.deadline.clause
        ));
    }
    if items.is_empty() {
        out(&voice.text("due.nothing"));
    }
}
