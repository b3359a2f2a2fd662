//! A key that checks signatures, with the algorithms that it is for.
//!
//! The algorithms come from the key and its document, never from a token. Which of several keys is asked is decided
//! here too: the one whose id the token names, or each that may have signed it.

use std::fmt;

use jsonwebtoken::crypto::CryptoProvider;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind};

/// A key that may have signed tokens: a secret, or the public half of a pair.
#[derive(Clone)]
pub struct JwtKey {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

/// A message with its signature, and the algorithm that the message says it was made with.
pub(super) struct Signed<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) message: &'a [u8],
    pub(super) signature: Vec<u8>,
}

/// Bytes of the shortest secret: those of the shortest hash (RFC 7518 §3.2).
const MINIMUM_SECRET: usize = 32;

impl JwtKey {
    /// A secret that signs and checks, for HS256, HS384 and HS512.
    ///
    /// # Errors
    ///
    /// If it is shorter than 32 bytes: whoever sees one token could then try secrets until one fits.
    pub fn hmac(secret: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let secret = secret.as_ref();
        if secret.len() < MINIMUM_SECRET {
            return Err(KeyError::ShortSecret);
        }
        Ok(Self::for_family(DecodingKey::from_secret(secret)))
    }

    /// A public RSA key in PEM, for RS256 to RS512 and PS256 to PS512.
    ///
    /// # Errors
    ///
    /// If it is none, or has less than 2048 bits (RFC 7518 §3.3).
    pub fn rsa_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let key = DecodingKey::from_rsa_pem(pem.as_ref()).ok().filter(is_strong_rsa);
        key.map(Self::for_family).ok_or(KeyError::Unreadable("a public RSA key of at least 2048 bits"))
    }

    /// A public key in PEM on the curve P-256, for ES256, or P-384, for ES384.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn ec_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let unreadable = KeyError::Unreadable("a public key on the curve P-256 or P-384");
        let Ok(key) = DecodingKey::from_ec_pem(pem.as_ref()) else { return Err(unreadable) };
        let algorithm = algorithm_of_point(&key).ok_or(unreadable)?;
        Ok(Self { id: None, algorithms: vec![algorithm], key })
    }

    /// A public Ed25519 key in PEM, for EdDSA.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn ed_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let key = DecodingKey::from_ed_pem(pem.as_ref())
            .map_err(|_| KeyError::Unreadable("a public Ed25519 key"))?;
        Ok(Self::for_family(key))
    }

    /// Names the key. A token that names another is not checked with it; one that names none is.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The key of a published set, if it can check signatures.
    ///
    /// A secret is none: it would not be one any more.
    pub(super) fn from_jwk(jwk: &Jwk) -> Option<Self> {
        let common = &jwk.common;
        let is_for_signatures = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
        let operations = common.key_operations.as_deref();
        if !is_for_signatures || operations.is_some_and(|known| !known.contains(&KeyOperations::Verify)) {
            return None;
        }
        let key = DecodingKey::from_jwk(jwk).ok()?;
        let mut algorithms = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) if is_strong_rsa(&key) => AlgorithmFamily::Rsa.algorithms().to_vec(),
            AlgorithmParameters::EllipticCurve(parameters) => {
                let algorithm = algorithm_of_point(&key)?;
                let is_of_curve = algorithm_of_curve(&parameters.curve) == Some(algorithm);
                vec![is_of_curve.then_some(algorithm)?]
            }
            AlgorithmParameters::OctetKeyPair(parameters) => {
                let is_ed25519 = parameters.curve == EllipticCurve::Ed25519;
                vec![is_ed25519.then_some(Algorithm::EdDSA)?]
            }
            AlgorithmParameters::RSA(_)
            | AlgorithmParameters::OctetKey(_)
            | AlgorithmParameters::Other(_)
            | _ => return None,
        };
        if let Some(only) = common.key_algorithm {
            let only = Algorithm::try_from(only).ok()?;
            algorithms.retain(|algorithm| *algorithm == only);
        }
        (!algorithms.is_empty()).then(|| Self { id: common.key_id.clone(), algorithms, key })
    }

    /// Whether the key may have signed a token that names this key id and algorithm.
    pub(super) fn fits(&self, id: Option<&str>, algorithm: Algorithm) -> bool {
        let is_other = id.zip(self.id.as_deref()).is_some_and(|(asked, own)| asked != own);
        !is_other && self.algorithms.contains(&algorithm)
    }

    /// Whether the signature is this key's. The algorithm must be one that [`fits`](Self::fits).
    pub(super) fn has_signed(&self, signed: &Signed<'_>) -> bool {
        let verifier = (provider().verifier_factory)(&signed.algorithm, &self.key);
        verifier.is_ok_and(|verifier| verifier.verify(signed.message, &signed.signature).is_ok())
    }

    fn for_family(key: DecodingKey) -> Self {
        Self { id: None, algorithms: key.family().algorithms().to_vec(), key }
    }
}

