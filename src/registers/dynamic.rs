//! Registers behind one object-safe face, so that the desk, the store and the screens need not know which is which.
//! What all registers share (state, times, amendments, voids, links) is checked and applied here, once.

mod shared;

use std::marker::PhantomData;

use serde::Deserialize;
use serde_json::Value;

use super::{Act, Context, Lookup, RecordOf, Register, RegisterSpec};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::record::action::{ActionSet, ActionSpec};
use crate::record::common::{CommonAction, DeskAction};
use crate::record::entry::Entry;
use crate::record::field::{Choice, ChoiceSet, Field};
use crate::record::head::{AnyRecord, Decision, Link, Record, Remark, Settled, VOID};
use crate::record::request::RawAct;
use crate::rules::deadline::{Deadline, Outcome};
use crate::rules::ruleset::Rules;
use shared::{broken, merge, printed};

/// What the desk asks of a register.
pub trait AnyRegister: Sync {
    /// What is fixed of it.
    fn spec(&self) -> &'static RegisterSpec;
    /// Its own actions.
    fn actions(&self) -> &'static [ActionSpec];
    /// Its states, in the order of a record's life, without `void`.
    fn states(&self) -> &'static ChoiceSet;
    /// Whether nobody takes this action by hand: the program itself does.
    fn reserved(&self, action: &str) -> bool;
    /// Whether a record's life has ended.
    fn ended(&self, record: &AnyRecord) -> bool;
    /// The actions possible now, the most likely first; common ones last.
    fn offers(&self, record: &AnyRecord) -> Vec<&'static ActionSpec>;
    /// What a decision needs to know of other records.
    fn lookups(&self, record: Option<&AnyRecord>, act: &RawAct, rules: &Rules) -> Vec<Lookup>;
    /// Whether the act may happen now.
    ///
    /// # Errors
    /// A refusal that names field and clause.
    fn decide(
        &self,
        record: Option<&AnyRecord>,
        act: &RawAct,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal>;
    /// The record after the entry.
    ///
    /// # Errors
    /// When the entry cannot be read: the journal is damaged or from another version.
    fn apply(&self, record: Option<AnyRecord>, entry: &Entry) -> Result<AnyRecord, String>;
    /// What the record owes and has owed; what a closed record keeps takes the place of what rules say today.
    fn deadlines(&self, record: &AnyRecord, rules: &Rules) -> Vec<Deadline>;
    /// What a record that this act closes keeps.
    fn settle(&self, record: &AnyRecord, rules: &Rules) -> Settled;
    /// Everything that the tables keep of a record, reckoned in one go.
    fn summary(&self, record: &AnyRecord, rules: &Rules) -> Summary;
    /// One line that names the record.
    fn title(&self, record: &AnyRecord) -> String;

    /// The action of this name, the register's own or a common one.
    fn action(&self, name: &str) -> Option<&'static ActionSpec> {
        self.actions()
            .iter()
            .chain(CommonAction::ALL)
            .find(|spec| spec.name == name)
    }

    /// The description of a field of the record, from the first action that declares it.
    fn field(&self, key: &str) -> Option<&'static Field> {
        self.actions().iter().find_map(|action| action.field(key))
    }

    /// Every field of the register once, in the order of declaration.
    fn fields(&self) -> Vec<&'static Field> {
        let mut fields: Vec<&'static Field> = Vec::new();
        for field in self.actions().iter().flat_map(|action| action.fields) {
            if !fields.iter().any(|known| known.key == field.key) {
                fields.push(field);
            }
        }
        fields
    }
}

/// What the tables keep of a record besides itself.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// One line that names it.
    pub title: String,
    /// Whether its life goes on.
    pub open: bool,
    /// The place it is about.
    pub place: Option<String>,
    /// The printed number of its slip.
    pub paper_no: Option<String>,
    /// Everything it owes and has owed.
    pub deadlines: Vec<Deadline>,
}

/// A register behind [`AnyRegister`].
pub struct Erased<R>(PhantomData<fn() -> R>);

impl<R> Erased<R> {
    /// The one value.
    pub const NEW: Self = Self(PhantomData);
}

fn typed<R: Register>(record: &AnyRecord) -> Option<RecordOf<R>> {
    let head = &record.head;
    // A voided record keeps the state it was voided in for its typed part; `void` itself is told by the head.
    let state = R::State::from_code(&head.state)
        .or_else(|| head.void_reason.as_ref().map(|_| R::INITIAL))?;
    Some(Record {
        head: head.clone().with_state(state),
        body: R::Body::deserialize(&record.body).ok()?,
    })
}

fn erase<R: Register>(record: RecordOf<R>) -> Result<AnyRecord, String> {
    let state = record.head.state.code().to_owned();
    Ok(Record {
        head: record.head.with_state(state),
        body: serde_json::to_value(record.body).map_err(|e| e.to_string())?,
    })
}

