//! What a request is answered with: a response at hand, or one that takes a while.

use std::pin::Pin;

use http::Response;

use super::Body;

/// The answer to a request.
pub(crate) enum Answer {
    Ready(Response<Body>),
    Later(Answering),
}

/// A response to come.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

impl Answer {
    /// A response that takes a while.
    pub(crate) fn later(answering: impl Future<Output = Response<Body>> + Send + 'static) -> Self {
        Self::Later(Box::pin(answering))
    }

    /// Changes the response when it is there.
    pub(super) fn map(self, change: impl FnOnce(&mut Response<Body>) + Send + 'static) -> Self {
        match self {
            Self::Ready(mut response) => {
                change(&mut response);
                Self::Ready(response)
            }
            Self::Later(answering) => Self::later(async move {
                let mut response = answering.await;
                change(&mut response);
                response
            }),
        }
    }

    /// Waits for the response.
    pub(crate) async fn response(self) -> Response<Body> {
        match self {
            Self::Ready(response) => response,
            Self::Later(answering) => answering.await,
        }
    }
}

impl From<Response<Body>> for Answer {
    fn from(response: Response<Body>) -> Self {
        Self::Ready(response)
    }
}

/// A response that refuses a request. Boxed, as it is the error of what does not fail most of the time.
pub(super) struct Refusal(Box<Response<Body>>);

impl Refusal {
    pub(super) fn into_response(self) -> Response<Body> {
        *self.0
    }
}

impl From<Response<Body>> for Refusal {
    fn from(response: Response<Body>) -> Self {
        Self(Box::new(response))
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::Ready(refusal.into_response())
    }
}
