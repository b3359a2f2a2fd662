//! Puts every rule to the repository itself.
//!
//! A rule is tested in the file where it stands; here it must find nothing.

use tidy::{Breach, Repository, workspace_crates};

#[test]
fn protocol_crates_do_no_io() {
    holds_in_every_file(tidy::protocol_crates_do_no_io);
}

#[test]
fn protocol_crates_have_no_runtime() {
    holds(&tidy::protocol_crates_have_no_runtime(&workspace_crates()));
}

#[test]
fn protocol_crates_ban_the_clock() {
    holds_in_every_file(tidy::protocol_crates_ban_the_clock);
}

#[test]
fn layers_keep_their_words() {
    holds_in_every_file(tidy::layers_keep_their_words);
}

#[test]
fn crates_depend_one_way() {
    holds(&tidy::crates_depend_one_way(&workspace_crates()));
}

#[test]
fn every_rust_file_has_a_header() {
    holds_in_every_file(tidy::every_rust_file_has_a_header);
}

#[test]
fn no_file_is_too_long() {
    holds_in_every_file(tidy::no_file_is_too_long);
}

#[test]
fn lib_files_only_name_what_is_elsewhere() {
    holds_in_every_file(tidy::lib_files_only_name_what_is_elsewhere);
}

#[test]
fn nothing_names_this_machine() {
    holds_in_every_file(tidy::nothing_names_this_machine);
}

#[test]
fn unsafe_code_is_forbidden() {
    holds(&tidy::unsafe_code_is_forbidden("Cargo.toml", text_of(&Repository::open(), "Cargo.toml")));
}

#[test]
fn every_crate_takes_the_lints() {
    holds_in_every_file(tidy::every_crate_takes_the_lints);
}

#[test]
fn links_lead_somewhere() {
    let repository = Repository::open();
    let exists = |path: &str| repository.has(path);
    let files = repository.files().iter();
    let breaches = files.flat_map(|file| tidy::links_lead_somewhere(&file.path, &file.text, exists));
    holds(&breaches.collect::<Vec<_>>());
}

#[test]
fn required_files_exist() {
    let repository = Repository::open();
    holds(&tidy::required_files_exist(|path| repository.has(path)));
}

#[test]
fn the_readme_names_the_commands() {
    holds_in_every_file(tidy::the_readme_names_the_commands);
}

#[test]
fn the_limits_page_is_true() {
    holds(&tidy::the_limits_page_is_true(Repository::open().files()));
}

fn holds_in_every_file(rule: fn(&str, &str) -> Vec<Breach>) {
    let repository = Repository::open();
    let this_file = "tests/tidy/tests/invariants.rs";
    assert!(repository.files().iter().any(|file| file.path == this_file), "git does not list {this_file}");
    let breaches: Vec<Breach> =
        repository.files().iter().flat_map(|file| rule(&file.path, &file.text)).collect();
    holds(&breaches);
}

fn holds(breaches: &[Breach]) {
    let report: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    assert!(report.is_empty(), "{} breaches:\n{}", report.len(), report.join("\n"));
}

fn text_of<'a>(repository: &'a Repository, path: &str) -> &'a str {
    let file = repository.files().iter().find(|file| file.path == path);
    file.map_or("", |file| file.text.as_str())
}
