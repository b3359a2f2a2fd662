//! Key pairs for unit tests, made when they are needed: no private key is in the repository.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, AlgorithmFamily, EncodingKey};
use rcgen::{KeyPair, PublicKeyData as _, SignatureAlgorithm};
use serde_json::{Value, json};

use super::key::{JwtKey, provider};

/// A private key with the public forms of its other half.
pub(super) struct TestPair {
    pub(super) private: EncodingKey,
    pub(super) private_pem: String,
    pub(super) public_pem: String,
    pub(super) public_raw: Vec<u8>,
    pub(super) algorithms: &'static [Algorithm],
}

impl TestPair {
    /// One pair of each kind: RSA, P-256, P-384, Ed25519.
    pub(super) fn all() -> [Self; 4] {
        [Self::rsa(), Self::p256(), Self::p384(), Self::ed25519()]
    }

    pub(super) fn rsa() -> Self {
        Self::new(&rcgen::PKCS_RSA_SHA256, EncodingKey::from_rsa_pem, AlgorithmFamily::Rsa.algorithms())
    }

    pub(super) fn p256() -> Self {
        Self::new(&rcgen::PKCS_ECDSA_P256_SHA256, EncodingKey::from_ec_pem, &[Algorithm::ES256])
    }

    pub(super) fn p384() -> Self {
        Self::new(&rcgen::PKCS_ECDSA_P384_SHA384, EncodingKey::from_ec_pem, &[Algorithm::ES384])
    }

    pub(super) fn ed25519() -> Self {
        Self::new(&rcgen::PKCS_ED25519, EncodingKey::from_ed_pem, &[Algorithm::EdDSA])
    }

    /// The public half, as a server is given it in PEM.
    pub(super) fn public_key(&self) -> JwtKey {
        let pem = &self.public_pem;
        match self.private.family() {
            AlgorithmFamily::Rsa => JwtKey::rsa_pem(pem),
            AlgorithmFamily::Ec => JwtKey::ec_pem(pem),
            AlgorithmFamily::Ed => JwtKey::ed_pem(pem),
            AlgorithmFamily::Hmac => unreachable!("a secret is no pair"),
        }
        .unwrap()
    }

    /// The public half, as an identity provider publishes it, with these fields besides.
    pub(super) fn jwk(&self, fields: &Value) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let raw = &self.public_raw;
        let mut jwk = match self.private.family() {
            AlgorithmFamily::Rsa => {
                let (n, e) = (provider().key_utils.rsa_pub_components_from_public_key)(raw).unwrap();
                json!({"kty": "RSA", "n": text(&n), "e": text(&e)})
            }
            AlgorithmFamily::Ed => json!({"kty": "OKP", "crv": "Ed25519", "x": text(raw)}),
            AlgorithmFamily::Ec => {
                let (x, y) = raw[1..].split_at(raw.len() / 2);
                let curve = if self.algorithms == [Algorithm::ES256] { "P-256" } else { "P-384" };
                json!({"kty": "EC", "crv": curve, "x": text(x), "y": text(y)})
            }
            AlgorithmFamily::Hmac => unreachable!("a secret is no pair"),
        };
        jwk.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        jwk
    }

    fn new(
        kind: &'static SignatureAlgorithm,
        private: fn(&[u8]) -> jsonwebtoken::errors::Result<EncodingKey>,
        algorithms: &'static [Algorithm],
    ) -> Self {
        let pair = KeyPair::generate_for(kind).unwrap();
        Self {
            private_pem: pair.serialize_pem(),
            private: private(pair.serialize_pem().as_bytes()).unwrap(),
            public_pem: pair.public_key_pem(),
            public_raw: pair.der_bytes().to_vec(),
            algorithms,
        }
    }
}
