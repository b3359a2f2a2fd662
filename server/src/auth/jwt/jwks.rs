//! A published set of keys (RFC 7517), renewed while the server runs.
//!
//! The set is replaced as a whole or not at all. Fetching the document is the application's matter: this crate makes
//! no requests of its own.

use std::fmt;
use std::sync::Arc;

use jsonwebtoken::jwk::Jwk;
use parking_lot::RwLock;
use serde_json::Value;

use super::key::{JwtKey, KeyError};

/// A set of keys that an identity provider publishes, and the handle to renew it.
///
/// A token is checked with the key whose `kid` it names; one that names none, with each that has its algorithm. Keys
/// that are for something else than signatures, secrets, and keys of an unknown kind are left out. A clone is the same
/// set.
#[derive(Clone)]
pub struct JwksHandle(Arc<RwLock<Arc<[JwtKey]>>>);

/// Keys of a set: each that fits is asked about a token that names none.
const MAXIMUM_KEYS: usize = 100;

impl JwksHandle {
    /// Reads a set from its document: `{"keys":[…]}`.
    ///
    /// # Errors
    ///
    /// If the document is none, lists more than 100 keys, or none that can check signatures.
    pub fn new(json: &str) -> Result<Self, KeyError> {
        Ok(Self(Arc::new(RwLock::new(read(json)?))))
    }

    /// Puts the keys of another document in the place of these, for every token from then on.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); the keys are then those from before.
    pub fn replace(&self, json: &str) -> Result<(), KeyError> {
        let keys = read(json)?;
        *self.0.write() = keys;
        Ok(())
    }

    pub(super) fn keys(&self) -> Arc<[JwtKey]> {
        Arc::clone(&self.0.read())
    }
}

fn read(json: &str) -> Result<Arc<[JwtKey]>, KeyError> {
    let mut document = serde_json::from_str::<Value>(json).map_err(|_| KeyError::UnreadableSet)?;
    let Some(Value::Array(listed)) = document.get_mut("keys").map(Value::take) else {
        return Err(KeyError::UnreadableSet);
    };
    if listed.len() > MAXIMUM_KEYS {
        return Err(KeyError::TooManyKeys);
    }
    let known = listed.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
    let usable = known.filter_map(|key| JwtKey::from_jwk(&key)).collect::<Arc<[_]>>();
    if usable.is_empty() { Err(KeyError::NoUsableKey) } else { Ok(usable) }
}

impl fmt::Debug for JwksHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JwksHandle").field(&self.keys()).finish()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_no_set_of_public_keys_is_refused() {
        let refused = |json: &str| JwksHandle::new(json).unwrap_err();
        for json in ["", "[]", "{}", "7", r#"{"keys":{}}"#, r#"{"keys":null}"#] {
            assert_eq!(refused(json), KeyError::UnreadableSet, "{json}");
        }
        let secret =
            json!({"kty": "oct", "k": "c2VjcmV0LXRoYXQtd2FzLW9uY2Utb25lLW9mLW91cnM", "alg": "HS256"});
        let unknown = json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "x"});
        let no_point = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"});
        let short_rsa = json!({"kty": "RSA", "n": format!("AAAA{}", "_".repeat(340)), "e": "AQAB"});
        for key in [short_rsa, secret, unknown, no_point, json!(null), json!([]), json!({"kty": "RSA"})] {
            assert_eq!(refused(&json!({"keys": [key]}).to_string()), KeyError::NoUsableKey, "{key}");
        }
        assert_eq!(refused(&json!({"keys": vec![0; 101]}).to_string()), KeyError::TooManyKeys);
        assert_eq!(refused(&json!({"keys": vec![0; 100]}).to_string()), KeyError::NoUsableKey);
    }

    #[cfg(feature = "aws-lc-rs")]
    mod pairs {
        use super::super::super::test_pair::TestPair;
        use super::super::super::test_token::{TestToken, now};
        use super::*;
        use crate::auth::jwt::JwtBearer;

        #[test]
        fn a_token_is_checked_with_the_key_that_it_names() {
            let pairs = TestPair::all();
            let keys = pairs.iter().enumerate().map(|(id, pair)| pair.jwk(&json!({"kid": id.to_string()})));
            let set = JwksHandle::new(&document(&keys.collect::<Vec<_>>())).unwrap();
            for (id, pair) in pairs.iter().enumerate() {
                let token = TestToken::new().algorithm(pair.algorithms[0]);
                let named = token.clone().header("kid", json!(id.to_string())).signed_by(&pair.private);
                let misnamed = token.clone().header("kid", json!("another")).signed_by(&pair.private);
                assert_eq!(reason(&set, &named), None);
                assert_eq!(reason(&set, &token.signed_by(&pair.private)), None);
                assert_eq!(
                    reason(&set, &misnamed),
                    Some("no key has the token's key id and algorithm".into())
                );
            }
        }

        #[test]
        fn a_key_is_for_its_algorithm_alone_if_it_names_one() {
            let [rsa, ..] = TestPair::all();
            let set = JwksHandle::new(&document(&[rsa.jwk(&json!({"alg": "RS256"}))])).unwrap();
            let signed = |algorithm| TestToken::new().algorithm(algorithm).signed_by(&rsa.private);
            assert_eq!(reason(&set, &signed(rsa.algorithms[0])), None);
            for other in &rsa.algorithms[1..] {
                assert!(reason(&set, &signed(*other)).is_some(), "{other:?}");
            }
        }

        #[test]
        fn keys_for_something_else_are_left_out() {
            let pair = TestPair::p256();
            for other in [
                json!({"use": "enc"}),
                json!({"key_ops": ["encrypt"]}),
                json!({"alg": "ES384"}),
                json!({"alg": "HS256"}),
                json!({"crv": "P-384"}),
                json!({"crv": "P-521"}),
            ] {
                let refused = JwksHandle::new(&document(&[pair.jwk(&other)])).unwrap_err();
                assert_eq!(refused, KeyError::NoUsableKey, "{other}");
            }
            for good in [json!({"use": "sig"}), json!({"key_ops": ["verify"]}), json!({"alg": "ES256"})] {
                let usable = document(&[json!({"kty": "AKP"}), pair.jwk(&good)]);
                assert_eq!(JwksHandle::new(&usable).unwrap().keys().len(), 1, "{good}");
            }
        }

        #[test]
        fn a_renewed_set_counts_from_then_on_and_a_broken_one_never() {
            let (old, renewed) = (TestPair::p256(), TestPair::p256());
            let set = JwksHandle::new(&document(&[old.jwk(&json!({}))])).unwrap();
            let bearer = JwtBearer::new().jwks(&set);
            let is_good = |pair: &TestPair| {
                let token = TestToken::new().algorithm(pair.algorithms[0]).signed_by(&pair.private);
                bearer.check(&token, now()).is_ok()
            };
            assert_eq!((is_good(&old), is_good(&renewed)), (true, false));
            assert_eq!(set.replace("{}"), Err(KeyError::UnreadableSet));
            assert_eq!((is_good(&old), is_good(&renewed)), (true, false));
            assert_eq!(set.replace(&document(&[renewed.jwk(&json!({}))])), Ok(()));
            assert_eq!((is_good(&old), is_good(&renewed)), (false, true));
        }

        fn document(keys: &[Value]) -> String {
            json!({"keys": keys}).to_string()
        }

        fn reason(set: &JwksHandle, token: &str) -> Option<String> {
            JwtBearer::new().jwks(set).check(token, now()).err().map(|rejection| rejection.to_string())
        }
    }
}
