//! 当值日志: every step of an outage writes the log by itself (S1.3.6, S7.4.7). Here alone the sentence is made.

use serde_json::{Map, Value, json};

use super::{Car, OutageAction, Recipients};
use crate::base::i18n::{Arg, Lang, Msg, Voice};
use crate::record::action::ActionSet;
use crate::record::decision::{Trigger, TriggerTarget};
use crate::record::field::Choice;
use crate::record::request::LONG_TEXT;
use crate::rules::ruleset::Rules;

/// The log entry that follows from an act. It says what the act says and calls the outage by its number and the areas
/// it began with, so it reads the same whatever has been typed before.
pub(super) fn line(no: &str, areas: &[String], action: &OutageAction, rules: &Rules) -> Trigger {
    // The log is a Chinese document whatever language its typist reads.
    let voice = Voice {
        lang: Lang::Zh,
        zone: rules.zone(),
        ..Voice::default()
    };
    let line = Msg::new("outage_log.line")
        .with("no", no)
        .with("areas", areas.join("、"))
        .with("what", what(action, rules));
    // A report as long as a field holds must not make the log refuse the step it tells of.
    let text: String = voice.say(&line).trim().chars().take(LONG_TEXT).collect();
    let data: [(&str, Value); 3] = [
        ("text", text.into()),
        ("kind", json!("note")),
        ("refers", json!([no])),
    ];
    let data = data.map(|(key, value)| (key.to_owned(), value));
    Trigger {
        target: TriggerTarget::New("log"),
        action: "entry",
        data: Map::from_iter(data),
        link: None,
    }
}

fn label<C: Choice>(value: C) -> Arg {
    Arg::Key(C::SET.label_key(value.code()))
}

fn names(list: &[String]) -> Arg {
    Arg::List(list.iter().map(|name| name.as_str().into()).collect())
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}

fn role(code: &str, rules: &Rules) -> String {
    rules
        .role(code)
        .map_or(code, |role| role.name.as_str())
        .to_owned()
}

/// What happened, in one sentence.
fn what(action: &OutageAction, rules: &Rules) -> Msg {
    let says = |variant: &str| Msg::new(format!("outage_log.{}{variant}", action.name()));
    match action {
        OutageAction::Plan(plan) => says("")
            .with("start", plan.plan_start)
            .with("source", label(plan.source))
            .with("form", label(plan.form))
            .with("reason", plan.reason.as_str()),
        OutageAction::Occur(occur) => {
            let says = match &occur.informant {
                Some(informant) => says("").with("informant", informant.as_str()),
                None => says("_unnamed"),
            };
            says.with("form", label(occur.form))
        }
        OutageAction::Report(report) => says("")
            .with("to", role(&report.to, rules))
            .with("text", text(&report.text)),
        OutageAction::Approve(approve) => says("")
            .with("name", approve.name.as_str())
            .with("role", role(&approve.role, rules))
            .with("decision", label(approve.decision))
            .with("gate", label(approve.gate))
            .with("reason", text(&approve.reason)),
        OutageAction::Deliver(deliver) => match &deliver.users {
            Recipients::Named(users) => says("")
                .with("paper", label(deliver.paper))
                .with("users", names(users)),
            Recipients::All(_) => says("_all").with("paper", label(deliver.paper)),
        },
        OutageAction::Unreachable(declared) => says("").with("reason", declared.reason.as_str()),
        OutageAction::Announce(announce) => says("").with("text", text(&announce.text)),
        OutageAction::Broadcast(broadcast) => says("").with("text", text(&broadcast.text)),
        OutageAction::Staff(staff) => says("").with("names", names(&staff.names)),
        OutageAction::FillTicket(ticket) => says("")
            .with("task", ticket.task.as_str())
            .with("operator", ticket.operator.as_str())
            .with("guardian", text(&ticket.guardian)),
        OutageAction::SignTicket(sign) => says("").with("name", sign.name.as_str()),
        OutageAction::Step(step) if step.skipped => says("_skipped")
            .with("n", i64::from(step.n))
            .with("reason", text(&step.reason)),
        OutageAction::Step(step) if step.done => says("").with("n", i64::from(step.n)),
        OutageAction::Step(step) => says("_read").with("n", i64::from(step.n)),
        OutageAction::Cut(cut) => says("").with("reason", text(&cut.reason)),
        other => at_the_scene(other).unwrap_or_else(|| says("")),
    }
}