/// What a closed record keeps takes the place of what rules say today; what a void record still owed is void.
fn with_settled(record: &AnyRecord, mut deadlines: Vec<Deadline>) -> Vec<Deadline> {
    if let Some(settled) = &record.head.settled {
        for kept in &settled.deadlines {
            match deadlines
                .iter_mut()
                .find(|d| d.code == kept.code && d.round == kept.round)
            {
                Some(deadline) => {
                    let fresh = std::mem::replace(deadline, kept.clone());
                    deadline.parts = fresh.parts;
                    deadline.trace = if fresh.due == kept.due {
                        fresh.trace
                    } else {
                        settled_by(settled)
                    };
                }
                None => deadlines.push(kept.clone()),
            }
        }
    }
    if record.head.void_reason.is_some() {
        for deadline in deadlines.iter_mut().filter(|deadline| deadline.pending()) {
            deadline.outcome = Outcome::Void;
        }
    }
    deadlines
}

/// The trace of a result that today's rules would reckon differently.
fn settled_by(settled: &Settled) -> Vec<Msg> {
    vec![Msg::new("trace.settled").with("procedure", settled.procedure.as_str())]
}

fn not_now(register: &str, record: &AnyRecord, action: &str) -> Refusal {
    let message = Msg::new("refusal.not_now")
        .with("no", record.head.no.as_str())
        .with_key("state", format!("state.{register}.{}", record.head.state))
        .with_key("action", format!("action.{action}"));
    Refusal::new(RefusalCode::NotNow, message)
}

