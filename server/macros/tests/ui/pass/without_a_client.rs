//! A hub that names no client trait, private and with every lint denied.

#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub, elided_lifetimes_in_paths)]

use hubcast_protocol::contract::{Context, HubError};

#[hubcast_macros::hub]
trait Counter {
    async fn add(&self, cx: &Context, amount: i64) -> Result<i64, HubError>;
}

#[hubcast_macros::client]
trait Unused {
    async fn counted(&self, amount: i64);
    async fn confirm(&self) -> bool;
}

struct Zero;

impl Counter for Zero {
    async fn add(&self, cx: &Context, amount: i64) -> Result<i64, HubError> {
        cx.clients().all().send("added", &(amount,)).await?;
        Ok(amount)
    }
}

fn main() {
    let definition = Zero.into_hub();
    assert_eq!(format!("{definition:?}"), r#"HubDefinition { name: "Counter", methods: ["Add"] }"#);
    let _: Option<&dyn Unused> = None;
}
