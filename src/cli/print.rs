//! `dutydesk print`: papers of a record, books, and whole runs of a month.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::stop::Stop;
use super::{Format, Ran, Session, Trouble, out};
use crate::base::i18n::{Msg, clean};
use crate::base::time::{LocalDate, Month};
use crate::desk::Desk;
use crate::desk::books::Period;
use crate::desk::papers::Printed;
use crate::documents::facts::voice;
use crate::documents::issue::Standing;
use crate::documents::layout::{Holds, Layout, Made};
use crate::documents::pdf::Look;
use crate::documents::text::Frame;
use crate::documents::words::missing_glyphs_message;
use crate::press::{Place, Print, Run, Written, draw, place};
use crate::registers::label;
use crate::store::Mode;

mod check;
mod list;

/// 打印 · papers of a record, books of a month or day, as PDF or plain text
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's number
    no: Option<String>,
    /// The paper, by name or title (`print --list`)
    #[arg(long, short, value_name = "NAME")]
    document: Option<String>,
    /// Which of several: the number of a bill, a ticket, a meter; the last without it
    #[arg(long, value_name = "NUMBER")]
    item: Option<String>,
    /// A book of this month, or the paper for every record of this month
    #[arg(long, value_name = "YYYY-MM", conflicts_with_all = ["no", "day"])]
    month: Option<String>,
    /// A book of this day
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "no")]
    day: Option<String>,
    /// The file: .pdf, .txt, or .prn for a dot-matrix printer
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Columns of plain text: 80 or 136
    #[arg(long, default_value_t = 80, value_parser = clap::value_parser!(u16).range(24..=300))]
    width: u16,
    /// Plain text with boxes of + - | only
    #[arg(long)]
    ascii: bool,
    /// Draws without issuing: 草稿 across, no version, no entry
    #[arg(long)]
    draft: bool,
    /// Lists the papers: all, or those of a record and how they stand
    #[arg(long, conflicts_with_all = ["document", "out"])]
    list: bool,
    /// Looks a printed check code up: which version it is of, and whether it is still good
    #[arg(long, value_name = "CODE", requires = "no", conflicts_with_all = ["document", "out"])]
    check: Option<String>,
    /// Prints the built-in description NAME.toml or form.typ, to start your own from
    #[arg(long, value_name = "NAME", conflicts_with_all = ["no", "document", "out"])]
    template: Option<String>,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    if let Some(name) = &args.template {
        return list::template(session, name);
    }
    if args.list {
        return list::run(session, args.no.as_deref());
    }
    if let (Some(code), Some(no)) = (&args.check, &args.no) {
        return check::run(session, &no.to_uppercase(), code);
    }
    let usage = |key: &str| Trouble::Usage(session.voice().text(key));
    let document = args.document.as_deref();
    let document = document.ok_or_else(|| usage("print.needs_document"))?;
    let job = Job::new(session, args)?;
    if let (Some(no), false) = (&args.no, args.draft) {
        return job.one(
            &mut session.desk(Mode::Existing)?,
            &no.to_uppercase(),
            document,
        );
    }
    if let Some(no) = &args.no {
        return job.draft(&session.desk(Mode::Look)?, &no.to_uppercase(), document);
    }
    let mut desk = session.desk(Mode::Existing)?;
    let layout = desk.layout(document)?.clone();
    match layout.made {
        Made::Book => job.book(&desk, &layout),
        Made::Record => job.run(&mut desk, &layout),
    }
}

/// One call of the command.
struct Job<'a> {
    session: &'a Session,
    args: &'a Args,
    print: Print,
}

impl<'a> Job<'a> {
    fn new(session: &'a Session, args: &'a Args) -> Result<Self, Trouble> {
        let width = usize::from(args.width);
        let frame = if args.ascii { Frame::Ascii } else { Frame::Box };
        let ending = args.out.as_deref().and_then(Path::extension);
        let ending = ending.map(|ending| ending.to_string_lossy().to_lowercase());
        let print = match (session.asked, ending.as_deref()) {
            (_, Some("prn")) => Print::Escp { width },
            (Some(Format::Text), _) | (_, Some("txt")) => Print::Text { width, frame },
            (_, Some(_)) => Print::Pdf,
            // Nowhere to put a PDF: on a terminal the paper is shown.
            (None, None) => return Err(Trouble::Usage(session.voice().text("print.needs_out"))),
            (_, None) => Print::Text { width, frame },
        };
        Ok(Self {
            session,
            args,
            print,
        })
    }

