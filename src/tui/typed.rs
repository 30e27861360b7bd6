//! Quick entry: what a person types for a time, a date, a month, money, a list of items, and what it stands for.

use chrono::{Datelike, Duration, NaiveDate, NaiveTime, Timelike};
use serde_json::{Map, Value};

use crate::base::time::{Instant, LocalDate, Zone};
use crate::record::field::{Field, Kind};

/// How far back a bare time of day that lies ahead is taken for yesterday's: the night shift writes up 23:50 at 00:10.
const NIGHT_HOURS: i64 = 12;

/// Full-width digits and marks as the narrow ones.
pub fn narrow(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '。' => '.',
        c => c,
    };
    text.trim().chars().map(narrow).collect()
}

/// An instant: `1030`, `10:30`, `221007`, `+30` and `-10` minutes, `+2:00`, `昨2210`, `明 9:00`, `3-2 9:10`, `3月2日 9点`,
/// a date alone where `plan` (then midnight does not come into it: it is refused), or the full form. `plan`: it may lie ahead.
pub fn instant(text: &str, now: Instant, zone: Zone, plan: bool) -> Option<Instant> {
    let text = narrow(text);
    if text.is_empty() {
        return None;
    }
    if matches!(text.as_str(), "." | "now" | "现在") {
        return Some(now);
    }
    if let Some(minutes) = offset(&text) {
        return Some(now.plus_minutes(minutes));
    }
    if let Some(at) = zone.parse(&text) {
        return Some(at);
    }
    let today = zone.date(now);
    let (day, rest) = day_word(&text, today);
    if let Some(time) = time_of_day(rest) {
        let at = zone.at(day.unwrap_or(today), time);
        let before = zone.at(today - Duration::days(1), time);
        let ahead = day.is_none() && !plan && at > now;
        return Some(
            if ahead && now.seconds_since(before) <= NIGHT_HOURS * 3600 {
                before
            } else {
                at
            },
        );
    }
    if day.is_some() {
        return None;
    }
    let (date, time) = split_date(&text)?;
    Some(zone.at(month_day(date, today)?, time_of_day(time)?))
}

/// A bare time of day as one of the day of another instant, which it takes the place of.
pub fn on_day_of(text: &str, other: Instant, zone: Zone) -> Option<Instant> {
    let time = time_of_day(&narrow(text))?;
    Some(zone.at(zone.date(other), time))
}

/// `+30`, `-10`, `+2:00` in minutes.
fn offset(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let rest = text[1..].trim();
    let minutes = match rest.split_once(':') {
        Some((hours, minutes)) => hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?,
        None => rest.parse::<i64>().ok()?,
    };
    (minutes < 1_000_000).then_some(sign * minutes)
}

/// A word for a day at the beginning, and what follows it.
fn day_word(text: &str, today: LocalDate) -> (Option<LocalDate>, &str) {
    const WORDS: [(&str, i64); 13] = [
        ("大前天", -3),
        ("前天", -2),
        ("前", -2),
        ("昨天", -1),
        ("昨", -1),
        ("今天", 0),
        ("今", 0),
        ("明天", 1),
        ("明", 1),
        ("后天", 2),
        ("后", 2),
        ("yesterday", -1),
        ("tomorrow", 1),
    ];
    WORDS
        .iter()
        .find_map(|(word, days)| {
            text.strip_prefix(word)
                .map(|rest| (Some(today + Duration::days(*days)), rest.trim()))
        })
        .unwrap_or((None, text))
}

