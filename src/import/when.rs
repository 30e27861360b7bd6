//! Dates and times of day in the shapes people write them.

use chrono::{NaiveDate, NaiveTime};

/// A date and, where it was written, a time of day.
pub type When = (NaiveDate, Option<NaiveTime>);

/// Full-width digits, letters and signs as half-width ones.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// The half of the day that a word names.
#[derive(Clone, Copy, PartialEq)]
enum Half {
    Morning,
    Noon,
    Afternoon,
}

const HALVES: &[(&str, Half)] = &[
    ("凌晨", Half::Morning),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("上午", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::Afternoon),
    ("傍晚", Half::Afternoon),
    ("晚上", Half::Afternoon),
    ("晚间", Half::Afternoon),
    ("am", Half::Morning),
    ("pm", Half::Afternoon),
];

/// A run of digits and the sign after it.
struct Run {
    value: u32,
    len: usize,
    after: char,
}

fn runs(text: &str) -> Option<Vec<Run>> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        match (c.to_digit(10), open) {
            (Some(digit), true) => {
                let run = runs.last_mut()?;
                run.value = run.value.checked_mul(10)?.checked_add(digit)?;
                run.len += 1;
            }
            (Some(digit), false) => {
                runs.push(Run {
                    value: digit,
                    len: 1,
                    after: '\0',
                });
                open = true;
            }
            (None, _) => {
                open = false;
                let allowed = matches!(
                    c,
                    '-' | '/'
                        | '.'
                        | ':'
                        | ' '
                        | 't'
                        | '年'
                        | '月'
                        | '日'
                        | '号'
                        | '时'
                        | '点'
                        | '分'
                        | '秒'
                );
                if !allowed {
                    return None;
                }
                // Of several signs in a row the first that says something counts.
                if let Some(run) = runs.last_mut()
                    && matches!(run.after, '\0' | ' ')
                {
                    run.after = c;
                }
            }
        }
    }
    Some(runs)
}

/// The text without what only decorates a date, and the half of the day it names.
fn plain(text: &str) -> (String, Option<Half>) {
    let mut text = half_width(text).trim().to_lowercase();
    let mut half = None;
    for (word, which) in HALVES {
        if text.contains(word) {
            text = text.replace(word, " ");
            half = Some(*which);
        }
    }
    for week in ["星期", "礼拜", "周"] {
        while let Some(at) = text.find(week) {
            let rest = text.get(at + week.len()..).unwrap_or_default();
            let day = rest.chars().next().map_or(0, char::len_utf8);
            text.replace_range(at..at + week.len() + day, " ");
        }
    }
    let text = text
        .replace("点半", "点30分")
        .replace('整', "")
        .replace("()", "")
        .replace(['—', '–'], "-");
    (text, half)
}

fn time_of(runs: &[Run], half: Option<Half>) -> Option<Option<NaiveTime>> {
    let (hour, minute, second) = match runs {
        [] => return Some(None),
        [hour] if matches!(hour.after, '时' | '点') || half.is_some() && hour.len <= 2 => {
            (hour.value, 0, 0)
        }
        [one] if one.len == 4 => (one.value / 100, one.value % 100, 0),
        [one] if one.len == 6 => (one.value / 10_000, one.value / 100 % 100, one.value % 100),
        [hour, minute] if matches!(hour.after, ':' | '时' | '点') => {
            (hour.value, minute.value, 0)
        }
        [hour, minute, second] if matches!(hour.after, ':' | '时' | '点') => {
            (hour.value, minute.value, second.value)
        }
        _ => return None,
    };
    let hour = match half {
        Some(Half::Afternoon) if hour < 12 => hour + 12,
        Some(Half::Noon) if hour < 3 => hour + 12,
        Some(Half::Morning) if hour == 12 => 0,
        _ => hour,
    };
    // 24:00 is the last moment that a log names on a day.
    let (hour, minute, second) = if (hour, minute, second) == (24, 0, 0) {
        (23, 59, 59)
    } else {
        (hour, minute, second)
    };
    NaiveTime::from_hms_opt(hour, minute, second).map(Some)
}

/// A time of day alone: `14:30`, `下午2点半`.
pub fn time(text: &str) -> Option<NaiveTime> {
    let (text, half) = plain(text);
    let runs = runs(&text)?;
    let marked = runs
        .first()
        .is_some_and(|run| matches!(run.after, ':' | '时' | '点'));
    if marked || half.is_some() {
        time_of(&runs, half)?
    } else {
        None
    }
}

/// A date, with or without a time of day. `year` is taken where none is written.
pub fn moment(text: &str, year: Option<i32>) -> Option<When> {
    let (text, half) = plain(text);
    let runs = runs(&text)?;
    let (year, month, day, rest) = date_of(&runs, year)?;
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    if !(1970..=2200).contains(&year) {
        return None;
    }
    Some((date, time_of(rest, half)?))
}

