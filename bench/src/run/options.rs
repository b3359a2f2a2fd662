//! The command line of `hub-bench run`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;

use super::contender::{Contender, PEER_LIMIT};
use super::error::RunError;
use super::growth::{SERIES, Series};
use super::scenario::{FIRST_PING, Load, ROWS, Scenario};
use super::way::Http;

/// Stands for all rows.
const ALL: &str = "all";
const ROUNDS: u32 = 3;
const SECONDS: f64 = 3.0;
const QUICK_SECONDS: f64 = 1.0;
/// How long idle connections are held: until each has been pinged, and a while for a server that takes its turn late.
const HOLD: f64 = FIRST_PING + 5.0;
const LOAD_WARM_UP: f64 = 1.0;

/// Starts servers and load in turn, and writes a table and plots of what a message costs each server.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// The rows and series to measure; `all` stands for all rows, as does no name at all.
    #[arg(value_name = "ROW", value_parser = PossibleValuesParser::new(names()), hide_possible_values = true)]
    rows: Vec<String>,
    /// Prints the rows and series and what each of them measures.
    #[arg(long)]
    pub(crate) list: bool,
    /// How often each row goes round the servers, after a round that warms up and is not counted [default: 3].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: Option<u32>,
    /// How long each load is measured [default: 3]. Idle connections are held for 20 seconds at least, so that each of
    /// them is pinged, but with --quick only so long.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    seconds: Option<f64>,
    /// A core set of rows in one round of one second each: about two minutes.
    #[arg(long)]
    quick: bool,
    /// The series of growth, over up to 18,000 connections and 200,000 streams; without names, only these.
    #[arg(long)]
    growth: bool,
    /// Where samples, table and plots are written. Samples of an earlier run there are kept under another name.
    #[arg(long, value_name = "DIR", default_value = "target/bench", overrides_with = "out")]
    pub(crate) out: PathBuf,
    /// Samples of an earlier run (its samples.jsonl) to compare with.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Hubcast's bench-server; without this option the one beside this program.
    #[arg(long, value_name = "PATH")]
    pub(crate) server: Option<PathBuf>,
    /// A server to compare with; repeat it for more. COMMAND starts it, with `{port}` where its first port goes.
    ///
    /// LAYOUT says where it listens: `apart` (the default) is HTTP/1.1 at the port, HTTP/2 in clear text at the
    /// next one and TLS at the one after that; `both` is HTTP/1.1 and HTTP/2 at the port, TLS two above; `h1` is
    /// HTTP/1.1 in clear text alone. Its hub is at /bench. The command must become the server (`exec` in a script).
    #[arg(long = "peer", value_name = "NAME[:LAYOUT]=COMMAND")]
    pub(crate) peers: Vec<Contender>,
}

/// What is to be measured, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Selection {
    pub(crate) scenarios: Vec<Scenario>,
    pub(crate) series: Vec<Series>,
    pub(crate) rounds: u32,
    pub(crate) seconds: f64,
    /// Seconds that idle connections are held.
    pub(crate) hold: f64,
    /// Seconds of each load before it is measured.
    pub(crate) load_warm_up: f64,
    /// A round that is not counted.
    pub(crate) warm_up: bool,
}

impl Options {
    pub(crate) fn selection(&self) -> Selection {
        let is_named = |name: &str| self.rows.iter().any(|row| row == name);
        let all = is_named(ALL) || (self.rows.is_empty() && !self.growth && !self.quick);
        let core = self.quick && self.rows.is_empty();
        let chosen = |row: &&Scenario| all || (core && row.core) || is_named(row.name);
        let grows = |series: &&Series| self.growth || is_named(series.name());
        let seconds = self.seconds.unwrap_or(if self.quick { QUICK_SECONDS } else { SECONDS });
        Selection {
            scenarios: ROWS.iter().filter(chosen).copied().collect(),
            series: SERIES.iter().filter(grows).copied().collect(),
            rounds: self.rounds.unwrap_or(if self.quick { 1 } else { ROUNDS }),
            seconds,
            hold: if self.quick { seconds } else { seconds.max(HOLD) },
            load_warm_up: LOAD_WARM_UP,
            warm_up: true,
        }
    }

    /// Refuses peers that the report could not tell apart.
    pub(crate) fn check(&self) -> Result<(), RunError> {
        if self.peers.len() > PEER_LIMIT {
            return Err(RunError::Options(format!("a run takes {PEER_LIMIT} peers at most")));
        }
        for (index, peer) in self.peers.iter().enumerate() {
            if self.peers[..index].iter().any(|other| other.name == peer.name) {
                return Err(RunError::Options(format!("two peers have the name {}", peer.name)));
            }
        }
        Ok(())
    }
}

impl Selection {
    /// Seconds that the load of `scenario` is measured, or held.
    pub(crate) fn seconds_of(&self, scenario: &Scenario) -> f64 {
        if scenario.load == Load::Idle { self.hold } else { self.seconds }
    }

