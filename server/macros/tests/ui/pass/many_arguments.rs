//! A method takes up to sixteen arguments, on both sides.

#[hubcast_macros::hub]
pub trait Wide {
    async fn sum(
        &self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8,
        i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8,
    ) -> u8;
}

#[hubcast_macros::client]
pub trait WideClient {
    async fn show(
        &self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8,
        i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8,
    );
}

fn main() {}
