use std::rc::Rc;

use futures_core::Stream;
use futures_util::{StreamExt, stream};

#[hubcast_macros::hub]
pub trait Chat {
    fn history(&self) -> impl Stream<Item = u32>;
}

struct Held;

impl Chat for Held {
    fn history(&self) -> impl Stream<Item = u32> {
        let local = Rc::new(7);
        stream::iter(0..3).map(move |number| number + *local)
    }
}

fn main() {}
