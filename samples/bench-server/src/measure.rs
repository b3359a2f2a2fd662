//! `/body`: answers a request with the length of its body, after the last byte, for checks of HTTP that send bodies.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hubcast::{BoxError, RequestBody};

/// Bytes of the longest body.
const LIMIT: usize = 1 << 20;

/// The answer; a body that is too long or broken off is a bad request.
pub(crate) async fn measure(request: Request<RequestBody>) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path() != "/body" {
        return Ok(answer(StatusCode::NOT_FOUND, String::new()));
    }
    Ok(match length(request.into_body()).await {
        Ok(length) => answer(StatusCode::OK, format!("the body has {length} bytes\n")),
        Err(_) => answer(StatusCode::BAD_REQUEST, String::new()),
    })
}

fn answer(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    response
}

async fn length(body: RequestBody) -> Result<usize, BoxError> {
    Ok(Limited::new(body, LIMIT).collect().await?.to_bytes().len())
}
