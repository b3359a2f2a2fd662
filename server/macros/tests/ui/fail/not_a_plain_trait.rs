#[hubcast_macros::hub]
pub trait Generic<T> {
    async fn send(&self, value: T);
}

#[hubcast_macros::hub]
pub unsafe trait Unsafe {}

#[hubcast_macros::client]
pub trait Lifetime<'a> {}

#[hubcast_macros::client]
pub trait Consts {
    const LIMIT: usize;
}

#[hubcast_macros::hub]
pub struct Chat;

fn main() {}
