//! Thousands that come and may not, or go again: what the server holds on to of each, which is nothing.
//!
//! That others are served meanwhile is in `storms.rs` of the program `hub`.

use std::alloc::System;
use std::time::Duration;

use hubcast::{HubOptions, Rate, RateLimit, Server};
use stats_alloc::Region;

use super::bound::{eventually, soon};
use super::frames::{END_HEADERS, END_STREAM, HEADERS, PREFACE, WINDOW_UPDATE, frame, head, next_of};
use super::site::{Client, Site};
use super::{ALLOCATOR, alone};

/// Refusals until all that is kept for whoever comes is there.
const FIRST: usize = 500;
const STORM: usize = 2_000;
/// Bytes that may be held after the storm and were not before: four for each that was refused.
const HELD: isize = 4 * STORM as isize;
/// Bytes that the hub keeps as room for tokens once they were there.
const ROOM: isize = 64 * 1024;

#[test]
fn of_a_socket_beyond_the_limit_nothing_is_held() {
    alone(async {
        let server = Server::new().maximum_connections(2);
        let mut site = Site::start(server, HubOptions::new()).await;
        let full = Client::in_hub(site.address, "json").await;
        let address = site.address;
        holds_nothing(async || {
            let mut client = Client::connect(address).await;
            assert_eq!(client.upgrade("/hub").await, None);
        })
        .await;
        site.answers().await;
        drop(full);
        soon(async {
            loop {
                let mut client = Client::connect(address).await;
                if client.upgrade("/hub").await == Some(101) {
                    client.shake_hands("json").await;
                    return client.is_answered().await;
                }
            }
        })
        .await;
        site.answers().await;
    });
}

#[test]
fn of_a_connect_over_the_rate_nothing_is_held() {
    alone(async {
        let rate = Rate::new(1, Duration::from_secs(3600)).burst(5);
        let options = || HubOptions::new().rate_limit(RateLimit::connects(rate));
        let mut site = Site::start(Server::new(), options()).await;
        let address = site.address;
        let mut kept = Client::connect_from_elsewhere(address).await;
        while kept.negotiate().await == 200 {}
        holds_nothing(async || assert_eq!(kept.negotiate().await, 429)).await;
        holds_nothing(async || {
            assert_eq!(Client::connect_from_elsewhere(address).await.upgrade("/hub").await, Some(429));
        })
        .await;
        let mut multiplexed = Client::connect_from_elsewhere(address).await;
        let window = frame(WINDOW_UPDATE, 0, 0, &0x7000_0000_u32.to_be_bytes());
        multiplexed.write(&[PREFACE, &window].concat()).await;
        let mut stream = 1;
        holds_nothing(async || {
            let request = head("POST", "/hub/negotiate?negotiateVersion=1");
            multiplexed.write(&frame(HEADERS, END_HEADERS | END_STREAM, stream, &request)).await;
            assert_eq!(next_of(&mut multiplexed.socket, &[HEADERS]).await.stream, stream);
            stream += 2;
        })
        .await;
        site.serves_as_before().await;
    });
}

#[test]
fn of_a_negotiation_beyond_those_that_may_wait_nothing_is_held() {
    alone(async {
        let mut site = Site::start(Server::new(), HubOptions::new().maximum_pending_connections(5)).await;
        let mut client = Client::connect(site.address).await;
        while client.negotiate().await == 200 {}
        holds_nothing(async || assert_eq!(client.negotiate().await, 503)).await;
        site.serves_as_before().await;
    });
}

#[test]
fn of_clients_that_came_and_went_no_more_is_held_than_room_for_a_thousand_tokens() {
    alone(async {
        let second = Duration::from_secs(1);
        let options = HubOptions::new().handshake_timeout(second).disconnect_timeout(second);
        let mut site = Site::start(Server::new(), options).await;
        let address = site.address;
        let come_and_go = async || {
            let mut client = Client::connect(address).await;
            let token = client.token().await;
            assert_eq!(client.upgrade(&format!("/hub?id={token}")).await, Some(101));
            client.shake_hands("json").await;
            client.is_answered().await;
        };
        come_and_go().await;
        let region = Region::new(ALLOCATOR);
        for _ in 0..STORM {
            come_and_go().await;
        }
        eventually(|| held_since(&region) <= ROOM).await;
        site.serves_as_before().await;
    });
}

/// Finds that the memory in use is the same before and after many refusals.
async fn holds_nothing(mut refused: impl AsyncFnMut()) {
    for _ in 0..FIRST {
        refused().await;
    }
    let region = Region::new(ALLOCATOR);
    for _ in 0..STORM {
        refused().await;
    }
    let held = held_since(&region);
    assert!(held <= HELD, "{held} bytes are held of {STORM} refusals");
}

/// Bytes that were asked for and not given back.
fn held_since(region: &Region<'_, System>) -> isize {
    let change = region.change();
    change.bytes_allocated as isize - change.bytes_deallocated as isize
}
