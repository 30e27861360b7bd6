//! `dutydesk add`: a new record.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::input::{self, Input};
use super::{Format, Ran, Session, out, text};
use crate::base::i18n::clean;
use crate::desk::view::{Request, Target};
use crate::desk::{Desk, Error};
use crate::record::request::Operator;
use crate::store::Mode;

/// 登记一条新记录 · a new record; prints its number and its deadlines
///
/// An array or JSON lines adds many: one result line each, good ones kept, bad ones refused with their index.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// outage, work-order, complaint, application or log
    register: String,
    /// The record's fields as JSON; `-` is standard input
    #[arg(long, value_name = "FILE|-")]
    json: PathBuf,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let input = input::requests(&args.json)?;
    let mut desk = session.desk(Mode::Create)?;
    let who = session.operator(&desk)?;
    match input {
        Input::One(data) => {
            let done = session.act(&mut desk, &request(&args.register, data), &who)?;
            match session.format {
                Format::Json => session.print(&session.json().done(&done)),
                _ => text::done(session, &done),
            }
            Ok(0)
        }
        Input::Many(values) => many(session, &mut desk, &who, &args.register, values),
    }
}

fn request(register: &str, data: Map<String, Value>) -> Request {
    Request {
        target: Target::New(register.to_owned()),
        action: None,
        data,
    }
}

fn many(
    session: &Session,
    desk: &mut Desk,
    who: &Operator,
    register: &str,
    values: Vec<Value>,
) -> Ran {
    let mut refused = 0_usize;
    for (index, value) in values.into_iter().enumerate() {
        let result = match value {
            Value::Object(data) => session.act(desk, &request(register, data), who),
            _ => Err(Error::from(input::not_an_object())),
        };
        match result {
            Ok(done) => match session.format {
                Format::Json => session.print(&session.json().done(&done)),
                _ => text::done(session, &done),
            },
            // A file that cannot be written will not take the next one either.
            Err(error @ Error::File(_)) => return Err(error.into()),
            Err(error) => {
                refused += 1;
                let mut answer = session.json().error(&error);
                if let Some(refusal) = answer.get_mut("refused").and_then(Value::as_object_mut) {
                    refusal.insert("index".into(), json!(index));
                }
                match session.format {
                    Format::Json => session.print(&answer),
                    _ => out(&clean(&format!(
                        "✗ [{index}] {}",
                        error.message(&session.voice())
                    ))),
                }
            }
        }
    }
    Ok(u8::from(refused > 0))
}
