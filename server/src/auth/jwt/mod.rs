//! Bearer tokens in the shape of JSON Web Tokens (RFC 7519): signed by a known key, for us, and for this moment.
//!
//! A key and not the token decides which algorithms count, so that neither `none` nor a public key taken for a secret
//! gets anybody in. Signatures are the `jsonwebtoken` crate's work, asked through a provider that is named here: the
//! provider that it keeps for the whole program belongs to the application. Where a token is found in a request is in
//! `bearer_token.rs`.

mod bearer_token;
mod claims;
mod jwks;
mod key;
#[cfg(all(test, feature = "aws-lc-rs"))]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod test_pair;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod test_token;

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderValue;
use http::request::Parts;
use hubcast_protocol::contract::Principal;
use jsonwebtoken::decode_header;
use serde_json::{Map, Value};

use super::{Authenticate, Authentication, Rejection};
use bearer_token::BearerToken;
use claims::Expected;
pub use jwks::JwksHandle;
use key::Signed;
pub use key::{JwtKey, KeyError};

/// Checks JSON Web Tokens, which clients send as `Authorization: Bearer` or as `access_token` in the query.
///
/// The header counts if there are both. A token is good if one of the keys has signed it with an algorithm of that
/// key, if its issuer and its audience are among those configured, if it has an `exp` that is not over, and if its
/// `nbf`, if any, is. A token of more than 16 KiB is rejected unread. The claims become those of the [`Principal`],
/// and `exp` its expiry.
///
/// Without a key every token is rejected.
///
/// ```
/// use hubcast::{JwtBearer, JwtKey};
///
/// # fn main() -> Result<(), hubcast::KeyError> {
/// let key = JwtKey::hmac("a secret of at least thirty-two bytes")?;
/// let bearer = JwtBearer::new().key(key).issuers(["https://login.example.com"]).audiences(["chat"]);
/// # drop(bearer); Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct JwtBearer {
    keys: Vec<JwtKey>,
    sets: Vec<JwksHandle>,
    expected: Expected,
}

impl JwtBearer {
    /// A check that knows no keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key that may have signed a token.
    #[must_use]
    pub fn key(mut self, key: JwtKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Adds a set of keys that is renewed while the server runs.
    #[must_use]
    pub fn jwks(mut self, set: &JwksHandle) -> Self {
        self.sets.push(set.clone());
        self
    }

    /// Sets who may have issued a token: its `iss` is one of these. Default: anybody who has the key.
    ///
    /// Set it wherever the keys sign tokens for others too, as those of a public identity provider do.
    #[must_use]
    pub fn issuers(mut self, issuers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.expected.issuers(issuers.into_iter().map(Into::into).collect());
        self
    }

    /// Sets for whom a token must be: its `aud` is or lists one of these. Default: a token with an `aud` is for others,
    /// and rejected.
    #[must_use]
    pub fn audiences(mut self, audiences: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.expected.audiences(audiences.into_iter().map(Into::into).collect());
        self
    }

    /// Takes tokens for any audience.
    ///
    /// Then a token that the same issuer made for another service gets its bearer in here, and that service can use it.
    #[must_use]
    pub fn any_audience(mut self) -> Self {
        self.expected.any_audience();
        self
    }

    /// Sets how far the clocks of issuers may be from ours, for `exp` and `nbf`. Default: 5 min, as .NET's `ClockSkew`.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.expected.leeway(leeway);
        self
    }

    /// Says who sends the request, if the time is `now`.
    fn authenticate_at(&self, parts: &Parts, now: SystemTime) -> Authentication {
        let checked = match BearerToken::of(parts) {
            Ok(None) => return Authentication::Anonymous,
            Ok(Some(token)) => self.check(token.expose(), now),
            Err(rejection) => Err(rejection),
        };
        checked.map_or_else(Authentication::Rejected, Authentication::Known)
    }

