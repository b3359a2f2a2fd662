//! the WebSocket codec, beside tungstenite: the check is `hubcast_fuzz::websocket`.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| hubcast_fuzz::websocket(data));

#[cfg(not(fuzzing))]
fn main() {}
