//! Phrases of a paper's description: literal text with `{facts}` in it, and `[parts]` that stand only when every fact
//! in them is known.
//!
//! `{place}` a fact of the record · `{finish.at}` of the latest `finish` · `{plan_start:date}` in another form ·
//! `{acts.approve.gate=penalty,decision=yes.name}` of the last entry of a list that has these values ·
//! `[，预计{expected_restore:when}恢复]` left out while nobody knows when. `{{`, `}}`, `[[`, `]]` stand for themselves.

use crate::base::i18n::Msg;

/// How a fact is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// As on the screen.
    #[default]
    Plain,
    /// `2026年3月2日`.
    Date,
    /// `14:05`.
    Time,
    /// `2026年3月2日14时05分`.
    When,
    /// `03-02 14:05`: for the lines of a book, whose head names the year.
    Short,
    /// Every choice with a box, the chosen one ticked: `☑电话 ☐前台`.
    Boxes,
    /// Money in capital numerals 大写: `伍拾陆元柒角`.
    Capital,
    /// How many there are.
    Count,
}

impl Form {
    const NAMES: [(&'static str, Form); 7] = [
        ("date", Form::Date),
        ("time", Form::Time),
        ("when", Form::When),
        ("short", Form::Short),
        ("boxes", Form::Boxes),
        ("capital", Form::Capital),
        ("count", Form::Count),
    ];
}

/// Which fact, in which form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its path, by dots.
    pub path: Vec<String>,
    /// Its form.
    pub form: Form,
}

impl Slot {
    /// As written in the description.
    pub fn name(&self) -> String {
        let form = Form::NAMES.iter().find(|(_, form)| *form == self.form);
        let path = self.path.join(".");
        form.map_or(path.clone(), |(name, _)| format!("{path}:{name}"))
    }

    /// Reads `path` or `path:form`.
    ///
    /// # Errors
    /// When there is no path or no such form.
    pub fn read(text: &str) -> Result<Self, Msg> {
        let (path, form) = match text.split_once(':') {
            Some((path, name)) => {
                let known = Form::NAMES.iter().find(|(known, _)| *known == name.trim());
                let form = known.ok_or_else(|| Msg::new("paper_file.form").with("form", name))?;
                (path, form.1)
            }
            None => (text, Form::Plain),
        };
        let path: Vec<String> = path.trim().split('.').map(str::to_owned).collect();
        let word = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let fine = |part: &String| {
            word(part)
                || picks(part)
                    .is_some_and(|picks| picks.iter().all(|(key, value)| word(key) && word(value)))
        };
        if path.iter().all(fine) {
            Ok(Self { path, form })
        } else {
            Err(Msg::new("paper_file.slot").with("slot", text))
        }
    }
}

/// What a part of a path picks from a list: `gate=penalty,decision=yes`; `None` for the name of a fact.
pub fn picks(part: &str) -> Option<Vec<(&str, &str)>> {
    part.contains('=').then_some(())?;
    part.split(',').map(|pick| pick.split_once('=')).collect()
}

/// A piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it is.
    Literal(String),
    /// A fact.
    Slot(Slot),
    /// Stands only when every fact in it is known.
    Optional(Vec<Piece>),
}

/// A phrase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(pub Vec<Piece>);

impl Phrase {
    /// Reads a phrase.
    ///
    /// # Errors
    /// When a brace or bracket is not closed, or a slot cannot be read.
    pub fn read(text: &str) -> Result<Self, Msg> {
        let mut chars = text.chars().peekable();
        let pieces = pieces(&mut chars, None).map_err(|why| why.with("phrase", text))?;
        Ok(Self(pieces))
    }

    /// Every slot, those of optional parts too.
    pub fn slots(&self) -> Vec<&Slot> {
        fn of<'p>(pieces: &'p [Piece], found: &mut Vec<&'p Slot>) {
            for piece in pieces {
                match piece {
                    Piece::Literal(_) => {}
                    Piece::Slot(slot) => found.push(slot),
                    Piece::Optional(inner) => of(inner, found),
                }
            }
        }
        let mut found = Vec::new();
        of(&self.0, &mut found);
        found
    }

    /// The words, by what `fact` says of each slot; an empty word is an unknown fact.
    pub fn words(&self, fact: &mut dyn FnMut(&Slot) -> String) -> String {
        words(&self.0, fact).0
    }
}