/// What was found in one lift car.
fn car(car: &Car) -> Arg {
    let key = match (car.trapped, car.persons) {
        (true, Some(_)) => "outage_log.car_trapped",
        (true, None) => "outage_log.car_trapped_some",
        (false, _) => "outage_log.car_empty",
    };
    let says = Msg::new(key).with("car", car.car.as_str());
    says.with("persons", car.persons.unwrap_or_default()).into()
}

/// Who at the utility said so, where it is known.
fn answered_by(name: &Option<String>) -> Arg {
    match name {
        Some(name) => Msg::new("outage_log.answered_by")
            .with("name", name.as_str())
            .into(),
        None => Arg::Text(String::new()),
    }
}

/// The same for what happens from the moment power is out; steps that need no word of their own give none.
fn at_the_scene(action: &OutageAction) -> Option<Msg> {
    let says = |variant: &str| Msg::new(format!("outage_log.{}{variant}", action.name()));
    Some(match action {
        OutageAction::OnSite(on_site) => says("").with("name", on_site.name.as_str()),
        OutageAction::Classify(judged) => says("")
            .with("source", label(judged.source))
            .with("cause", judged.cause.as_str()),
        OutageAction::ContactUtility(contact) => {
            let says = match contact.expected_restore.filter(|_| !contact.unknown) {
                Some(expected) => says("").with("expected", expected),
                None => says("_unknown"),
            };
            says.with("answered_by", answered_by(&contact.answered_by))
        }
        OutageAction::Inform(inform) => says("")
            .with("to", label(inform.to))
            .with("text", text(&inform.text)),
        OutageAction::Generator(answer) if answer.started => says("")
            .with("watcher", text(&answer.watcher))
            .with("areas", names(&answer.areas)),
        OutageAction::Generator(answer) => says("_not").with("reason", text(&answer.reason)),
        OutageAction::GeneratorStop(stop) if stop.runs_on => {
            says("_runs_on").with("reason", text(&stop.reason))
        }
        OutageAction::GeneratorStop(stop) => says("").with("reason", text(&stop.reason)),
        OutageAction::LiftCheck(check) => says("")
            .with("guard", check.guard.as_str())
            .with("cars", Arg::List(check.cars.iter().map(car).collect())),
        OutageAction::Rescue(rescue) if rescue.released => {
            says("").with("car", rescue.car.as_str())
        }
        OutageAction::Rescue(rescue) => says("_not").with("car", rescue.car.as_str()),
        OutageAction::Patrol(patrol) => says("").with("result", patrol.result.as_str()),
        OutageAction::RestorePart(part) => says("").with("areas_out", names(&part.areas_out)),
        OutageAction::Inspect(look) if look.normal => says("").with("place", label(look.place)),
        OutageAction::Inspect(look) => says("_not")
            .with("place", label(look.place))
            .with("note", text(&look.note)),
        OutageAction::UtilityLetter(letter) => says("")
            .with("step", label(letter.step))
            .with("reason", text(&letter.reason)),
        OutageAction::NobodyAffected(stated) => says("").with("reason", stated.reason.as_str()),
        OutageAction::Reschedule(change) => {
            let says = match change.plan_start {
                Some(start) => says("").with("start", start),
                None => says("_wider"),
            };
            says.with("reason", change.reason.as_str())
        }
        OutageAction::Cancel(cancel) => says("").with("reason", cancel.reason.as_str()),
        OutageAction::Close(close) => says("").with("name", close.name.as_str()),
        _ => return None,
    })
}
