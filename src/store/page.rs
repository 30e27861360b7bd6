//! Pages: which records a list shows, in which order and from where, cut out by their keys. No page costs more than its
//! lines.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use super::query::read_json;
use super::{Store, Stored, search};
use crate::base::time::Instant;
use crate::record::head::AnyRecord;
use crate::rules::deadline::Deadline;

/// A row of the record table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Row id, newest highest.
    pub id: i64,
    /// The register's code.
    pub register: String,
    /// The record.
    pub record: AnyRecord,
    /// One line that names it.
    pub title: String,
    /// Its next duty.
    pub next: Option<Deadline>,
    /// Key in a due-ordered list.
    pub due: Option<(i64, i64)>,
}

const COLUMNS: &str = "record.id, record.register, record.title, record.duty, record.body, record.due_rank, record.due_at";

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let owes = row.get_ref(3)?.as_str_or_null()?.is_some();
    let due: (Option<i64>, Option<i64>) = (row.get(5)?, row.get(6)?);
    Ok(Row {
        id: row.get(0)?,
        register: row.get(1)?,
        title: row.get(2)?,
        next: owes.then(|| read_json(row, 3)).transpose()?,
        record: read_json(row, 4)?,
        due: due.0.zip(due.1),
    })
}

/// How a page is cut out of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// From the beginning.
    First,
    /// After this key.
    After(Key),
    /// Before this key.
    Before(Key),
    /// The last page.
    Last,
}

/// Where a line stands in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// In a list of the newest first.
    Id(i64),
    /// In a list by due.
    Due(i64, i64, i64),
}

/// A question for a page.
#[derive(Clone, Debug)]
pub struct PageQuery<'a> {
    /// Register, or all.
    pub register: Option<&'a str>,
    /// Words.
    pub search: Option<&'a str>,
    /// States; empty: any.
    pub states: &'a [String],
    /// Whether its life goes on.
    pub open: Option<bool>,
    /// Class.
    pub class: Option<&'a str>,
    /// Late at this instant.
    pub late_at: Option<Instant>,
    /// Owing something that is due, or to be done at once, at or before this instant.
    pub due_by: Option<Instant>,
    /// Owing anything.
    pub owing: bool,
    /// `field = value`.
    pub fields: &'a [(String, String)],
    /// By due instead of newest first.
    pub by_due: bool,
    /// Which page.
    pub cut: Cut,
    /// Lines.
    pub limit: usize,
}

