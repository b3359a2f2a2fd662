//! TLS with ALPN: certificates from PEM files, or a self-signed one for development.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::CryptoProvider;

use super::pem_files::{Pair, PemFiles, Stamp};
use super::tls_watch;

/// The names by which HTTP/2 and HTTP/1.1 are offered, the preferred first (RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// A certificate and its key. A clone is the same certificate: what one reloads, all present.
#[derive(Clone)]
pub struct Tls {
    /// What the next handshake uses.
    config: Arc<RwLock<Arc<ServerConfig>>>,
    files: Option<Arc<PemFiles>>,
    /// What the files were when they were last read.
    read: Option<Stamp>,
    reload_every: Option<Duration>,
}

impl Tls {
    /// Reads a certificate chain, the server's own first, and its private key, both PEM.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, holds nothing of the kind, or the two don't belong together.
    pub fn from_pem_files(certificates: impl AsRef<Path>, key: impl AsRef<Path>) -> Result<Self, TlsError> {
        let files = PemFiles::new(certificates.as_ref(), key.as_ref());
        // Before the files, so that what is written between is seen later.
        let read = files.stamp().ok();
        let config = config(files.read()?)?;
        Ok(Self { files: Some(Arc::new(files)), read, ..Self::new(config) })
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
        config((vec![made.cert.der().clone()], key.into())).map(Self::new)
    }

    /// Reads the files again. New connections get what they hold; those that are open go on with what they have.
    ///
    /// It reads from the disk: in a task, call it by `spawn_blocking`.
    ///
    /// # Errors
    ///
    /// As [`from_pem_files`](Self::from_pem_files), or if the certificate came from no files. New connections get the
    /// certificate from before, then.
    pub fn reload(&self) -> Result<(), TlsError> {
        let files = self.files.as_ref().ok_or(TlsError::NoFiles)?;
        let config = config(files.read()?)?;
        *self.config.write() = Arc::new(config);
        Ok(())
    }

    /// Looks at the files in this interval while a server listens, and [reloads](Self::reload) them when one was written.
    /// Default: never.
    ///
    /// Files that cannot be used, as one of a pair while the other is still to be written, are an error in the log, and
    /// are tried again when they are written again. Both outcomes are counted by `hubcast_certificate_reloads_total`.
    #[must_use]
    pub fn reload_every(mut self, interval: Duration) -> Self {
        self.reload_every = Some(interval);
        self
    }

    /// What reloads it when its files change, for as long as it is polled; `None` if nobody wants that.
    pub(super) fn watch(&self) -> Option<impl Future<Output = ()> + Send + use<>> {
        let (every, files) = (self.reload_every?, Arc::clone(self.files.as_ref()?));
        Some(tls_watch::watch(self.clone(), files, self.read, every))
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config.read()))
    }

    fn new(config: ServerConfig) -> Self {
        Self { config: Arc::new(RwLock::new(Arc::new(config))), files: None, read: None, reload_every: None }
    }
}

fn config((chain, key): Pair) -> Result<ServerConfig, TlsError> {
    let mut config = ServerConfig::builder_with_provider(provider()?)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|source| TlsError::Rejected(source.into()))?;
    config.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
    Ok(config)
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
    /// The certificate came from no files, so that there is nothing to read again.
    #[error("the certificate came from no files")]
    NoFiles,
    /// The certificate and its key were refused.
    #[error("the certificate or its key was refused")]
    Rejected(#[source] Box<dyn std::error::Error + Send + Sync>),
}
