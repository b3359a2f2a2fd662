//! What the policies for clients that are behind do to them, and to whom they do not.

use hubcast::SlowConsumerPolicy;
use tokio::task::JoinHandle;

use crate::slow_clients::narrow;
use crate::support::{Fixture, HubClient, Meters, Setup, measured, soon};

const MESSAGES: usize = 300;

#[tokio::test]
async fn what_may_be_dropped_goes_oldest_first_and_only_for_whoever_is_behind() {
    let (received, meters) = received_behind(SlowConsumerPolicy::DropOldest).await;
    assert!(received.is_sorted_by(|earlier, later| earlier < later), "{received:?}");
    assert_eq!((received.first(), received.last()), (Some(&0), Some(&(MESSAGES - 1))));
    assert_eq!(received.len() + dropped(&meters, "drop_oldest"), MESSAGES);
    assert_eq!(dropped(&meters, "latest"), 0);
    assert!(received.len() < 100, "{} messages waited", received.len());
}

#[tokio::test]
async fn the_latest_of_each_key_arrives_and_those_before_it_do_not() {
    let (server, meters) = measured(limited()).await;
    let mut connection = narrow(&server).await;
    let mut slow = HubClient::connect_http2(&mut connection).await;
    let mut other = HubClient::connect(&server).await;
    for n in 0..MESSAGES {
        let key = if n % 2 == 0 { "even" } else { "odd" };
        let clients = server.hub.clients().when_slow(SlowConsumerPolicy::Latest(key));
        clients.all().receive(Some(numbered(n))).await.unwrap();
        assert_eq!(other.received().await, [numbered(n)]);
    }
    server.hub.clients().all().receive(Some(numbered(MESSAGES))).await.unwrap();
    let received = slow.received().await.iter().map(|text| number_of(text)).collect::<Vec<_>>();
    assert_eq!(received[received.len() - 3..], [MESSAGES - 2, MESSAGES - 1, MESSAGES]);
    let gap = received.windows(2).find(|pair| pair[1] - pair[0] > 1);
    assert_eq!(gap.map(|pair| pair[1]), Some(MESSAGES - 2), "{received:?}");
    assert_eq!(received.len() + dropped(&meters, "latest"), MESSAGES + 1);
    assert_eq!(dropped(&meters, "drop_oldest"), 0);
}

#[tokio::test]
async fn a_hub_may_keep_the_latest_of_what_has_no_other_policy() {
    let (received, meters) = received_behind(SlowConsumerPolicy::Latest("all")).await;
    let gap = received.windows(2).position(|pair| pair[1] - pair[0] > 1);
    assert_eq!((gap, received.last()), (Some(received.len() - 2), Some(&(MESSAGES - 1))), "{received:?}");
    assert_eq!(received.len() + dropped(&meters, "latest"), MESSAGES);
    assert_eq!(dropped(&meters, "drop_oldest"), 0);
}

/// The numbers that a client hears that was behind all broadcasts of a hub with this policy, while another heard each.
async fn received_behind(policy: SlowConsumerPolicy<'static>) -> (Vec<usize>, Meters) {
    let (server, meters) = measured(limited().options(|options| options.slow_consumers(policy))).await;
    let mut connection = narrow(&server).await;
    let mut slow = HubClient::connect_http2(&mut connection).await;
    let mut other = HubClient::connect(&server).await;
    for n in 0..MESSAGES {
        server.hub.clients().all().receive(Some(numbered(n))).await.unwrap();
        assert_eq!(other.received().await, [numbered(n)]);
    }
    (slow.received().await.iter().map(|text| number_of(text)).collect(), meters)
}

#[tokio::test]
async fn a_broadcast_that_waits_goes_as_fast_as_the_slowest_receiver() {
    let server = limited().start().await;
    let mut connection = narrow(&server).await;
    let slow = HubClient::connect_http2(&mut connection).await;
    let mut other = HubClient::connect(&server).await;
    let sender = broadcasts(&server, SlowConsumerPolicy::Wait);
    let mut received = 0;
    for _ in 0..20 {
        received += other.received().await.len();
    }
    assert!(received < MESSAGES && !sender.is_finished());
    drop(slow);
    soon(sender).await.unwrap();
    received += other.received().await.len();
    assert_eq!(received, MESSAGES);
}

#[tokio::test]
async fn a_message_to_one_connection_may_close_it_in_place_of_waiting() {
    let mut server = limited().start().await;
    let mut connection = narrow(&server).await;
    let mut slow = HubClient::connect_http2(&mut connection).await;
    assert_eq!(server.event().await, "connected");
    let id = slow.id().await.parse().unwrap();
    let hub = server.hub.clone();
    let sender = tokio::spawn(async move {
        let mut sent = 0;
        while sent < 100_000 {
            let clients = hub.clients().when_slow(SlowConsumerPolicy::Close);
            clients.client(id).receive(Some(numbered(sent))).await.unwrap();
            sent += 1;
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(server.event().await, "disconnected: SlowConsumer");
    soon(sender).await.unwrap();
}

/// A server where little may wait.
fn limited() -> Setup {
    Setup::new().options(|options| options.send_buffer_soft_limit(10_000).send_buffer_hard_limit(20_000))
}

fn broadcasts(server: &Fixture, policy: SlowConsumerPolicy<'static>) -> JoinHandle<()> {
    let hub = server.hub.clone();
    tokio::spawn(async move {
        for n in 0..MESSAGES {
            hub.clients().when_slow(policy).all().receive(Some(numbered(n))).await.unwrap();
        }
    })
}

/// How many messages a policy has dropped.
fn dropped(meters: &Meters, policy: &str) -> usize {
    meters.read(&format!("hubcast_dropped_messages_total {policy}")) as usize
}

/// A text of about a thousand bytes.
fn numbered(n: usize) -> String {
    format!("{n} {}", "x".repeat(1000))
}

fn number_of(text: &str) -> usize {
    text.split(' ').next().unwrap().parse().unwrap()
}
