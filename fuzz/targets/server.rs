//! the listener: HTTP/1.1, HTTP/2 and WebSockets together: the check is `hubcast_fuzz::server`.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| hubcast_fuzz::server(data));

#[cfg(not(fuzzing))]
fn main() {}
