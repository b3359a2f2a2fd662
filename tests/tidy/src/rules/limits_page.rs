//! The page of all limits says what the source says.
//!
//! A name in backticks is known by its shape, wherever it stands: `Type::option`, `hubcast_metric{label="value"}`, `CONSTANT`,
//! `file.rs::test`. A constant is one of `limits.rs`, or of the file that it links to; its value is the second cell of its row.

use super::links::resolve;
use crate::breach::Breach;
use crate::repository::File;

const FOLDER: &str = "server/docs";
const PAGE: &str = "server/docs/limits.md";
const LIMITS: &str = "server/src/limits.rs";
const SOURCE: &str = "server/src/";
/// Words in the names of metrics that count what went over a limit.
const OVER_A_LIMIT: [&str; 6] = ["refused", "timed_out", "limited", "floods", "slow_consumers", "dropped"];

/// Every limit, and every metric that counts what went over one, is on the page; every option, metric, test and constant
/// on it exists, and each constant has the value that its row gives.
pub fn the_limits_page_is_true(files: &[File]) -> Vec<Breach> {
    let page = text_of(files, PAGE);
    let mut breaches = Vec::new();
    for (index, line) in page.lines().enumerate() {
        let default = line.split('|').nth(2).map_or("", str::trim);
        for what in names(line).filter_map(|name| name.problem(files, default)) {
            let advice = "Correct the page, or the source where that is what is wrong.";
            breaches.push(Breach::at_line(PAGE, index + 1, what, advice));
        }
    }
    let limits = text_of(files, LIMITS).split("pub(crate) const ").skip(1);
    let limits = limits.filter_map(|code| Some((LIMITS, code.split_once(':')?.0)));
    for (path, name) in limits.chain(metrics_over_limits(files)) {
        let is_named = |of: Name<'_>| of.link.is_none() && of.without_labels() == name;
        if !page.lines().flat_map(names).any(is_named) {
            let advice = "Give it a row in server/docs/limits.md, with its default, option, metric and test.";
            breaches.push(Breach::in_file(path, format!("{name} is not on the page of limits"), advice));
        }
    }
    breaches
}

/// Those in the source, each with its file.
fn metrics_over_limits(files: &[File]) -> impl Iterator<Item = (&str, &str)> {
    let quoted = source(files).flat_map(|file| file.text.split('"').map(|text| (file.path.as_str(), text)));
    quoted.filter(|(_, text)| {
        let is_name = text.chars().all(|character| character.is_alphanumeric() || character == '_');
        text.starts_with("hubcast_") && is_name && OVER_A_LIMIT.iter().any(|word| text.contains(word))
    })
}

/// What stands in backticks, and where it links to.
struct Name<'p> {
    text: &'p str,
    link: Option<&'p str>,
}

fn names(line: &str) -> impl Iterator<Item = Name<'_>> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let (_, from_name) = rest.split_once('`')?;
        let (text, behind) = from_name.split_once('`')?;
        rest = behind;
        let link = behind.strip_prefix("](").and_then(|target| target.split(')').next());
        Some(Name { text, link })
    })
}

impl Name<'_> {
    /// What is wrong with it in a row with this default.
    fn problem(&self, files: &[File], default: &str) -> Option<String> {
        let text = self.text;
        if let Some((file, test)) = text.split_once(".rs::") {
            let path = path_of_test(file);
            let is_there = text_of(files, &path).contains(&format!("fn {test}("));
            (!is_there).then(|| format!("{path} has no test {test}"))
        } else if let Some((owner, option)) = text.split_once("::") {
            let is_there = source(files).any(|file| has_option(&file.text, owner, option));
            (!is_there).then(|| format!("{SOURCE} has no option {text}"))
        } else if text.starts_with("hubcast_") {
            let is_there = source(files).any(|file| has_metric(&file.text, text));
            (!is_there).then(|| format!("{SOURCE} has no metric {text}"))
        } else if is_constant(text) {
            let path = self.link.map_or(Some(LIMITS.to_owned()), |target| resolve(FOLDER, target))?;
            let values = values_of(text_of(files, &path), text);
            let is_true = values.iter().any(|value| value == default);
            (!is_true).then(|| format!("{text} in {path} is {values:?}, not {default:?}"))
        } else {
            None
        }
    }

    fn without_labels(&self) -> &str {
        self.text.split('{').next().unwrap_or_default()
    }
}

/// The file of a test, which the page names below `server/tests`, or below `server` or the root where it is no test of
/// the server's sockets.
fn path_of_test(file: &str) -> String {
    match file.split('/').next() {
        Some("protocol") => format!("{file}.rs"),
        Some("src") => format!("server/{file}.rs"),
        _ => format!("server/tests/{file}.rs"),
    }
}

fn is_constant(name: &str) -> bool {
    let belongs =
        |character: char| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_';
    !name.is_empty() && name.chars().all(belongs)
}

fn has_option(code: &str, owner: &str, option: &str) -> bool {
    let is_public = ["(", "<"].iter().any(|after| code.contains(&format!("pub fn {option}{after}")));
    is_public && code.contains(&format!("impl {owner} {{"))
}

