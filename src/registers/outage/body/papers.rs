//! Who was told, who decided, which papers went out.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::base::identity::key;
use crate::base::time::Instant;
use crate::registers::outage::{Gate, Informed, Recipients, Ruling, UserPaper};

/// Something done at a time, for one revision of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// When.
    pub at: Instant,
    /// For which revision; 0 for an accident.
    pub revision: u32,
}

/// Something stated with its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// When.
    pub at: Instant,
    /// Why; empty: nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A notice that was issued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issued {
    /// When.
    pub at: Instant,
    /// For which revision.
    pub revision: u32,
    /// Nobody had approved it when it went out (S1.1.3); what was noted about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unapproved: Option<String>,
}

/// A broadcast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spoken {
    /// When.
    pub at: Instant,
    /// For which revision; 0 for an accident.
    pub revision: u32,
    /// Nobody had approved it when it was heard; what was noted about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unapproved: Option<String>,
}

/// A call to the utility (S7.4.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// When.
    pub at: Instant,
    /// The time that was told; absent: nobody knows 时间不定.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_restore: Option<Instant>,
    /// Who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
}

/// A report to a superior.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reported {
    /// When.
    pub at: Instant,
    /// To whom: a role.
    pub to: String,
    /// Channel.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub via: Option<String>,
    /// The revision reported.
    pub revision: u32,
}

/// Somebody inside the house was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToldOf {
    /// When.
    pub at: Instant,
    /// Who.
    pub to: Informed,
}

/// Who was told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Reports to superiors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Reported>,
    /// Service centre, monitoring centre, its manager.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub informed: Vec<ToldOf>,
    /// Announcements asked for (S7.4.8.1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub announcements: Vec<Done>,
    /// Broadcasts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broadcasts: Vec<Spoken>,
    /// Declarations that the notice cannot reach everybody in time (S1.1.4).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreachable: Vec<Done>,
    /// First call to the utility (S7.4.5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacted_at: Option<Instant>,
    /// Every call to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
}

/// A decision of somebody who may decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// On what.
    pub gate: Gate,
    /// How.
    pub decision: Ruling,
    /// Who.
    pub name: String,
    /// In which role.
    pub role: String,
    /// Whether that role is as high as 总经理, whose word opens both gates.
    pub highest: bool,
    /// When.
    pub at: Instant,
    /// Channel.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub via: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// Who recorded it.
    pub recorded_by: String,
    /// For which revision.
    pub revision: u32,
}

/// One delivery round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which paper.
    pub paper: UserPaper,
    /// When.
    pub at: Instant,
    /// To whom, as typed.
    pub users: Recipients,
    /// Whom `all` meant at that instant; none: all users of the areas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<String>,
    /// Who signed for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub signed_by: Option<String>,
    /// Of which revision.
    pub revision: u32,
}

impl Delivery {
    /// Whom it reached; none: all users of the areas.
    fn reached(&self) -> Option<&[String]> {
        match &self.users {
            Recipients::All(_) => Some(self.reached.as_slice()).filter(|names| !names.is_empty()),
            Recipients::Named(names) => Some(names),
        }
    }
}

/// The delivery by which each user first got a paper: found once for all of them, for an outage may have hundreds of
/// users, each with a delivery of his own.
#[derive(Debug, Default)]
pub struct FirstReceipts<'a> {
    everybody: Option<&'a Delivery>,
    /// By the user's key.
    each: HashMap<String, &'a Delivery>,
}

impl<'a> FirstReceipts<'a> {
    /// Of these deliveries, in whatever order; of several at one instant the first.
    pub fn of(deliveries: impl Iterator<Item = &'a Delivery>) -> Self {
        let mut first = Self::default();
        for delivery in deliveries {
            let earlier = |known: &'a Delivery| match delivery.at < known.at {
                true => delivery,
                false => known,
            };
            let Some(names) = delivery.reached() else {
                first.everybody = Some(first.everybody.map_or(delivery, earlier));
                continue;
            };
            for name in names {
                let known = first.each.entry(key(name)).or_insert(delivery);
                *known = earlier(known);
            }
        }
        first
    }

    /// The one by which this user first got it; one to him alone tells more than one to all at the same instant.
    pub fn by(&self, user: &str) -> Option<&'a Delivery> {
        let own = self.each.get(&key(user)).copied();
        own.into_iter()
            .chain(self.everybody)
            .min_by_key(|delivery| delivery.at)
    }
}

/// Approvals, notices, letters, reports.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Papers {
    /// Decisions, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// Notices issued.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Issued>,
    /// Deliveries of notices and letters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<Delivery>,
    /// When the utility was asked for its letter (S1.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utility_letter_requested_at: Option<Instant>,
    /// When the utility refused to give one, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utility_letter_refused: Option<Stated>,
    /// When the utility's letter came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utility_letter_at: Option<Instant>,
    /// When it went to 总经理.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utility_letter_forwarded_at: Option<Instant>,
    /// When our letter of explanation was drafted (S1.2.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter_drafted_at: Option<Instant>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter_text: Option<String>,
    /// That nobody was affected, so that no letter is owed (S1.2.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nobody_affected: Option<Stated>,
    /// When 《特别事件处理报告》 was handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Instant>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_text: Option<String>,
}