/// `930`, `0930`, `221007`, `9:30`, `22:10:07`, `9点`, `9点30分`, `9点半`.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let text = text
        .trim()
        .replace(['点', '时'], ":")
        .replace('半', "30")
        .replace(['分', '秒'], "");
    let parts: Vec<&str> = text.trim_end_matches(':').split(':').collect();
    let number = |s: &str| {
        s.parse::<u32>()
            .ok()
            .filter(|_| (1..=2).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit()))
    };
    match parts.as_slice() {
        [digits] if text.ends_with(':') => NaiveTime::from_hms_opt(number(digits)?, 0, 0),
        [digits] if digits.bytes().all(|b| b.is_ascii_digit()) && digits.is_ascii() => {
            match digits.len() {
                3 => NaiveTime::from_hms_opt(number(&digits[..1])?, number(&digits[1..])?, 0),
                4 => NaiveTime::from_hms_opt(number(&digits[..2])?, number(&digits[2..])?, 0),
                6 => NaiveTime::from_hms_opt(
                    number(&digits[..2])?,
                    number(&digits[2..4])?,
                    number(&digits[4..])?,
                ),
                _ => None,
            }
        }
        [h, m] => NaiveTime::from_hms_opt(number(h)?, number(m)?, 0),
        [h, m, s] => NaiveTime::from_hms_opt(number(h)?, number(m)?, number(s)?),
        _ => None,
    }
}

/// The date and the time in `3-2 9:10`, `3/2 910`, `3月2日9点`.
fn split_date(text: &str) -> Option<(&str, &str)> {
    if let Some(at) = text.find('日') {
        return Some((&text[..at], text[at + '日'.len_utf8()..].trim()));
    }
    text.split_once([' ', 'T'])
        .map(|(date, time)| (date, time.trim()))
}

/// `3-2`, `3/2`, `3.2`, `3月2`, `2026-3-2`.
fn month_day(text: &str, today: LocalDate) -> Option<LocalDate> {
    let text = text
        .trim()
        .trim_end_matches('日')
        .replace(['年', '月', '/', '.'], "-");
    let parts: Option<Vec<i32>> = text
        .split('-')
        .map(|part| part.trim().parse().ok())
        .collect();
    match parts?.as_slice() {
        [month, day] => NaiveDate::from_ymd_opt(
            today.year(),
            u32::try_from(*month).ok()?,
            u32::try_from(*day).ok()?,
        ),
        [year, month, day] if *year >= 1970 => NaiveDate::from_ymd_opt(
            *year,
            u32::try_from(*month).ok()?,
            u32::try_from(*day).ok()?,
        ),
        _ => None,
    }
}

/// A date: `3-2`, `0302`, `今`, `明`, `+3` days, `2026-03-02`.
pub fn date(text: &str, now: Instant, zone: Zone) -> Option<LocalDate> {
    let text = narrow(text);
    let today = zone.date(now);
    if let Some(days) = text
        .strip_prefix('+')
        .and_then(|days| days.trim().parse::<i64>().ok())
    {
        return (days < 10_000).then(|| today + Duration::days(days));
    }
    if let (Some(day), "") = day_word(&text, today) {
        return Some(day);
    }
    if text.is_ascii() && text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            4 => NaiveDate::from_ymd_opt(
                today.year(),
                text[..2].parse().ok()?,
                text[2..].parse().ok()?,
            ),
            8 => NaiveDate::from_ymd_opt(
                text[..4].parse().ok()?,
                text[4..6].parse().ok()?,
                text[6..].parse().ok()?,
            ),
            _ => None,
        };
    }
    month_day(&text, today)
}

/// A month: `3`, `2026-3`, `202603`, `上月`, `本月`.
pub fn month(text: &str, now: Instant, zone: Zone) -> Option<String> {
    let text = narrow(text)
        .replace(['年', '/', '.'], "-")
        .replace('月', "");
    let today = zone.date(now);
    let (year, month) = match text.as_str() {
        "本" => (today.year(), today.month()),
        "上" => {
            let last = today.with_day(1)? - Duration::days(1);
            (last.year(), last.month())
        }
        digits if digits.len() == 6 && digits.is_ascii() => {
            (digits[..4].parse().ok()?, digits[4..].parse().ok()?)
        }
        text => match text.split_once('-') {
            Some((year, month)) => (year.parse().ok()?, month.parse().ok()?),
            None => (today.year(), text.parse().ok()?),
        },
    };
    ((1..=12).contains(&month) && (1970..=9999).contains(&year))
        .then(|| format!("{year:04}-{month:02}"))
}

