//! `dutydesk print --list`: which papers there are, and how those of a record stand.

use serde_json::{Value, json};

use super::super::papers::{TEMPLATE, folder};
use super::super::text::cell;
use super::super::{Format, Ran, Session, Trouble, out};
use crate::base::i18n::{Lang, Msg, Voice};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::desk::Desk;
use crate::desk::papers::PaperOffer;
use crate::documents::issue::{Changed, Standing};
use crate::documents::pdf::FORM;
use crate::documents::{BUILT_IN, facts};
use crate::registers::label;
use crate::store::Mode;

pub(super) fn template(session: &Session, name: &str) -> Ran {
    let text = match BUILT_IN
        .iter()
        .find(|(known, _)| *known == name.trim_end_matches(".toml"))
    {
        Some((_, text)) => *text,
        None if name == TEMPLATE => FORM,
        None => {
            let unknown = Msg::new("print.unknown").with("paper", name);
            return Err(Trouble::Usage(session.voice().say(&unknown)));
        }
    };
    out(text.trim_end());
    Ok(0)
}

pub(super) fn run(session: &Session, no: Option<&str>) -> Ran {
    let desk = session.desk(Mode::Look)?;
    match no {
        Some(no) => of(session, &desk, &no.to_uppercase()),
        None => all(session, &desk),
    }
}

fn all(session: &Session, desk: &Desk) -> Ran {
    let documents = desk.documents();
    if session.format == Format::Json {
        let papers: Vec<Value> = documents
            .all()
            .iter()
            .map(|layout| {
                json!({
                    "name": layout.name, "title": layout.title, "title_en": layout.title_en, "register": layout.register,
                    "made": format!("{:?}", layout.made).to_lowercase(), "size": layout.page.size, "landscape": layout.page.landscape,
                    "copies": layout.copies, "clauses": layout.clauses, "issued_by": layout.use_.issued_by,
                })
            })
            .collect();
        session.print(&json!({"folder": folder().display().to_string(), "papers": papers}));
        return Ok(0);
    }
    for layout in documents.all() {
        let title = if session.voice().lang == Lang::Zh {
            &layout.title
        } else {
            &layout.title_en
        };
        let register = session
            .voice()
            .text(&format!("register.{}", layout.register));
        let clauses: Vec<_> = layout
            .clauses
            .iter()
            .map(|id| facts::clause(&id.0))
            .collect();
        out(format!(
            "{} {} {} {:?}  {}",
            cell(&layout.name, 24),
            cell(title, 26),
            cell(&register, 12),
            layout.page.size,
            clauses.join("、")
        )
        .trim_end());
    }
    let told = Msg::new("print.folder").with("folder", folder().display().to_string());
    eprintln!("{}", session.voice().say(&told));
    Ok(0)
}

fn of(session: &Session, desk: &Desk, no: &str) -> Ran {
    let view = desk.view(no)?.ok_or_else(|| {
        Refusal::new(
            RefusalCode::UnknownRecord,
            Msg::new("refusal.unknown_record").with("no", no),
        )
    })?;
    let code = view.register.spec().code;
    let offers = desk.paper_offers(&view)?;
    if session.format == Format::Json {
        let papers: Vec<Value> = offers
            .iter()
            .map(|offer| json(&session.voice(), offer, code))
            .collect();
        session.print(&json!({"no": no, "papers": papers}));
        return Ok(0);
    }
    for offer in &offers {
        let words = words(&session.voice(), offer, code);
        out(&format!(
            "{} {} {words}",
            cell(&offer.name, 24),
            cell(&offer.title, 26)
        ));
        for change in changes(offer) {
            out(&format!("    {}", session.voice().say(&told(change))));
        }
    }
    Ok(0)
}

/// A fact that a paper has wrong, in words.
pub(super) fn told(change: &Changed) -> Msg {
    Msg::new("print.changed")
        .with("fact", change.label.as_str())
        .with("was", change.was.as_str())
        .with("now", change.now.as_str())
}

fn changes(offer: &PaperOffer) -> &[Changed] {
    match &offer.standing {
        Ok(Standing::Stale(_, changed)) => changed,
        _ => &[],
    }
}

/// How a paper stands, in words.
fn words(voice: &Voice, offer: &PaperOffer, register: &str) -> String {
    match &offer.standing {
        Err(refusal) => voice.say(&refusal.message),
        Ok(Standing::New) => voice.text("standing.new"),
        Ok(Standing::Void) => voice.text("standing.void"),
        Ok(Standing::Draft(action)) => {
            let action = label::action(voice, register, action);
            voice.say(&Msg::new("standing.draft").with("action", action))
        }
        Ok(Standing::Issued(paper)) => {
            voice.say(&Msg::new("standing.issued").with("version", i64::from(paper.version)))
        }
        Ok(Standing::Stale(paper, _)) => {
            voice.say(&Msg::new("standing.stale").with("version", i64::from(paper.version)))
        }
    }
}

fn json(voice: &Voice, offer: &PaperOffer, register: &str) -> Value {
    let (standing, version) = match &offer.standing {
        Err(_) => ("missing", None),
        Ok(Standing::New) => ("new", None),
        Ok(Standing::Void) => ("void", None),
        Ok(Standing::Draft(_)) => ("draft", None),
        Ok(Standing::Issued(paper)) => ("issued", Some(paper.version)),
        Ok(Standing::Stale(paper, _)) => ("stale", Some(paper.version)),
    };
    let changed: Vec<Value> = changes(offer)
        .iter()
        .map(|c| json!({"fact": c.label, "was": c.was, "now": c.now}))
        .collect();
    json!({"name": offer.name, "title": offer.title, "standing": standing, "version": version, "message": words(voice, offer, register), "changed": changed})
}
