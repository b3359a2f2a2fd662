//! The bearer token of a request: from its header, or from its query as browsers send it.
//!
//! A token is a secret: it has no `Display`, and its `Debug` shows none of it. Whether it is a good one is for
//! whoever reads it.

use std::borrow::Cow;
use std::fmt;

use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::auth::Rejection;
use crate::http::query_value;

/// A token as the client sent it.
pub(super) struct BearerToken<'a>(Cow<'a, str>);

/// Bytes of a token. A longer one is not looked at.
pub(super) const MAXIMUM_LENGTH: usize = 16 * 1024;

impl<'a> BearerToken<'a> {
    /// Finds the token in `Authorization: Bearer`, else in `access_token` in the query; names match in any case.
    ///
    /// # Errors
    ///
    /// If it is too long, or if there are several `Authorization` headers.
    pub(super) fn of(parts: &'a Parts) -> Result<Option<Self>, Rejection> {
        let token = match in_header(parts)? {
            Some(token) => Some(Cow::Borrowed(token)),
            None => query_value(&parts.uri, "access_token"),
        };
        match token {
            Some(token) if token.len() > MAXIMUM_LENGTH => Err(Rejection::new("the token is too long")),
            token => Ok(token.filter(|token| !token.is_empty()).map(Self)),
        }
    }

    /// The token.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

fn in_header(parts: &Parts) -> Result<Option<&str>, Rejection> {
    let mut headers = parts.headers.get_all(AUTHORIZATION).into_iter();
    let Some(header) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(Rejection::new("there are several Authorization headers"));
    }
    let Some((scheme, token)) = header.to_str().ok().and_then(|value| value.split_once(' ')) else {
        return Ok(None);
    };
    let token = scheme.eq_ignore_ascii_case("bearer").then(|| token.trim());
    Ok(token.filter(|token| !token.is_empty()))
}

impl fmt::Debug for BearerToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BearerToken").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn the_token_is_in_the_header_or_in_the_query_in_any_case() {
        assert_eq!(token_of("/chat", &["Bearer abc.d-e"]), Ok(Some("abc.d-e".into())));
        assert_eq!(token_of("/chat", &["bEARER  abc "]), Ok(Some("abc".into())));
        assert_eq!(token_of("/chat?id=1&ACCESS_token=a%2Eb", &[]), Ok(Some("a.b".into())));
        assert_eq!(token_of("/chat?access_token=query", &["Bearer header"]), Ok(Some("header".into())));
        assert_eq!(token_of("/chat?access_token=query", &["Basic abc"]), Ok(Some("query".into())));
    }

    #[test]
    fn what_holds_no_token_has_no_credentials() {
        assert_eq!(token_of("/chat", &[]), Ok(None));
        assert_eq!(token_of("/chat?access_token=", &["Bearer "]), Ok(None));
        assert_eq!(token_of("/chat", &["Bearer"]), Ok(None));
        assert_eq!(token_of("/chat", &["Basic abc"]), Ok(None));
        assert_eq!(token_of("/chat", &["Bearertoken abc"]), Ok(None));
    }

    #[test]
    fn a_token_over_the_limit_is_refused_wherever_it_is() {
        let longest = "x".repeat(MAXIMUM_LENGTH);
        let too_long = Err("the token is too long".into());
        assert_eq!(token_of("/", &[&format!("Bearer {longest}")]), Ok(Some(longest.clone())));
        assert_eq!(token_of("/", &[&format!("Bearer {longest}x")]), too_long);
        assert_eq!(token_of(&format!("/?access_token={longest}"), &[]), Ok(Some(longest.clone())));
        assert_eq!(token_of(&format!("/?access_token={longest}x"), &[]), too_long);
    }

    #[test]
    fn of_several_headers_none_is_trusted() {
        let refused = token_of("/chat", &["Bearer good", "Bearer evil"]);
        assert_eq!(refused, Err("there are several Authorization headers".into()));
    }

    #[test]
    fn debug_shows_nothing_of_a_token() {
        assert_eq!(format!("{:?}", BearerToken(Cow::Borrowed("SECRET"))), "BearerToken(..)");
    }

    fn token_of(uri: &str, authorization: &[&str]) -> Result<Option<String>, String> {
        let mut request = Request::builder().uri(uri);
        for value in authorization {
            request = request.header(AUTHORIZATION, *value);
        }
        let parts = request.body(()).unwrap().into_parts().0;
        let token = BearerToken::of(&parts).map_err(|rejection| rejection.to_string())?;
        Ok(token.map(|token| token.expose().to_owned()))
    }
}
