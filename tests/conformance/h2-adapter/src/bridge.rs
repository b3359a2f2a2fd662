//! Both directions between a socket and a stream, with the flow control of each.
//!
//! The end of one is the end of the other, and a reset of one is a reset of the other (RFC 8441 §5).

use std::future::poll_fn;

use bytes::{Bytes, BytesMut};
use h2::{Reason, RecvStream, SendStream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};

use crate::Failure;

/// Bytes that are read from the socket at once.
const CHUNK: usize = 64 * 1024;

/// Moves bytes until both directions have ended, or one has failed. `ahead` came with the request.
pub(crate) async fn carry(
    mut socket: TcpStream,
    ahead: Vec<u8>,
    send: SendStream<Bytes>,
    receive: RecvStream,
) -> Result<(), Failure> {
    let (reader, writer) = socket.split();
    tokio::try_join!(to_stream(reader, ahead, send), to_socket(receive, writer))?;
    Ok(())
}

async fn to_stream(
    mut reader: ReadHalf<'_>,
    ahead: Vec<u8>,
    mut send: SendStream<Bytes>,
) -> Result<(), Failure> {
    let mut chunk = BytesMut::from(&ahead[..]);
    loop {
        // A server that wants no more says what it has to say in the other direction.
        if send_all(&mut send, chunk.split().freeze()).await.is_err() {
            return Ok(());
        }
        chunk.reserve(CHUNK);
        match reader.read_buf(&mut chunk).await {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                send.send_reset(Reason::CANCEL);
                return Err(error.into());
            }
        }
    }
    // As above.
    let _ = send.send_data(Bytes::new(), true);
    Ok(())
}

async fn send_all(send: &mut SendStream<Bytes>, mut data: Bytes) -> Result<(), h2::Error> {
    send.reserve_capacity(data.len());
    while !data.is_empty() {
        let room = match send.capacity() {
            0 => poll_fn(|cx| send.poll_capacity(cx)).await.unwrap_or(Err(Reason::CANCEL.into()))?,
            room => room,
        };
        send.send_data(data.split_to(room.min(data.len())), false)?;
    }
    Ok(())
}

async fn to_socket(mut receive: RecvStream, mut writer: WriteHalf<'_>) -> Result<(), Failure> {
    while let Some(data) = receive.data().await {
        let data = data?;
        writer.write_all(&data).await?;
        receive.flow_control().release_capacity(data.len())?;
    }
    writer.shutdown().await?;
    Ok(())
}
