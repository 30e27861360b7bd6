//! A company's own papers: descriptions, template and fonts in `documents` of its data folder.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Session, data_folder};
use crate::base::i18n::Msg;
use crate::documents::Documents;
use crate::documents::layout::LayoutError;

/// The template's file.
pub(super) const TEMPLATE: &str = "form.typ";

pub(super) fn folder() -> PathBuf {
    data_folder().join("documents")
}

/// The built-in papers with the company's over them. A file that is wrong is told on stderr and left out.
pub(super) fn load(session: &Session) -> Arc<Documents> {
    let Ok(entries) = std::fs::read_dir(folder()) else {
        return Documents::built_in();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut documents = Documents::clone(&Documents::built_in());
    let (mut template, mut fonts) = (None, Vec::new());
    for path in paths {
        let name = |part: Option<&std::ffi::OsStr>| {
            part.unwrap_or_default().to_string_lossy().into_owned()
        };
        let (stem, ending) = (name(path.file_stem()), name(path.extension()));
        let wrong = |why: String| eprintln!("dutydesk: {}: {why}", path.display());
        match ending.to_lowercase().as_str() {
            "toml" => match std::fs::read_to_string(&path) {
                Ok(text) => {
                    if let Err(error) = documents.with_file(&stem, &text) {
                        wrong(told(session, &error));
                    }
                }
                Err(e) => wrong(e.to_string()),
            },
            "typ" if path.file_name().is_some_and(|name| name == TEMPLATE) => {
                match std::fs::read_to_string(&path) {
                    Ok(text) => template = Some(text),
                    Err(e) => wrong(e.to_string()),
                }
            }
            "otf" | "ttf" | "ttc" => match std::fs::read(&path) {
                Ok(bytes) => fonts.push((path.display().to_string(), bytes)),
                Err(e) => wrong(e.to_string()),
            },
            _ => {}
        }
    }
    documents.with_look(template, fonts);
    Arc::new(documents)
}

fn told(session: &Session, error: &LayoutError) -> String {
    let refused = Msg::new("print.refused")
        .with("file", error.file.as_str())
        .with("line", error.line)
        .with("why", error.reason.clone());
    session.voice().say(&refused)
}