/// Whether a key is a public one of RSA, with 2048 bits or more.
fn is_strong_rsa(key: &DecodingKey) -> bool {
    let modulus = match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, .. } => Some(n.clone()),
        DecodingKeyKind::SecretOrDer(der) => {
            let components = (provider().key_utils.rsa_pub_components_from_public_key)(der);
            components.ok().map(|(modulus, _)| modulus)
        }
    };
    let Some(modulus) = modulus else { return false };
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let first = modulus.get(zeros).map_or(0, |byte| byte.leading_zeros() as usize);
    (modulus.len() - zeros) * 8 >= 2048 + first
}

/// The algorithm of an uncompressed point: each curve has its own length.
fn algorithm_of_point(key: &DecodingKey) -> Option<Algorithm> {
    match key.try_get_as_bytes().ok()?.len() {
        65 => Some(Algorithm::ES256),
        97 => Some(Algorithm::ES384),
        _ => None,
    }
}

fn algorithm_of_curve(curve: &EllipticCurve) -> Option<Algorithm> {
    match curve {
        EllipticCurve::P256 => Some(Algorithm::ES256),
        EllipticCurve::P384 => Some(Algorithm::ES384),
        EllipticCurve::P521 | EllipticCurve::Ed25519 | _ => None,
    }
}

/// The cryptography that the features of this crate name, whatever others of the program choose.
pub(super) fn provider() -> &'static CryptoProvider {
    #[cfg(feature = "jwt")]
    return &jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
    #[cfg(not(feature = "jwt"))]
    return &jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
}

impl fmt::Debug for JwtKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtKey")
            .field("id", &self.id)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