fn words(pieces: &[Piece], fact: &mut dyn FnMut(&Slot) -> String) -> (String, bool) {
    let mut out = String::new();
    let mut whole = true;
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Slot(slot) => {
                let word = fact(slot);
                whole &= !word.is_empty();
                out.push_str(&word);
            }
            Piece::Optional(inner) => {
                let (text, known) = words(inner, fact);
                if known {
                    out.push_str(&text);
                }
            }
        }
    }
    (out, whole)
}

fn pieces(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    until: Option<char>,
) -> Result<Vec<Piece>, Msg> {
    let mut found = Vec::new();
    let mut literal = String::new();
    let flush = |literal: &mut String, found: &mut Vec<Piece>| {
        if !literal.is_empty() {
            found.push(Piece::Literal(std::mem::take(literal)));
        }
    };
    loop {
        match chars.next() {
            None if until.is_none() => break,
            None => return Err(Msg::new("paper_file.open")),
            Some(c @ ('{' | '}' | '[' | ']')) if chars.peek() == Some(&c) => {
                chars.next();
                literal.push(c);
            }
            Some('{') => {
                flush(&mut literal, &mut found);
                found.push(Piece::Slot(slot(chars)?));
            }
            Some('[') if until.is_none() => {
                flush(&mut literal, &mut found);
                found.push(Piece::Optional(pieces(chars, Some(']'))?));
            }
            Some(c) if Some(c) == until => break,
            Some('}' | '[' | ']') => return Err(Msg::new("paper_file.stray")),
            Some(c) => literal.push(c),
        }
    }
    flush(&mut literal, &mut found);
    Ok(found)
}

fn slot(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Slot, Msg> {
    let mut name = String::new();
    for c in chars.by_ref() {
        match c {
            '}' => return Slot::read(&name),
            c => name.push(c),
        }
    }
    Err(Msg::new("paper_file.open"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(phrase: &str, known: &[(&str, &str)]) -> String {
        Phrase::read(phrase).unwrap().words(&mut |slot| {
            let word = known.iter().find(|(name, _)| *name == slot.name());
            word.map_or(String::new(), |(_, word)| (*word).to_owned())
        })
    }

    #[test]
    fn an_optional_part_stands_when_all_its_facts_are_known() {
        let phrase = "定于{plan_start:when}停电[，至{plan_end:when}][（{a}、{b}）]。";
        assert_eq!(said(phrase, &[("plan_start:when", "9时")]), "定于9时停电。");
        let known = [("plan_end:when", "12时"), ("a", "甲")];
        assert_eq!(said(phrase, &known), "定于停电，至12时。");
    }

    #[test]
    fn doubled_marks_stand_for_themselves() {
        assert_eq!(said("[[{{a}}]]", &[]), "[{a}]");
    }

    #[test]
    fn what_is_not_closed_or_not_known_is_refused() {
        for bad in [
            "{a",
            "[a",
            "a]",
            "a}",
            "{a b}",
            "{}",
            "{a:dat}",
            "{a..b}",
            "[a[b]]",
            "{a.b=}",
            "{a.=c}",
            "{a.b=c,d}",
        ] {
            assert!(Phrase::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_part_may_pick_from_a_list() {
        let slot = Slot::read("acts.approve.gate=penalty,decision=yes.name").unwrap();
        assert_eq!(slot.path[2], "gate=penalty,decision=yes");
        let wanted = vec![("gate", "penalty"), ("decision", "yes")];
        assert_eq!(picks(&slot.path[2]), Some(wanted));
        assert_eq!(picks("gate"), None);
    }

    #[test]
    fn every_form_is_named_as_it_is_read() {
        for (name, form) in Form::NAMES {
            let slot = Slot::read(&format!("a.b:{name}")).unwrap();
            assert_eq!(slot.form, form);
            assert_eq!(slot.name(), format!("a.b:{name}"));
        }
    }
}
