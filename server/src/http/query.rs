//! Parameters of a request's query. ASP.NET Core reads their names in any case, so clients may write them so.

use std::borrow::Cow;

use http::Uri;

/// Gives the first value of a parameter in the query of `uri`, percent-decoded. Names match in any ASCII case.
///
/// ```
/// let uri = "/chat?id=x&User=Ada%20L".parse::<http::Uri>()?;
/// assert_eq!(hubcast::query_value(&uri, "user").as_deref(), Some("Ada L"));
/// # Ok::<(), http::uri::InvalidUri>(())
/// ```
pub fn query_value<'a>(uri: &'a Uri, name: &str) -> Option<Cow<'a, str>> {
    let parameters = form_urlencoded::parse(uri.query()?.as_bytes());
    parameters.into_iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

/// The connection token that a transport's request names; empty counts as none.
pub(super) fn connection_token(uri: &Uri) -> Option<Cow<'_, str>> {
    query_value(uri, "id").filter(|id| !id.is_empty())
}
