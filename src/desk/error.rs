//! What went wrong, said to the person: what happened, what was kept, what to do.

use crate::base::i18n::{Msg, Voice};
use crate::base::refusal::Refusal;
use crate::store::FileTrouble;

/// An error of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It was not accepted; nothing was written.
    Refused(Box<Refusal>),
    /// The file cannot be used; what was acknowledged before is in it.
    File(FileTrouble),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(Box::new(refusal))
    }
}

impl From<FileTrouble> for Error {
    fn from(trouble: FileTrouble) -> Self {
        Error::File(trouble)
    }
}

impl Error {
    /// In words.
    pub fn message(&self, voice: &Voice) -> String {
        match self {
            Error::Refused(refusal) => {
                let clause = refusal
                    .clause
                    .as_ref()
                    .map(|clause| format!(" ({clause})"))
                    .unwrap_or_default();
                format!("{}{clause}", voice.say(&refusal.message))
            }
            Error::File(trouble) => voice.say(
                &Msg::new("file.message")
                    .with("path", trouble.path.display().to_string())
                    .with("reason", trouble.reason.clone()),
            ),
        }
    }

    /// 1 refused, 3 the file cannot be used.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Error::Refused(_) => 1,
            Error::File(_) => 3,
        }
    }
}