/// Yuan as typed (`35`, `35.5`, `1,200.00`, `35元`) in fen.
pub fn fen(text: &str) -> Option<i64> {
    let text = narrow(text).replace([',', '元', '¥', '￥'], "");
    let (yuan, fen) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if yuan.is_empty() || yuan.len() > 12 || fen.len() > 2 || !digits(yuan) || !digits(fen) {
        return None;
    }
    let cents: i64 = format!("{fen:0<2}").parse().ok()?;
    Some(yuan.parse::<i64>().ok()? * 100 + cents)
}

/// Fen as a person types them.
pub fn yuan(fen: i64) -> String {
    match fen % 100 {
        0 => (fen / 100).to_string(),
        cents => format!("{}.{cents:02}", fen / 100),
    }
}

/// `是`, `y`, `1`… as yes or no.
pub fn flag(text: &str) -> Option<bool> {
    match narrow(text).to_lowercase().as_str() {
        "是" | "y" | "yes" | "true" | "1" | "有" | "困" => Some(true),
        "否" | "n" | "no" | "false" | "0" | "无" | "没有" => Some(false),
        _ => None,
    }
}

/// The parts of a list of short texts: 、 comma, semicolon, line break or blank between them.
pub fn texts(text: &str) -> Vec<String> {
    let parts = text
        .split(['、', ',', '，', ';', '；', '\n'])
        .flat_map(str::split_whitespace);
    parts.map(str::to_owned).collect()
}

/// The items of a list, one a line (or between `；`): their fields in order, blanks between them. A line without
/// blanks may hold several separated by 、. What does not fit goes to the first field.
pub fn items(text: &str, fields: &[Field]) -> Vec<Value> {
    text.split(['\n', ';', '；'])
        .flat_map(|line| {
            let line = line.trim();
            if line.contains(char::is_whitespace) {
                vec![line]
            } else {
                line.split('、').collect()
            }
        })
        .filter(|line| !line.trim().is_empty())
        .flat_map(|line| item(line, fields))
        .collect()
}

/// Fields are read from the end as long as a word fits them; what is left is the first field's. Words of a list that
/// the desk knows (lift cars) are an item each.
fn item(line: &str, fields: &[Field]) -> Vec<Value> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some((first, others)) = fields.split_first() else {
        return Vec::new();
    };
    for taken in (0..=others.len().min(words.len().saturating_sub(1))).rev() {
        let (head, tail) = words.split_at(words.len() - taken);
        if taken == 0 && head.len() > 1 && !first.suggest.is_empty() {
            return head
                .iter()
                .map(|word| serde_json::json!({ first.key: word }))
                .collect();
        }
        let read: Option<Vec<Value>> = others
            .iter()
            .zip(tail)
            .map(|(field, word)| word_value(field, word))
            .collect();
        if let Some(values) = read {
            let mut map = Map::new();
            map.insert(first.key.to_owned(), Value::from(head.join(" ")));
            map.extend(
                others
                    .iter()
                    .zip(values)
                    .map(|(field, value)| (field.key.to_owned(), value)),
            );
            return vec![Value::Object(map)];
        }
    }
    vec![Value::from(line)]
}

fn word_value(field: &Field, word: &str) -> Option<Value> {
    match field.kind {
        Kind::Fen => fen(word).map(Value::from),
        Kind::Integer { .. } => narrow(word).parse::<i64>().ok().map(Value::from),
        Kind::Bool => flag(word).map(Value::from),
        _ => Some(Value::from(word)),
    }
}

