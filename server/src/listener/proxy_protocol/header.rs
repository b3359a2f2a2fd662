//! Reads a header off a socket, and not a byte more: what follows belongs to TLS or HTTP.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{NoHeader, Origin, v1, v2};

/// Reads the header that a connection begins with.
pub(in crate::listener) async fn read(socket: &mut (impl AsyncRead + Unpin)) -> io::Result<Origin> {
    // No header of either version is shorter.
    let mut start = [0; v2::SIGNATURE.len()];
    socket.read_exact(&mut start).await?;
    if start == *v2::SIGNATURE {
        return read_v2(socket).await;
    }
    if start.starts_with(v1::START) {
        return read_v1(socket, &start).await;
    }
    Err(NoHeader("it begins like no header of the PROXY protocol").into())
}

/// Two bytes at a time, as the line ends in two: longer reads could go beyond it.
async fn read_v1(socket: &mut (impl AsyncRead + Unpin), start: &[u8]) -> io::Result<Origin> {
    let mut line = Vec::with_capacity(v1::MAXIMUM_LENGTH);
    line.extend_from_slice(start);
    while !line.ends_with(b"\r\n") {
        let wanted = if line.ends_with(b"\r") { 1 } else { 2 };
        if line.len() + wanted > v1::MAXIMUM_LENGTH {
            return Err(NoHeader("its line does not end").into());
        }
        let mut more = [0; 2];
        socket.read_exact(&mut more[..wanted]).await?;
        line.extend_from_slice(&more[..wanted]);
    }
    Ok(v1::parse(&line[..line.len() - 2])?)
}

async fn read_v2(socket: &mut (impl AsyncRead + Unpin)) -> io::Result<Origin> {
    let mut head = [0; v2::HEAD];
    socket.read_exact(&mut head).await?;
    let length = v2::length(head)?;
    let mut body = vec![0; length];
    socket.read_exact(&mut body).await?;
    Ok(v2::parse(head, &body)?)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_follows_a_header_is_left() {
        for header in [
            &b"PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n"[..],
            b"PROXY TCP4 192.0.2.10 192.0.2.2 4711 443\r\n",
            b"PROXY UNKNOWN\r\n",
            b"PROXY UNKNOWN x\r\n",
            b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0",
            b"\r\n\r\n\0\r\nQUIT\n\x21\0\0\x03\x04\0\0",
        ] {
            let bytes = [header, b"GET /"].concat();
            let mut socket = &bytes[..];
            read(&mut socket).await.unwrap();
            assert_eq!(socket, b"GET /", "{header:?}");
        }
    }

    #[tokio::test]
    async fn no_header_and_half_of_one_are_errors() {
        let long = [&b"PROXY UNKNOWN "[..], &[b'x'; 94]].concat();
        for (bytes, kind) in [
            (&b"GET / HTTP/1.1\r\n"[..], io::ErrorKind::InvalidData),
            (b"PROXY TCP4 192.0.2", io::ErrorKind::UnexpectedEof),
            (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x01", io::ErrorKind::UnexpectedEof),
            (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff", io::ErrorKind::InvalidData),
            (&long, io::ErrorKind::InvalidData),
            (b"PROXY", io::ErrorKind::UnexpectedEof),
        ] {
            assert_eq!(read(&mut &bytes[..]).await.unwrap_err().kind(), kind, "{bytes:?}");
        }
    }
}
