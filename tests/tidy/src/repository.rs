//! The files of the repository: what git tracks, and what it would track if it were added.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository that this crate is part of.
#[derive(Debug)]
pub struct Repository {
    root: PathBuf,
    files: Vec<File>,
}

/// A text file.
#[derive(Debug)]
pub struct File {
    /// Below the root, with `/` between its parts.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Repository {
    /// Reads all text files. Binary files are listed nowhere.
    ///
    /// # Panics
    /// If git does not list the files: the rules need git and a clone.
    pub fn open() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let files = paths(&root).into_iter().filter_map(|path| {
            let text = String::from_utf8(fs::read(root.join(&path)).ok()?).ok()?;
            Some(File { path, text })
        });
        Self { files: files.collect(), root }
    }

    /// All text files, sorted by path.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// Whether there is a file or folder at `path` below the root.
    pub fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }
}

fn paths(root: &Path) -> Vec<String> {
    let output = Command::new("git")
        // A container may run the tests as another user than the one who cloned.
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .expect("git is on PATH: install it");
    assert!(
        output.status.success(),
        "git lists no files, run the tests in a clone: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut paths: Vec<String> = output
        .stdout
        .split(|&byte| byte == 0)
        .filter(|path| !path.is_empty())
        .map(|path| String::from_utf8_lossy(path).into_owned())
        // A link is judged where it leads.
        .filter(|path| !root.join(path).is_symlink())
        .collect();
    paths.sort();
    paths.dedup();
    paths
}
