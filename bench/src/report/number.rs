//! Numbers for people: three significant digits, thousands set apart.

/// `0.0463`, `1.04`, `17.8`, `465`, `28,082`.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    let decimals = if size >= 99.95 {
        0
    } else if size >= 9.995 {
        1
    } else if size >= 0.9995 || size == 0.0 {
        2
    } else if size >= 0.09995 {
        3
    } else {
        4
    };
    let text = format!("{value:.decimals$}");
    match text.split_once('.') {
        Some(_) => text,
        None => with_thousands(&text),
    }
}

/// The same without digits that say nothing, for the ticks of an axis.
pub(crate) fn short(value: f64) -> String {
    let text = number(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `100,000` for an axis or a count.
pub(crate) fn count(value: usize) -> String {
    with_thousands(&value.to_string())
}

fn with_thousands(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits() {
        let expected = [
            (0.046_31, "0.0463"),
            (0.999_4, "0.999"),
            (0.999_9, "1.00"),
            (9.996, "10.0"),
            (17.77, "17.8"),
            (99.96, "100"),
            (465.4, "465"),
            (28_082.0, "28,082"),
            (1_234_567.0, "1,234,567"),
            (-1_710.0, "-1,710"),
            (0.0, "0.00"),
        ];
        for (value, text) in expected {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn ticks_have_no_digits_that_say_nothing() {
        let ticks = [0.0, 0.1, 0.25, 1.0, 20.0, 100.0, 5_000.0];
        assert_eq!(ticks.map(short), ["0", "0.1", "0.25", "1", "20", "100", "5,000"]);
    }

    #[test]
    fn counts_keep_all_their_digits() {
        assert_eq!(count(100), "100");
        assert_eq!(count(200_000), "200,000");
    }
}
