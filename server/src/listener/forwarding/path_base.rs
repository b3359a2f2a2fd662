//! The front of the path under which a proxy serves this server beside others.

use http::Uri;
use http::uri::PathAndQuery;

/// A path as `/app`, without a slash at its end.
#[derive(Debug, Clone)]
pub(super) struct PathBase(String);

impl PathBase {
    /// # Panics
    ///
    /// If `path` does not start with a slash, or has a query or a fragment.
    pub(super) fn new(path: &str) -> Option<Self> {
        assert!(path.starts_with('/'), "the path base {path:?} starts with no slash: write \"/{path}\"");
        assert!(!path.contains(['?', '#']), "the path base {path:?} has a query or a fragment: leave it out");
        let path = path.trim_end_matches('/');
        (!path.is_empty()).then(|| Self(path.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path and query without this front; `None` if they have another. In any ASCII case, as paths of hubs.
    pub(super) fn strip(&self, uri: &Uri) -> Option<PathAndQuery> {
        let (front, rest) = uri.path_and_query()?.as_str().split_at_checked(self.0.len())?;
        if !front.eq_ignore_ascii_case(&self.0) {
            return None;
        }
        match rest.as_bytes().first() {
            Some(b'/') => rest.parse().ok(),
            None | Some(b'?') => format!("/{rest}").parse().ok(),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn whole_segments_are_taken_off_the_front_alone() {
        let base = PathBase::new("/app/").unwrap();
        for (path, rest) in [
            ("/app/chat?id=1", Some("/chat?id=1")),
            ("/APP/chat", Some("/chat")),
            ("/app", Some("/")),
            ("/app/", Some("/")),
            ("/app?id=1", Some("/?id=1")),
            ("/application", None),
            ("/chat/app", None),
            ("/", None),
        ] {
            let stripped = base.strip(&path.parse().unwrap());
            assert_eq!(stripped.as_ref().map(PathAndQuery::as_str), rest, "{path}");
        }
        assert!(PathBase::new("/").is_none());
    }
}
