//! `dutydesk list`: records of a register, on the screen or into a file.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{Format, Ran, Session, text};
use crate::desk::view::{DueFilter, ListQuery, Order};
use crate::registers::register;
use crate::store::Mode;

/// 列出登记簿 · records of a register, newest first, page by page
#[derive(Debug, clap::Args)]
pub struct Args {
    /// outage, work-order, complaint, application or log
    pub(super) register: String,
    /// Only where a field has this value; `state=…` and `class=…` too; may be repeated
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    conditions: Vec<String>,
    /// Only what owes something
    #[arg(long, value_enum)]
    due: Option<Due>,
    /// Only records whose life goes on
    #[arg(long, conflicts_with = "closed")]
    open: bool,
    /// Only records whose life has ended
    #[arg(long)]
    closed: bool,
    /// Only where these words occur
    #[arg(long, value_name = "文字")]
    search: Option<String>,
    /// Soonest due first instead of newest first
    #[arg(long)]
    by_due: bool,
    /// Lines on a page
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// The page after this cursor (`next` of the page before)
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
    /// Writes all records of the query into FILE: xlsx, csv, json or jsonl, by --format or by its ending
    #[arg(long, value_name = "FILE", conflicts_with_all = ["after", "limit"])]
    out: Option<PathBuf>,
    /// Only these columns, in this order
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', requires = "out")]
    pub(super) columns: Vec<String>,
    /// Every field of the register, and its history 经过: what an import gives back as the same records
    #[arg(long, requires = "out", conflicts_with = "columns")]
    pub(super) full: bool,
    /// Hides personal data: 周**, 139****0000
    #[arg(long, requires = "out")]
    pub(super) mask: bool,
    /// Replaces FILE when it is there
    #[arg(long, requires = "out")]
    pub(super) replace: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Due {
    /// Late now
    Late,
    /// Due today, or to be done at once
    Today,
    /// Owing anything
    #[value(alias = "all", alias = "open")]
    Any,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let desk = session.desk(Mode::Look)?;
    let mut query = ListQuery {
        register: Some(args.register.clone()),
        search: args.search.clone(),
        open: if args.open {
            Some(true)
        } else {
            args.closed.then_some(false)
        },
        due: args.due.map(|due| match due {
            Due::Late => DueFilter::Late,
            Due::Today => DueFilter::Today,
            Due::Any => DueFilter::Any,
        }),
        order: if args.by_due {
            Order::Due
        } else {
            Order::Newest
        },
        after: args.after.clone(),
        limit: args.limit as usize,
        ..ListQuery::default()
    };
    for condition in &args.conditions {
        let (field, value) = condition.split_once('=').ok_or_else(|| {
            super::Trouble::Usage(format!(
                "--where {condition}: {}",
                session.voice().text("cli.where")
            ))
        })?;
        match field.trim() {
            "state" => query.states.push(value.to_owned()),
            "class" => query.class = Some(value.to_owned()),
            field => {
                let known = register(&args.register).is_none_or(|r| r.field(field).is_some());
                if !known {
                    return Err(super::Trouble::Usage(format!(
                        "--where {condition}: {}",
                        session.voice().text("cli.where_field")
                    )));
                }
                query.fields.push((field.to_owned(), value.to_owned()));
            }
        }
    }
    if let Some(path) = &args.out {
        return super::export::run(session, &desk, &query, args, path);
    }
    let page = desk.page(&query, session.now())?;
    match session.format {
        Format::Json => session.print(&session.json().page(&page)),
        Format::Csv => text::csv(session, &args.register, &page.items),
        Format::Xlsx | Format::Jsonl => return Err(super::export::needs_out(session)),
        Format::Text => text::table(session, &args.register, &page),
    }
    Ok(0)
}
