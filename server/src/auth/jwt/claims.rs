//! Whether the claims of a token whose signature is right are meant for us, at this moment.
//!
//! A claim of the wrong type is a wrong claim, never a missing one. The time is an argument.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::auth::Rejection;

/// What the registered claims of a token must say (RFC 7519 §4.1).
#[derive(Debug, Clone)]
pub(super) struct Expected {
    issuers: Option<Vec<String>>,
    audience: Audience,
    leeway: Duration,
}

#[derive(Debug, Clone)]
enum Audience {
    /// A token for somebody is not for us.
    Unnamed,
    OneOf(Vec<String>),
    Any,
}

impl Expected {
    pub(super) fn issuers(&mut self, issuers: Vec<String>) {
        self.issuers = Some(issuers);
    }

    pub(super) fn audiences(&mut self, audiences: Vec<String>) {
        self.audience = Audience::OneOf(audiences);
    }

    pub(super) fn any_audience(&mut self) {
        self.audience = Audience::Any;
    }

    pub(super) fn leeway(&mut self, leeway: Duration) {
        self.leeway = leeway;
    }

    /// Checks the claims and gives the time at which they expire.
    pub(super) fn check(
        &self,
        claims: &Map<String, Value>,
        now: SystemTime,
    ) -> Result<SystemTime, Rejection> {
        let expires_at = time(claims, "exp")?.ok_or(Rejection::of("the token has no expiry"))?;
        if now.duration_since(expires_at).is_ok_and(|over| over > self.leeway) {
            return Err(Rejection::of("the token has expired"));
        }
        let starts_at = time(claims, "nbf")?;
        let wait = starts_at.and_then(|starts_at| starts_at.duration_since(now).ok());
        if wait.is_some_and(|wait| wait > self.leeway) {
            return Err(Rejection::of("the token is not valid yet"));
        }
        if !self.is_from_issuer(claims.get("iss")) {
            return Err(Rejection::of("the issuer is not one of those configured"));
        }
        if !self.is_for_audience(claims.get("aud")) {
            return Err(Rejection::of("the audience is not one of those configured"));
        }
        Ok(expires_at)
    }

    fn is_from_issuer(&self, issuer: Option<&Value>) -> bool {
        let Some(issuers) = &self.issuers else { return true };
        issuer.is_some_and(|issuer| is_one_of(issuer, issuers))
    }

    fn is_for_audience(&self, audience: Option<&Value>) -> bool {
        match (&self.audience, audience) {
            (Audience::Any, _) | (Audience::Unnamed, None) => true,
            (Audience::Unnamed, Some(_)) | (Audience::OneOf(_), None) => false,
            (Audience::OneOf(known), Some(Value::Array(listed))) => {
                listed.iter().any(|audience| is_one_of(audience, known))
            }
            (Audience::OneOf(known), Some(audience)) => is_one_of(audience, known),
        }
    }
}

impl Default for Expected {
    fn default() -> Self {
        Self { issuers: None, audience: Audience::Unnamed, leeway: Duration::from_secs(5 * 60) }
    }
}

fn is_one_of(claim: &Value, known: &[String]) -> bool {
    claim.as_str().is_some_and(|claim| known.iter().any(|known| known == claim))
}

