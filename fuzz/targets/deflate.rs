//! permessage-deflate: the check is `hubcast_fuzz::deflate`.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| hubcast_fuzz::deflate(data));

#[cfg(not(fuzzing))]
fn main() {}
