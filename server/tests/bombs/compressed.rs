//! A compressed message that stands for 16 MiB.

use hubcast::websocket::{Compression, WebSocketError, WebSocketOptions};
use hubcast::{HubCompression, HubOptions, Server};
use hubcast_websocket::{Deflater, FrameHeader, Opcode};
use stats_alloc::Region;

use super::site::{Client, LIMIT, Site};
use super::{ALLOCATOR, alone};

const BOMB: usize = 16 << 20;
/// Bytes: the window of the decompressor, what was read, and what was made of it until the limit.
const BOUND: usize = 512 * 1024;

#[test]
fn a_bomb_is_refused_when_it_has_grown_to_the_limit_and_others_are_served() {
    alone(async {
        let raw = WebSocketOptions::new().maximum_message_size(LIMIT as u64).compression(Compression::new());
        let server = Server::new().websocket("/raw", raw, async |mut socket| {
            while socket.receive().await?.is_some() {}
            Ok::<_, WebSocketError>(())
        });
        let mut site = Site::start(server, HubOptions::new().compression(HubCompression::new())).await;
        let bomb = bomb();
        assert!(bomb.len() < 32 * 1024, "{} bytes on the wire", bomb.len());
        for (path, close) in [("/hub", None), ("/raw", Some(1009))] {
            let mut client = Client::open(site.address, path).await;
            assert!(client.compresses, "{path}");
            if path == "/hub" {
                client.shake_hands("json").await;
            }
            let region = Region::new(ALLOCATOR);
            client.write(&bomb).await;
            let code = client.close_code().await;
            let asked = region.change().bytes_allocated;
            assert!((LIMIT..BOUND).contains(&asked), "{path}: {asked} bytes");
            if close.is_some() {
                assert_eq!(code, close, "{path}");
            }
            site.serves_as_before().await;
        }
    });
}

/// One compressed message, masked with zeros.
fn bomb() -> Vec<u8> {
    let mut payload = Vec::new();
    Deflater::new(15, false, 9).deflate(&vec![b' '; BOMB], true, &mut payload);
    let payload_length = payload.len() as u64;
    let header =
        FrameHeader { fin: true, rsv1: true, opcode: Opcode::Text, payload_length, mask: Some([0; 4]) };
    [&*header.encode(), &payload].concat()
}
