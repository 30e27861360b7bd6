//! Money in capital numerals 人民币大写, as bills and receipts must show it.

use crate::base::quantity::Fen;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "兆", "京"];

/// `5670` fen → `伍拾陆元柒角整`; zero is `零元整`, a negative sum begins with 负.
pub fn capital(money: Fen) -> String {
    let fen = money.0.unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut out = String::new();
    if money.0 < 0 {
        out.push('负');
    }
    if yuan > 0 || (jiao == 0 && fen == 0) {
        out.push_str(&whole(yuan));
        out.push('元');
    }
    match (jiao, fen) {
        (0, 0) => out.push('整'),
        (jiao, 0) => {
            out.push(digit(jiao));
            out.push_str("角整");
        }
        (jiao, fen) => {
            // A gap between yuan and fen is spoken.
            if jiao > 0 || yuan > 0 {
                out.push(digit(jiao));
            }
            if jiao > 0 {
                out.push('角');
            }
            out.push(digit(fen));
            out.push('分');
        }
    }
    out
}

fn digit(n: u64) -> char {
    DIGITS[usize::try_from(n % 10).unwrap_or(0)]
}

/// A whole number; one 零 stands for every run of zeros inside it.
fn whole(n: u64) -> String {
    if n == 0 {
        return "零".to_owned();
    }
    let mut out = String::new();
    let mut gap = false;
    for (group, name) in GROUPS.iter().enumerate().rev() {
        let unit = 10_000_u64.saturating_pow(u32::try_from(group).unwrap_or(0));
        let part = n / unit % 10_000;
        if part == 0 {
            gap |= !out.is_empty();
            continue;
        }
        for place in (0..4_u32).rev() {
            let d = part / 10_u64.pow(place) % 10;
            if d == 0 {
                gap |= !out.is_empty();
                continue;
            }
            if std::mem::take(&mut gap) {
                out.push('零');
            }
            out.push(digit(d));
            out.push_str(PLACES[usize::try_from(place).unwrap_or(0)]);
        }
        // Zeros at the end of a group are silent before its name.
        gap = false;
        out.push_str(name);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_written_as_a_bank_wants_them() {
        for (fen, words) in [
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角整"),
            (105, "壹元零伍分"),
            (5670, "伍拾陆元柒角整"),
            (5671, "伍拾陆元柒角壹分"),
            (100_000, "壹仟元整"),
            (100_100, "壹仟零壹元整"),
            (1_000_100, "壹万零壹元整"),
            (10_000_000, "壹拾万元整"),
            (10_010_000, "壹拾万零壹佰元整"),
            (1_000_000_000_001, "壹佰亿元零壹分"),
            (-1_720, "负壹拾柒元贰角整"),
        ] {
            assert_eq!(capital(Fen(fen)), words, "{fen}");
        }
    }
}
