//! Where a value lies on an axis, and which values the axis names.

/// The steps of an axis in each power of ten.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    kind: Kind,
    /// Places of the least and the most value.
    from: f64,
    to: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// From 0 to `most`.
    Linear { most: f64, step: f64 },
    /// By the size of values, not their difference.
    Logarithmic { least: f64, most: f64 },
}

impl Scale {
    /// An axis from 0 to at least `most`, with about `ticks` steps.
    pub(super) fn linear(most: f64, ticks: usize, from: f64, to: f64) -> Self {
        let most = if most > 0.0 { most } else { 1.0 };
        let step = step_at_least(most / ticks as f64);
        Self { kind: Kind::Linear { most: (most / step).ceil() * step, step }, from, to }
    }

    /// An axis that holds `least` to `most`, both above 0, and ends on steps.
    pub(super) fn logarithmic(least: f64, most: f64, from: f64, to: f64) -> Self {
        let (least, most) = (step_at_most(least), step_at_least(most));
        let most = if most > least { most } else { least * 10.0 };
        Self { kind: Kind::Logarithmic { least, most }, from, to }
    }

    /// An axis that ends exactly at `least` and `most`, both above 0.
    pub(super) fn logarithmic_between(least: f64, most: f64, from: f64, to: f64) -> Self {
        let most = if most > least { most } else { least * 10.0 };
        Self { kind: Kind::Logarithmic { least, most }, from, to }
    }

    /// Values outside lie at the ends.
    pub(super) fn place(&self, value: f64) -> f64 {
        let part = match self.kind {
            Kind::Linear { most, .. } => value / most,
            Kind::Logarithmic { least, most } => (value.max(least) / least).ln() / (most / least).ln(),
        };
        self.from + (self.to - self.from) * part.clamp(0.0, 1.0)
    }

    pub(super) fn ticks(&self) -> Vec<f64> {
        match self.kind {
            Kind::Linear { most, step } => {
                let mut ticks = Vec::new();
                while ticks.len() as f64 * step < most * 1.001 {
                    ticks.push(ticks.len() as f64 * step);
                }
                ticks
            }
            Kind::Logarithmic { least, most } => {
                let mut ticks = vec![step_at_least(least)];
                while let Some(next) = ticks.last().map(|last| step_at_least(last * 1.01)) {
                    if next > most * 1.001 {
                        break;
                    }
                    ticks.push(next);
                }
                ticks
            }
        }
    }
}

fn power_below(value: f64) -> f64 {
    10f64.powf((value.log10() + 1e-9).floor())
}

/// The least 1, 2 or 5 times a power of ten that is not below `value`.
fn step_at_least(value: f64) -> f64 {
    let power = power_below(value);
    let step = STEPS.iter().map(|step| step * power).find(|step| *step >= value * (1.0 - 1e-9));
    step.unwrap_or(power * 10.0)
}

fn step_at_most(value: f64) -> f64 {
    let power = power_below(value);
    let step = STEPS.iter().rev().map(|step| step * power).find(|step| *step <= value * (1.0 + 1e-9));
    step.unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(values: &[f64]) -> Vec<f64> {
        values.iter().map(|value| (value * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn a_linear_axis_begins_at_nothing_and_ends_on_a_step() {
        let scale = Scale::linear(26.0, 5, 100.0, 400.0);
        assert_eq!(scale.ticks(), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!([0.0, 15.0, 30.0, 99.0].map(|value| scale.place(value)), [100.0, 250.0, 400.0, 400.0]);
        assert_eq!(rounded(&Scale::linear(0.35, 4, 0.0, 1.0).ticks()), [0.0, 0.1, 0.2, 0.3, 0.4]);
        assert_eq!(Scale::linear(0.0, 2, 0.0, 1.0).ticks(), [0.0, 0.5, 1.0]);
    }

    #[test]
    fn a_logarithmic_axis_shows_ratios_as_distances() {
        let scale = Scale::logarithmic(0.12, 9.3, 0.0, 100.0);
        assert_eq!(rounded(&scale.ticks()), [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]);
        assert_eq!(rounded(&[0.1, 1.0, 10.0].map(|value| scale.place(value))), [0.0, 50.0, 100.0]);
    }

    #[test]
    fn an_axis_of_one_value_has_a_length() {
        let scale = Scale::logarithmic_between(100.0, 100.0, 0.0, 1.0);
        assert_eq!(scale.place(100.0), 0.0);
        assert_eq!(rounded(&Scale::logarithmic(1.0, 1.0, 0.0, 1.0).ticks()), [1.0, 2.0, 5.0, 10.0]);
    }
}
