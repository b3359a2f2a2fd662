//! Tokens for unit tests: good ones, and each with one thing wrong.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Map, Value, json};

use super::key::provider;

/// The secret of the tests.
pub(super) const SECRET: &str = "SECRET-of-the-tests-with-32-bytes";

/// The moment at which the tests look at a token, in seconds since 1970.
pub(super) const NOW: u64 = 1_700_000_000;

/// [`NOW`] as a time.
pub(super) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

/// A token of the user `ada` that is good for another minute.
#[derive(Clone)]
pub(super) struct TestToken {
    algorithm: Algorithm,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl TestToken {
    pub(super) fn new() -> Self {
        let claims = [("sub".to_owned(), json!("ada")), ("exp".to_owned(), json!(NOW + 60))];
        let token =
            Self { algorithm: Algorithm::HS256, header: Map::new(), claims: claims.into_iter().collect() };
        token.algorithm(Algorithm::HS256).header("typ", json!("JWT"))
    }

    /// Signs with this algorithm, and says so.
    pub(super) fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self.header("alg", serde_json::to_value(algorithm).unwrap())
    }

    /// Puts a field into the header, even a wrong `alg`.
    pub(super) fn header(mut self, name: &str, value: Value) -> Self {
        self.header.insert(name.to_owned(), value);
        self
    }

    pub(super) fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims.insert(name.to_owned(), value);
        self
    }

    /// The token, signed with the tests' secret.
    pub(super) fn signed(&self) -> String {
        self.signed_with(SECRET.as_bytes())
    }

    pub(super) fn signed_with(&self, secret: &[u8]) -> String {
        self.signed_by(&EncodingKey::from_secret(secret))
    }

    pub(super) fn signed_by(&self, key: &EncodingKey) -> String {
        self.sign(key, &serde_json::to_vec(&self.claims).unwrap())
    }

    /// The token with something else in the place of its claims, signed with the tests' secret.
    pub(super) fn with_payload(&self, payload: &[u8]) -> String {
        self.sign(&EncodingKey::from_secret(SECRET.as_bytes()), payload)
    }

    /// The token with an empty signature.
    pub(super) fn unsigned(&self) -> String {
        let signed = self.signed();
        let (message, _) = signed.rsplit_once('.').unwrap();
        format!("{message}.")
    }

    fn sign(&self, key: &EncodingKey, payload: &[u8]) -> String {
        let header = serde_json::to_vec(&self.header).unwrap();
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signer = (provider().signer_factory)(&self.algorithm, key).unwrap();
        let signature = signer.try_sign(message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