impl<R: Register> AnyRegister for Erased<R> {
    fn spec(&self) -> &'static RegisterSpec {
        &R::SPEC
    }

    fn actions(&self) -> &'static [ActionSpec] {
        R::Action::ALL
    }

    fn states(&self) -> &'static ChoiceSet {
        &R::State::SET
    }

    fn reserved(&self, action: &str) -> bool {
        R::RESERVED.contains(&action)
    }

    fn ended(&self, record: &AnyRecord) -> bool {
        // Noted by the entry that ended it.
        record.head.closed.is_some()
    }

    fn offers(&self, record: &AnyRecord) -> Vec<&'static ActionSpec> {
        let common = |names: &[&str]| {
            CommonAction::ALL
                .iter()
                .filter(|spec| names.contains(&spec.name))
                .collect::<Vec<_>>()
        };
        let changeable = |record: &RecordOf<R>| {
            record.head.void_reason.is_none() && !R::fixed(record.head.state)
        };
        let Some(record) = typed::<R>(record).filter(changeable) else {
            return common(&["remark", "link"]);
        };
        let own = |name: &str| R::Action::ALL.iter().find(|spec| spec.name == name);
        let mut offers: Vec<&'static ActionSpec> = Vec::new();
        let likely = R::likely(&record);
        for spec in likely
            .into_iter()
            .filter_map(own)
            .chain(R::Action::ALL.iter().filter(|spec| !spec.first))
        {
            if R::possible(&record, spec.name)
                && !offers.iter().any(|known| known.name == spec.name)
            {
                offers.push(spec);
            }
        }
        offers.extend(common(&["remark", "amend", "link", "void"]));
        offers
    }

    fn lookups(&self, record: Option<&AnyRecord>, act: &RawAct, rules: &Rules) -> Vec<Lookup> {
        if let Ok(common) = CommonAction::decode(act.spec.name, &act.data) {
            return match common {
                CommonAction::Link(link) => vec![Lookup::Record(link.to)],
                CommonAction::Amend(amend) => {
                    match amend.changes.get("paper_no").and_then(Value::as_str) {
                        Some(paper) => vec![Lookup::PaperNo(paper.trim().to_owned())],
                        None => Vec::new(),
                    }
                }
                CommonAction::Void(_) | CommonAction::Remark(_) => Vec::new(),
            };
        }
        let record = record.and_then(typed::<R>);
        match R::Action::decode(act.spec.name, &act.data) {
            Ok(action) => R::lookups(
                record.as_ref(),
                &Act {
                    envelope: act.envelope.clone(),
                    action,
                },
                rules,
            ),
            Err(_) => Vec::new(),
        }
    }

    fn decide(
        &self,
        record: Option<&AnyRecord>,
        act: &RawAct,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let name = act.spec.name;
        let common = CommonAction::ALL.iter().any(|spec| spec.name == name);
        let Some(record) = record else {
            let action = R::Action::decode(name, &act.data).map_err(|why| broken(&why))?;
            return R::decide(
                None,
                &Act {
                    envelope: act.envelope.clone(),
                    action,
                },
                cx,
            );
        };
        let fixed = R::State::from_code(&record.head.state).is_some_and(R::fixed);
        if (fixed || record.head.void_reason.is_some()) && !matches!(name, "remark" | "link") {
            return Err(not_now(R::SPEC.code, record, name));
        }
        if act.envelope.at < record.head.opened
            && !matches!(name, "amend" | "void" | "link" | "remark")
        {
            let what = Msg::new("before.opened")
                .with("no", record.head.no.as_str())
                .with("at", record.head.opened);
            return Err(Refusal::before("at", what));
        }
        if common {
            return self.decide_common(record, act, cx);
        }
        let typed = typed::<R>(record).ok_or_else(|| broken("body"))?;
        if act.spec.first || !R::possible(&typed, name) {
            return Err(not_now(R::SPEC.code, record, name));
        }
        let action = R::Action::decode(name, &act.data).map_err(|why| broken(&why))?;
        R::decide(
            Some(&typed),
            &Act {
                envelope: act.envelope.clone(),
                action,
            },
            cx,
        )
    }

    fn apply(&self, record: Option<AnyRecord>, entry: &Entry) -> Result<AnyRecord, String> {
        let mut record = match record {
            Some(record) => typed::<R>(&record).ok_or("record unreadable")?,
            None => Record::opened_by(entry, R::INITIAL),
        };
        record.head.breaches.extend(entry.breaches.iter().cloned());
        let mut voided = record.head.void_reason.is_some();
        match CommonAction::decode(&entry.action, &entry.data) {
            Ok(CommonAction::Amend(_)) => {
                if let Some(Value::Object(changes)) = entry.found.get("changes") {
                    let mut body = serde_json::to_value(&record.body).map_err(|e| e.to_string())?;
                    merge(&mut body, changes);
                    record.body = serde_json::from_value(body).map_err(|e| e.to_string())?;
                    let time = |key: &str| {
                        changes
                            .get(key)
                            .cloned()
                            .and_then(|v| serde_json::from_value(v).ok())
                    };
                    record.head.received = time("received").unwrap_or(record.head.received);
                    record.head.opened = time("at").unwrap_or(record.head.opened);
                    R::apply_amended(&mut record, entry);
                }
            }
            Ok(CommonAction::Void(void)) => {
                record.head.void_reason = Some(void.reason);
                record.head.state_since = entry.at;
                voided = true;
            }
            Ok(CommonAction::Link(link)) => {
                R::apply_linked(&mut record, entry, &link.to);
                record.head.links.push(Link {
                    kind: link.kind.code().to_owned(),
                    to: link.to,
                });
            }
            Ok(CommonAction::Remark(remark)) => {
                record.head.remarks.push(Remark {
                    at: entry.at,
                    by: entry.by.clone(),
                    text: remark.text,
                });
            }
            Err(_) => match DeskAction::decode(&entry.action, &entry.data) {
                Ok(DeskAction::Print(print)) => printed(&mut record.head.papers, print, entry.at),
                Err(_) => {
                    let action = R::Action::decode(&entry.action, &entry.data)?;
                    R::apply(&mut record, entry, action);
                }
            },
        }
        let ended = voided || R::finished(&record);
        record.head.closed = if ended {
            record.head.closed.or(Some(entry.at))
        } else {
            None
        };
        record.head.settled = match entry.found.get("settled") {
            Some(settled) => {
                Some(serde_json::from_value(settled.clone()).map_err(|e| e.to_string())?)
            }
            None if ended => record.head.settled,
            None => None,
        };
        let mut record = erase::<R>(record)?;
        if voided {
            VOID.clone_into(&mut record.head.state);
        }
        Ok(record)
    }

    fn deadlines(&self, record: &AnyRecord, rules: &Rules) -> Vec<Deadline> {
        typed::<R>(record).map_or_else(Vec::new, |typed| {
            with_settled(record, R::deadlines(&typed, rules))
        })
    }

    fn settle(&self, record: &AnyRecord, rules: &Rules) -> Settled {
        let procedure = typed::<R>(record).map_or(R::SPEC.code.to_owned(), |typed| {
            R::procedure(&typed).to_owned()
        });
        let fresh = AnyRecord {
            head: crate::record::head::Head {
                settled: None,
                ..record.head.clone()
            },
            body: record.body.clone(),
        };
        let deadlines = self
            .deadlines(&fresh, rules)
            .into_iter()
            .filter(|deadline| !deadline.pending())
            .map(Deadline::kept)
            .collect();
        Settled {
            procedure: rules.procedure(&procedure).id(),
            deadlines,
        }
    }

    fn title(&self, record: &AnyRecord) -> String {
        typed::<R>(record)
            .map(|record| R::title(&record))
            .unwrap_or_default()
    }

    fn summary(&self, record: &AnyRecord, rules: &Rules) -> Summary {
        let Some(typed) = typed::<R>(record) else {
            return Summary::default();
        };
        Summary {
            title: R::title(&typed),
            open: record.head.closed.is_none(),
            place: R::place(&typed).map(str::to_owned),
            paper_no: R::paper_no(&typed).map(str::to_owned),
            deadlines: with_settled(record, R::deadlines(&typed, rules)),
        }
    }
}