/// Why a key or a set of keys cannot be used. It holds nothing of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A secret is too short.
    #[error("a secret for tokens has at least 32 bytes")]
    ShortSecret,
    /// A key is not of the kind that was asked for.
    #[error("this is not {0} in PEM")]
    Unreadable(&'static str),
    /// A document is no key set.
    #[error("this is no JSON document with a list `keys`")]
    UnreadableSet,
    /// A key set holds more keys than are looked at.
    #[error("a key set has at most 100 keys")]
    TooManyKeys,
    /// A key set holds no public key for signatures of a known algorithm.
    #[error("no key of the set can check signatures")]
    NoUsableKey,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_short_secret_is_refused() {
        assert_eq!(JwtKey::hmac([1; 31]).unwrap_err(), KeyError::ShortSecret);
        assert!(JwtKey::hmac([1; 32]).is_ok());
    }

    #[test]
    fn what_is_no_key_is_refused_by_name() {
        let refused = [JwtKey::rsa_pem("x"), JwtKey::ec_pem("x"), JwtKey::ed_pem("x")];
        let texts = refused.map(|refused| refused.unwrap_err().to_string());
        assert_eq!(
            texts,
            [
                "this is not a public RSA key of at least 2048 bits in PEM",
                "this is not a public key on the curve P-256 or P-384 in PEM",
                "this is not a public Ed25519 key in PEM"
            ]
        );
    }

    #[test]
    fn a_token_that_names_a_key_is_checked_with_that_one_or_with_a_nameless_one() {
        let nameless = JwtKey::hmac([1; 32]).unwrap();
        let named = nameless.clone().with_id("a");
        let fits = |key: &JwtKey, id| key.fits(id, Algorithm::HS256);
        assert!(fits(&nameless, None) && fits(&nameless, Some("a")));
        assert!(fits(&named, None) && fits(&named, Some("a")));
        assert!(!fits(&named, Some("b")) && !fits(&named, Some("")));
        assert!(!named.fits(Some("a"), Algorithm::RS256));
    }

    #[test]
    fn debug_shows_no_key() {
        let key = JwtKey::hmac([0x5e; 32]).unwrap().with_id("a");
        assert_eq!(format!("{key:?}"), r#"JwtKey { id: Some("a"), algorithms: [HS256, HS384, HS512], .. }"#);
    }

    #[cfg(feature = "aws-lc-rs")]
    mod pairs {
        use super::super::super::test_pair::TestPair;
        use super::super::super::test_token::{TestToken, now};
        use super::*;
        use crate::auth::jwt::JwtBearer;

        #[test]
        fn a_public_key_checks_what_its_private_half_signed_with_each_of_its_algorithms() {
            for pair in TestPair::all() {
                let bearer = JwtBearer::new().key(pair.public_key());
                for algorithm in pair.algorithms {
                    let token = TestToken::new().algorithm(*algorithm).signed_by(&pair.private);
                    let found = bearer.check(&token, now()).unwrap();
                    assert_eq!(found.name_identifier(), Some("ada"), "{algorithm:?}");
                }
            }
        }

        #[test]
        fn another_pair_of_the_same_kind_signs_in_vain() {
            for pair in [TestPair::p256, TestPair::p384, TestPair::ed25519] {
                let (known, stranger) = (pair(), pair());
                let token = TestToken::new().algorithm(known.algorithms[0]).signed_by(&stranger.private);
                let refused = JwtBearer::new().key(known.public_key()).check(&token, now()).unwrap_err();
                assert_eq!(refused.reason(), "the signature is wrong");
            }
        }

        #[test]
        fn a_public_key_is_never_taken_for_a_secret() {
            for pair in TestPair::all() {
                let bearer = JwtBearer::new().key(pair.public_key());
                for secret in
                    [pair.public_pem.as_bytes(), pair.public_pem.trim().as_bytes(), &pair.public_raw]
                {
                    let refused = bearer.check(&TestToken::new().signed_with(secret), now()).unwrap_err();
                    assert_eq!(refused.reason(), "no key has the token's key id and algorithm");
                }
            }
        }

        #[test]
        fn a_private_key_is_refused() {
            let [rsa, p256, _, ed25519] = TestPair::all();
            let refused = |key: Result<JwtKey, KeyError>| matches!(key, Err(KeyError::Unreadable(_)));
            assert!(refused(JwtKey::rsa_pem(&rsa.private_pem)));
            assert!(refused(JwtKey::ec_pem(&p256.private_pem)));
            assert!(refused(JwtKey::ed_pem(&ed25519.private_pem)));
        }

        #[test]
        fn a_key_of_one_kind_is_refused_as_another() {
            let [rsa, p256, _, ed25519] = TestPair::all();
            let unreadable =
                |refused: Result<JwtKey, KeyError>| matches!(refused, Err(KeyError::Unreadable(_)));
            assert!(unreadable(JwtKey::rsa_pem(&p256.public_pem)));
            assert!(unreadable(JwtKey::rsa_pem(&ed25519.public_pem)));
            assert!(unreadable(JwtKey::ec_pem(&rsa.public_pem)));
            assert!(unreadable(JwtKey::ec_pem(&ed25519.public_pem)));
            assert!(unreadable(JwtKey::ed_pem(&rsa.public_pem)));
            assert!(unreadable(JwtKey::ed_pem(&p256.public_pem)));
        }
    }
}
