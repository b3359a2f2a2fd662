//! the MessagePack decoder: the check is `hubcast_fuzz::messagepack`.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| hubcast_fuzz::messagepack(data));

#[cfg(not(fuzzing))]
fn main() {}