    /// Every row and every series with a handful of connections, to see that all of it runs.
    pub(crate) fn toy() -> Self {
        Self {
            scenarios: ROWS.iter().map(|row| row.as_toy()).collect(),
            series: SERIES.iter().map(|series| series.as_toy()).collect(),
            rounds: 1,
            seconds: 0.1,
            hold: 0.1,
            load_warm_up: 0.02,
            warm_up: false,
        }
    }
}

/// The list for `--list`.
pub(crate) fn list() -> String {
    let line = |name: &str, what: &str| format!("{name:<22} {what}\n");
    let rows = ROWS.iter().map(|row| line(row.name, row.what));
    let series = SERIES.iter().map(|series| {
        let most = series.points.last().copied().unwrap_or_default();
        let over = match series.first.way.http {
            Http::H1 => "connections on HTTP/1.1",
            Http::H2 => "streams on HTTP/2, 100 on each connection",
        };
        line(series.name(), &format!("{}, over up to {most} {over}", series.first.what))
    });
    rows.chain(series).collect()
}

fn names() -> Vec<&'static str> {
    let rows = ROWS.iter().map(|row| row.name);
    rows.chain(SERIES.iter().map(Series::name)).chain([ALL]).collect()
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    if (0.1..=600.0).contains(&seconds) { Ok(seconds) } else { Err("it is not from 0.1 to 600".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::run::scenario;

    #[derive(Parser)]
    struct CommandLine {
        #[command(flatten)]
        options: Options,
    }

    fn parse(words: &[&str]) -> Result<Options, clap::Error> {
        let words = ["run"].iter().chain(words);
        CommandLine::try_parse_from(words).map(|line| line.options)
    }

    fn selection(words: &[&str]) -> Selection {
        parse(words).expect("the options are right").selection()
    }

    fn names_of(selection: &Selection) -> Vec<&'static str> {
        let rows = selection.scenarios.iter().map(|row| row.name);
        rows.chain(selection.series.iter().map(Series::name)).collect()
    }

    #[test]
    fn without_names_all_rows_are_measured_three_times() {
        let all = selection(&[]);
        assert_eq!(all.scenarios, ROWS);
        assert_eq!((all.series.len(), all.rounds, all.seconds, all.warm_up), (0, 3, 3.0, true));
    }

    #[test]
    fn names_choose_rows_and_series_in_the_order_of_the_table() {
        assert_eq!(names_of(&selection(&["growth-idle", "storm", "echo"])), ["echo", "storm", "growth-idle"]);
    }

    #[test]
    fn quick_is_the_core_set_in_one_short_round() {
        let quick = selection(&["--quick"]);
        assert!(quick.scenarios.iter().all(|row| row.core) && !quick.scenarios.is_empty());
        assert_eq!((quick.rounds, quick.seconds), (1, 1.0));
        assert_eq!(names_of(&selection(&["--quick", "tls-idle"])), ["tls-idle"]);
        assert_eq!(selection(&["--quick", "--rounds", "2", "--seconds", "0.5"]).rounds, 2);
    }

    #[test]
    fn idle_connections_are_held_until_each_was_pinged_where_time_is_not_short() {
        let held = |words: &[&str]| {
            let selection = selection(words);
            let seconds = |row| selection.seconds_of(scenario::named(row).expect("it is a row"));
            (seconds("idle"), seconds("echo"))
        };
        assert_eq!(held(&[]), (20.0, 3.0));
        assert_eq!(held(&["--seconds", "0.5"]), (20.0, 0.5));
        assert_eq!(held(&["--seconds", "30"]), (30.0, 30.0));
        assert_eq!(held(&["--quick"]), (1.0, 1.0));
        assert_eq!(held(&["--quick", "--seconds", "30"]), (30.0, 30.0));
    }

    #[test]
    fn growth_is_all_series_and_rows_only_where_they_are_named() {
        assert_eq!(selection(&["--growth"]).series, SERIES);
        assert_eq!(selection(&["--growth"]).scenarios, []);
        assert_eq!(selection(&["--growth", "all"]).scenarios, ROWS);
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        for words in [&["nothing"][..], &["--rounds", "0"], &["--seconds", "0"], &["--seconds", "NaN"]] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn of_two_folders_the_last_one_counts() {
        let options = parse(&["--out", "target/bench", "--out", "elsewhere"]).expect("the options are right");
        assert_eq!(options.out, PathBuf::from("elsewhere"));
    }

    #[test]
    fn two_peers_of_one_name_are_refused() {
        let options = parse(&["--peer", "a=x {port}", "--peer", "a:h1=y {port}"]).expect("each is a peer");
        let why = options.check().expect_err("their names are the same").to_string();
        assert_eq!(why, "two peers have the name a");
    }
}
