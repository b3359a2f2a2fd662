//! How an event stream takes its response back that its client does not read.

use tokio_util::sync::CancellationToken;

/// Left in a request by our listener: cancelled, it cuts what carries the response. Other servers leave none.
#[derive(Debug, Clone)]
pub(crate) struct Cut(pub(crate) CancellationToken);
