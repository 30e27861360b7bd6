//! 当值日志: every step of an outage writes the log by itself (S1.3.6, S7.4.7). Here alone the sentence is made.

use serde_json::json;

use super::{OutageAction, Rec, Recipients};
use crate::base::i18n::{Arg, Lang, Msg, Voice};
use crate::record::action::ActionSet;
use crate::record::field::Choice;
use crate::record::head::{Spawn, SpawnTarget};
use crate::record::request::LONG_TEXT;
use crate::registers::Act;
use crate::rules::ruleset::Rules;

/// The log entry that follows from an act. The number of a new outage is not known yet; the desk fills in `{no}`.
pub(super) fn entry(record: Option<&Rec>, act: &Act<OutageAction>, rules: &Rules) -> Spawn {
    let no = record.map_or("{no}", |record| record.head.no.as_str());
    // The log is a Chinese document whatever language its typist reads.
    let voice = Voice {
        lang: Lang::Zh,
        zone: rules.zone(),
    };
    let areas = match &act.action {
        OutageAction::Plan(plan) => &plan.areas,
        OutageAction::Occur(occur) => &occur.areas,
        _ => record.map_or(&NOWHERE, |record| &record.body.event.areas),
    };
    let line = Msg::new("outage_log.line")
        .with("no", no)
        .with("areas", areas.join("、"))
        .with("what", what(&act.action, rules));
    // A report as long as a field holds must not make the log refuse the step it tells of.
    let text: String = voice.say(&line).trim().chars().take(LONG_TEXT).collect();
    let data = json!({ "text": text, "kind": "note", "refers": [no] });
    Spawn {
        target: SpawnTarget::New("log"),
        action: "entry",
        data,
        link: None,
    }
}

static NOWHERE: Vec<String> = Vec::new();

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
        OutageAction::Occur(occur) => says("").with("informant", text(&occur.informant)),
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

/// The same for what happens from the moment power is out; steps that need no word of their own give none.
fn at_the_scene(action: &OutageAction) -> Option<Msg> {
    let says = |variant: &str| Msg::new(format!("outage_log.{}{variant}", action.name()));
    Some(match action {
        OutageAction::OnSite(on_site) => says("").with("name", on_site.name.as_str()),
        OutageAction::Classify(judged) => says("")
            .with("source", label(judged.source))
            .with("cause", judged.cause.as_str()),
        OutageAction::ContactUtility(contact) => {
            says("").with("expected", contact.expected_restore)
        }
        OutageAction::Inform(inform) => says("")
            .with("to", label(inform.to))
            .with("text", text(&inform.text)),
        OutageAction::Generator(answer) if answer.started => says("")
            .with("watcher", text(&answer.watcher))
            .with("areas", names(&answer.areas)),
        OutageAction::Generator(answer) => says("_not").with("reason", text(&answer.reason)),
        OutageAction::LiftCheck(check) => {
            let cars = check.cars.iter().map(|car| {
                let key = if car.trapped {
                    "outage_log.car_trapped"
                } else {
                    "outage_log.car_empty"
                };
                Arg::from(
                    Msg::new(key)
                        .with("car", car.car.as_str())
                        .with("persons", car.persons.unwrap_or_default()),
                )
            });
            says("")
                .with("guard", check.guard.as_str())
                .with("cars", Arg::List(cars.collect()))
        }
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
        OutageAction::UtilityLetter(letter) => says("").with("step", label(letter.step)),
        OutageAction::Reschedule(change) => {
            let says = match change.plan_start {
                Some(start) => says("").with("start", start),
                None => says("_wider"),
            };
            says.with("reason", change.reason.as_str())
        }
        OutageAction::Cancel(cancel) => says("").with("reason", cancel.reason.as_str()),
        OutageAction::ExplainBreach(explain) => says("")
            .with_key("duty", format!("duty.outage.{}", explain.code))
            .with("reason", explain.reason.as_str()),
        OutageAction::Close(close) => says("").with("name", close.name.as_str()),
        _ => return None,
    })
}