    fn look(&self, desk: &Desk) -> Result<Look, Trouble> {
        let rules = desk.rules();
        let today = rules.zone().date(self.session.now());
        desk.documents()
            .look(&voice(&rules), today)
            .map_err(|e| Trouble::Usage(self.session.voice().say(&e.message())))
    }

    /// The paper of one record.
    fn one(&self, desk: &mut Desk, no: &str, document: &str) -> Ran {
        let who = self.session.operator(desk)?;
        // A place that cannot be written is told before the paper is issued.
        let place = self.args.out.as_deref().map(place).transpose()?;
        let item = self.args.item.as_deref();
        let printed = desk.print(no, document, item, &who, self.session.now())?;
        self.told(desk, no, &printed, place)
    }

    fn draft(&self, desk: &Desk, no: &str, document: &str) -> Ran {
        let mut printed = desk.draw(no, document, self.args.item.as_deref())?;
        let imprint = &mut printed.sheet.imprint;
        if imprint.mark.is_empty() {
            imprint.mark = voice(&desk.rules()).text("print.draft");
            (imprint.version, imprint.issued, imprint.check) = (None, String::new(), String::new());
        }
        let place = self.args.out.as_deref().map(place).transpose()?;
        self.told(desk, no, &printed, place)
    }

    /// Draws the paper, and writes it where it is to go; answers it when that is stdout.
    fn deliver(
        &self,
        desk: &Desk,
        printed: &Printed,
        place: Option<Place>,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        let look = self.look(desk)?;
        let sheets = std::slice::from_ref(&printed.sheet);
        let failed = |why: Msg| Trouble::Desk(crate::press::trouble(self.path(), why));
        let bytes = draw(sheets, self.print, &look).map_err(failed)?;
        let missing = crate::documents::pdf::missing_glyphs(&printed.sheet, &look);
        if self.print == Print::Pdf && !missing.is_empty() {
            self.warn(&missing);
        }
        match place {
            Some(place) => place.put(&bytes).map(|()| None).map_err(Trouble::from),
            None => Ok(Some(bytes)),
        }
    }

    fn path(&self) -> &Path {
        self.args.out.as_deref().unwrap_or(Path::new("-"))
    }

    fn warn(&self, missing: &[char]) {
        let words = self.session.voice().say(&missing_glyphs_message(missing));
        eprintln!("! {}", clean(&words));
    }

    fn told(&self, desk: &Desk, no: &str, printed: &Printed, place: Option<Place>) -> Ran {
        let text = self.deliver(desk, printed, place)?;
        let session = self.session;
        let imprint = &printed.sheet.imprint;
        let file = self
            .args
            .out
            .as_ref()
            .map(|path| path.display().to_string());
        let message = Msg::new(if imprint.check.is_empty() {
            "print.done_draft"
        } else {
            "print.done"
        })
        .with("paper", printed.sheet.title.as_str())
        .with("no", no)
        .with("mark", imprint.mark.as_str())
        .with("version", i64::from(imprint.version.unwrap_or(0)))
        .with("check", imprint.check.as_str())
        .with("file", file.clone().unwrap_or_else(|| "-".into()));
        if session.format == Format::Json {
            session.print(&json!({"printed": answer(no, printed, file, text)}));
        } else if let Some(text) = text {
            out(String::from_utf8_lossy(&text).trim_end());
        }
        eprintln!("{}", clean(&session.voice().say(&message)));
        if let Standing::Draft(action) = &printed.standing {
            let register = desk.layout(&printed.sheet.name)?.register.clone();
            let action = label::action(&session.voice(), &register, action);
            let why = Msg::new("print.first_issue").with("action", action);
            eprintln!("{}", session.voice().say(&why));
        }
        Ok(0)
    }