/// An instant as the form shows and reads it again.
pub fn instant_text(at: Instant, zone: Zone) -> String {
    let local = zone.local(at);
    let form = if local.second() == 0 {
        "%Y-%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    local.format(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Zone = Zone(chrono_tz::Tz::Asia__Shanghai);

    #[test]
    fn times_as_they_are_typed() {
        let now = ZONE.parse("2026-03-02T09:42:10").unwrap();
        let cases = [
            ("1030", true, "2026-03-02T10:30:00"),
            ("9:10", false, "2026-03-02T09:10:00"),
            ("９：１０", false, "2026-03-02T09:10:00"),
            ("910", false, "2026-03-02T09:10:00"),
            ("091007", false, "2026-03-02T09:10:07"),
            ("+30", true, "2026-03-02T10:12:10"),
            ("-10", false, "2026-03-02T09:32:10"),
            ("+2:00", true, "2026-03-02T11:42:10"),
            ("昨2210", false, "2026-03-01T22:10:00"),
            ("明天 9点半", true, "2026-03-03T09:30:00"),
            ("3-2 9:10", false, "2026-03-02T09:10:00"),
            ("3月1日9点", false, "2026-03-01T09:00:00"),
            ("2025-12-31 23:59", false, "2025-12-31T23:59:00"),
            ("现在", false, "2026-03-02T09:42:10"),
            // Ahead of now, and a time that has passed is asked for: last night's.
            ("2350", false, "2026-03-01T23:50:00"),
            ("1000", false, "2026-03-02T10:00:00"),
        ];
        for (typed, plan, meant) in cases {
            let got = instant(typed, now, ZONE, plan)
                .map(|at| ZONE.local(at).format("%Y-%m-%dT%H:%M:%S").to_string());
            assert_eq!(got.as_deref(), Some(meant), "{typed}");
        }
        for wrong in [
            "",
            "25:00",
            "1061",
            "abc",
            "13-40 9:00",
            "明",
            "12345",
            "+x",
            "周",
        ] {
            assert_eq!(instant(wrong, now, ZONE, true), None, "{wrong}");
        }
    }

    #[test]
    fn a_time_is_read_again_as_it_is_shown() {
        let now = ZONE.parse("2026-03-02T09:42:10").unwrap();
        for at in [now, now.plus_seconds(50), now.plus_hours(-2000)] {
            assert_eq!(instant(&instant_text(at, ZONE), now, ZONE, false), Some(at));
        }
    }

    #[test]
    fn dates_and_months() {
        let now = ZONE.parse("2026-03-02T09:42:10").unwrap();
        for (typed, meant) in [
            ("3-5", "2026-03-05"),
            ("0305", "2026-03-05"),
            ("明", "2026-03-03"),
            ("+3", "2026-03-05"),
            ("2025年2月28日", "2025-02-28"),
        ] {
            assert_eq!(
                date(typed, now, ZONE).map(|d| d.to_string()).as_deref(),
                Some(meant),
                "{typed}"
            );
        }
        assert_eq!(date("2-30", now, ZONE), None);
        for (typed, meant) in [
            ("3", "2026-03"),
            ("2025-12", "2025-12"),
            ("上月", "2026-02"),
            ("202601", "2026-01"),
        ] {
            assert_eq!(month(typed, now, ZONE).as_deref(), Some(meant), "{typed}");
        }
        assert_eq!(month("13", now, ZONE), None);
    }

    #[test]
    fn money_is_typed_in_yuan() {
        for (typed, meant) in [
            ("35", Some(3500)),
            ("35.5", Some(3550)),
            ("35.05", Some(3505)),
            ("1,200", Some(120_000)),
            ("35元", Some(3500)),
            ("35.555", None),
            ("-3", None),
            ("", None),
            ("三十", None),
        ] {
            assert_eq!(fen(typed), meant, "{typed}");
        }
        assert_eq!(yuan(3550), "35.50");
        assert_eq!(yuan(3500), "35");
    }

    #[test]
    fn items_one_a_line() {
        use crate::registers::outage::Car;
        use crate::registers::work_order::QuoteItem;
        let quote = items("角阀 2 35\n人工费", QuoteItem::FIELDS);
        assert_eq!(
            quote,
            [
                serde_json::json!({"name": "角阀", "qty": 2, "price_fen": 3500}),
                serde_json::json!({"name": "人工费"})
            ]
        );
        let cars = items("1#\n3# 是 2", Car::FIELDS);
        assert_eq!(cars.len(), 2);
        assert_eq!(items("1#、2#", Car::FIELDS).len(), 2);
        assert_eq!(items("1# 2# 3#", Car::FIELDS).len(), 3);
        assert_eq!(
            cars[1],
            serde_json::json!({"car": "3#", "trapped": true, "persons": 2})
        );
    }
}
