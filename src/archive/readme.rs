//! README.txt: what a stranger needs to know who opens the folder in twenty years, in Chinese, then in English.

use super::gaps::Gaps;
use super::manifest::{Kind, Manifest};
use crate::base::i18n::{Lang, Msg, Voice};
use crate::base::time::Zone;
use crate::record::field::Choice;
use crate::registers::REGISTERS;
use crate::rules::ruleset::Rules;

/// What the text tells of.
pub(super) struct Told<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) reason: Option<&'a str>,
    pub(super) gaps: &'a Gaps,
    pub(super) rules: &'a Rules,
}

/// The text.
pub(super) fn text(told: &Told<'_>, zone: Zone) -> String {
    let both = Lang::ALL.map(|lang| {
        let voice = Voice {
            lang,
            zone,
            ..Voice::default()
        };
        one(told, &voice)
    });
    both.join(&format!("\n{}\n\n", "=".repeat(72)))
}

fn one(told: &Told<'_>, voice: &Voice) -> String {
    let manifest = told.manifest;
    let chain = &manifest.chain;
    let kind = voice.text(&format!("archive.kind.{}", manifest.kind.code()));
    let head = Msg::new("archive.readme.head")
        .with("month", manifest.month.to_string())
        .with("desk", manifest.desk.as_str())
        .with("kind", kind)
        .with("at", manifest.at.as_str())
        .with("by", manifest.by.as_str())
        .with("after", chain.after + 1)
        .with("last", chain.last)
        .with("hash", chain.last_hash.as_str())
        .with("previous", previous(manifest, voice));
    let mut parts = vec![voice.say(&head), registers(told, voice), found(told, voice)];
    let files = match manifest.kind {
        Kind::Masked => "archive.readme.files_masked",
        _ => "archive.readme.files",
    };
    parts.push(voice.text(files));
    parts.push(voice.text("archive.readme.formats"));
    if manifest.kind != Kind::Masked {
        parts.push(voice.text("archive.readme.verify"));
    }
    parts.push(procedures(told.rules, voice));
    parts.join("\n\n") + "\n"
}

fn previous(manifest: &Manifest, voice: &Voice) -> String {
    match &manifest.previous {
        Some((month, hash)) => format!("{month} {hash}"),
        None => voice.text("archive.readme.first"),
    }
}

fn registers(told: &Told<'_>, voice: &Voice) -> String {
    let lines = REGISTERS.iter().map(|register| {
        let code = register.spec().code;
        let n = told.manifest.counts.get(&format!("register {code}"));
        let line = Msg::new("archive.readme.register")
            .with_key("register", format!("register.{code}"))
            .with("code", code)
            .with("n", n.copied().unwrap_or(0) as i64);
        voice.say(&line)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What was missing when it was sealed, and why it was sealed all the same.
fn found(told: &Told<'_>, voice: &Voice) -> String {
    let mut lines = vec![voice.text("archive.readme.gaps")];
    for (code, n) in told.gaps.counts() {
        let line = Msg::new("archive.readme.gap")
            .with_key("gap", super::gaps::Code::SET.label_key(code.code()))
            .with("n", n as i64);
        lines.push(voice.say(&line));
    }
    if lines.len() == 1 {
        lines.push(voice.text("archive.readme.no_gaps"));
    }
    if let Some(reason) = told.reason {
        lines.push(voice.say(&Msg::new("archive.readme.reason").with("reason", reason)));
    }
    lines.join("\n")
}

/// The rules that states and times were reckoned by.
fn procedures(rules: &Rules, voice: &Voice) -> String {
    let names: Vec<String> = rules.procedures().map(|p| p.id()).collect();
    let line = Msg::new("archive.readme.procedures")
        .with("procedures", names.join(", "))
        .with("calendar", rules.calendar.fingerprint());
    voice.say(&line)
}
