//! Power is out: what is dark now, and a blackout recorded by one key.

use serde_json::Value;

use super::view::{Done, ListQuery, Request, Target};
use super::{Desk, Result};
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::record::request::Operator;
use crate::registers::outage::{self, Dark};

/// Outages looked at: a site has one blackout, or a few at once.
const MOST: usize = 50;

/// Who acted, as long as nobody has been named. The file is a Chinese document whatever language its typist reads.
pub const NOT_NAMED: &str = "未定";

/// That power has gone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gone {
    /// Whether somebody has said that it is another place than what is out already.
    pub another: bool,
    /// Since when, if not since now.
    pub since: Option<Instant>,
}

/// What became of the key for a blackout.
pub enum Blackout {
    /// Power is out already: this one, or another place? Nothing was written.
    Already(Vec<Dark>),
    /// It was recorded.
    Recorded(Box<Done>),
}

impl Desk {
    /// Outages whose power is not wholly back, the darkest first.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn dark(&self, now: Instant) -> Result<Vec<Dark>> {
        let query = ListQuery {
            register: Some(outage::REGISTER.to_owned()),
            states: outage::DARK
                .iter()
                .map(|state| state.code().to_owned())
                .collect(),
            // Few are open: without this the whole register would be walked through.
            open: Some(true),
            limit: MOST,
            ..ListQuery::default()
        };
        let page = self.page(&query, now)?;
        let mut dark: Vec<Dark> = page
            .items
            .iter()
            .filter_map(|item| outage::dark(&item.record))
            .collect();
        outage::darkest_first(&mut dark);
        Ok(dark)
    }

    /// Records that power has gone, durably and with nothing else known; unless it is out already and nobody has said
    /// that it is another place.
    ///
    /// # Errors
    /// What [`Desk::act`] gives.
    pub fn blackout(&mut self, gone: Gone, who: &Operator, now: Instant) -> Result<Blackout> {
        let already = self.dark(now)?;
        if !gone.another && !already.is_empty() {
            return Ok(Blackout::Already(already));
        }
        let request = Request {
            target: Target::New(outage::REGISTER.to_owned()),
            action: Some(outage::LOST.to_owned()),
            data: gone
                .since
                .map(|since| ("at".to_owned(), Value::from(format!("{since:?}"))))
                .into_iter()
                .collect(),
        };
        let done = self.act_by_clock(&request, who, now)?;
        Ok(Blackout::Recorded(Box::new(done)))
    }
}
