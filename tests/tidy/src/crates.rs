//! The crates of the workspace and what each depends on, as cargo reads their manifests.

use std::env;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// One crate of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crate {
    /// Its name, as in `cargo -p`.
    pub name: String,
    /// The folder of its manifest below the root, with `/` at the end.
    pub folder: String,
    /// What it depends on directly.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The crate depended on, whatever it is renamed to.
    pub name: String,
    /// In which table it stands.
    pub kind: DependencyKind,
}

/// For what a dependency is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyKind {
    /// The crate itself or its build script: users get it too.
    Shipped,
    /// Tests, benchmarks and examples alone.
    Development,
}

/// All crates of the workspace.
///
/// # Panics
/// If cargo cannot read the manifests.
pub fn workspace_crates() -> Vec<Crate> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo is on PATH: install Rust");
    let error = String::from_utf8_lossy(&output.stderr);
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"));
    crates(&metadata).expect("cargo's metadata has the form of version 1")
}

fn crates(metadata: &Value) -> Option<Vec<Crate>> {
    let root = Path::new(metadata["workspace_root"].as_str()?);
    metadata["packages"].as_array()?.iter().map(|package| one(root, package)).collect()
}

fn one(root: &Path, package: &Value) -> Option<Crate> {
    let folder = Path::new(package["manifest_path"].as_str()?).parent()?.strip_prefix(root).ok()?;
    let dependencies = package["dependencies"].as_array()?.iter().map(|dependency| {
        let kind = match dependency["kind"].as_str() {
            Some("dev") => DependencyKind::Development,
            Some(_) | None => DependencyKind::Shipped,
        };
        Some(Dependency { name: dependency["name"].as_str()?.to_owned(), kind })
    });
    Some(Crate {
        name: package["name"].as_str()?.to_owned(),
        folder: format!("{}/", folder.to_str()?.replace('\\', "/")),
        dependencies: dependencies.collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_folders_and_kinds_are_read() {
        let metadata = serde_json::json!({ "workspace_root": "/r", "packages": [{
            "name": "hubcast", "manifest_path": "/r/server/Cargo.toml", "dependencies": [
                { "name": "bytes", "kind": null, "rename": "b" },
                { "name": "cc", "kind": "build" },
                { "name": "proptest", "kind": "dev" },
            ],
        }]});
        let dependency = |name: &str, kind| Dependency { name: name.to_owned(), kind };
        let expected = Crate {
            name: "hubcast".to_owned(),
            folder: "server/".to_owned(),
            dependencies: vec![
                dependency("bytes", DependencyKind::Shipped),
                dependency("cc", DependencyKind::Shipped),
                dependency("proptest", DependencyKind::Development),
            ],
        };
        assert_eq!(crates(&metadata), Some(vec![expected]));
    }
}
