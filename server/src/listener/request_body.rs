//! The body of a request to our own server, whichever HTTP version brought it.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::RecvStream;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;

use crate::http::BoxError;

/// The body of a request.
pub struct RequestBody(Kind);

enum Kind {
    Http1(Incoming),
    Http2(RecvStream),
    /// The stream became a WebSocket.
    None,
}

impl RequestBody {
    pub(super) fn http1(body: Incoming) -> Self {
        Self(Kind::Http1(body))
    }

    pub(super) fn http2(body: RecvStream) -> Self {
        Self(Kind::Http2(body))
    }

    pub(super) fn none() -> Self {
        Self(Kind::None)
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.get_mut().0 {
            Kind::Http1(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
            Kind::Http2(body) => Poll::Ready(match ready!(body.poll_data(cx)) {
                Some(Ok(data)) => {
                    body.flow_control().release_capacity(data.len())?;
                    Some(Ok(Frame::data(data)))
                }
                Some(Err(error)) => Some(Err(error.into())),
                None => ready!(body.poll_trailers(cx))?.map(|trailers| Ok(Frame::trailers(trailers))),
            }),
            Kind::None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Http1(body) => body.is_end_stream(),
            Kind::Http2(body) => body.is_end_stream(),
            Kind::None => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Http1(body) => body.size_hint(),
            Kind::Http2(_) => SizeHint::default(),
            Kind::None => SizeHint::with_exact(0),
        }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestBody").finish_non_exhaustive()
    }
}
