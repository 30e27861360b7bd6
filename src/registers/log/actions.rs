//! What is written into the log, field by field.

use super::LogState as S;
use crate::choices;
use crate::record::action::Life;

choices! {
    /// What sort of entry it is.
    pub enum Kind in "log_kind" {
        /// 记事
        Note = "note",
        /// 夜间维修: its slip is issued by the day shift (S2.1)
        NightRepair = "night_repair",
        /// 设备
        Equipment = "equipment",
        /// 移交事项: carried into the next shifts until cleared
        Carry = "carry",
    }
}

crate::items! {
    /// The slips of one team, paid for or not: how many were finished, how many of them drawn.
    pub struct SampledStratum {
        team: String = text().required(),
        paid: bool = flag(),
        finished: i64 = integer(0, i64::MAX).required(),
        drawn: i64 = integer(0, i64::MAX).required(),
    }
}

crate::items! {
    /// One slip that was drawn, as it stood then.
    pub struct SampledSlip {
        no: String = record().required(),
        team: String = text().required(),
        paid: bool = flag(),
        #[serde(default, skip_serializing_if = "Option::is_none")]
        technician: Option<String> = person(),
    }
}

crate::items! {
    /// One item that a shift hands to the next, as it was read out.
    pub struct HandedItem {
        what: String = long().required(),
        #[serde(default, skip_serializing_if = "Option::is_none")]
        no: Option<String> = record(),
        read: bool = flag().required(),
    }
}

crate::actions! {
    /// The life of a log entry and of a shift.
    pub enum LogAction lives S {
        /// 记日志.
        Entry = "entry" (first) [
            Life::opening()
        ] {
            text: String = long().required(),
            kind: Kind = choice(&<Kind as crate::record::field::Choice>::SET).default("note"),
            place: Option<String> = text().suggest("place").width(10),
            unit: Option<String> = text().suggest("place").width(10),
            refers: Option<Vec<String>> = texts().width(14),
        }
        /// 接班: a shift begins.
        Shift = "shift" (first) [
            Life::opening()
        ] {
            band: String = text().required().suggest("band").width(8),
            people: Vec<String> = texts().required(),
        }
        /// 交班.
        HandOver = "hand_over" [
            Life::fact(&[S::OnShift]).to(S::HandedOver).likely(&[S::OnShift])
        ] {
            out: String = person().required(),
            r#in: String = person().required(),
            items_read: bool = flag().required().gathered().judges(),
            remarks: Option<String> = long(),
            supervisor: Option<String> = person(),
            allowed_because: Option<String> = long(),
            handed: Option<Vec<HandedItem>> = items(HandedItem::FIELDS).gathered(),
        }
        /// 移交事项已处理.
        Clear = "clear" [
            Life::fact(&[S::Carried]).to(S::Cleared).likely(&[S::Carried])
        ] {
            reason: Option<String> = long(),
        }
        /// 封存月档: only the archive takes it, when a month's folder is complete.
        Seal = "seal" (first) [
            Life::opening().to(S::Sealed)
        ] {
            text: String = long().required(),
            month: String = month().required(),
            upto: i64 = integer(0, i64::MAX).required(),
            head: String = text().required(),
            manifest: String = text().required(),
            records: i64 = integer(0, i64::MAX).required(),
            entries: i64 = integer(0, i64::MAX).required(),
            papers: Option<String> = text(),
            reason: Option<String> = long(),
        }
        /// 周抽查: only the draw takes it; everything that it was made of, so that it can be made again (S2.12).
        Sample = "sample" (first) [
            Life::opening().to(S::Drawn)
        ] {
            text: String = long().required(),
            week: String = text().required(),
            reviewer: String = person().required(),
            seed: String = text().required(),
            percent: i64 = integer(0, 100).required().unit("%"),
            finished: i64 = integer(0, i64::MAX).required(),
            size: i64 = integer(0, i64::MAX).required(),
            strata: Option<Vec<SampledStratum>> = items(SampledStratum::FIELDS),
            items: Option<Vec<SampledSlip>> = items(SampledSlip::FIELDS),
        }
    }
}
