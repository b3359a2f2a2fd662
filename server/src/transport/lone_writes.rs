//! Writes of a lone buffer: what writes to a socket often has a list of one, and a vectored write costs the system more
//! than a plain one.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A socket for whoever always writes lists.
#[derive(Debug)]
#[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "only TLS needs one"))]
pub(crate) struct LoneWrites<S>(pub(crate) S);

/// Writes a list of buffers, one that is alone without a list.
pub(crate) fn poll_write_slices(
    socket: Pin<&mut impl AsyncWrite>,
    cx: &mut Context<'_>,
    slices: &[IoSlice<'_>],
) -> Poll<io::Result<usize>> {
    let mut filled = slices.iter().filter(|slice| !slice.is_empty());
    match (filled.next(), filled.next()) {
        (Some(only), None) => socket.poll_write(cx, only),
        _ => socket.poll_write_vectored(cx, slices),
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for LoneWrites<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for LoneWrites<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        poll_write_slices(Pin::new(&mut self.0), cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn a_lone_buffer_is_written_plainly_and_several_as_a_list() {
        for (slices, wanted) in [
            (&[&b""[..], b"ab", b""][..], "plain ab"),
            (&[&b"ab"[..]][..], "plain ab"),
            (&[&b"ab"[..], b"", b"c"][..], "list of 3"),
            (&[][..], "list of 0"),
        ] {
            let slices = slices.iter().map(|slice| IoSlice::new(slice)).collect::<Vec<_>>();
            let mut socket = LoneWrites(Witness::default());
            let mut cx = Context::from_waker(Waker::noop());
            assert!(Pin::new(&mut socket).poll_write_vectored(&mut cx, &slices).is_ready());
            assert_eq!(socket.0.0, wanted);
        }
    }

    /// How it was written to.
    #[derive(Default)]
    struct Witness(String);

    impl AsyncWrite for Witness {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.0 = format!("plain {}", String::from_utf8_lossy(bytes));
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_write_vectored(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            slices: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            self.0 = format!("list of {}", slices.len());
            Poll::Ready(Ok(1))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }
}
