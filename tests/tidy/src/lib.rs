//! Rules that the whole repository keeps, beyond what the compiler and clippy can say.
//!
//! Each rule is a pure function from a file's path and text, or from the list of crates, to its breaches, so
//! that its own tests can show it failing. `tests/invariants.rs` puts the rules to the repository itself.

mod breach;
mod crates;
mod repository;
mod rules;
mod rust_code;

pub use breach::Breach;
pub use crates::{Crate, Dependency, DependencyKind, workspace_crates};
pub use repository::{File, Repository};
pub use rules::{
    crates_depend_one_way, every_crate_takes_the_lints, every_rust_file_has_a_header,
    layers_keep_their_words, lib_files_only_name_what_is_elsewhere, links_lead_somewhere,
    no_file_is_too_long, nothing_names_this_machine, protocol_crates_ban_the_clock, protocol_crates_do_no_io,
    protocol_crates_have_no_runtime, required_files_exist, the_limits_page_is_true,
    the_readme_names_the_commands, unsafe_code_is_forbidden,
};