    fn check(&self, token: &str, now: SystemTime) -> Result<Principal, Rejection> {
        let (message, signature) = token.rsplit_once('.').ok_or(NO_JWT)?;
        let (_, payload) = message.split_once('.').ok_or(NO_JWT)?;
        let header = decode_header(token).map_err(|_| UNREADABLE_HEADER)?;
        if header.crit.is_some() {
            return Err(Rejection::of("the token asks for extensions that are unknown here"));
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| NO_JWT)?;
        let signed = Signed { algorithm: header.alg, message: message.as_bytes(), signature };
        self.check_signature(header.kid.as_deref(), &signed)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| UNREADABLE_CLAIMS)?;
        let claims = serde_json::from_slice::<Map<String, Value>>(&payload).map_err(|_| UNREADABLE_CLAIMS)?;
        let expires_at = self.expected.check(&claims, now)?;
        Ok(Principal::from_claims(claims).with_expires_at(expires_at))
    }

    fn check_signature(&self, key_id: Option<&str>, signed: &Signed<'_>) -> Result<(), Rejection> {
        let mut is_any_fit = false;
        let mut has_signed = |key: &JwtKey| {
            let is_fit = key.fits(key_id, signed.algorithm);
            is_any_fit |= is_fit;
            is_fit && key.has_signed(signed)
        };
        let is_by_own = self.keys.iter().any(&mut has_signed);
        if is_by_own || self.sets.iter().any(|set| set.keys().iter().any(&mut has_signed)) {
            Ok(())
        } else if is_any_fit {
            Err(Rejection::of("the signature is wrong"))
        } else {
            Err(Rejection::of("no key has the token's key id and algorithm"))
        }
    }
}

impl Authenticate for JwtBearer {
    fn authenticate(&self, parts: &Parts) -> Authentication {
        self.authenticate_at(parts, SystemTime::now())
    }

    fn challenge(&self, authentication: &Authentication) -> Option<HeaderValue> {
        Some(HeaderValue::from_static(match authentication {
            Authentication::Rejected(_) => r#"Bearer error="invalid_token""#,
            Authentication::Anonymous | Authentication::Known(_) => "Bearer",
        }))
    }
}

impl fmt::Debug for JwtBearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtBearer")
            .field("keys", &self.keys)
            .field("sets", &self.sets)
            .field("expected", &self.expected)
            .finish()
    }
}

const NO_JWT: Rejection = Rejection::of("the token is no signed JSON Web Token");
const UNREADABLE_HEADER: Rejection =
    Rejection::of("the token's header cannot be read, or names an algorithm that is unknown here");
