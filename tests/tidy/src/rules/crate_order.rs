//! Crates depend one way: applications on `hubcast`, that on the protocol, that on the codec.

use crate::breach::Breach;
use crate::crates::{Crate, DependencyKind};

/// The published crates and which crates of the workspace each may need. Unpublished ones may need any.
const ORDER: [(&str, &[&str]); 4] = [
    ("hubcast-websocket", &[]),
    ("hubcast-protocol", &["hubcast-websocket"]),
    ("hubcast-macros", &[]),
    ("hubcast", &["hubcast-macros", "hubcast-protocol", "hubcast-websocket"]),
];
const APPLICATIONS: [&str; 5] = ["bench/", "samples/", "tests/conformance/", "tests/tidy/", "xtask/"];

/// No crate depends on one above it; for tests it may, but never on an application.
pub fn crates_depend_one_way(crates: &[Crate]) -> Vec<Breach> {
    let is_application = |found: &Crate| APPLICATIONS.iter().any(|folder| found.folder.starts_with(folder));
    let mut breaches = Vec::new();
    for (name, allowed) in ORDER {
        let Some(library) = crates.iter().find(|found| found.name == name) else {
            let advice = "If it was renamed, rename it in tests/tidy too.";
            breaches.push(Breach::in_file("Cargo.toml", format!("there is no crate {name}"), advice));
            continue;
        };
        for dependency in &library.dependencies {
            let Some(other) = crates.iter().find(|other| other.name == dependency.name) else {
                continue;
            };
            let is_allowed = match dependency.kind {
                DependencyKind::Shipped => allowed.contains(&other.name.as_str()),
                DependencyKind::Development => !is_application(other),
            };
            if !is_allowed {
                let manifest = format!("{}Cargo.toml", library.folder);
                let what = format!("{name} depends on {}", other.name);
                breaches.push(Breach::in_file(&manifest, what, "Move what is shared to the lower crate."));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crates::Dependency;

    fn workspace(extra: (&str, &str, DependencyKind)) -> Vec<Crate> {
        let folders = [
            ("hubcast-websocket", "protocol/websocket/"),
            ("hubcast-protocol", "protocol/"),
            ("hubcast-macros", "server/macros/"),
            ("hubcast", "server/"),
            ("chat", "samples/chat/"),
        ];
        let (from, to, kind) = extra;
        let dependencies = |name: &str| {
            let found = (name == from).then(|| Dependency { name: to.to_owned(), kind });
            found.into_iter().collect()
        };
        let one = |(name, folder): (&str, &str)| Crate {
            name: name.to_owned(),
            folder: folder.to_owned(),
            dependencies: dependencies(name),
        };
        folders.into_iter().map(one).collect()
    }

    #[test]
    fn a_dependency_upwards_is_found() {
        for (from, to) in [
            ("hubcast-websocket", "hubcast-protocol"),
            ("hubcast-protocol", "hubcast"),
            ("hubcast-macros", "hubcast-protocol"),
            ("hubcast", "chat"),
        ] {
            let found = crates_depend_one_way(&workspace((from, to, DependencyKind::Shipped)));
            assert_eq!(found.len(), 1, "{from} on {to}");
            assert_eq!(found[0].what, format!("{from} depends on {to}"));
        }
    }

    #[test]
    fn a_dependency_downwards_or_outwards_is_none() {
        for (from, to) in [("hubcast-protocol", "hubcast-websocket"), ("chat", "hubcast"), ("hubcast", "h2")]
        {
            assert_eq!(crates_depend_one_way(&workspace((from, to, DependencyKind::Shipped))), []);
        }
    }

    #[test]
    fn tests_may_need_a_higher_crate_but_no_application() {
        let upwards = ("hubcast-macros", "hubcast", DependencyKind::Development);
        assert_eq!(crates_depend_one_way(&workspace(upwards)), []);
        let application = ("hubcast", "chat", DependencyKind::Development);
        assert_eq!(crates_depend_one_way(&workspace(application)).len(), 1);
    }
}
