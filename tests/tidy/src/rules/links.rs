//! Links between the documents of the repository.

use crate::breach::Breach;

/// Every link of a Markdown file to another file leads to one that `exists` below the root.
pub fn links_lead_somewhere(path: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<Breach> {
    if !path.ends_with(".md") {
        return Vec::new();
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut breaches = Vec::new();
    for (line, target) in links(text) {
        let target = target.split(['#', '?']).next().unwrap_or_default();
        if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let problem = match resolve(folder, target) {
            Some(resolved) if exists(&resolved) => continue,
            Some(resolved) => format!("{resolved} does not exist"),
            None => format!("{target} is outside the repository"),
        };
        breaches.push(Breach::at_line(path, line, problem, "Correct the link or write the file."));
    }
    breaches
}

/// The targets of `[text](target)`, each with its line, outside of code.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut is_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        let prose = line.split('`').step_by(2);
        for part in prose.flat_map(|prose| prose.split("](").skip(1)) {
            let target = part.split([')', ' ']).next().unwrap_or_default();
            found.push((index + 1, target.trim_matches(['<', '>'])));
        }
        // A link whose text is code is cut apart at its backticks.
        for part in line.split("`](").skip(1) {
            found.push((index + 1, part.split([')', ' ']).next().unwrap_or_default()));
        }
    }
    found.dedup();
    found
}

/// `target` as seen from `folder`, or `None` where it leaves the root.
pub(super) fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        let exists = |path: &str| ["README.md", "docs/guide.md", "docs"].contains(&path);
        links_lead_somewhere(path, text, exists).into_iter().map(|breach| breach.what).collect()
    }

    #[test]
    fn a_link_to_nowhere_is_found() {
        assert_eq!(problems("README.md", "See [it](docs/gone.md#a).\n"), ["docs/gone.md does not exist"]);
        assert_eq!(problems("docs/guide.md", "[a](gone.md)"), ["docs/gone.md does not exist"]);
        assert_eq!(problems("README.md", "[`code`](gone.rs)"), ["gone.rs does not exist"]);
    }

    #[test]
    fn a_link_out_of_the_repository_is_found() {
        assert_eq!(problems("docs/guide.md", "[a](../../b)"), ["../../b is outside the repository"]);
    }

    #[test]
    fn links_to_files_sites_and_headings_pass() {
        let text =
            "[a](docs/guide.md#part) [b](https://example.com) [c](#here) [d](./docs/) [e](mailto:a@b.c)";
        assert_eq!(problems("README.md", text), [""; 0]);
        assert_eq!(problems("docs/guide.md", "[a](../README.md) [b](/README.md)"), [""; 0]);
    }

    #[test]
    fn code_has_no_links() {
        assert_eq!(problems("README.md", "`a[0](b)`\n```rust\nf[0](x);\n```\n"), [""; 0]);
    }
}
