//! WebSockets of the application's own over real sockets, as a user and as an enemy has them.

mod accepting;
mod closing;
mod counting;
mod deflate;
mod enemies;
mod guests;
mod halves;
mod messages;
mod silence;

use std::future::Future;
use std::sync::Arc;

use hubcast::websocket::{WebSocket as Served, WebSocketError, WebSocketOptions};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::support::{Fixture, Http1, Http2, Setup, WebSocket, soon};

/// Sends back what it gets.
async fn echo(mut socket: Served) -> Result<(), WebSocketError> {
    while let Some(message) = socket.receive().await? {
        socket.send(message).await?;
    }
    Ok(())
}

/// A server with one handler at `/ws`, and what that says.
struct Site {
    server: Fixture,
    said: UnboundedReceiver<String>,
    tells: Arc<Notify>,
}

impl Site {
    async fn start<H, F>(options: WebSocketOptions, handler: H) -> Self
    where
        H: Fn(Served, Says) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<(), WebSocketError>> + Send + 'static,
    {
        Self::start_with(Setup::new(), options, handler).await
    }

    async fn start_with<H, F>(setup: Setup, options: WebSocketOptions, handler: H) -> Self
    where
        H: Fn(Served, Says) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<(), WebSocketError>> + Send + 'static,
    {
        let (says, said) = unbounded_channel();
        let tells = Arc::new(Notify::new());
        let says = Says(says, Arc::clone(&tells));
        let server = setup
            .server(|server| server.websocket("/ws", options, move |socket| handler(socket, says.clone())));
        Self { server: server.start().await, said, tells }
    }

    /// One that sends back what it gets, and says how it ended.
    async fn echo(options: WebSocketOptions) -> Self {
        Self::start(options, |mut socket, says| async move {
            loop {
                match socket.receive().await {
                    Ok(Some(message)) => socket.send(message).await?,
                    Ok(None) => {
                        says.say(format!("closed {}", socket.received_close().unwrap()));
                        return Ok(());
                    }
                    Err(error) => {
                        says.say(format!("{error:?}"));
                        return Err(error);
                    }
                }
            }
        })
        .await
    }

    /// A client over HTTP/1.1 and one over HTTP/2; the connection of the second has to live as long.
    async fn clients(&self) -> ([WebSocket; 2], Http2) {
        let mut http2 = Http2::connect(self.server.address()).await;
        let clients = [self.client().await, http2.websocket("/ws", &[]).await.unwrap()];
        (clients, http2)
    }

    async fn client(&self) -> WebSocket {
        Http1::connect(self.server.address()).await.upgrade("/ws", &[]).await.unwrap()
    }

    /// A client that compresses.
    async fn deflating(&self, context_takeover: bool) -> WebSocket {
        let offer = [("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")];
        let client = Http1::connect(self.server.address()).await.upgrade("/ws", &offer).await.unwrap();
        client.deflating(context_takeover)
    }

    /// Tells a handler to go on.
    fn tell(&self) {
        self.tells.notify_one();
    }

    /// What the handler says next.
    async fn said(&mut self) -> String {
        soon(self.said.recv()).await.unwrap()
    }
}

/// Where a handler says what it sees.
#[derive(Clone)]
struct Says(UnboundedSender<String>, Arc<Notify>);

impl Says {
    fn say(&self, what: impl Into<String>) {
        self.0.send(what.into()).unwrap();
    }

    /// Waits until the test tells the handler to go on.
    async fn told(&self) {
        self.1.notified().await;
    }
}
