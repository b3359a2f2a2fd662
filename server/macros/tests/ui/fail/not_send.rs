use std::cell::Cell;
use std::rc::Rc;

#[hubcast_macros::hub]
pub trait Chat {
    async fn send(&self);
}

struct Held;

impl Chat for Held {
    async fn send(&self) {
        let local = Rc::new(7);
        std::future::ready(()).await;
        drop(local);
    }
}

struct Unshared {
    count: Cell<u32>,
}

impl Chat for Unshared {
    async fn send(&self) {
        self.count.set(self.count.get() + 1);
    }
}

fn main() {}
