//! Heads of requests that do not end, or that grow when they are decoded.
//!
//! How each ends, and what else floods, is in `http2_attacks.rs` and `requests.rs` of the program `hub`.

use hubcast::{HubOptions, Server};
use stats_alloc::Region;

use super::frames::{CALM, CONTINUATION, END_HEADERS, END_STREAM, HEADERS, PREFACE, frame, goaway, head};
use super::site::{Client, Site};
use super::{ALLOCATOR, alone};

/// Bytes: what a connection of HTTP/2 has from its beginning, and a head up to its limit of 16 KiB with its fields.
const HTTP2: usize = 256 * 1024;
/// Bytes: a head up to its limit of 64 KiB, in a buffer that grows and may be twice that.
const HTTP1: usize = 256 * 1024;

#[test]
fn a_head_over_http2_that_does_not_end_costs_no_more_than_its_limit() {
    alone(async {
        let mut site = Site::start(Server::new(), HubOptions::new()).await;
        for part in [Vec::new(), b"\0\x01a\x01b".to_vec(), field(16_000)] {
            let start = frame(HEADERS, END_STREAM, 1, &head("GET", "/"));
            let more = frame(CONTINUATION, 0, 1, &part).repeat(10_000_000 / (9 + part.len()));
            let (asked, answer) = asked_for(&site, &[PREFACE, &start, &more].concat()).await;
            assert!(asked <= HTTP2, "parts of {} bytes: {asked} bytes", part.len());
            assert_eq!(goaway(&answer), Some(CALM), "parts of {} bytes", part.len());
            site.serves_as_before().await;
        }
    });
}

#[test]
fn a_head_over_http2_that_stands_for_much_more_costs_no_more_than_its_limit() {
    alone(async {
        let mut site = Site::start(Server::new(), HubOptions::new()).await;
        // 4,000 bytes under an index, and 12,000 times the index: 48 MB of headers in 16 kB.
        let mut block = head("GET", "/");
        block.push(0x40);
        block.extend(&field(4000)[1..]);
        block.extend([0xbe; 12_000]);
        let (first, rest) = block.split_at(1000);
        for attack in [
            frame(HEADERS, END_HEADERS | END_STREAM, 1, &block),
            [frame(HEADERS, END_STREAM, 1, first), frame(CONTINUATION, END_HEADERS, 1, rest)].concat(),
        ] {
            let (asked, answer) = asked_for(&site, &[PREFACE, &attack].concat()).await;
            assert!(asked <= HTTP2, "{asked} bytes");
            assert_eq!(goaway(&answer), Some(CALM));
            site.serves_as_before().await;
        }
    });
}

#[test]
fn a_head_over_http1_that_does_not_end_costs_no_more_than_its_limit() {
    alone(async {
        let mut site = Site::start(Server::new(), HubOptions::new()).await;
        let start = b"GET / HTTP/1.1\r\nhost: a\r\n";
        for part in [&b"a:b\r\n"[..], &[b'x'; 1000], b"\r"] {
            let more = part.repeat(10_000_000 / part.len());
            let (asked, answer) = asked_for(&site, &[start, &more[..]].concat()).await;
            assert!(asked <= HTTP1, "{asked} bytes");
            assert!(answer.starts_with(b"HTTP/1.1 431 "), "{}", answer.escape_ascii());
            site.serves_as_before().await;
        }
    });
}

/// What the server asks the allocator for until it has ended the connection of a client that sends `attack`, and what it
/// said.
async fn asked_for(site: &Site, attack: &[u8]) -> (usize, Vec<u8>) {
    let mut client = Client::connect(site.address).await;
    let mut answer = Vec::with_capacity(64 * 1024);
    let region = Region::new(ALLOCATOR);
    // The server ends before it has read it all.
    client.write(attack).await;
    client.read_to_end(&mut answer).await;
    (region.change().bytes_allocated, answer)
}

/// A field as HPACK's literal without indexing, with a value of so many bytes.
fn field(size: usize) -> Vec<u8> {
    let mut field = b"\0\x01a\x7f".to_vec();
    let mut rest = size - 127;
    while rest >= 128 {
        field.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    field.push(rest as u8);
    field.extend(vec![b'x'; size]);
    field
}
