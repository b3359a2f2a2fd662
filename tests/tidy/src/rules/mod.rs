//! The rules. Each file holds one, or a few about the same thing.

mod crate_order;
mod file_length;
mod header;
mod layers;
mod lib_file;
mod limits_page;
mod links;
mod lints;
mod machine;
mod required;
mod sans_io;

pub use crate_order::crates_depend_one_way;
pub use file_length::no_file_is_too_long;
pub use header::every_rust_file_has_a_header;
pub use layers::layers_keep_their_words;
pub use lib_file::lib_files_only_name_what_is_elsewhere;
pub use limits_page::the_limits_page_is_true;
pub use links::links_lead_somewhere;
pub use lints::{every_crate_takes_the_lints, unsafe_code_is_forbidden};
pub use machine::nothing_names_this_machine;
pub use required::{required_files_exist, the_readme_names_the_commands};
pub use sans_io::{protocol_crates_ban_the_clock, protocol_crates_do_no_io, protocol_crates_have_no_runtime};
