//! negotiation, handshake and queries: the check is `hubcast_fuzz::negotiate`.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| hubcast_fuzz::negotiate(data));

#[cfg(not(fuzzing))]
fn main() {}