    fn book(&self, desk: &Desk, layout: &Layout) -> Ran {
        let period = self.period(layout)?;
        let look = self.look(desk)?;
        let path = self.file()?;
        let stop = Stop::listen();
        let bar = super::demo::bar(&self.session.voice(), "print.printing");
        let mut run = Run::new(path, self.print, &look);
        let past = desk.past(None)?;
        let lines = past.book(layout, period, &mut |sheet| {
            run.push(sheet)?;
            bar.inc(1);
            Ok(if stop.asked() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })?;
        let written = run.end()?;
        bar.finish_and_clear();
        self.wrote(layout, lines, &written, &stop)
    }

    /// The paper for every record of a month, each issued.
    fn run(&self, desk: &mut Desk, layout: &Layout) -> Ran {
        let Some(month) = self.month()? else {
            let needs = Msg::new("print.needs_no").with("paper", layout.title.as_str());
            return Err(Trouble::Usage(self.session.voice().say(&needs)));
        };
        let papers = desk.papers_of(layout, month)?;
        let look = self.look(desk)?;
        let who = self.session.operator(desk)?;
        let stop = Stop::listen();
        let bar = super::demo::bar(&self.session.voice(), "print.printing");
        bar.set_length(papers.len() as u64);
        let mut run = Run::new(self.file()?, self.print, &look);
        let mut n = 0;
        for (no, item) in &papers {
            if stop.asked() {
                break;
            }
            let printed = if self.args.draft {
                desk.draw(no, &layout.name, item.as_deref())?
            } else {
                desk.print(no, &layout.name, item.as_deref(), &who, self.session.now())?
            };
            run.push(printed.sheet)?;
            bar.inc(1);
            n += 1;
        }
        let written = run.end()?;
        bar.finish_and_clear();
        self.wrote(layout, n, &written, &stop)
    }

    fn wrote(&self, layout: &Layout, n: u64, written: &Written, stop: &Stop) -> Ran {
        let session = self.session;
        let files: Vec<String> = written
            .files
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        if !written.missing.is_empty() {
            self.warn(&written.missing);
        }
        let message = Msg::new(if files.is_empty() {
            "print.none"
        } else {
            "print.many"
        })
        .with("paper", layout.title.as_str())
        .with("n", n as i64)
        .with("file", files.join(" "));
        if session.format == Format::Json {
            session.print(&json!({"printed": {"document": layout.name, "count": n, "files": files, "cancelled": stop.asked()}}));
        }
        eprintln!("{}", session.voice().say(&message));
        if stop.asked() {
            eprintln!("{}", session.voice().text("print.stopped"));
        }
        Ok(u8::from(stop.asked() || files.is_empty()))
    }

    fn file(&self) -> Result<&Path, Trouble> {
        let path = self.args.out.as_deref();
        path.ok_or_else(|| Trouble::Usage(self.session.voice().text("print.needs_out")))
    }

    fn month(&self) -> Result<Option<Month>, Trouble> {
        let read = |text: &String| {
            let bad = || {
                Trouble::Usage(format!(
                    "--month {text}: {}",
                    self.session.voice().text("print.bad_month")
                ))
            };
            Month::parse(text).ok_or_else(bad)
        };
        self.args.month.as_ref().map(read).transpose()
    }

    fn period(&self, layout: &Layout) -> Result<Period, Trouble> {
        let voice = &self.session.voice();
        let needs = |option: &str, unit: &str| {
            let message = Msg::new("print.needs_period")
                .with("paper", layout.title.as_str())
                .with("option", option)
                .with_key("unit", unit);
            Trouble::Usage(voice.say(&message))
        };
        match layout.holds {
            Holds::Open => Ok(Period::Now(self.session.now())),
            Holds::Month => {
                let month = self
                    .month()?
                    .ok_or_else(|| needs("--month", "print.month"))?;
                Ok(Period::Month(month))
            }
            Holds::Day => {
                let text = self
                    .args
                    .day
                    .as_ref()
                    .ok_or_else(|| needs("--day", "print.day"))?;
                let bad =
                    |_| Trouble::Usage(format!("--day {text}: {}", voice.text("print.bad_day")));
                LocalDate::parse_from_str(text, "%Y-%m-%d")
                    .map(Period::Day)
                    .map_err(bad)
            }
        }
    }
}

fn answer(no: &str, printed: &Printed, file: Option<String>, text: Option<Vec<u8>>) -> Value {
    let imprint = &printed.sheet.imprint;
    json!({
        "no": no,
        "document": printed.sheet.name,
        "title": printed.sheet.title,
        "number": printed.sheet.number,
        "version": imprint.version,
        "issued": printed.issued,
        "check": imprint.check,
        "mark": imprint.mark,
        "file": file,
        "text": text.map(|text| String::from_utf8_lossy(&text).into_owned()),
    })
}