/// A claim in seconds since 1970, whole or not.
fn time(claims: &Map<String, Value>, name: &str) -> Result<Option<SystemTime>, Rejection> {
    let Some(claim) = claims.get(name) else { return Ok(None) };
    let whole = claim.as_u64().map(Duration::from_secs);
    let seconds = whole.or_else(|| Duration::try_from_secs_f64(claim.as_f64()?).ok());
    let time = seconds.and_then(|seconds| SystemTime::UNIX_EPOCH.checked_add(seconds));
    time.map(Some).ok_or(Rejection::of("a time in the token is none"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::super::test_token::{NOW, now};
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_is_good_until_its_expiry_and_five_minutes_more() {
        let check = |exp| reason(&Expected::default(), &json!({"exp": exp}));
        assert_eq!(check(json!(NOW)), None);
        assert_eq!(check(json!(NOW - 300)), None);
        assert_eq!(check(json!(NOW - 301)), Some("the token has expired".into()));
        assert_eq!(check(json!(0)), Some("the token has expired".into()));
    }

    #[test]
    fn a_token_is_good_five_minutes_before_it_starts_and_not_earlier() {
        let check = |nbf: u64| reason(&Expected::default(), &json!({"exp": NOW + 9999, "nbf": nbf}));
        assert_eq!(check(NOW - 1), None);
        assert_eq!(check(NOW + 300), None);
        assert_eq!(check(NOW + 301), Some("the token is not valid yet".into()));
    }

    #[test]
    fn an_expiry_is_required_and_may_have_a_fraction() {
        let check = |claims| Expected::default().check(object(&claims), now());
        assert_eq!(check(json!({})).unwrap_err().reason(), "the token has no expiry");
        let fraction = now() + Duration::from_millis(500);
        assert_eq!(check(json!({"exp": NOW as f64 + 0.5})), Ok(fraction));
    }

    #[test]
    fn a_time_that_is_none_is_no_missing_time() {
        for wrong in
            [json!(null), json!("1"), json!(-1), json!(1e300), json!(u64::MAX), json!([1]), json!(true)]
        {
            let none = Some("a time in the token is none".to_owned());
            assert_eq!(reason(&Expected::default(), &json!({"exp": wrong})), none, "exp {wrong}");
            assert_eq!(reason(&Expected::default(), &json!({"exp": NOW, "nbf": wrong})), none, "nbf {wrong}");
        }
    }

    #[test]
    fn the_issuer_is_one_of_those_configured() {
        let mut expected = Expected::default();
        let check = |expected: &Expected, iss| reason(expected, &json!({"exp": NOW, "iss": iss}));
        assert_eq!(check(&expected, json!("anybody")), None);
        expected.issuers(vec!["a".into(), "b".into()]);
        assert_eq!(check(&expected, json!("b")), None);
        let wrong = Some("the issuer is not one of those configured".to_owned());
        for iss in [json!("c"), json!("B"), json!(["a"]), json!(null), json!("")] {
            assert_eq!(check(&expected, iss.clone()), wrong, "{iss}");
        }
        assert_eq!(reason(&expected, &json!({"exp": NOW})), wrong);
    }

    #[test]
    fn the_audience_is_or_lists_one_of_those_configured() {
        let mut expected = Expected::default();
        expected.audiences(vec!["chat".into(), "news".into()]);
        let check = |aud| reason(&expected, &json!({"exp": NOW, "aud": aud}));
        assert_eq!(check(json!("chat")), None);
        assert_eq!(check(json!(["mail", "news"])), None);
        let wrong = Some("the audience is not one of those configured".to_owned());
        for aud in [json!("mail"), json!([]), json!([["chat"]]), json!({"chat": 1}), json!(null)] {
            assert_eq!(check(aud.clone()), wrong, "{aud}");
        }
        assert_eq!(reason(&expected, &json!({"exp": NOW})), wrong);
    }

    #[test]
    fn a_token_for_somebody_is_not_for_us_unless_said() {
        let mut expected = Expected::default();
        let for_somebody = json!({"exp": NOW, "aud": "mail"});
        let wrong = Some("the audience is not one of those configured".to_owned());
        assert_eq!(reason(&expected, &for_somebody), wrong);
        assert_eq!(reason(&expected, &json!({"exp": NOW})), None);
        expected.any_audience();
        assert_eq!(reason(&expected, &for_somebody), None);
    }

    fn reason(expected: &Expected, claims: &Value) -> Option<String> {
        expected.check(object(claims), now()).err().map(|rejection| rejection.to_string())
    }

    fn object(claims: &Value) -> &Map<String, Value> {
        claims.as_object().unwrap()
    }
}
