//! the state machine of a connection: the check is `hubcast_fuzz::connection`.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| hubcast_fuzz::connection(data));

#[cfg(not(fuzzing))]
fn main() {}
