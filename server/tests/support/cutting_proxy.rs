//! A TCP proxy that cuts its connections at random bytes: what is on the way is lost, as it is in the world.
//!
//! What counts is every byte past the HTTP handshake, of both directions together. A cut is a FIN or a RST to both.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::randomness::Randomness;
use super::wire::connect;

/// A proxy in front of a server. Dropped, it takes no more connections; dropped by a panic, it tells its seed.
pub(crate) struct CuttingProxy {
    address: SocketAddr,
    cutting: Arc<Cutting>,
    accepting: JoinHandle<()>,
    seed: u64,
}

/// What the proxy and all its connections share.
#[derive(Default)]
struct Cutting {
    is_on: AtomicBool,
    cuts: AtomicUsize,
}

/// Powers of two of the bytes that a connection may live for: short lives are as likely as long ones.
const LIVES: u64 = 15;

impl CuttingProxy {
    /// A proxy that cuts nothing yet.
    pub(crate) async fn start(server: SocketAddr, mut randomness: Randomness) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let cutting = Arc::new(Cutting::default());
        let seed = randomness.seed();
        let accepting = tokio::spawn({
            let cutting = Arc::clone(&cutting);
            async move {
                loop {
                    let (client, _) = listener.accept().await.unwrap();
                    client.set_nodelay(true).unwrap();
                    let longest = 1 << randomness.below(LIVES);
                    let life = randomness.below(longest) as usize;
                    let with_reset = randomness.below(2) == 0;
                    let cutting = Arc::clone(&cutting);
                    tokio::spawn(async move {
                        cutting.carry(client, connect(server).await, life, with_reset).await
                    });
                }
            }
        });
        Self { address, cutting, accepting, seed }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts from here on, or lets live.
    pub(crate) fn set_cutting(&self, on: bool) {
        self.cutting.is_on.store(on, Ordering::Relaxed);
    }

    /// How many connections were cut.
    pub(crate) fn cuts(&self) -> usize {
        self.cutting.cuts.load(Ordering::Relaxed)
    }
}

impl Drop for CuttingProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        if std::thread::panicking() {
            eprintln!("SEED={} repeats the cuts of this failure", self.seed);
        }
    }
}

impl Cutting {
    /// Carries bytes until both directions have ended, or until `life` of them have passed.
    async fn carry(&self, mut client: TcpStream, mut server: TcpStream, life: usize, with_reset: bool) {
        let life = AtomicUsize::new(life);
        let carried = {
            let (from_client, to_client) = client.split();
            let (from_server, to_server) = server.split();
            let up = self.pump(BufReader::new(from_client), to_server, &life);
            let down = self.pump(BufReader::new(from_server), to_client, &life);
            tokio::try_join!(up, down)
        };
        if matches!(carried, Err(Ended::Cut)) {
            self.cuts.fetch_add(1, Ordering::Relaxed);
            if with_reset {
                client.set_zero_linger().unwrap();
                server.set_zero_linger().unwrap();
            }
        }
    }

    async fn pump(
        &self,
        mut from: impl AsyncBufRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
        life: &AtomicUsize,
    ) -> Result<(), Ended> {
        let mut line = Vec::new();
        while line != b"\r\n" {
            line.clear();
            if from.read_until(b'\n', &mut line).await? == 0 {
                break;
            }
            to.write_all(&line).await?;
        }
        loop {
            let part = from.fill_buf().await?;
            if part.is_empty() {
                return Ok(to.shutdown().await?);
            }
            let length = part.len();
            let passes = if self.is_on.load(Ordering::Relaxed) { take(life, length) } else { length };
            to.write_all(&part[..passes]).await?;
            if passes < length {
                return Err(Ended::Cut);
            }
            from.consume(length);
        }
    }
}

/// Why a connection did not end by itself.
enum Ended {
    Cut,
    Failed,
}

impl From<io::Error> for Ended {
    fn from(_: io::Error) -> Self {
        Self::Failed
    }
}

/// Takes up to `wanted` from what is left.
fn take(left: &AtomicUsize, wanted: usize) -> usize {
    let before =
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(wanted)));
    before.unwrap_or(0).min(wanted)
}