impl PageQuery<'_> {
    /// The conditions and their values; `None` when nothing can match.
    fn conditions(&self) -> Option<(Vec<String>, Vec<Sql>)> {
        let mut wheres: Vec<String> = Vec::new();
        let mut values: Vec<Sql> = Vec::new();
        let mut add = |condition: &str, value: Sql| {
            wheres.push(condition.to_owned());
            values.push(value);
        };
        if let Some(register) = self.register {
            add("register = ?", Sql::Text(register.to_owned()));
        }
        if let Some(typed) = self.search.filter(|typed| !typed.trim().is_empty()) {
            add(
                "record.id IN (SELECT rowid FROM search WHERE search MATCH ?)",
                Sql::Text(search::expression(typed)?),
            );
        }
        if let Some(class) = self.class {
            add("class = ?", Sql::Text(class.to_owned()));
        }
        if let Some(at) = self.late_at {
            add("late_from < ?", Sql::Integer(at.unix()));
        }
        if let Some(by) = self.due_by {
            add("due_rank = 0 AND due_at <= ?", Sql::Integer(by.unix()));
        }
        for (field, value) in self.fields {
            wheres.push("CAST(json_extract(record.body, ?) AS TEXT) IS ?".to_owned());
            values.extend([
                Sql::Text(format!("$.body.\"{}\"", field.replace('"', ""))),
                Sql::Text(value.clone()),
            ]);
        }
        // Written out, not bound: an index that holds open records only is then taken.
        if let Some(open) = self.open {
            wheres.push(format!("open = {}", i64::from(open)));
        }
        if self.owing || self.by_due {
            wheres.push("due_rank IS NOT NULL".to_owned());
        }
        if !self.states.is_empty() {
            wheres.push(format!(
                "state IN ({})",
                vec!["?"; self.states.len()].join(", ")
            ));
            values.extend(self.states.iter().cloned().map(Sql::Text));
        }
        Some((wheres, values))
    }

    /// The statement and its values. Pages before a key are read backwards and turned round by the caller.
    fn statement(&self) -> Option<(String, Vec<Sql>)> {
        let (mut wheres, mut values) = self.conditions()?;
        let backwards = matches!(self.cut, Cut::Before(_) | Cut::Last);
        let key = match self.cut {
            Cut::After(key) | Cut::Before(key) => Some(key),
            Cut::First | Cut::Last => None,
        };
        match key {
            // The newest first runs down the ids.
            Some(Key::Id(id)) => {
                wheres.push(format!("record.id {} ?", if backwards { ">" } else { "<" }));
                values.push(Sql::Integer(id));
            }
            Some(Key::Due(rank, at, id)) => {
                wheres.push(format!(
                    "(due_rank, due_at, record.id) {} (?, ?, ?)",
                    if backwards { "<" } else { ">" }
                ));
                values.extend([rank, at, id].map(Sql::Integer));
            }
            None => {}
        }
        let order = match (self.by_due, backwards) {
            (false, false) => "record.id DESC",
            (false, true) => "record.id ASC",
            (true, false) => "due_rank, due_at, record.id",
            (true, true) => "due_rank DESC, due_at DESC, record.id DESC",
        };
        let wheres = if wheres.is_empty() {
            "1".to_owned()
        } else {
            wheres.join(" AND ")
        };
        values.push(Sql::Integer(i64::try_from(self.limit).unwrap_or(i64::MAX)));
        Some((
            format!("SELECT {COLUMNS} FROM record WHERE {wheres} ORDER BY {order} LIMIT ?"),
            values,
        ))
    }

    /// A search alone, newest first, is answered by walking the index backwards: a common word then stops at the page.
    fn walk_search(&self) -> Option<(String, Vec<Sql>)> {
        let typed = self.search.filter(|typed| !typed.trim().is_empty())?;
        if self.by_due {
            return None;
        }
        let rest = PageQuery {
            search: None,
            ..self.clone()
        };
        let (mut wheres, conditions) = rest.conditions()?;
        let mut values = vec![Sql::Text(search::expression(typed)?)];
        let backwards = matches!(self.cut, Cut::Before(_) | Cut::Last);
        wheres.insert(0, "search MATCH ?".to_owned());
        if let Cut::After(Key::Id(id)) | Cut::Before(Key::Id(id)) = self.cut {
            wheres.insert(
                1,
                format!("search.rowid {} ?", if backwards { ">" } else { "<" }),
            );
            values.push(Sql::Integer(id));
        }
        values.extend(conditions);
        values.push(Sql::Integer(i64::try_from(self.limit).unwrap_or(i64::MAX)));
        let order = if backwards { "ASC" } else { "DESC" };
        let sql = format!(
            "SELECT {COLUMNS} FROM search CROSS JOIN record ON record.id = search.rowid WHERE {} ORDER BY search.rowid {order} LIMIT ?",
            wheres.join(" AND ")
        );
        Some((sql, values))
    }
}

impl Store {
    /// A page of records, in the list's order.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn page(&self, query: &PageQuery<'_>) -> Stored<Vec<Row>> {
        let searching = query.search.is_some_and(|typed| !typed.trim().is_empty());
        let statement = if searching && !query.by_due {
            query.walk_search()
        } else {
            query.statement()
        };
        let Some((sql, values)) = statement else {
            return Ok(Vec::new());
        };
        let read = || {
            let mut statement = self.conn.prepare_cached(&sql)?;
            statement
                .query_map(params_from_iter(values), row)?
                .collect::<rusqlite::Result<Vec<Row>>>()
        };
        let mut rows = read().map_err(self.fail())?;
        if matches!(query.cut, Cut::Before(_) | Cut::Last) {
            rows.reverse();
        }
        Ok(rows)
    }
}
