//! Money and energy: integers and exact decimals, never floats.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::base::i18n::Msg;

/// Money in fen 分.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// In yuan with two places: `56.70`.
    pub fn yuan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!(
            "{sign}{}.{:02}",
            self.0.unsigned_abs() / 100,
            self.0.unsigned_abs() % 100
        )
    }

    /// The sum, unless it leaves the range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

macro_rules! decimal_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Decimal);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

decimal_type! {
    /// Energy in kWh, in steps of 0.01; a string in JSON (`"66.70"`).
    Kwh
}
decimal_type! {
    /// What a meter shows, with the places that were read.
    Reading
}
decimal_type! {
    /// Yuan per kWh, to 0.0001.
    Price
}
decimal_type! {
    /// A load in kW.
    Load
}

impl Kwh {
    /// Rounded half up to 0.01 kWh.
    ///
    /// ```
    /// use dutydesk::base::quantity::Kwh;
    /// assert_eq!(Kwh::rounded("309.9225".parse().unwrap()).to_string(), "309.92");
    /// assert_eq!(Kwh::rounded("0.005".parse().unwrap()).to_string(), "0.01");
    /// ```
    pub fn rounded(value: Decimal) -> Self {
        let mut value = value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        value.rescale(2);
        Self(value)
    }
}

/// The price of an amount of energy, half up to the fen; `None` when it is too large to be money.
///
/// ```
/// use dutydesk::base::quantity::{Fen, Kwh, Price, cost};
/// // 66.70 kWh × 0.85 yuan = 56.695 yuan, half up
/// assert_eq!(cost(Kwh("66.70".parse().unwrap()), Price("0.85".parse().unwrap())), Some(Fen(5670)));
/// ```
pub fn cost(energy: Kwh, price: Price) -> Option<Fen> {
    let yuan = energy.0.checked_mul(price.0)?;
    let fen = yuan
        .checked_mul(Decimal::ONE_HUNDRED)?
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(fen).ok().map(Fen)
}

/// Reads an exact, non-negative decimal.
///
/// # Errors
/// When it is not digits with at most one point, has more than `places` places or more than `digits` digits before
/// the point. Exponents and signs are refused: a number that went through a float is not exact.
pub fn parse_decimal(text: &str, places: u32, digits: usize) -> Result<Decimal, Msg> {
    let wrong = || Msg::new("why.decimal").with("places", i64::from(places));
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() <= digits && fraction.len() <= places as usize;
    if !fits || !all_digits(whole) || !all_digits(fraction) || text.ends_with('.') {
        return Err(wrong());
    }
    text.parse().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_digits_are_a_decimal() {
        for (text, places, fine) in [
            ("1234.50", 2, true),
            ("12", 0, true),
            ("1e3", 2, false),
            ("-1", 2, false),
            ("+1", 2, false),
            ("1.234", 2, false),
            (".5", 2, false),
            ("5.", 2, false),
            ("", 2, false),
            ("NaN", 2, false),
            ("１２", 2, false),
            ("1234567890123", 2, false),
        ] {
            assert_eq!(parse_decimal(text, places, 12).is_ok(), fine, "{text}");
        }
        assert_eq!(
            parse_decimal("1234.50", 2, 12).unwrap().to_string(),
            "1234.50",
            "the places typed are kept"
        );
    }

    #[test]
    fn fen_print_as_yuan() {
        assert_eq!(
            [Fen(5670), Fen(5), Fen(0), Fen(-105)].map(Fen::yuan),
            ["56.70", "0.05", "0.00", "-1.05"]
        );
    }
}
