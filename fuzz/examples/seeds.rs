//! Writes the seeds of all targets into folders: `cargo run --example seeds -- FOLDER`.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use hubcast_fuzz::{TARGETS, seeds};

fn main() -> io::Result<ExitCode> {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("usage: seeds FOLDER");
        return Ok(ExitCode::FAILURE);
    };
    for (target, _) in TARGETS {
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder)?;
        for (number, seed) in seeds(target).iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:04}")), seed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