/// Whether the metric and its labels, with their values, are in the source as texts.
fn has_metric(code: &str, metric: &str) -> bool {
    let parts = metric.split(['{', '}', '=', ',', '"']).filter(|part| !part.is_empty());
    parts.into_iter().all(|part| code.contains(&format!("\"{part}\"")))
}

/// How the page may write the value of a constant; nothing if there is none, or none that can be read.
fn values_of(code: &str, name: &str) -> Vec<String> {
    let Some((_, from_type)) = code.split_once(&format!("const {name}: ")) else { return Vec::new() };
    let Some((_, value)) = from_type.split(';').next().unwrap_or_default().split_once(" = ") else {
        return Vec::new();
    };
    if let Some(seconds) = value.strip_prefix("Duration::from_secs(") {
        return vec![format!("{} s", seconds.trim_end_matches(')'))];
    }
    let factors: Option<Vec<u64>> =
        value.split('*').map(|factor| factor.trim().replace('_', "").parse().ok()).collect();
    let Some(factors) = factors else { return Vec::new() };
    let number = factors.iter().product();
    let units =
        [(1 << 20, "MiB"), (1 << 10, "KiB")].into_iter().filter(|(size, _)| number > 0 && number % size == 0);
    units.map(|(size, unit)| format!("{} {unit}", number / size)).chain([with_commas(number)]).collect()
}

fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn source(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.path.starts_with(SOURCE))
}

/// The text of a file, which is empty where there is none.
fn text_of<'f>(files: &'f [File], path: &str) -> &'f str {
    files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "| Calls | 64 KiB | `Options::calls` | 429 | `hubcast_refused_calls_total{of=\"all\"}` | \
                       `calls.rs::too_many` | `CALLS` |";

    #[test]
    fn a_page_that_says_what_the_source_says_passes() {
        assert_eq!(problems(ROW), [""; 0]);
        let elsewhere =
            "| Depth | 1,000 | – | closed | – | `src/depth.rs::too_deep` | [`DEPTH`](../src/depth.rs) |";
        assert_eq!(problems(&format!("{ROW}\nSee `word`, [`a`](b).\n```rust\nA\n```\n{elsewhere}")), [""; 0]);
    }

    #[test]
    fn a_limit_and_a_metric_without_a_row_are_found() {
        let missing = [
            "CALLS is not on the page of limits",
            "hubcast_refused_calls_total is not on the page of limits",
        ];
        assert_eq!(problems("# Limits"), missing);
    }

    #[test]
    fn each_name_that_is_nowhere_is_found() {
        for (name, wrong, problem) in [
            ("Options::calls", "Options::hidden", "server/src/ has no option Options::hidden"),
            ("Options::calls", "Other::calls", "server/src/ has no option Other::calls"),
            ("calls.rs::too_many", "calls.rs::gone", "server/tests/calls.rs has no test gone"),
            ("calls.rs::too_many", "gone.rs::too_many", "server/tests/gone.rs has no test too_many"),
        ] {
            assert_eq!(problems(&ROW.replace(name, wrong)), [problem]);
        }
        let metric =
            problems(&format!("{ROW}\n`hubcast_gone_total`, `hubcast_refused_calls_total{{of=\"none\"}}`"));
        let expected = ["hubcast_gone_total", "hubcast_refused_calls_total{of=\"none\"}"];
        assert_eq!(metric, expected.map(|name| format!("server/src/ has no metric {name}")));
    }

    #[test]
    fn another_default_than_the_constants_is_found() {
        let found = problems(&ROW.replace("64 KiB", "64 MiB"));
        assert_eq!(found, [r#"CALLS in server/src/limits.rs is ["64 KiB", "65,536"], not "64 MiB""#]);
        let gone = problems(&format!("{ROW}\n| A | 1 | [`GONE`](../src/depth.rs) |"));
        assert_eq!(gone, [r#"GONE in server/src/depth.rs is [], not "1""#]);
    }

    #[test]
    fn values_are_written_as_people_write_them() {
        let code =
            "const A: u32 = 1_048_576; const B: Duration = Duration::from_secs(15); const C: u8 = of(2);";
        assert_eq!(values_of(code, "A"), ["1 MiB", "1024 KiB", "1,048,576"]);
        assert_eq!(values_of(code, "B"), ["15 s"]);
        assert_eq!(values_of(code, "C"), [""; 0]);
    }

    fn problems(page: &str) -> Vec<String> {
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let files = [
            file(PAGE, page),
            file(LIMITS, "pub(crate) const CALLS: usize = 64 * 1024;"),
            file("server/src/options.rs", "impl Options { pub fn calls(self) {} fn hidden(self) {} }"),
            file(
                "server/src/meters.rs",
                r#"counter!("hubcast_refused_calls_total", "of" => "all"); "hubcast_calls""#,
            ),
            file("server/src/depth.rs", "const DEPTH: u32 = 1_000; fn too_deep() {}"),
            file("server/tests/calls.rs", "async fn too_many() {}"),
        ];
        the_limits_page_is_true(&files).into_iter().map(|breach| breach.what).collect()
    }
}
