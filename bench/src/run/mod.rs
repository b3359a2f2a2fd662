//! `hub-bench run`: starts servers and load in turn, keeps the samples, writes the report.
//!
//! What is measured is `scenario` and `growth`, in which order is `plan`, how is `campaign` and `attempt`. What
//! becomes of the samples is `crate::report`.

mod attempt;
mod campaign;
mod check;
pub(crate) mod contender;
mod cores;
mod error;
pub(crate) mod growth;
mod interrupt;
mod options;
mod plan;
mod ports;
mod process;
mod progress;
pub(crate) mod scenario;
mod server;
mod tail;
pub(crate) mod way;

use std::env;
use std::path::{Path, PathBuf};

use rustix::process::{Resource, getrlimit};

use self::campaign::Campaign;
pub(crate) use self::check::check;
use self::contender::Contender;
use self::cores::Cores;
pub(crate) use self::error::RunError;
use self::interrupt::Interrupt;
use self::options::Selection;
pub(crate) use self::options::{Options, list};
use self::plan::Plan;
pub(crate) use self::plan::WARM_UP;
use crate::load::raise_file_limit;
use crate::report::{self, Header, SampleFile, Samples};

/// Measures what the options choose and writes the report, also when it is interrupted. Says whether every load gave
/// a result.
pub(crate) fn run(options: &Options) -> Result<bool, RunError> {
    options.check()?;
    let baseline = options.baseline.as_deref().map(Samples::read).transpose()?;
    let mut contenders = own_contenders(options.server.as_deref())?;
    contenders.extend(options.peers.iter().cloned());
    let interrupt = Interrupt::on_signals().map_err(RunError::file("signals"))?;
    let measured = measure(&contenders, &options.selection(), &options.out, &interrupt);
    if matches!(measured, Ok(_) | Err(RunError::Interrupted | RunError::Server { .. })) {
        let written = report::write(&options.out, baseline.as_ref())?;
        eprintln!("written: {}", written.join(", "));
    }
    let failures = measured?;
    if failures > 0 {
        eprintln!("{failures} loads gave no result");
    }
    Ok(failures == 0)
}

/// Makes table and plots again from the samples in `folder`.
pub(crate) fn table(folder: &Path, baseline: Option<&Path>) -> Result<(), RunError> {
    let baseline = baseline.map(Samples::read).transpose()?;
    let written = report::write(folder, baseline.as_ref())?;
    eprintln!("written: {}", written.join(", "));
    Ok(())
}

/// The floor and Hubcast, whose programs lie beside this one.
fn own_contenders(server: Option<&Path>) -> Result<Vec<Contender>, RunError> {
    let program = this_program()?;
    let server = server.map_or_else(|| program.with_file_name("bench-server"), Path::to_path_buf);
    if !server.exists() {
        let hint = "build it (`cargo build --release -p bench-server`), or name it with --server";
        return Err(RunError::Options(format!("there is no {}: {hint}", server.display())));
    }
    Ok(vec![Contender::floor(&program), Contender::hubcast(&server)])
}

fn this_program() -> Result<PathBuf, RunError> {
    env::current_exe().map_err(RunError::file("this program"))
}

/// Measures into `out`, and says how many loads gave no result.
fn measure(
    contenders: &[Contender],
    selection: &Selection,
    out: &Path,
    interrupt: &Interrupt,
) -> Result<usize, RunError> {
    // The servers inherit it.
    raise_file_limit();
    let file_limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let plan = Plan::new(selection, contenders, file_limit);
    for left_out in &plan.left_out {
        eprintln!("left out: {left_out}");
    }
    let cores = Cores::find();
    if let Cores::Free(why) = &cores {
        eprintln!("nothing is pinned to a core: {why}");
    }
    if cores.is_shared() {
        eprintln!("server and load are threads of one core, as there is no other, and slow each other down");
    }
    let header = Header {
        servers: contenders.iter().map(|contender| contender.name.clone()).collect(),
        rounds: selection.rounds,
        seconds: selection.seconds,
        hold: Some(selection.hold),
        pinned: matches!(cores, Cores::Pinned { .. }),
        shares_core: cores.is_shared(),
        left_out: plan.left_out.clone(),
        machine: report::Machine::this_one(),
    };
    let mut file = SampleFile::create(out, &header)?;
    let program = this_program()?;
    Campaign::new(contenders, &cores, interrupt).run(&plan, &program, selection, &mut file)
}