/// Whether the text would be a date if only its year were known.
pub fn lacks_year(text: &str) -> bool {
    moment(text, None).is_none() && moment(text, Some(2024)).is_some()
}

fn date_of(runs: &[Run], year: Option<i32>) -> Option<(i32, u32, u32, &[Run])> {
    let signed = |value: u32| i32::try_from(value).ok();
    let between = |c: char| matches!(c, '-' | '/' | '.' | '年');
    match runs {
        [one, rest @ ..] if one.len == 8 => Some((
            signed(one.value / 10_000)?,
            one.value / 100 % 100,
            one.value % 100,
            rest,
        )),
        [y, m, d, rest @ ..]
            if y.len == 4 && between(y.after) && matches!(m.after, '-' | '/' | '.' | '月') =>
        {
            Some((signed(y.value)?, m.value, d.value, rest))
        }
        // 26年3月2日, 26.3.2: only where the first can be nothing but a year.
        [y, m, d, rest @ ..]
            if y.len == 2
                && d.len <= 2
                && (y.after == '年' || between(y.after) && y.value > 12)
                && matches!(m.after, '-' | '/' | '.' | '月') =>
        {
            Some((2000 + signed(y.value)?, m.value, d.value, rest))
        }
        // 3/2/2026, as some exports write it.
        [m, d, y, rest @ ..] if y.len == 4 && m.after == '/' && d.after == '/' => {
            Some((signed(y.value)?, m.value, d.value, rest))
        }
        [m, d, rest @ ..]
            if m.len <= 2
                && d.len <= 2
                && matches!(m.after, '月' | '-' | '/' | '.')
                && matches!(d.after, '日' | '号' | ' ' | '\0' | 't') =>
        {
            Some((year?, m.value, d.value, rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_the_shapes_people_write() {
        for (text, want) in [
            ("2026-03-02", "2026-03-02"),
            ("2026-3-2", "2026-03-02"),
            ("2026/3/2 14:30", "2026-03-02 14:30:00"),
            ("2026/03/02 14:30:15", "2026-03-02 14:30:15"),
            ("2026.03.02", "2026-03-02"),
            ("2026.3.2 9:05", "2026-03-02 09:05:00"),
            ("2026年3月2日", "2026-03-02"),
            ("2026年03月02日14时30分", "2026-03-02 14:30:00"),
            ("2026年3月2日下午2点30分", "2026-03-02 14:30:00"),
            ("2026年3月2日 下午2点半", "2026-03-02 14:30:00"),
            ("2026年3月2日上午9点", "2026-03-02 09:00:00"),
            ("2026年3月2日中午12点", "2026-03-02 12:00:00"),
            ("2026年3月2日凌晨12点10分", "2026-03-02 00:10:00"),
            ("2026年3月2日晚上8点整", "2026-03-02 20:00:00"),
            ("2026-03-02 周一", "2026-03-02"),
            ("2026-03-02 14:30 周一", "2026-03-02 14:30:00"),
            ("2026-03-02（星期一）", ""),
            ("2026-03-02T14:30", "2026-03-02 14:30:00"),
            ("２０２６－３－２", "2026-03-02"),
            ("20260302", "2026-03-02"),
            ("20260302 1430", "2026-03-02 14:30:00"),
            ("26.3.2", "2026-03-02"),
            ("26年3月2日", "2026-03-02"),
            ("3/2/2026", "2026-03-02"),
            ("3月2日", "2025-03-02"),
            ("3月2日 8:15", "2025-03-02 08:15:00"),
            ("3/2", "2025-03-02"),
            ("2026-03-02 24:00", "2026-03-02 23:59:59"),
            ("2026-02-30", ""),
            ("2/3/26", ""),
            ("2026-3", ""),
            ("已修好", ""),
            ("3栋1203", ""),
            ("13900000000", ""),
            ("", ""),
        ] {
            let got = moment(text, Some(2025)).map_or_else(String::new, |(day, time)| {
                time.map_or_else(|| day.to_string(), |time| format!("{day} {time}"))
            });
            assert_eq!(got, want, "{text}");
        }
        assert!(lacks_year("3月2日") && !lacks_year("2026年3月2日") && !lacks_year("水工班"));
    }

    #[test]
    fn a_time_of_day_alone() {
        for (text, want) in [
            ("14:30", "14:30:00"),
            ("9:05", "09:05:00"),
            ("下午2点半", "14:30:00"),
            ("14时30分", "14:30:00"),
            ("2:30 PM", "14:30:00"),
            ("水工班", ""),
            ("2026-03-02", ""),
        ] {
            let got = time(text).map_or_else(String::new, |time| time.to_string());
            assert_eq!(got, want, "{text}");
        }
    }
}