const UNREADABLE_CLAIMS: Rejection = Rejection::of("the token's claims cannot be read");

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::test_token::{NOW, SECRET, TestToken, now};
    use super::*;
    use http::Request;
    use http::header::AUTHORIZATION;
    use jsonwebtoken::Algorithm;
    use serde_json::json;

    #[test]
    fn a_good_token_becomes_a_principal_with_its_claims_and_expiry() {
        let token = TestToken::new().claim("role", json!(["admin"])).signed();
        let found = check(&bearer(), &token).unwrap();
        assert_eq!(found.name_identifier(), Some("ada"));
        assert!(found.has_role("admin"));
        assert_eq!(found.expires_at(), Some(now() + Duration::from_secs(60)));
    }

    #[test]
    fn a_request_without_a_token_is_anonymous_and_challenged() {
        let parts = Request::new(()).into_parts().0;
        let found = bearer().authenticate(&parts);
        assert_eq!(found, Authentication::Anonymous);
        assert_eq!(bearer().challenge(&found).unwrap(), "Bearer");
    }

    #[test]
    fn a_bad_token_is_rejected_with_a_reason_of_ours_and_a_challenge() {
        let token = format!("{}x", TestToken::new().signed());
        let request = Request::builder().header(AUTHORIZATION, format!("Bearer {token}")).body(()).unwrap();
        let found = bearer().authenticate(&request.into_parts().0);
        assert_eq!(found, Authentication::Rejected(Rejection::of("the signature is wrong")));
        assert_eq!(bearer().challenge(&found).unwrap(), r#"Bearer error="invalid_token""#);
        assert_eq!(found.principal(), None);
    }

    #[test]
    fn the_clock_of_the_server_is_asked() {
        let uri = format!("/chat?access_token={}", TestToken::new().signed());
        let parts = Request::builder().uri(uri).body(()).unwrap().into_parts().0;
        let long_over = Rejection::new("the token has expired");
        assert_eq!(bearer().authenticate(&parts), Authentication::Rejected(long_over));
    }

    #[test]
    fn a_token_that_was_changed_after_it_was_signed_is_rejected() {
        let good = TestToken::new().signed();
        let other = TestToken::new().claim("sub", json!("eve")).signed();
        let (good_header, good_rest) = good.split_once('.').unwrap();
        let (_, good_signature) = good_rest.split_once('.').unwrap();
        let other_payload = other.split('.').nth(1).unwrap();
        let forged = format!("{good_header}.{other_payload}.{good_signature}");
        assert_eq!(reason(&bearer(), &forged), "the signature is wrong");
    }

    #[test]
    fn a_token_of_another_key_is_rejected() {
        let token = TestToken::new().signed_with(b"another secret of more than 32 bytes");
        assert_eq!(reason(&bearer(), &token), "the signature is wrong");
        assert_eq!(reason(&JwtBearer::new(), &token), "no key has the token's key id and algorithm");
    }

    #[test]
    fn a_token_without_signature_is_rejected_whatever_it_calls_its_algorithm() {
        for none in ["none", "None", "NONE", "nOnE", "", "HS255", "hs256"] {
            let token = TestToken::new().header("alg", json!(none)).unsigned();
            assert_eq!(reason(&bearer(), &token), UNREADABLE_HEADER.reason(), "{none}");
        }
        for algorithm in ["HS256", "HS384", "HS512"] {
            let token = TestToken::new().header("alg", json!(algorithm)).unsigned();
            assert_eq!(reason(&bearer(), &token), "the signature is wrong", "{algorithm}");
        }
    }

    #[test]
    fn the_key_says_which_algorithms_count() {
        for algorithm in ["RS256", "PS512", "ES256", "ES384", "EdDSA"] {
            let token = TestToken::new().header("alg", json!(algorithm)).signed();
            assert_eq!(
                reason(&bearer(), &token),
                "no key has the token's key id and algorithm",
                "{algorithm}"
            );
        }
    }

    #[test]
    fn every_hash_of_an_hmac_secret_counts() {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let token = TestToken::new().algorithm(algorithm).signed();
            assert!(check(&bearer(), &token).is_ok(), "{algorithm:?}");
        }
    }

    #[test]
    fn a_token_with_critical_extensions_is_rejected() {
        let token = TestToken::new().header("crit", json!(["b64"])).header("b64", json!(false)).signed();
        assert_eq!(reason(&bearer(), &token), "the token asks for extensions that are unknown here");
    }

    #[test]
    fn what_is_no_token_is_rejected_without_a_panic() {
        for garbage in ["", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "€.€.€", "e30.e30.e30", "e30.e30."]
        {
            assert!(check(&bearer(), garbage).is_err(), "{garbage}");
        }
        for payload in ["[]", "null", "7", "\"text\"", "{", "", "{\"exp\":1e999}"] {
            let token = TestToken::new().with_payload(payload.as_bytes());
            assert_eq!(reason(&bearer(), &token), UNREADABLE_CLAIMS.reason(), "{payload}");
        }
        let not_utf8 = TestToken::new().with_payload(b"{\"exp\":\xff}");
        assert_eq!(reason(&bearer(), &not_utf8), UNREADABLE_CLAIMS.reason());
    }

    #[test]
    fn the_options_reach_the_check_of_the_claims() {
        let options = bearer().issuers(["login"]).audiences(["chat"]).leeway(Duration::ZERO);
        let good = TestToken::new().claim("iss", json!("login")).claim("aud", json!("chat"));
        assert!(check(&options, &good.signed()).is_ok());
        assert_eq!(
            reason(&options, &good.clone().claim("iss", json!("evil")).signed()),
            "the issuer is not one of those configured"
        );
        let for_another = good.clone().claim("aud", json!("mail")).signed();
        assert_eq!(reason(&options, &for_another), "the audience is not one of those configured");
        assert!(check(&options.clone().any_audience(), &for_another).is_ok());
        let just_over = good.claim("exp", json!(NOW - 1)).signed();
        assert_eq!(reason(&options, &just_over), "the token has expired");
        assert!(check(&options.leeway(Duration::from_secs(1)), &just_over).is_ok());
    }

    #[test]
    fn no_debug_shows_a_key_a_token_or_a_claim() {
        let token = TestToken::new().claim("sub", json!("SECRET-SUBJECT")).signed();
        let parts =
            Request::builder().uri(format!("/?access_token={token}")).body(()).unwrap().into_parts().0;
        let known = bearer().authenticate_at(&parts, now());
        let rejected = bearer().authenticate(&parts);
        let shown = format!("{:?} {known:?} {rejected:?}", bearer());
        let [header, payload, signature] = *token.split('.').collect::<Vec<_>>() else { panic!("{token}") };
        for secret in [SECRET, "SECRET-SUBJECT", header, payload, signature] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(!shown.contains(&format!("{:?}", SECRET.as_bytes())), "{shown}");
    }

    fn bearer() -> JwtBearer {
        JwtBearer::new().key(JwtKey::hmac(SECRET).unwrap())
    }

    fn check(bearer: &JwtBearer, token: &str) -> Result<Principal, Rejection> {
        bearer.check(token, now())
    }

    fn reason(bearer: &JwtBearer, token: &str) -> String {
        check(bearer, token).unwrap_err().reason().to_owned()
    }
}
