//! MANIFEST.sha256: every file with its hash, as `sha256sum -c` reads it; what the archive is, in the lines before.
//!
//! The last line is the hash of everything above it, so that a changed byte in a remark is found without the database.

use std::collections::BTreeMap;

use super::pack::sha256;
use crate::base::time::Month;

/// Its name in the folder.
pub const MANIFEST: &str = "MANIFEST.sha256";
/// What the first line says.
const FORMAT: &str = "dutydesk-archive 1";
/// What stands before the hash of everything above.
const SELF: &str = "# self ";

/// What sort of folder it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 已封存: the sealed month.
    Sealed,
    /// 未封存: an unfinished month.
    Interim,
    /// A copy for others, with names and telephone numbers hidden.
    Masked,
}

impl Kind {
    /// The code in the manifest and in JSON; label `archive.kind.<code>`.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Sealed => "sealed",
            Kind::Interim => "interim",
            Kind::Masked => "masked",
        }
    }

    fn of(code: &str) -> Option<Self> {
        [Kind::Sealed, Kind::Interim, Kind::Masked]
            .into_iter()
            .find(|kind| kind.code() == code)
    }

    /// The name of a month's folder of this sort.
    pub fn folder(self, month: Month) -> String {
        match self {
            Kind::Sealed => month.to_string(),
            Kind::Interim => format!("{month}-interim"),
            Kind::Masked => format!("{month}-masked"),
        }
    }
}

/// A stretch of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Chain {
    /// The entry before the first one; 0: none.
    pub after: i64,
    /// Its hash, hexadecimal; 64 zeros: none.
    pub after_hash: String,
    /// The last entry.
    pub last: i64,
    /// Its hash.
    pub last_hash: String,
}

/// A manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// What sort of folder.
    pub kind: Kind,
    /// The month.
    pub month: Month,
    /// What tells this file from others: the hash of its first entry.
    pub file: String,
    /// The site, and the desk's id.
    pub desk: String,
    /// The site's time zone, `Asia/Shanghai`.
    pub zone: String,
    /// The instant that states are told for, RFC 3339.
    pub at: String,
    /// Who sealed it.
    pub by: String,
    /// The stretch of the journal.
    pub chain: Chain,
    /// The archive before: month and SHA-256 of its manifest.
    pub previous: Option<(String, String)>,
    /// How many records of each register, entries, late findings.
    pub counts: BTreeMap<String, u64>,
    /// (name, SHA-256), sorted by name.
    pub files: Vec<(String, String)>,
}

/// A remark's value stays on its line.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

impl Manifest {
    /// The text of the file.
    pub fn text(&self) -> String {
        let mut out = format!("# {FORMAT}\n");
        let mut say = |key: &str, value: &str| {
            out.push_str(&format!("# {key} {}\n", plain(value)));
        };
        say("month", &self.month.to_string());
        say("kind", self.kind.code());
        say("file", &self.file);
        say("desk", &self.desk);
        say("zone", &self.zone);
        say("at", &self.at);
        say("by", &self.by);
        let chain = &self.chain;
        say(
            "chain-after",
            &format!("{} {}", chain.after, chain.after_hash),
        );
        say("chain-last", &format!("{} {}", chain.last, chain.last_hash));
        match &self.previous {
            Some((month, hash)) => say("previous", &format!("{month} {hash}")),
            None => say("previous", "none"),
        }
        for (name, n) in &self.counts {
            say("count", &format!("{name} {n}"));
        }
        for (name, hash) in &self.files {
            out.push_str(&format!("{hash}  {name}\n"));
        }
        let own = sha256(out.as_bytes());
        out.push_str(&format!("{SELF}{own}\n"));
        out
    }

    /// Reads the text of the file; `None` when it is not a manifest or a byte of it was changed.
    pub fn read(text: &str) -> Option<Self> {
        let body_end = text.strip_suffix('\n')?.rfind('\n')? + 1;
        let (body, last) = text.split_at(body_end);
        if last.strip_prefix(SELF)?.strip_suffix('\n')? != sha256(body.as_bytes()) {
            return None;
        }
        let mut remarks: BTreeMap<&str, &str> = BTreeMap::new();
        let mut counts = BTreeMap::new();
        let mut files = Vec::new();
        let mut lines = body.lines();
        if lines.next()?.strip_prefix("# ")? != FORMAT {
            return None;
        }
        for line in lines {
            match line.strip_prefix("# ") {
                Some(remark) => match remark.split_once(' ')? {
                    ("count", count) => {
                        let (name, n) = count.rsplit_once(' ')?;
                        counts.insert(name.to_owned(), n.parse().ok()?);
                    }
                    (key, value) => {
                        remarks.insert(key, value);
                    }
                },
                None => {
                    let (hash, name) = line.split_once("  ")?;
                    files.push((name.to_owned(), hash.to_owned()));
                }
            }
        }
        let end = |key: &str| {
            let (seq, hash) = remarks.get(key)?.split_once(' ')?;
            Some((seq.parse::<i64>().ok()?, hash.to_owned()))
        };
        let (after, after_hash) = end("chain-after")?;
        let (last, last_hash) = end("chain-last")?;
        let previous = remarks.get("previous")?.split_once(' ');
        let of = |key: &str| remarks.get(key).map(|value| (*value).to_owned());
        Some(Self {
            kind: Kind::of(remarks.get("kind")?)?,
            month: Month::parse(remarks.get("month")?)?,
            file: of("file")?,
            desk: of("desk")?,
            zone: of("zone")?,
            at: of("at")?,
            by: of("by")?,
            chain: Chain {
                after,
                after_hash,
                last,
                last_hash,
            },
            previous: previous.map(|(month, hash)| (month.to_owned(), hash.to_owned())),
            counts,
            files,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            kind: Kind::Sealed,
            month: Month::parse("2026-03").unwrap(),
            file: "f".repeat(64),
            desk: "阳光广场".into(),
            zone: "Asia/Shanghai".into(),
            at: "2026-04-01T09:00:00+08:00".into(),
            by: "周文员".into(),
            chain: Chain {
                after: 10,
                after_hash: "a".repeat(64),
                last: 20,
                last_hash: "b".repeat(64),
            },
            previous: Some(("2026-02".into(), "c".repeat(64))),
            counts: BTreeMap::from([("register work-order".into(), 7), ("entries".into(), 10)]),
            files: vec![("README.txt".into(), "d".repeat(64))],
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for previous in [None, manifest().previous] {
            let written = Manifest {
                previous,
                ..manifest()
            };
            assert_eq!(Manifest::read(&written.text()), Some(written));
        }
    }

    #[test]
    fn a_changed_byte_anywhere_is_no_manifest_any_more() {
        let text = manifest().text();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 0x20;
            let read = String::from_utf8(bytes)
                .ok()
                .and_then(|t| Manifest::read(&t));
            assert_eq!(read, None, "byte {at}");
        }
        assert_eq!(Manifest::read(&text[..text.len() - 1]), None);
        assert_eq!(Manifest::read(""), None);
    }

    #[test]
    fn a_name_with_a_line_break_cannot_forge_a_line() {
        let forged = Manifest {
            by: "甲\n# previous none".into(),
            ..manifest()
        };
        assert_eq!(
            Manifest::read(&forged.text()).unwrap().previous,
            forged.previous
        );
    }
}
