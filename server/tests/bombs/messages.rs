//! Hub messages at the limit that are made of as many parts, or as deep, as they can be, or claim to be longer.
//!
//! What they mean is in the tests of `protocol`; this is about what a server asks the allocator for when it takes them in.

use hubcast::{HubOptions, Server};
use hubcast_websocket::Opcode;
use stats_alloc::Region;

use super::site::{Client, LIMIT, Site, frame};
use super::{ALLOCATOR, alone};

/// How the server takes a message, by the type of its answer.
#[derive(Debug, Clone, Copy)]
enum Taken {
    /// It completes the call.
    Completed = 3,
    /// It closes the connection.
    Closed = 7,
}

use Taken::{Closed, Completed};

/// What is asked for besides what a message is made into: texts of answers, and what a connection needs once.
const LITTLE: usize = 16 * 1024;
/// Elements that fit into a message.
const IN_JSON: usize = LIMIT / 2;
const IN_MESSAGEPACK: usize = LIMIT;
/// Bytes of an element of `Vec<u64>`, and of one of `serde_json::Value`.
const NUMBER: usize = 8;
const VALUE: usize = 32;

/// Room for parts beside the rest of a message.
const ROOM: usize = LIMIT - 100;

#[test]
fn a_message_in_json_costs_what_it_is_made_into_however_many_parts_it_has_and_however_deep_it_is() {
    alone(async {
        let mut site = Site::start(Server::new(), HubOptions::new()).await;
        let many = |part: &str| vec![part; ROOM / (part.len() + 1)].join(",");
        let numbers = many("0");
        let (headers, stream_ids, unknown) = (many(r#""":"""#), many(r#""""#), many(r#""":0"#));
        let arrays = format!("{}{}", "[".repeat(ROOM / 2), "]".repeat(ROOM / 2));
        let objects = format!("{}0{}", r#"{"":"#.repeat(ROOM / 5), "}".repeat(ROOM / 5));
        let open = "[".repeat(ROOM);
        for (what, target, rest, taken, bound) in [
            ("arguments", "Echo", format!(r#""arguments":[{numbers}]"#), Completed, 0),
            ("headers", "Echo", format!(r#""headers":{{{headers}}},"arguments":["x"]"#), Completed, LIMIT),
            ("stream ids", "Echo", format!(r#""streamIds":[{stream_ids}],"arguments":["x"]"#), Completed, 0),
            ("unknown fields", "Echo", format!(r#"{unknown},"arguments":["x"]"#), Completed, 0),
            ("numbers", "Count", format!(r#""arguments":[[{numbers}]]"#), Completed, IN_JSON * NUMBER),
            ("values", "Depth", format!(r#""arguments":[[{numbers}]]"#), Completed, IN_JSON * VALUE),
            ("arrays in arrays", "Depth", format!(r#""arguments":[{arrays}]"#), Closed, 0),
            ("objects in objects", "Depth", format!(r#""arguments":[{objects}]"#), Closed, 0),
            ("arrays without an end", "Depth", format!(r#""arguments":{open}"#), Closed, 0),
        ] {
            let text = format!("{{\"type\":1,\"invocationId\":\"1\",\"target\":\"{target}\",{rest}}}\x1e");
            assert!((LIMIT - 64..=LIMIT).contains(&text.len()), "{what}: {} bytes", text.len());
            let message = frame(Opcode::Text, text.as_bytes());
            costs_at_most(&mut site, "json", what, &message, taken, bound + LITTLE).await;
        }
    });
}

#[test]
fn a_message_in_messagepack_costs_what_it_is_made_into_whatever_it_claims() {
    alone(async {
        let mut site = Site::start(Server::new(), HubOptions::new()).await;
        let many = |kind: u8, part: &[u8]| {
            let count = u16::try_from(ROOM / part.len()).expect("it fits");
            [&[kind], &count.to_be_bytes()[..], &part.repeat(count.into())].concat()
        };
        let one = |argument: &[u8]| [&[0x91], argument].concat();
        let (none, no_headers, x) = ([0x90].to_vec(), [0x80].to_vec(), one(b"\xa1x"));
        let numbers = many(ARRAY, &[0]);
        let arrays = [&[0x91].repeat(ROOM)[..], &[0xc0]].concat();
        let claimed = |kind: u8| vec![kind, 0xff, 0xff, 0xff, 0xff];
        for (what, target, headers, arguments, stream_ids, taken, bound) in [
            ("arguments", "Echo", &no_headers, &numbers, &none, Completed, 0),
            ("headers", "Echo", &many(MAP, b"\xa1a\xa1a"), &x, &none, Completed, LIMIT),
            ("stream ids", "Echo", &no_headers, &x, &many(ARRAY, b"\xa1a"), Completed, 0),
            ("numbers", "Count", &no_headers, &one(&numbers), &none, Completed, IN_MESSAGEPACK * NUMBER),
            ("values", "Depth", &no_headers, &one(&numbers), &none, Completed, IN_MESSAGEPACK * VALUE),
            ("arrays in arrays", "Depth", &no_headers, &arrays, &none, Completed, 0),
            ("claimed arguments", "Echo", &no_headers, &claimed(LONG_ARRAY), &none, Completed, 0),
            ("claimed numbers", "Count", &no_headers, &one(&claimed(LONG_ARRAY)), &none, Completed, 0),
            ("a claimed text", "Echo", &no_headers, &one(&claimed(LONG_TEXT)), &none, Completed, 0),
            ("claimed headers", "Echo", &claimed(LONG_MAP), &x, &none, Closed, 0),
            ("claimed stream ids", "Echo", &no_headers, &x, &claimed(LONG_ARRAY), Closed, 0),
        ] {
            let name = [&[0xa0 | target.len() as u8], target.as_bytes()].concat();
            let message = [&[0x96, 1], &headers[..], b"\xa11", &name, arguments, stream_ids].concat();
            let length = message.len();
            assert!((LIMIT - 128..LIMIT - 3).contains(&length) || length < 64, "{what}: {length} bytes");
            let prefix = [length as u8 | 0x80, (length >> 7) as u8 | 0x80, (length >> 14) as u8];
            let message = frame(Opcode::Binary, &[&prefix[..], &message].concat());
            costs_at_most(&mut site, "messagepack", what, &message, taken, bound + LITTLE).await;
        }
    });
}

/// How long lists, maps and texts begin in MessagePack.
const ARRAY: u8 = 0xdc;
const MAP: u8 = 0xde;
const LONG_ARRAY: u8 = 0xdd;
const LONG_MAP: u8 = 0xdf;
const LONG_TEXT: u8 = 0xdb;

/// Sends a message that may ask the allocator for so many bytes until it is taken as said; others are served then.
async fn costs_at_most(
    site: &mut Site,
    protocol: &str,
    what: &str,
    message: &[u8],
    taken: Taken,
    bound: usize,
) {
    let mut client = Client::in_hub(site.address, protocol).await;
    let region = Region::new(ALLOCATOR);
    client.write(message).await;
    let kind = client.message().await.map(|answer| kind_of(protocol, &answer));
    let asked = region.change().bytes_allocated;
    assert_eq!(kind, Some(taken as u8), "{what}");
    assert!(asked <= bound, "{what}: {asked} bytes");
    site.serves_as_before().await;
}

/// The type of a hub message of the server.
fn kind_of(protocol: &str, message: &[u8]) -> u8 {
    if protocol == "json" {
        return message.strip_prefix(b"{\"type\":").expect("it begins with its type")[0] - b'0';
    }
    let end_of_prefix = message.iter().position(|byte| byte & 0x80 == 0).expect("a length has an end");
    message[end_of_prefix + 2]
}
