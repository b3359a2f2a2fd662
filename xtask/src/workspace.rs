//! Where things are: the root of the repository, the target folder, the crates and their features.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::needs::Obstacle;

/// The repository as cargo sees it.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
    /// The cargo that started this program.
    pub(crate) cargo: String,
    /// Nothing may be skipped: `CI=true` is in the environment.
    pub(crate) is_strict: bool,
}

/// One crate of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// All features but `default`, in alphabetical order.
    pub(crate) features: Vec<String>,
}

impl Workspace {
    /// Asks cargo where it is.
    pub(crate) fn open() -> Result<Self, Obstacle> {
        let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let output = Command::new(&cargo)
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .map_err(|why| Obstacle::Fails(format!("cargo does not start ({why}): install Rust")))?;
        if !output.status.success() {
            return Err(Obstacle::Fails(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        let unreadable = || Obstacle::Fails("`cargo metadata` printed no metadata".to_owned());
        let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|_| unreadable())?;
        let folder = |name: &str| metadata[name].as_str().map(PathBuf::from).ok_or_else(unreadable);
        Ok(Self {
            root: folder("workspace_root")?,
            target: folder("target_directory")?,
            packages: packages(&metadata),
            cargo,
            is_strict: env::var_os("CI").is_some_and(|value| value == "true"),
        })
    }

    /// The folder for logs and for what the set-up installs; it exists.
    pub(crate) fn own_folder(&self) -> Result<PathBuf, Obstacle> {
        let folder = self.target.join("xtask");
        match fs::create_dir_all(&folder) {
            Ok(()) => Ok(folder),
            Err(why) => Err(Obstacle::Fails(format!("cannot create {}: {why}", folder.display()))),
        }
    }
}

fn packages(metadata: &Value) -> Vec<Package> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    packages
        .iter()
        .filter_map(|package| {
            let mut features: Vec<String> = package["features"].as_object()?.keys().cloned().collect();
            features.retain(|feature| feature != "default");
            features.sort();
            Some(Package { name: package["name"].as_str()?.to_owned(), features })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_read_without_default() {
        let metadata = serde_json::json!({ "packages": [
            { "name": "hubcast", "features": { "redis": [], "default": ["aws"], "aws": ["dep:aws"] } },
            { "name": "chat", "features": {} },
        ]});
        let expected = [
            Package { name: "hubcast".to_owned(), features: vec!["aws".to_owned(), "redis".to_owned()] },
            Package { name: "chat".to_owned(), features: vec![] },
        ];
        assert_eq!(packages(&metadata), expected);
    }

    #[test]
    fn the_workspace_knows_its_own_crates() {
        let workspace = Workspace::open().expect("this test runs inside the workspace");
        assert!(workspace.packages.iter().any(|package| package.name == "xtask"));
        assert!(workspace.root.join("Cargo.lock").exists());
    }
}
