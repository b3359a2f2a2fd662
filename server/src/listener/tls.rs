//! TLS with ALPN: certificates from PEM files, or a self-signed one for development.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The names by which HTTP/2 and HTTP/1.1 are offered, the preferred first (RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// A certificate and its key.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// Reads a certificate chain, the server's own first, and its private key, both PEM.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, holds nothing of the kind, or the two don't belong together.
    pub fn from_pem_files(certificates: impl AsRef<Path>, key: impl AsRef<Path>) -> Result<Self, TlsError> {
        let unreadable = |path: &Path, source: Box<dyn std::error::Error + Send + Sync>| {
            TlsError::Unreadable { path: path.to_owned(), source }
        };
        let path = certificates.as_ref();
        let chain = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|source| unreadable(path, source.into()))?;
        if chain.is_empty() {
            return Err(unreadable(path, "there is no certificate in it".into()));
        }
        let path = key.as_ref();
        let key = PrivateKeyDer::from_pem_file(path).map_err(|source| unreadable(path, source.into()))?;
        Self::new(chain, key)
    }

    #[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
    /// Makes a certificate for these host names and addresses. Browsers warn about it once: for development only.
    ///
    /// # Errors
    ///
    /// If a name is no host name.
    pub fn self_signed(names: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, TlsError> {
        let names = names.into_iter().map(Into::into).collect::<Vec<_>>();
        let made = rcgen::generate_simple_self_signed(names)
            .map_err(|source| TlsError::Generation(source.into()))?;
        let key = tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        Self::new(vec![made.cert.der().clone()], key.into())
    }

    fn new(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, TlsError> {
        let mut config = ServerConfig::builder_with_provider(provider()?)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|source| TlsError::Rejected(source.into()))?;
        config.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
        Ok(Self(Arc::new(config)))
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.0))
    }
}

#[cfg(feature = "aws-lc-rs")]
#[expect(clippy::unnecessary_wraps, reason = "without this feature there may be none")]
fn provider() -> Result<Arc<CryptoProvider>, TlsError> {
    Ok(Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider()))
}

#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
#[expect(clippy::unnecessary_wraps, reason = "without this feature there may be none")]
fn provider() -> Result<Arc<CryptoProvider>, TlsError> {
    Ok(Arc::new(tokio_rustls::rustls::crypto::ring::default_provider()))
}

#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
fn provider() -> Result<Arc<CryptoProvider>, TlsError> {
    CryptoProvider::get_default().cloned().ok_or(TlsError::NoCryptography)
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tls").finish_non_exhaustive()
    }
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A PEM file could not be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A self-signed certificate could not be made.
    #[error("cannot make a self-signed certificate")]
    Generation(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Neither the feature `aws-lc-rs` nor `ring` is on, and the application has installed no default.
    #[error("no cryptography is there: turn on a feature, or install a default CryptoProvider of rustls")]
    NoCryptography,
    /// The certificate and its key were refused.
    #[error("the certificate or its key was refused")]
    Rejected(#[source] Box<dyn std::error::Error + Send + Sync>),
}
