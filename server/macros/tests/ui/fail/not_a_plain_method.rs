#[hubcast_macros::hub]
pub trait Chat {
    const LIMIT: usize;
    type Room;
    async fn generic<T>(&self, value: T);
    async fn bounded(&self) where Self: Clone;
    async fn opaque(&self, value: impl Into<String>) -> impl Into<String>;
    async fn with_a_body(&self) -> u32 {
        7
    }
    async fn pattern(&self, (a, b): (u8, u8), mut c: u8, _: u8);
    async unsafe fn dangerous(&self);
    async extern "C" fn foreign(&self);
    async fn __(&self);
}

fn main() {}
